/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an account says: addresses, key, credentials of a request. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "provider/digest.h"
#include "provider/provider.h"
#include "base/banned.h"

const char *provider_setting(const struct provider_account *account, const char *name)
{
	const char *value = account->setting ? account->setting(account, name) : NULL;

	return value ? value : "";
}

char *provider_key_line(const struct provider_account *account, unsigned line)
{
	const char *at = account->key ? account->key : "";
	struct str text;

	while (line-- && *at) {
		at += strcspn(at, "\r\n");
		at += strspn(at, "\r\n");
	}
	str_init(&text, 0);
	str_add_bytes(&text, at, strcspn(at, "\r\n"));
	return str_take(&text);
}

void provider_login_release(struct provider_login *login)
{
	if (login->token)
		mem_wipe(login->token, strlen(login->token));
	free(login->token);
	free(login->who);
	*login = (struct provider_login){ 0 };
}

/* Without final slashes, and without the path of the API that people copy from its documentation. */
static char *tidy(const struct provider *provider, const char *address)
{
	char *base = mem_text(address), *at = provider->api_path ? strstr(base, provider->api_path) : NULL;

	if (at && (at[strlen(provider->api_path)] == '/' || !at[strlen(provider->api_path)]))
		*at = '\0';
	for (size_t len = strlen(base); len && base[len - 1] == '/'; len--)
		base[len - 1] = '\0';
	return base;
}

char *provider_base(const struct provider_account *account, const char *base)
{
	const struct provider *provider = account->provider;
	char *own = provider->own_base ? provider->own_base(account, base ? base : "api") : NULL;

	if (own)
		return own;
	if (!base || !strcmp(base, "api"))
		return tidy(provider, account->endpoint);
	for (const struct provider_base *row = provider->bases; row && row->name; row++) {
		const char *set = row->setting ? provider_setting(account, row->setting) : "";

		if (!strcmp(row->name, base))
			return tidy(provider, *set ? set : row->standard);
	}
	return NULL;
}

static void add_auth(const struct provider_account *account, const char *secret, struct http_request *http)
{
	const struct provider *provider = account->provider;
	const char *prefix = provider->auth.prefix ? provider->auth.prefix : "";
	struct str pair, value;

	str_init(&pair, 0);
	str_init(&value, 0);
	if (provider->auth.user)
		str_addf(&pair, "%s:", provider_setting(account, provider->auth.user));
	str_add(&pair, secret);
	str_add(&value, prefix);
	if (!strcmp(prefix, "Basic "))
		base64_add(&value, (struct bytes){ pair.s, pair.len });
	else
		str_add(&value, pair.s);
	http_request_header(http, provider->auth.header, value.s, true);
	mem_wipe(pair.s, pair.len);
	mem_wipe(value.s, value.len);
	str_release(&pair);
	str_release(&value);
}

bool provider_dress(struct provider_run *run, struct request *request, int64_t now, struct err *err)
{
	const struct provider_account *account = run->account;
	const struct provider *provider = account->provider;
	const struct provider_login *login = account->login;
	const char *secret = login && login->token ? login->token : account->key ? account->key : "";

	if (request->open)
		return true;
	if (provider->auth.header && request->kind == REQUEST_HTTP)
		add_auth(account, secret, &request->http);
	return !provider->sign || provider->sign(run, request, now, err);
}
