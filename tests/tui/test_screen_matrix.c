/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The matrix by keys: what is selected becomes marks, the sender and the depth are chosen, a long run tells, answers and stops. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver.h"
#include "io/loop.h"
#include "show/document.h"

static void matrix__row__becomes_marks(void **state)
{
	const struct marks *marks;

	(void)state;
	open_demo("exempel.com");
	marks = session_marks(ui.session);
	keys("s m 1");
	draw();
	settle();
	assert_int_equal(session_matrix(ui.session)->depth, 1);
	keys("Enter");
	assert_ptr_equal(ui_top(&ui)->class, &screen_simulate);
	assert_int_equal(marks->n, 1);
	assert_int_equal(marks->mark[0].kind, MARK_ZONE);
	keys("C m 2");
	draw();
	settle();
	assert_int_equal(session_matrix(ui.session)->depth, 2);
	keys("j Enter");
	assert_int_equal(marks->n, 2);
	draw();
	assert_null(session_matrix(ui.session));
	close_demo();
}

static void matrix__follows__the_chosen_sender(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("m Right");
	draw();
	assert_ptr_equal(session_matrix(ui.session)->sender, senders[1]);
	keys("/ r e s e r v Enter Right"); /* a search is of failures here, not of senders */
	assert_ptr_equal(session_matrix(ui.session)->sender, senders[2]);
	keys("Esc Esc");
	draw();
	assert_ptr_equal(ui_top(&ui)->class, &screen_ladder);
	assert_null(session_matrix(ui.session));
	close_demo();
}

static void matrix__before_it_is_made__has_nothing_to_tell(void **state)
{
	struct document document;
	struct scene scene;

	(void)state;
	open_demo("exempel.com");
	assert_null(session_matrix(ui.session));
	document_begin(&document);
	scene = ui_scene(&ui);
	screen_matrix.tell(ui_top(&ui), &scene, &document);
	assert_int_equal(document.n_cell, 1);
	assert_string_equal(document.cell[0].text.s, "there is no mail server that could fail");
	document_release(&document);
	close_demo();
}

/* The word leaves the failures that hold it, and what is selected is one of them. */
static void matrix__rows__are_found_by_a_word(void **state)
{
	int all;

	(void)state;
	open_demo("exempel.com");
	keys("m 1");
	settle();
	draw();
	all = ui_top(&ui)->list.n;
	assert_true(all > 2);
	keys("j / r e s e r v");
	assert_int_equal(ui_top(&ui)->list.n, 1);
	assert_true(shows("reserv.exempel.net"));
	assert_false(shows("delivered  mejlserver1.exempel.com"));
	assert_false(shows("No failure holds that word."));
	keys("Esc");
	assert_int_equal(ui_top(&ui)->list.n, all);
	assert_int_equal(ui_top(&ui)->list.selected, 1);
	keys("/ n o w h e r e Enter");
	assert_int_equal(ui_top(&ui)->list.n, 0);
	assert_true(shows("No failure holds that word."));
	keys("Enter");
	assert_ptr_equal(ui_top(&ui)->class, &screen_matrix);
	assert_int_equal(session_marks(ui.session)->n, 0);
	keys("Esc");
	assert_int_equal(ui_top(&ui)->list.n, all);
	keys("2"); /* of the pairs too those alone that add something */
	settle();
	draw();
	all = ui_top(&ui)->list.n;
	assert_true((size_t)all < session_matrix(ui.session)->n_row);
	keys("/ . Enter");
	assert_true(ui_top(&ui)->list.n > 9 && ui_top(&ui)->list.n < all);
	keys("Esc 1");
	settle();
	draw();
	keys("/ r e s e r v Enter Enter");
	assert_ptr_equal(ui_top(&ui)->class, &screen_simulate);
	assert_int_equal(session_marks(ui.session)->n, 1);
	assert_int_equal(session_marks(ui.session)->mark[0].kind, MARK_HOST);
	close_demo();
}

static void add_large(void)
{
	struct str text;

	str_init(&text, 0);
	str_add(&text, "$ORIGIN stor.example.\n$TTL 3600\n@ SOA ns hostmaster 1 3600 900 604800 300\n@ NS ns\nns A 192.0.2.1\n");
	for (int i = 1; i <= 240; i++)
		str_addf(&text, "@ MX %d mx%d\nmx%d A 198.51.100.%d\nmx%d AAAA 2001:db8:%d::1\n", 10 * i, i, i, i, i, i);
	assert_true(zoneworld_add(app.world, "stor", text.s, text.len, NULL));
	str_release(&text);
}

