/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logins by a service account's assertion and by client credentials. The keys here were made for these tests. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "provider/oauth.h"
#include "service_account.h"

#define NOW 1790000000
#define SCOPE "https://www.googleapis.com/auth/ndev.clouddns.readwrite"

#define EC_KEY                                                                                                                             \
	"-----BEGIN PRIVATE KEY-----\\n"                                                                                                   \
	"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmhZ9tAdKHCVoVb42\\n"                                                              \
	"CsxSzJcubJ9hUpZF1C1SSOkynA6hRANCAAQdUcqWCcvn53aiXnTSwlJy6TM1bvzU\\n"                                                              \
	"WAZIBH5nh1LH538YvCL2Ddhr4abn+QcoTZGX2kRv7wD3pXtA4+BE64yH\\n"                                                                      \
	"-----END PRIVATE KEY-----\\n"

#define GOOGLE "https://oauth2.googleapis.com/token"

/* Made with openssl dgst -sha256 -sign. */
#define ASSERTION                                                                                                                          \
	"eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9"                                                                                             \
	".eyJpc3MiOiJkbnNAZXhlbXBlbC5pYW0uZ3NlcnZpY2VhY2NvdW50LmNvbSIsInNjb3BlIjoiaHR0cHM6Ly93d3cuZ29vZ2xlYXBpcy5jb20vYXV0aC9u"            \
	"ZGV2LmNsb3VkZG5zLnJlYWR3cml0ZSIsImF1ZCI6Imh0dHBzOi8vb2F1dGgyLmdvb2dsZWFwaXMuY29tL3Rva2VuIiwiaWF0IjoxNzkwMDAwMDAwLCJl"             \
	"eHAiOjE3OTAwMDM2MDB9"                                                                                                             \
	".MsVN2qSum5p6DoMVVBCdKg_q5wSJRQIl2wXNzHn0DZLmAsNPmv5EKWnOsqIWuKU5YQrqClKHzsKupHYnKJVlch1HCqGc0KUn675slbTzvv3lI8lDv_TK"            \
	"AAS9BHUdbd4aIbNOcSns6EfslR_hytQbzJJJHEMU6OYjow4UP8bi1WI"

static void err_is(const struct err *err, enum err_code code, const char *want)
{
	struct str text;

	str_init(&text, 0);
	err_format(err, NULL, &text);
	assert_int_equal(err->code, code);
	assert_string_equal(text.s, want);
	str_release(&text);
}

static void oauth_assertion__is__what_openssl_signs(void **state)
{
	struct oauth_service service;
	struct err err = { 0 };
	struct str out;

	(void)state;
	assert_true(oauth_service_read(&service, FILE_OF(RSA_KEY, GOOGLE), &err));
	assert_string_equal(service.email, "dns@exempel.iam.gserviceaccount.com");
	assert_string_equal(service.project, "exempel-dns");
	assert_string_equal(service.token_url, GOOGLE);
	str_init(&out, 0);
	assert_true(oauth_assertion(&service, SCOPE, NOW, &out, &err));
	assert_string_equal(out.s, ASSERTION);
	assert_int_equal(err.code, ERR_NONE);
	str_release(&out);
	oauth_service_release(&service);
	assert_null(service.private_key);
	oauth_service_release(&service);
}

static void oauth_assertion__refuses__what_is_no_rsa_key(void **state)
{
	static const char *const files[] = { FILE_OF("hush", GOOGLE), FILE_OF(EC_KEY, GOOGLE),
		FILE_OF("-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----\\n", GOOGLE) };

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct oauth_service service;
		struct err err = { 0 };
		struct str out;

		str_init(&out, 0);
		assert_true(oauth_service_read(&service, files[i], &err));
		assert_false(oauth_assertion(&service, SCOPE, NOW, &out, &err));
		err_is(&err, ERR_USAGE, "the service account's private_key is no RSA key in PEM form");
		oauth_service_release(&service);
		str_release(&out);
	}
}

