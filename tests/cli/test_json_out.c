/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Piece by piece, letter for letter as jansson writes the whole. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json_out.h"

#define WHOLE (JSON_INDENT(2) | JSON_REAL_PRECISION(10))

/* Objects and arrays to that depth are opened and closed, what lies deeper is put as a value. */
static void take_apart(struct json_out *out, const char *name, json_t *value, unsigned depth)
{
	const char *key;
	json_t *one;
	size_t i;

	if (!depth || (!json_is_object(value) && !json_is_array(value))) {
		json_out_put(out, name, json_incref(value));
		return;
	}
	json_out_open(out, name, json_is_object(value) ? '{' : '[');
	json_object_foreach(value, key, one) take_apart(out, key, one, depth - 1);
	json_array_foreach(value, i, one) take_apart(out, NULL, one, depth - 1);
	json_out_close(out, json_is_object(value) ? '}' : ']');
}

static void pieces__are__the_whole(void **state)
{
	static const char *const texts[] = {
		"{}",
		"[]",
		"{\"a\": 1}",
		"{\"a\": [], \"b\": {}, \"c\": [[]], \"d\": null}",
		"[1, 0.1, 1e-9, true, false, null, \"\"]",
		"{\"text\": \"two\\nlines, a \\\"quote\\\", a \\u0007 and \xc3\xa5\", \"last\": {\"deep\": [{\"deeper\": [1, {\"x\": \"\\n\"}]}, 2]}}",
		"[{\"a\": {\"b\": {\"c\": [1, 2]}}}, [[[]], {}], \"end\"]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		json_t *value = json_loads(texts[i], 0, NULL);
		char *whole = json_dumps(value, WHOLE), *seen;
		size_t len;

		for (unsigned depth = 1; depth < 6; depth++) {
			struct json_out out = { .to = open_memstream(&seen, &len) };

			take_apart(&out, NULL, value, depth);
			fclose(out.to);
			assert_int_equal(len, strlen(whole) + 1);
			assert_memory_equal(seen, whole, len - 1);
			assert_int_equal(seen[len - 1], '\n');
			assert_int_equal(out.depth, 0);
			free(seen);
		}
		free(whole);
		json_decref(value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(pieces__are__the_whole) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
