/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "io/curl_lib.h"
#include "base/banned.h"

bool curl_url_is_loopback(const struct curl_lib *curl, CURLU *parts)
{
	char *host = NULL;
	bool loopback =
		curl->url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
		(!strcmp(host, "localhost") || !strcmp(host, "[::1]") || (!strncmp(host, "127.", 4) && !host[strspn(host, "0123456789.")]));

	curl->free(host);
	return loopback;
}

bool curl_url_has_user(const struct curl_lib *curl, CURLU *parts)
{
	char *user = NULL, *password = NULL;
	bool has = curl->url_get(parts, CURLUPART_USER, &user, 0) == CURLUE_OK ||
		   curl->url_get(parts, CURLUPART_PASSWORD, &password, 0) == CURLUE_OK;

	curl->free(user);
	curl->free(password);
	return has;
}