static void oauth_service_read__names__what_is_missing(void **state)
{
	static const struct {
		const char *json, *said;
	} cases[] = { { "", "the key is no JSON file of a service account" }, { "[]", "the key is no JSON file of a service account" },
		{ "{\"client_email\": ", "the key is no JSON file of a service account" },
		{ "{}", "the key is no JSON file of a service account: it has no client_email" },
		{ "{\"client_email\":7}", "the key is no JSON file of a service account: it has no client_email" },
		{ "{\"client_email\":\"\"}", "the key is no JSON file of a service account: it has no client_email" },
		{ "{\"client_email\":\"a\"}", "the key is no JSON file of a service account: it has no private_key" },
		{ "{\"client_email\":\"a\",\"private_key\":\"hush\"}",
			"the key is no JSON file of a service account: it has no token_uri" },
		{ "{\"client_email\":\"a\",\"private_key\":\"hush\",\"token_uri\":\"https://a/\"}",
			"the key is no JSON file of a service account: it has no project_id" },
		{ FILE_OF("hush", "http://a.example/token"),
			"the service account's token_uri is neither https nor a loopback address: http://a.example/token" } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct oauth_service service;
		struct err err = { 0 };

		assert_false(oauth_service_read(&service, cases[i].json, &err));
		err_is(&err, ERR_USAGE, cases[i].said);
		assert_null(service.email);
		assert_null(service.private_key);
		assert_null(service.token_url);
		assert_null(service.project);
	}
}

static void oauth_service_read__takes__loopback(void **state)
{
	struct oauth_service service;
	struct err err = { 0 };

	(void)state;
	assert_true(oauth_service_read(&service, FILE_OF("hush", "http://127.0.0.1:8080/token"), &err));
	assert_string_equal(service.token_url, "http://127.0.0.1:8080/token");
	oauth_service_release(&service);
}

static void oauth_body__is__a_form(void **state)
{
	struct str out;

	(void)state;
	str_init(&out, 0);
	oauth_body_assertion(&out, "a.b-c_d.e");
	assert_string_equal(out.s, "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=a.b-c_d.e");
	str_clear(&out);
	oauth_body_client(&out, &(struct oauth_client){ "11-22", "s~e&c=r+t /%", "https://management.azure.com/.default" });
	assert_string_equal(out.s, "grant_type=client_credentials&client_id=11-22&client_secret=s~e%26c%3Dr%2Bt%20%2F%25"
				   "&scope=https%3A%2F%2Fmanagement.azure.com%2F.default");
	str_release(&out);
}

