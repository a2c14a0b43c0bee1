/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/oauth.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "provider/digest.h"
#include "provider/url.h"
#include "base/banned.h"

#define LIFETIME_S 3600

/* ---- the service account ---- */

static void wipe(char **text)
{
	if (*text)
		mem_wipe(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

void oauth_service_release(struct oauth_service *service)
{
	wipe(&service->email);
	wipe(&service->project);
	wipe(&service->token_url);
	wipe(&service->private_key);
}

static bool take(char **to, const json_t *json, const char *member, struct err *err)
{
	const char *text = json_string_value(json_object_get(json, member));

	if (!text || !*text)
		return err_set(err, ERR_USAGE, N_("the key is no JSON file of a service account: it has no %s"), member);
	*to = mem_text(text);
	return true;
}

bool oauth_service_read(struct oauth_service *service, const char *json, struct err *err)
{
	json_t *read = json_loads(json, 0, NULL);
	bool ok;

	*service = (struct oauth_service){ 0 };
	if (!json_is_object(read)) {
		json_decref(read);
		return err_set(err, ERR_USAGE, N_("the key is no JSON file of a service account"));
	}
	ok = take(&service->email, read, "client_email", err) && take(&service->private_key, read, "private_key", err) &&
	     take(&service->token_url, read, "token_uri", err) && take(&service->project, read, "project_id", err);
	json_decref(read);
	if (ok && !url_keeps_secret(service->token_url))
		ok = err_set(err, ERR_USAGE, N_("the service account's token_uri is neither https nor a loopback address: %s"),
			service->token_url);
	if (!ok)
		oauth_service_release(service);
	return ok;
}

static void add_part(struct str *out, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);

	base64url_add(out, bytes_of(text));
	free(text);
	json_decref(json);
}

/* RSA with SHA-256 (RFC 7518 section 3.3). False where the key is none that can. */
static bool add_rs256(struct str *out, const char *pem)
{
	struct str signed_text = *out;
	BIO *bio = BIO_new_mem_buf(pem, -1);
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t len = key ? (size_t)EVP_PKEY_get_size(key) : 0;
	uint8_t *sum = mem_alloc(len + 1);
	bool ok = key && context && EVP_PKEY_is_a(key, "RSA") && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
		  EVP_DigestSign(context, sum, &len, (const uint8_t *)signed_text.s, signed_text.len) == 1;

	if (ok) {
		str_add_char(out, '.');
		base64url_add(out, (struct bytes){ sum, len });
	}
	free(sum);
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	BIO_free(bio);
	return ok;
}

bool oauth_assertion(const struct oauth_service *service, const char *scope, int64_t now, struct str *out, struct err *err)
{
	add_part(out, json_pack("{s:s, s:s}", "alg", "RS256", "typ", "JWT"));
	str_add_char(out, '.');
	add_part(out, json_pack("{s:s, s:s, s:s, s:I, s:I}", "iss", service->email, "scope", scope, "aud", service->token_url, "iat",
			      (json_int_t)now, "exp", (json_int_t)now + LIFETIME_S));
	return add_rs256(out, service->private_key) ||
	       err_set(err, ERR_USAGE, N_("the service account's private_key is no RSA key in PEM form"));
}

/* ---- bodies ---- */

static void add_pair(struct str *out, const char *name, const char *value)
{
	str_addf(out, "%s%s=", out->len ? "&" : "", name);
	http_encode(out, value);
}

void oauth_body_assertion(struct str *out, const char *assertion)
{
	add_pair(out, "grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
	add_pair(out, "assertion", assertion);
}

void oauth_body_client(struct str *out, const struct oauth_client *client)
{
	add_pair(out, "grant_type", "client_credentials");
	add_pair(out, "client_id", client->id);
	add_pair(out, "client_secret", client->secret);
	add_pair(out, "scope", client->scope);
}

/* ---- the answer ---- */

void oauth_token_release(struct oauth_token *token)
{
	wipe(&token->token);
}

/* A number, or a text that is one; else an hour. */
static int64_t expires_in(const json_t *json)
{
	const json_t *value = json_object_get(json, "expires_in");
	const char *text = json_string_value(value);
	int64_t seconds = json_integer_value(value);

	if (text && *text && strlen(text) < 10 && !text[strspn(text, "0123456789")])
		seconds = strtoll(text, NULL, 10);
	return seconds > 0 && seconds <= INT32_MAX ? seconds : LIFETIME_S;
}

static void take_detail(const json_t *json, char detail[256])
{
	const char *said = json_string_value(json_object_get(json, "error_description"));

	if (!said || !*said)
		said = json_string_value(json_object_get(json, "error"));
	text_copy(detail, 256, said ? said : "");
}

enum oauth_answer oauth_read(const struct http_response *response, int64_t now, struct oauth_token *token, char detail[256])
{
	json_t *json = json_loadb(response->body.s, response->body.len, 0, NULL);
	const char *text = json_string_value(json_object_get(json, "access_token"));
	const char *error = json_string_value(json_object_get(json, "error"));
	enum oauth_answer answer = OAUTH_FAILED;

	take_detail(json, detail);
	if (response->status == 200 && text && *text && !text[strcspn(text, " \t\r\n")]) {
		*token = (struct oauth_token){ mem_text(text), now + expires_in(json) };
		answer = OAUTH_GOOD;
	} else if (response->status >= 200 && response->status < 300) {
		answer = OAUTH_ODD;
	} else if (response->status == 401 || response->status == 403) {
		answer = OAUTH_REFUSED;
	} else if (response->status == 400 && error) {
		answer = OAUTH_REFUSED;
	}
	json_decref(json);
	return answer;
}
