/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <dlfcn.h>
#include <string.h>
#include <cmocka.h>

#include "io/curl_lib.h"
#include "io/http.h"

static bool is_open(void)
{
	void *found = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_NOLOAD);

	if (!found)
		found = dlopen("libcurl-gnutls.so.4", RTLD_LAZY | RTLD_NOLOAD);
	if (found)
		dlclose(found);
	return found != NULL;
}

/* The first test: what is opened stays open. */
static void http_new__opens_the_library__and_nobody_before(void **state)
{
	struct loop *loop = loop_new();
	struct http *http;

	(void)state;
	assert_false(is_open());
	http = http_new(loop);
	assert_true(is_open());
	http_free(http);
	loop_free(loop);
}

static void curl_lib_open__fills__every_function(void **state)
{
	struct curl_lib lib = { 0 };
	struct err err = { 0 };
	void *function[sizeof(lib) / sizeof(void *)];

	(void)state;
	assert_true(curl_lib_open(&lib, &err));
	assert_int_equal(err.code, ERR_NONE);
	memcpy(function, &lib, sizeof(lib));
	for (size_t i = 0; i < sizeof(function) / sizeof(*function); i++)
		assert_non_null(function[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(http_new__opens_the_library__and_nobody_before),
		cmocka_unit_test(curl_lib_open__fills__every_function),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
