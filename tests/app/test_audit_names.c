/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of an audit, from every place they come from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "app/audit_names.h"
#include "base/mem.h"
#include "io/scratch.h"

struct desk {
	char *dir;
	struct app app;
	struct audit_names names;
	struct err err;
	unsigned ready;
	char path[4][300];
	const char *file[4];
	struct str told;
};

static void ready(void *data)
{
	struct desk *desk = data;

	desk->ready++;
	loop_stop(desk->app.loop);
}

static const char *put(struct desk *desk, size_t i, const char *text, size_t len)
{
	char name[4] = { 'f', (char)('0' + i) };

	assert_true(scratch_write(desk->dir, name, text, len, NULL));
	snprintf(desk->path[i], sizeof(desk->path[i]), "%s/%s", desk->dir, name);
	return desk->file[i] = desk->path[i];
}

static int set_up(void **state)
{
	struct desk *desk = mem_alloc(sizeof(*desk));

	desk->dir = scratch_new(NULL);
	assert_non_null(desk->dir);
	desk->app.loop = loop_new();
	desk->names = (struct audit_names){ .app = &desk->app, .ready = ready, .data = desk };
	desk->names.sources.file = desk->file;
	str_init(&desk->told, 0);
	*state = desk;
	return 0;
}

static int tear_down(void **state)
{
	struct desk *desk = *state;

	audit_names_close(&desk->names);
	loop_free(desk->app.loop);
	scratch_free(desk->dir);
	str_release(&desk->told);
	free(desk);
	return 0;
}

/* A name as it is, "!2 text" of a line that is none, "~" where it has to be waited for, "." at the end. */
static enum audit_next add_next(struct desk *desk)
{
	char text[DNAME_TEXT_MAX];
	struct audit_wrong wrong;
	struct dname domain;
	enum audit_next next = audit_names_next(&desk->names, &domain, &wrong, &desk->err);

	str_add(&desk->told, desk->told.len ? " " : "");
	if (next == AUDIT_NAME)
		str_add(&desk->told, dname_text(&domain, text));
	else if (next == AUDIT_LINE)
		str_addf(&desk->told, "!%zu %s", wrong.number, wrong.text);
	else
		str_add(&desk->told, next == AUDIT_END ? "." : "~");
	return next;
}

static void expect(struct desk *desk, const char *wanted)
{
	str_clear(&desk->told);
	while (add_next(desk) <= AUDIT_LINE)
		;
	assert_string_equal(desk->told.s, wanted);
}

/* One after the other, each with the numbers of its own lines. */
static void names__come__from_all_files(void **state)
{
	static const char first[] = "a.example\n\n# c.example\n \t# d.example\nnot a name\nB.example.\r\n",
			  second[] = "e.example\n..\nf.example";
	struct desk *desk = *state;

	put(desk, 0, first, strlen(first));
	put(desk, 1, "", 0);
	put(desk, 2, second, strlen(second));
	desk->names.sources.n = 3;
	assert_true(audit_names_open(&desk->names, &desk->err));
	expect(desk, "a.example !5 not a name b.example e.example !2 .. f.example .");
	assert_int_equal(desk->err.code, ERR_NONE);
	assert_int_equal(add_next(desk), AUDIT_END);
}

static void line__that_is_no_name__is_said_why(void **state)
{
	struct desk *desk = *state;
	char text[1000] = "a.example\n", shown[AUDIT_TEXT_MAX + 1] = "";
	struct audit_wrong wrong;
	struct dname domain;

	memcpy(text + 10, "b\0c\n", 4);
	memset(text + 14, 'x', AUDIT_TEXT_MAX);
	memset(shown, 'x', AUDIT_TEXT_MAX);
	text[14 + AUDIT_TEXT_MAX] = '\n';
	memset(text + 15 + AUDIT_TEXT_MAX, 'x', AUDIT_TEXT_MAX + 1);
	put(desk, 0, text, 16 + 2 * AUDIT_TEXT_MAX);
	desk->names.sources.n = 1;
	assert_int_equal(audit_names_next(&desk->names, &domain, &wrong, &desk->err), AUDIT_NAME);
	assert_int_equal(audit_names_next(&desk->names, &domain, &wrong, &desk->err), AUDIT_LINE);
	assert_int_equal(wrong.number, 2);
	assert_int_equal(wrong.err.code, ERR_USAGE);
	assert_string_equal(wrong.err.what.id, "a name holds no zero byte");
	assert_int_equal(audit_names_next(&desk->names, &domain, &wrong, &desk->err), AUDIT_LINE);
	assert_string_not_equal(wrong.err.what.id, "the line is longer than any name");
	assert_string_equal(wrong.text, shown);
	assert_int_equal(audit_names_next(&desk->names, &domain, &wrong, &desk->err), AUDIT_LINE);
	assert_int_equal(wrong.number, 4);
	assert_string_equal(wrong.err.what.id, "the line is longer than any name");
	assert_string_equal(wrong.text, shown);
	assert_int_equal(audit_names_next(&desk->names, &domain, &wrong, &desk->err), AUDIT_END);
}

