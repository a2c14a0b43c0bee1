/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a vendor's answer means, and the sentence that says so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "provider/provider.h"
#include "base/banned.h"

#define SENTENCE_CELLS 200

static enum meaning meaning_of(const struct http_response *http)
{
	switch (http->status) {
	case 401:
	case 403:
		return MEANING_AUTH;
	case 404:
	case 410:
		return MEANING_GONE;
	case 409:
	case 412:
		return MEANING_STALE;
	case 423:
		return MEANING_BUSY;
	case 429:
		return MEANING_THROTTLED;
	default:
		break;
	}
	if (http->status == 503 && http_response_header(http, "retry-after"))
		return MEANING_THROTTLED;
	if (http->status >= 200 && http->status < 300)
		return MEANING_ACCEPTED;
	return http->status >= 400 && http->status < 500 ? MEANING_REFUSED : MEANING_FAILED;
}

void provider_judge(const struct provider_account *account, const struct reply *reply, struct verdict *answer)
{
	*answer = reply->verdict ? *reply->verdict : (struct verdict){ .meaning = MEANING_ACCEPTED };
	if (reply->foreseen || reply->verdict)
		return;
	if (reply->http) {
		answer->meaning = meaning_of(reply->http);
		answer->wait_s = http_retry_after_s(reply->http, reply->now, 0);
	}
	if (account->provider->judge)
		account->provider->judge(reply, answer);
}

/* ---- secrets ---- */

void provider_mask(const struct provider_account *account, const char *text, struct str *out)
{
	char *first = provider_key_line(account, 0), *second = provider_key_line(account, 1);
	const char *secret[4];
	size_t n = 0;

	/* Of a key of many lines, a line by itself is no secret. */
	if (account->key)
		secret[n++] = account->key;
	if (account->login && account->login->token)
		secret[n++] = account->login->token;
	if (*first && account->provider->key_lines != KEY_WHOLE)
		secret[n++] = first;
	if (*second && account->provider->key_lines != KEY_WHOLE)
		secret[n++] = second;
	http_mask(out, text, strlen(text), secret, n);
	mem_wipe(first, strlen(first));
	mem_wipe(second, strlen(second));
	free(first);
	free(second);
}

/* ---- the error ---- */

static enum err_code code_of(enum meaning meaning)
{
	switch (meaning) {
	case MEANING_AUTH:
		return ERR_AUTH;
	case MEANING_STALE:
		return ERR_CONFLICT;
	case MEANING_THROTTLED:
	case MEANING_BUSY:
	case MEANING_FAILED:
		return ERR_NETWORK;
	default:
		return ERR_REFUSED;
	}
}

static void say_bare(const struct provider_account *account, int status, const struct verdict *answer, struct err *err)
{
	const char *title = account->provider->title;
	enum err_code code = code_of(answer->meaning);

	if (code == ERR_AUTH)
		err_set(err, code, N_("%s refused the credentials of account %s (HTTP %d)"), title, account->name, status);
	else if (code == ERR_NETWORK)
		err_set(err, code, N_("%s (account %s) failed with HTTP %d at %s"), title, account->name, status, account->endpoint);
	else
		err_set(err, code, N_("%s (account %s) refused with HTTP %d at %s"), title, account->name, status, account->endpoint);
}

static void say(const struct provider_account *account, int status, const struct verdict *answer, const char *sentence, struct err *err)
{
	const char *title = account->provider->title;
	enum err_code code = code_of(answer->meaning);

	if (code == ERR_AUTH)
		err_set(err, code, N_("%s refused the credentials of account %s: %s"), title, account->name, sentence);
	else if (answer->meaning == MEANING_BUSY)
		err_set(err, code, N_("%s (account %s) is still at work on another change: %s"), title, account->name, sentence);
	else if (code == ERR_NETWORK)
		err_set(err, code, N_("%s (account %s) failed with HTTP %d: %s"), title, account->name, status, sentence);
	else if (answer->meaning == MEANING_GONE)
		err_set(err, code, N_("%s (account %s) finds nothing at %s: %s"), title, account->name, account->endpoint, sentence);
	else
		err_set(err, code, N_("%s (account %s) refused: %s"), title, account->name, sentence);
}

bool provider_fail(
	const struct provider_account *account, const struct http_response *response, const struct verdict *answer, struct err *err)
{
	int status = response ? response->status : 0;
	struct str masked, cut;

	str_init(&masked, 0);
	str_init(&cut, 0);
	provider_mask(account, answer->sentence, &masked);
	str_add_bytes(&cut, masked.s, text_fit(masked.s, SENTENCE_CELLS));
	if (answer->meaning == MEANING_THROTTLED)
		err_set(err, ERR_NETWORK, N_("%s lets account %s ask no more for now"), account->provider->title, account->name);
	else if (cut.len)
		say(account, status, answer, cut.s, err);
	else
		say_bare(account, status, answer, err);
	if (answer->meaning == MEANING_GONE)
		err_hint(err, N_("check the endpoint of the account: %s"), account->endpoint);
	if (err && answer->meaning == MEANING_AUTH && account->provider->key_help)
		err->hint = (struct msg){ .id = account->provider->key_help };
	str_release(&masked);
	str_release(&cut);
	return false;
}
