/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dns.h's endpoints: as text, and whether there is a way to them. */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/i18n.h"
#include "io/dns.h"
#include "base/banned.h"

static bool parse_port(const char *text, uint16_t *port)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value == 0 || value > 65535)
		return false;
	*port = (uint16_t)value;
	return true;
}

static bool parse_parts(struct dns_endpoint *endpoint, const char *text)
{
	char host[ADDR_TEXT_MAX + 2];
	const char *end, *colon = strrchr(text, ':');
	size_t len;

	if (addr_parse(&endpoint->addr, text))
		return true;
	if (*text == '[') {
		end = strchr(++text, ']');
		colon = end ? end + 1 : NULL;
		if (!end || (*colon && *colon != ':'))
			return false;
	} else {
		end = colon;
	}
	if (!end || (len = (size_t)(end - text)) >= sizeof(host))
		return false;
	memcpy(host, text, len);
	host[len] = 0;
	if (*colon && !parse_port(colon + 1, &endpoint->port))
		return false;
	return addr_parse(&endpoint->addr, host);
}

bool dns_endpoint_parse(struct dns_endpoint *endpoint, const char *text, struct err *err)
{
	struct dns_endpoint got = { 0 };

	if (parse_parts(&got, text)) {
		*endpoint = got;
		return true;
	}
	err_set(err, ERR_USAGE, N_("not the address of a server: %s"), text);
	err_hint(err, N_("Write it as 192.0.2.53, 192.0.2.53:5300 or [2001:db8::53]:5300."));
	return false;
}

void dns_endpoint_text(const struct dns_endpoint *endpoint, struct str *out)
{
	char addr[ADDR_TEXT_MAX];
	bool brackets = endpoint->addr.family == 6 && endpoint->port;

	if (!endpoint->addr.family)
		return;
	str_addf(out, brackets ? "[%s]" : "%s", addr_text(&endpoint->addr, addr));
	if (endpoint->port)
		str_addf(out, ":%u", (unsigned)endpoint->port);
}

bool dns_has_route(const struct addr *addr)
{
	struct sockaddr_storage to = { 0 };
	struct sockaddr_in *in4 = (struct sockaddr_in *)&to;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&to;
	bool ok;
	int fd;

	if (!addr->family)
		return true;
	to.ss_family = addr->family == 4 ? AF_INET : AF_INET6;
	if (addr->family == 4) {
		in4->sin_port = htons(53);
		memcpy(&in4->sin_addr, addr->bytes, sizeof(in4->sin_addr));
	} else {
		in6->sin6_port = htons(53);
		memcpy(&in6->sin6_addr, addr->bytes, sizeof(in6->sin6_addr));
	}
	fd = socket(to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	ok = connect(fd, (const struct sockaddr *)&to, addr->family == 4 ? sizeof(*in4) : sizeof(*in6)) == 0;
	close(fd);
	return ok;
}
