/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/url.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "core/addr.h"
#include "base/banned.h"

static const char *after_scheme(const char *url)
{
	const char *found = strstr(url, "://");

	return found ? found + 3 : url;
}

const char *url_path(const char *url)
{
	const char *host = after_scheme(url);

	return host + strcspn(host, "/?#");
}

void url_host(struct str *out, const char *url)
{
	const char *host = after_scheme(url);
	size_t len = (size_t)(url_path(url) - host);
	const char *own = !strncasecmp(url, "https:", 6) ? ":443" : !strncasecmp(url, "http:", 5) ? ":80" : NULL;

	if (own && len > strlen(own) && !strncmp(host + len - strlen(own), own, strlen(own)))
		len -= strlen(own);
	str_add_bytes(out, host, len);
}

static bool is_loopback(const char *host)
{
	struct addr addr, net = { .family = 4, .bytes = { 127 } }, one = { .family = 6, .bytes = { [15] = 1 } };

	if (text_equal_fold(host, "localhost"))
		return true;
	return addr_parse(&addr, host) && (addr_in(&addr, &net, 8) || addr_equal(&addr, &one));
}

bool url_keeps_secret(const char *url)
{
	const char *host = after_scheme(url);
	struct str name;
	size_t len;
	bool ok;

	if (!strncasecmp(url, "https://", 8))
		return *host && !strchr("/?#:", *host);
	if (strncasecmp(url, "http://", 7) != 0)
		return false;
	host += *host == '[';
	len = host[-1] == '[' ? strcspn(host, "]/?#") : strcspn(host, ":/?#");
	str_init(&name, 0);
	str_add_bytes(&name, host, len);
	ok = is_loopback(name.s);
	str_release(&name);
	return ok;
}
