/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GleSYS' answers have a status of their own, and HTTP's may say 200 all the while. */
#include "drive.h"

static void status__of_its_own__has_the_last_word(void **state)
{
	static const struct {
		int http;
		enum meaning meaning;
		const char *body, *sentence;
	} rows[] = {
		{ 200, MEANING_ACCEPTED, "{\"response\":{\"status\":{\"code\":200,\"text\":\"OK\"}}}", "" },
		{ 200, MEANING_ACCEPTED, "{\"response\":{\"status\":{\"code\":299,\"text\":\"OK\"}}}", "" },
		{ 200, MEANING_REFUSED, "{\"response\":{\"status\":{\"code\":300,\"text\":\"No.\"}}}", "No." },
		{ 200, MEANING_REFUSED, "{\"response\":{\"status\":{\"code\":400,\"text\":\"Invalid TTL.\"}}}", "Invalid TTL." },
		{ 200, MEANING_AUTH, "{\"response\":{\"status\":{\"code\":401,\"text\":\"Unauthorized.\"}}}", "Unauthorized." },
		{ 200, MEANING_AUTH, "{\"response\":{\"status\":{\"code\":403,\"text\":\"Access denied.\"}}}", "Access denied." },
		{ 200, MEANING_GONE, "{\"response\":{\"status\":{\"code\":404,\"text\":\"Not Found.\"}}}", "Not Found." },
		{ 200, MEANING_REFUSED, "{\"response\":{\"status\":{\"code\":405,\"text\":\"Not so.\"}}}", "Not so." },
		/* what does not tell its status may have been carried out or not */
		{ 200, MEANING_FAILED, "{\"response\":{\"record\":{\"recordid\":1}}}", "" },
		{ 200, MEANING_FAILED, "{\"response\":{\"status\":{\"code\":null,\"text\":\"OK\"}}}", "OK" },
		{ 200, MEANING_FAILED, "<html>", "" },
		/* and of what HTTP says already, the words alone are its own */
		{ 400, MEANING_REFUSED, "{\"response\":{\"status\":{\"code\":400,\"text\":\"Invalid TTL.\"}}}", "Invalid TTL." },
		{ 500, MEANING_FAILED, "{\"response\":{\"status\":{\"code\":200,\"text\":\"OK\"}}}", "OK" },
	};
	const struct provider *provider = provider_find("glesys");

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct http_response response;
		struct reply reply = { .http = &response };
		struct verdict verdict = { 0 };

		http_response_init(&response);
		response.status = rows[i].http;
		str_add(&response.body, rows[i].body);
		verdict.meaning = rows[i].http == 200 ? MEANING_ACCEPTED : rows[i].meaning; /* as HTTP has it */
		provider->judge(&reply, &verdict);
		if (verdict.meaning != rows[i].meaning)
			fail_msg("%s: meaning %d, not %d", rows[i].body, (int)verdict.meaning, (int)rows[i].meaning);
		assert_string_equal(verdict.sentence, rows[i].sentence);
		http_response_release(&response);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(status__of_its_own__has_the_last_word) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