static void assert_shown(const char *words)
{
	struct str text;

	str_init(&text, 0);
	draw();
	canvas_text(&ui.canvas, &text);
	if (!strstr(text.s, words))
		fail_msg("no \"%s\" on\n%s", words, text.s);
	str_release(&text);
}

/* A host in none of the zone files was not asked for: it is not up, and mail that comes to it is not delivered. */
static void matrix__of_an_unknown_host__is_unknown(void **state)
{
	static const char zone[] = "$ORIGIN halv.example.\n$TTL 3600\n@ SOA ns hostmaster 1 3600 900 604800 300\n@ NS ns\nns A 192.0.2.1\n"
				   "@ MX 10 mx1\n@ MX 20 mx.elsewhere.net.\nmx1 A 198.51.100.1\n";
	struct dname name;

	(void)state;
	open_demo("exempel.com");
	assert_true(zoneworld_add(app.world, "halv", zone, sizeof(zone) - 1, NULL));
	assert_true(dname_parse(&name, "halv.example", NULL));
	assert_true(ui_open(&ui, &name, NULL));
	ui_survey(&ui);
	settle();
	keys("s");
	assert_shown("mx.elsewhere.net   0 % ·             · not asked");
	keys("m 1");
	draw();
	settle();
	assert_shown("at once   late  unknown     lost");
	assert_shown("? unknown    mx1.halv.example                     ··············      0 %    0 %    100 %      0 %");
	assert_shown("What stops the mail to the servers that are known");
	assert_shown("mx1.halv.example is the only mail server whose address is known");
	assert_shown("then all mail comes to servers whose addresses are not known, and may be taken there");
	ui_draw(&ui, 50, 30, 0);
	keys("j");
	ui_draw(&ui, 50, 30, 0);
	keys("Esc Space o");
	assert_shown("  ? Postfix 3.7              unknown");
	assert_shown("? unknown: mail comes to servers whose addresses are not known");
	keys("Tab");
	assert_shown("Nothing is told of senders whose mail comes to servers with addresses that are not known.");
	keys("Esc C s m 1");
	draw();
	settle();
	keys("Esc G Enter");
	assert_shown("mx.elsewhere.net                                      · not asked");
	close_demo();
}

/* Thousands of failures: the screen tells how far it has come, keys go on working, and one of them stops it. */
static void matrix__of_a_large_set__is_stopped_by_a_key(void **state)
{
	struct dname name;

	(void)state;
	open_demo("exempel.com");
	add_large();
	assert_true(dname_parse(&name, "stor.example", NULL));
	assert_true(ui_open(&ui, &name, NULL));
	ui_survey(&ui);
	settle();
	keys("s m");
	assert_shown("failures tried");
	assert_true(session_matrix_running(ui.session));
	while (session_matrix(ui.session)->n_row < 100) /* how many a portion is, is the machine's affair */
		loop_run(app.loop);
	draw();
	keys("j j");
	assert_int_equal(ui_top(&ui)->list.selected, 2);
	keys("Ctrl-C");
	assert_shown("stopped: ");
	assert_false(session_matrix_running(ui.session));
	keys("1");
	draw();
	settle();
	assert_int_equal(session_matrix(ui.session)->n_row, session_matrix(ui.session)->n_failure);
	keys("2");
	draw();
	assert_true(session_matrix_running(ui.session));
	keys("Esc");
	draw();
	assert_null(session_matrix(ui.session));
	close_demo();
}

/* Each sender's share is a bar beside its row wherever there is room; many marks are counted in the title, and what the set is stays. */
static void what_if__shows__each_senders_share(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("Space j Space s");
	assert_shown("exempel.com ▏WHAT IF  2 marks ▏RFC 5321 ▏HELD\n");
	assert_shown("│▸ RFC 5321                ✔ 100 %    0s     –           ██████\n");
	keys("G Space");
	assert_shown("▏WHAT IF  3 marks ▏");
	assert_shown("100 % never  ······\n");
	keys("C Space");
	assert_shown("▏WHAT IF  reserv.exempel.net refused ▏RFC 5321 ▏HELD\n");
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matrix__row__becomes_marks),
		cmocka_unit_test(matrix__before_it_is_made__has_nothing_to_tell),
		cmocka_unit_test(matrix__rows__are_found_by_a_word),
		cmocka_unit_test(matrix__follows__the_chosen_sender),
		cmocka_unit_test(matrix__of_a_large_set__is_stopped_by_a_key),
		cmocka_unit_test(matrix__of_an_unknown_host__is_unknown),
		cmocka_unit_test(what_if__shows__each_senders_share),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
