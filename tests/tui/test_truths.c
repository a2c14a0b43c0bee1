/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ladder's screen, its header above all, for each way in which a set can be known: on name servers and caches of a namespace. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../app/truths.h"
#include "driver.h"
#include "io/loop.h"
#include "pictures.h"

static struct dnsd dnsd;
static bool alone;
static char *dir;

static void begin(const char *server)
{
	struct ui_hooks hooks = { .app = &app, .changed = driver_changed };

	dir = dnsd_open_app(&dnsd, &app, server);
	app.timeout_ms = 4000; /* nobody keeps still here, and a busy machine is no silent server */
	truths_add(&dnsd);
	ui_init(&ui, &hooks);
}

static void end(void)
{
	ui_release(&ui);
	dnsd_close_app(&dnsd, &app, dir);
}

static void look(const char *domain)
{
	struct dname name;

	assert_true(dname_parse(&name, domain, NULL));
	assert_true(ui_open(&ui, &name, NULL));
	ui_survey(&ui);
	settle();
}

/* The whole screen at one size, and the header alone where it has to leave out. */
static void add_looks(struct str *out, const char *domain)
{
	static const int widths[] = { 140, 100, 60, 40, 24 };
	struct str text, marks;

	str_addf(out, "== %s\n", domain);
	for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++) {
		str_init(&text, 0);
		str_init(&marks, 0);
		picture_draw(widths[i], 12, &text, &marks);
		if (i)
			strchr(text.s, '\n')[1] = '\0';
		str_addf(out, "%s%.*s\n", text.s, (int)strcspn(marks.s, "\n"), marks.s);
		str_release(&text);
		str_release(&marks);
	}
}

static void screens__say__how_a_set_is_known(void **state)
{
	static const char *const domains[] = { "enig.exempel.com", "oenig.exempel.com", "gammal.exempel.com", "tom.exempel.com",
		"utan.exempel.com", "egen.exempel.com", "noll.exempel.com", "namn.joker.exempel.com", "halv.exempel.com", "lam.exempel.com",
		"ring.bruten.exempel.com", "borta.exempel.com" };
	struct str seen;

	(void)state;
	if (!alone)
		skip();
	str_init(&seen, 0);
	begin(NULL);
	for (size_t i = 0; i < sizeof(domains) / sizeof(*domains); i++) {
		look(domains[i]);
		add_looks(&seen, domains[i]);
	}
	look("oenig.exempel.com");
	keys("t");
	answer("1h");
	add_looks(&seen, "oenig.exempel.com, drafted");
	look("enig.exempel.com");
	keys("t");
	answer("2h");
	add_looks(&seen, "enig.exempel.com, drafted");
	keys("r");
	assert_true(shows("\n Served  TTL "));
	end();
	picture_compare("truths", seen.s);
	str_release(&seen);
}

/* Whoever is named is asked alone, and told as it is. */
static void screens__say__what_a_named_server_said(void **state)
{
	static const char *const servers[] = { "127.0.0.10", "127.0.0.13", "127.0.0.14", "127.0.0.15" };
	struct str seen;

	(void)state;
	if (!alone)
		skip();
	str_init(&seen, 0);
	for (size_t i = 0; i < sizeof(servers) / sizeof(*servers); i++) {
		begin(servers[i]);
		look("enig.exempel.com");
		add_looks(&seen, servers[i]);
		end();
	}
	picture_compare("truths-server", seen.s);
	str_release(&seen);
}

/* Answers that come while something is typed change neither the text nor where the cursor stands. */
static void typed_text__stays__while_answers_come(void **state)
{
	static const char text[] = "40 mx4.example.net";
	struct dname name;
	int column = -1, came = 0;

	(void)state;
	if (!alone)
		skip();
	begin(NULL);
	assert_true(dname_parse(&name, "enig.exempel.com", NULL));
	assert_true(ui_open(&ui, &name, NULL));
	ui_survey(&ui);
	keys("a");
	ui_key(&ui, 'U' - 64);
	for (size_t i = 0; text[i]; i++) {
		if (session_surveying(ui.session)) {
			loop_run(app.loop);
			came++;
		}
		ui_key(&ui, (uint32_t)(unsigned char)text[i]);
		draw();
		assert_int_equal(ui.prompt.text.len, i + 1);
		assert_memory_equal(ui.prompt.text.s, text, i + 1);
		assert_true(column < 0 || ui.canvas.cursor_x == column + 1);
		column = ui.canvas.cursor_x;
	}
	assert_true(came > 2);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(typed_text__stays__while_answers_come),
		cmocka_unit_test(screens__say__how_a_set_is_known),
		cmocka_unit_test(screens__say__what_a_named_server_said),
	};

	alone = dnsd_enter();
	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