static void file__that_cannot_be_read__ends_them_with_the_reason(void **state)
{
	struct desk *desk = *state;

	put(desk, 0, "a.example\n", 10);
	desk->file[1] = "/nonexistent/names";
	desk->names.sources.n = 2;
	expect(desk, "a.example .");
	assert_int_equal(desk->err.code, ERR_FILE);
}

static void pipe__is_waited_for(void **state)
{
	struct desk *desk = *state;
	FILE *writer;

	snprintf(desk->path[0], sizeof(desk->path[0]), "%s/pipe", desk->dir);
	desk->file[0] = desk->path[0];
	assert_int_equal(mkfifo(desk->path[0], 0600), 0);
	writer = fopen(desk->path[0], "r+");
	assert_non_null(writer);
	desk->names.sources.n = 1;
	expect(desk, "~");
	fputs("a.example\nb.ex", writer);
	fflush(writer);
	loop_run(desk->app.loop);
	assert_int_equal(desk->ready, 1);
	expect(desk, "a.example ~");
	fputs("ample\n", writer);
	fclose(writer);
	loop_run(desk->app.loop);
	expect(desk, "b.example ~");
	loop_run(desk->app.loop);
	expect(desk, ".");
}

/* A line that broke off, one about no domain, and what was never begun are done again. */
static void resumed__leaves_out__what_an_earlier_output_has(void **state)
{
	static const char output[] =
		"{\"domain\":\"d.example\",\"x\":1}\n{\"domain\":\"b.example\"}\n{\"line\":2,\"error\":\"no name\"}\n{\"domain\":7}\n"
		"{\"domain\":\"a.example\"}\n{\"domain\":\"e.exam",
			  names[] = "a.example\nB.EXAMPLE\nc.example\nd.example\ne.example\n";
	struct desk *desk = *state;

	desk->names.sources.resume = put(desk, 1, output, strlen(output));
	put(desk, 0, names, strlen(names));
	desk->names.sources.n = 1;
	assert_true(audit_names_open(&desk->names, &desk->err));
	assert_int_equal(desk->names.n_done, 3);
	expect(desk, "c.example e.example .");
	audit_names_close(&desk->names);
	assert_int_equal(desk->names.n_done, 0);
	assert_null(desk->names.lines);
}

static void resume__takes__a_file_that_is_there(void **state)
{
	struct desk *desk = *state;
	FILE *writer;

	desk->names.sources.resume = "/nonexistent/output";
	assert_false(audit_names_open(&desk->names, &desk->err));
	assert_int_equal(desk->err.code, ERR_FILE);
	snprintf(desk->path[0], sizeof(desk->path[0]), "%s/pipe", desk->dir);
	assert_int_equal(mkfifo(desk->path[0], 0600), 0);
	writer = fopen(desk->path[0], "r+");
	desk->names.sources.resume = desk->path[0];
	desk->err = (struct err){ 0 };
	assert_false(audit_names_open(&desk->names, &desk->err));
	assert_string_equal(desk->err.what.id, "--resume takes a file");
	fclose(writer);
	desk->names.sources.resume = put(desk, 1, "", 0);
	assert_true(audit_names_open(&desk->names, &desk->err));
	put(desk, 0, "a.example", 9);
	desk->names.sources.n = 1;
	expect(desk, "a.example .");
}

static void names__are__the_zones_of_an_account(void **state)
{
	static const char output[] = "{\"domain\":\"b.example\"}\n";
	static const char *const zones[] = { "c.example", "b.example", "_x y.example", "a.example" };
	struct desk *desk = *state;
	struct account account = { 0 };

	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++)
		zone_index_add(
			&account.zones, &(struct zone_entry){ .name = (char *)(uintptr_t)zones[i], .id = (char *)(uintptr_t)zones[i] });
	desk->names.sources.account = &account;
	desk->names.sources.resume = put(desk, 1, output, strlen(output));
	assert_true(audit_names_open(&desk->names, &desk->err));
	expect(desk, "!1 _x y.example a.example c.example .");
	zone_index_release(&account.zones);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names__come__from_all_files),
		TEST(line__that_is_no_name__is_said_why),
		TEST(file__that_cannot_be_read__ends_them_with_the_reason),
		TEST(pipe__is_waited_for),
		TEST(resumed__leaves_out__what_an_earlier_output_has),
		TEST(resume__takes__a_file_that_is_there),
		TEST(names__are__the_zones_of_an_account),
	};

	return cmocka_run_group_tests_name("audit_names", tests, NULL, NULL);
}