static void oauth_read__takes__every_form_of_answer(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum oauth_answer answer;
		const char *token;
		int64_t lasts_s;
		const char *detail;
	} cases[] = {
		{ 200, "{\"access_token\":\"T1\",\"token_type\":\"Bearer\",\"expires_in\":3599}", OAUTH_GOOD, "T1", 3599, "" },
		{ 200, "{\"access_token\":\"T1\",\"expires_in\":\"3599\"}", OAUTH_GOOD, "T1", 3599, "" },
		{ 200, "{\"access_token\":\"T1\",\"expires_in\":1}", OAUTH_GOOD, "T1", 1, "" },
		{ 200, "{\"access_token\":\"T1\",\"expires_in\":2147483647}", OAUTH_GOOD, "T1", 2147483647, "" },
		{ 200, "{\"access_token\":\"T1\"}", OAUTH_GOOD, "T1", 3600, "" },
		{ 200, "{\"access_token\":\"T1\",\"expires_in\":0}", OAUTH_GOOD, "T1", 3600, "" },
		{ 200, "{\"access_token\":\"T1\",\"expires_in\":-5}", OAUTH_GOOD, "T1", 3600, "" },
		{ 200, "{\"access_token\":\"T1\",\"expires_in\":2147483648}", OAUTH_GOOD, "T1", 3600, "" },
		{ 200, "{\"access_token\":\"T1\",\"expires_in\":\"soon\"}", OAUTH_GOOD, "T1", 3600, "" },
		{ 200, "{\"access_token\":\"T1\",\"expires_in\":\"\"}", OAUTH_GOOD, "T1", 3600, "" },
		{ 200, "{\"access_token\":\"T1\",\"expires_in\":\"123456789\"}", OAUTH_GOOD, "T1", 123456789, "" },
		{ 200, "{\"access_token\":\"T1\",\"expires_in\":\"1234567890\"}", OAUTH_GOOD, "T1", 3600, "" },
		{ 200, "{\"access_token\":\"\"}", OAUTH_ODD, NULL, 0, "" },
		{ 200, "{\"access_token\":\"a b\"}", OAUTH_ODD, NULL, 0, "" },
		{ 200, "{\"access_token\":\"a\\nb\"}", OAUTH_ODD, NULL, 0, "" },
		{ 200, "{\"access_token\":5}", OAUTH_ODD, NULL, 0, "" },
		{ 200, "<html>", OAUTH_ODD, NULL, 0, "" },
		{ 204, "", OAUTH_ODD, NULL, 0, "" },
		{ 201, "{\"access_token\":\"T1\"}", OAUTH_ODD, NULL, 0, "" },
		{ 400, "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}", OAUTH_REFUSED, NULL, 0,
			"Invalid JWT Signature." },
		{ 400, "{\"error\":\"invalid_client\",\"error_description\":\"\"}", OAUTH_REFUSED, NULL, 0, "invalid_client" },
		{ 401, "{\"error\":\"invalid_client\"}", OAUTH_REFUSED, NULL, 0, "invalid_client" },
		{ 403, "", OAUTH_REFUSED, NULL, 0, "" },
		{ 400, "{\"error\":{\"code\":400}}", OAUTH_FAILED, NULL, 0, "" },
		{ 400, "no", OAUTH_FAILED, NULL, 0, "" },
		{ 404, "{\"error\":\"x\"}", OAUTH_FAILED, NULL, 0, "x" },
		{ 429, "{\"error\":\"slow_down\"}", OAUTH_FAILED, NULL, 0, "slow_down" },
		{ 503, "", OAUTH_FAILED, NULL, 0, "" },
		{ 302, "", OAUTH_FAILED, NULL, 0, "" },
		{ 300, "", OAUTH_FAILED, NULL, 0, "" },
		{ 199, "", OAUTH_FAILED, NULL, 0, "" },
		{ 299, "", OAUTH_ODD, NULL, 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct http_response response;
		struct oauth_token token = { 0 };
		char detail[256] = "old";

		http_response_init(&response);
		response.status = cases[i].status;
		str_add(&response.body, cases[i].body);
		print_message("# %d %s\n", cases[i].status, cases[i].body);
		assert_int_equal(oauth_read(&response, NOW, &token, detail), cases[i].answer);
		assert_string_equal(detail, cases[i].detail);
		if (cases[i].token) {
			assert_string_equal(token.token, cases[i].token);
			assert_int_equal(token.until, NOW + cases[i].lasts_s);
		} else {
			assert_null(token.token);
			assert_int_equal(token.until, 0);
		}
		oauth_token_release(&token);
		assert_null(token.token);
		http_response_release(&response);
	}
}

static void oauth_read__cuts__a_long_sentence(void **state)
{
	struct http_response response;
	struct oauth_token token = { 0 };
	char detail[256];

	(void)state;
	http_response_init(&response);
	response.status = 400;
	str_add(&response.body, "{\"error\":\"x\",\"error_description\":\"");
	for (int i = 0; i < 1000; i++)
		str_add_char(&response.body, 'a');
	str_add(&response.body, "\"}");
	assert_int_equal(oauth_read(&response, NOW, &token, detail), OAUTH_REFUSED);
	assert_int_equal(strlen(detail), 255);
	http_response_release(&response);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(oauth_assertion__is__what_openssl_signs),
		cmocka_unit_test(oauth_assertion__refuses__what_is_no_rsa_key),
		cmocka_unit_test(oauth_service_read__names__what_is_missing),
		cmocka_unit_test(oauth_service_read__takes__loopback),
		cmocka_unit_test(oauth_body__is__a_form),
		cmocka_unit_test(oauth_read__takes__every_form_of_answer),
		cmocka_unit_test(oauth_read__cuts__a_long_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
