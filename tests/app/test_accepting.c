/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of accepted findings: where it is, and that a line comes and goes while all others stay as they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/accepting.h"
#include "io/scratch.h"

#define LINE "exempel.com spof 2098-01-31T23:59:59Z paid for\n"
#define OTHERS "# ours\n\nexempel.net spof 2098-01-31 paid for\n\nexempel.com spof@x.exempel.net 2098-01-31 another"

static struct app app;
static char *dir;

static void open_app(const char *config)
{
	char path[300], store[300];
	struct app_options options = { .config = path, .state_dir = store };

	app_close(&app);
	app = (struct app){ 0 };
	snprintf(path, sizeof(path), "%s/config", dir);
	snprintf(store, sizeof(store), "%s/state", dir);
	assert_true(store_write_file(path, config, strlen(config), 0600, NULL));
	assert_true(app_open(&app, &options, NULL));
}

static int begin(void **state)
{
	(void)state;
	dir = scratch_new(NULL);
	open_app("");
	return 0;
}

static int end(void **state)
{
	(void)state;
	app_close(&app);
	app = (struct app){ 0 };
	scratch_free(dir);
	return 0;
}

static const char *in_folder(const char *name)
{
	static char path[300];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	assert_true(store_write_file(in_folder(name), text, strlen(text), 0600, NULL));
}

static void expect_file(const char *name, const char *wanted)
{
	struct str text;

	str_init(&text, 0);
	assert_true(store_read_file(in_folder(name), 1 << 16, &text, NULL));
	assert_string_equal(text.s, wanted);
	str_release(&text);
}

static struct accepted row_of(const char *domain, const char *what)
{
	struct accepted row = { .reason = "paid for" };

	assert_true(dname_parse(&row.domain, domain, NULL));
	assert_true(accept_parse_what(&row, what, NULL));
	assert_true(accept_parse_until("2098-01-31", 0, &row.until, NULL));
	return row;
}

static const char *said(const struct err *err)
{
	static char text[500];
	struct str words;

	str_init(&words, 0);
	err_format(err, NULL, &words);
	snprintf(text, sizeof(text), "%s", words.s);
	str_release(&words);
	return text;
}

static void file__stands_beside_the_configuration__or_where_that_says(void **state)
{
	char *path = accepting_path(&app), text[400];

	(void)state;
	assert_string_equal(path, in_folder("accepted"));
	free(path);
	snprintf(text, sizeof(text), "[main]\naccepted_file = %s\n", in_folder("mine"));
	open_app(text);
	path = accepting_path(&app);
	assert_string_equal(path, in_folder("mine"));
	free(path);
}

/* One that was named has to be there. */
static void file__that_is_missing__is_empty__unless_it_was_named(void **state)
{
	struct accepts accepts = { 0 };
	struct err err = { 0 };
	char text[400];

	(void)state;
	assert_true(accepting_read(&app, &accepts, &err));
	assert_int_equal(accepts.n, 0);
	write_file("accepted", OTHERS);
	assert_true(accepting_read(&app, &accepts, &err));
	assert_int_equal(accepts.n, 2);
	snprintf(text, sizeof(text), "[main]\naccepted_file = %s\n", in_folder("mine"));
	open_app(text);
	assert_false(accepting_read(&app, &accepts, &err));
	assert_int_equal(err.code, ERR_FILE);
	snprintf(text, sizeof(text), "accepted findings %s: there is no such file", in_folder("mine"));
	assert_string_equal(said(&err), text);
	assert_int_equal(accepts.n, 2);
	accepts_release(&accepts);
}

static void line__comes_and_goes__and_others_stay(void **state)
{
	struct accepted row = row_of("exempel.com", "spof"), at = row_of("exempel.com", "spof@x.exempel.net");

	(void)state;
	assert_true(accepting_add(&app, &row, NULL));
	expect_file("accepted", LINE);
	write_file("accepted", OTHERS);
	assert_true(accepting_add(&app, &row, NULL));
	expect_file("accepted", OTHERS "\n" LINE);
	assert_true(accepting_add(&app, &row, NULL));
	expect_file("accepted", OTHERS "\n" LINE LINE);
	assert_true(accepting_withdraw(&app, &row, NULL));
	expect_file("accepted", OTHERS "\n");
	assert_true(accepting_withdraw(&app, &row, NULL)); /* there is none any more */
	expect_file("accepted", OTHERS "\n");
	assert_true(accepting_withdraw(&app, &at, NULL));
	expect_file("accepted", "# ours\n\nexempel.net spof 2098-01-31 paid for\n\n");
	row = row_of("exempel.net", "ttl-short");
	assert_true(accepting_withdraw(&app, &row, NULL));
	expect_file("accepted", "# ours\n\nexempel.net spof 2098-01-31 paid for\n\n");
}

static void file__that_cannot_be_read__is_not_written(void **state)
{
	struct accepted row = row_of("exempel.com", "spof");
	struct err err = { 0 };
	char words[400];

	(void)state;
	write_file("accepted", "# ours\nnonsense\n");
	assert_false(accepting_add(&app, &row, &err));
	assert_int_equal(err.code, ERR_USAGE);
	snprintf(words, sizeof(words), "accepted findings %s: line 2: ", in_folder("accepted"));
	assert_int_equal(strncmp(said(&err), words, strlen(words)), 0);
	expect_file("accepted", "# ours\nnonsense\n");
	write_file("accepted", "");
	app.read_only = true;
	assert_false(accepting_add(&app, &row, &err));
	assert_string_equal(err.what.id, "--read-only: the file of accepted findings would be written");
	expect_file("accepted", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(file__stands_beside_the_configuration__or_where_that_says, begin, end),
		cmocka_unit_test_setup_teardown(file__that_is_missing__is_empty__unless_it_was_named, begin, end),
		cmocka_unit_test_setup_teardown(line__comes_and_goes__and_others_stay, begin, end),
		cmocka_unit_test_setup_teardown(file__that_cannot_be_read__is_not_written, begin, end),
	};

	return cmocka_run_group_tests_name("accepting", tests, NULL, NULL);
}
