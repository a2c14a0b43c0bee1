/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cut-over's screen by keys; its pictures are in test_screens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "io/loop.h"
#include "tui/face.h"

static struct app app;
static struct face face;

static void on_change(void *data)
{
	(void)data;
	loop_stop(app.loop);
}

static void on_late(void *data)
{
	*(bool *)data = true;
	loop_stop(app.loop);
}

static void settle(void)
{
	bool late = false;
	struct loop_handle *timer = loop_after(app.loop, 5000, on_late, &late);

	for (;;) {
		if (late || !session_surveying(face.session))
			break;
		loop_run(app.loop);
	}
	if (!late)
		loop_cancel(timer);
	assert_false(late);
}

static void open_demo(const char *domain)
{
	struct app_options options = { .demo = true };
	struct face_means means = { .app = &app, .changed = on_change };
	struct dname name;
	struct err err = { 0 };

	assert_true(app_open(&app, &options, &err));
	face_init(&face, &means);
	assert_true(dname_parse(&name, domain, &err));
	assert_true(face_open(&face, &name, &err));
	face_survey(&face);
	settle();
}

static void close_demo(void)
{
	face_release(&face);
	app_close(&app);
}

static void keys(const char *names)
{
	char name[24];
	int taken;

	for (; sscanf(names, " %23s%n", name, &taken) == 1; names += taken) {
		uint32_t key;

		assert_true(key_parse(&key, name, NULL));
		face_key(&face, key);
	}
}

static void answer(const char *text)
{
	assert_int_not_equal(face.ask, ASK_NONE);
	face_key(&face, 'U' - 64);
	face_paste(&face, text, strlen(text));
	face_key(&face, KEYCODE_ENTER);
}

static bool shows(const char *words)
{
	struct str text;
	bool found;

	str_init(&text, 0);
	face_draw(&face, 80, 24, 1795537800);
	canvas_text(&face.canvas, &text);
	found = strstr(text.s, words) != NULL;
	str_release(&text);
	return found;
}

static void cutover__follows__the_draft(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("c");
	assert_true(shows("There is nothing to cut over"));
	keys("Esc t");
	answer("1h");
	keys("c");
	assert_true(shows("No server goes"));
	keys("Esc g d c");
	assert_true(shows("may be switched off as soon as"));
	keys("Esc g j d j d a");
	answer("10 mejlserver3.exempel.com");
	settle();
	keys("c");
	assert_true(shows("Keep the old servers until"));
	assert_true(shows("100 %┤"));
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cutover__follows__the_draft),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
