/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes to a clipboard: its bytes, through what stands between, and what is too much for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/requests.h"
#include "driver.h"
#include "tui/term/copy.h"

static void screen__gets__parts_that_it_hands_on(void **state)
{
	char text[1000];
	struct str plain, parted, joined;
	const char *at, *end;

	(void)state;
	memset(text, 'x', sizeof(text));
	str_init(&plain, 0);
	str_init(&parted, 0);
	str_init(&joined, 0);
	copy_add(&plain, text, sizeof(text), CLIPBOARD_TERMINAL);
	copy_add(&parted, text, sizeof(text), CLIPBOARD_SCREEN);
	for (at = parted.s; *at; at = end + 2) {
		assert_memory_equal(at, "\033P", 2);
		end = strstr(at, "\033\\");
		assert_non_null(end);
		assert_int_equal(end - at - 2, end[2] ? 240 : (end - at - 2 - 1) % 240 + 1);
		str_add_bytes(&joined, at + 2, (size_t)(end - at) - 2);
	}
	assert_string_equal(joined.s, plain.s);
	str_release(&plain);
	str_release(&parted);
	str_release(&joined);
}

static void tmux__gets__what_a_terminal_gets(void **state)
{
	static const char *const coded[] = { "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };
	struct str out;

	(void)state;
	for (size_t i = 0; i < 4; i++) { /* nothing behind the end is taken along */
		char wanted[40];

		snprintf(wanted, sizeof(wanted), "\033]52;c;%s\a", coded[i]);
		str_init(&out, 0);
		copy_add(&out, "foobar~", 3 + i, CLIPBOARD_TMUX);
		assert_string_equal(out.s, wanted);
		str_release(&out);
	}
}

static enum ui_wish press_y(enum clipboard clipboard)
{
	ui.hooks.clipboard = clipboard;
	return ui_key(&ui, 'y');
}

/* T23: what cannot be done is said, and nothing is sent then. */
static void y__says__what_stands_in_the_way(void **state)
{
	(void)state;
	open_demo("exempel.com");
	assert_int_equal(press_y(CLIPBOARD_TERMINAL), UI_COPY);
	assert_string_equal(ui.copied.s, "exempel.com.\t45000\tIN\tMX\t10 mejlserver1.exempel.com.\n"
					 "exempel.com.\t45000\tIN\tMX\t10 mejlserver2.exempel.com.\n"
					 "exempel.com.\t45000\tIN\tMX\t20 reserv.exempel.net.\n");
	assert_true(shows("not every terminal takes them"));
	assert_int_equal(press_y(CLIPBOARD_TMUX), UI_COPY);
	assert_true(shows("set-clipboard"));
	assert_int_equal(press_y(CLIPBOARD_SCREEN), UI_COPY);
	assert_true(shows("Sent through GNU screen"));
	assert_int_equal(press_y(CLIPBOARD_NONE), UI_DRAW);
	assert_true(shows("A console has no clipboard: nothing was copied."));
	close_demo();
	open_demo("tyst.example");
	keys("I");
	app.requests->n = 0; /* the demo has read its file */
	assert_int_equal(press_y(CLIPBOARD_TERMINAL), UI_DRAW);
	assert_true(shows("There is no request to copy."));
	keys("Esc");
	assert_int_equal(press_y(CLIPBOARD_TERMINAL), UI_COPY);
	assert_string_equal(ui.copied.s, "tyst.example.\t3600\tIN\tMX\t0 .\n");
	close_demo();
}

static void y__sends_nothing__of_what_is_too_long(void **state)
{
	enum { MANY = 1200 };
	struct edit *edit = calloc(MANY, sizeof(*edit));
	char name[32];

	(void)state;
	open_demo("exempel.com");
	for (int i = 0; i < MANY; i++) {
		edit[i].verb = EDIT_ADD;
		edit[i].mx.preference = 30;
		snprintf(name, sizeof(name), "mx%d.example.net", i);
		assert_true(dname_parse(&edit[i].mx.host, name, NULL));
	}
	assert_true(session_edit(ui.session, edit, MANY, NULL));
	free(edit);
	assert_int_equal(press_y(CLIPBOARD_TERMINAL), UI_DRAW);
	assert_true(ui.copied.len > COPY_MAX);
	assert_true(shows("bytes long, and terminals take no more than 56000"));
	keys("X");
	answer("yes");
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(screen__gets__parts_that_it_hands_on),
		cmocka_unit_test(tmux__gets__what_a_terminal_gets),
		cmocka_unit_test(y__says__what_stands_in_the_way),
		cmocka_unit_test(y__sends_nothing__of_what_is_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
