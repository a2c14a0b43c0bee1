/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "hands.h"
#include "io/loop.h"

struct app app;
struct face face;

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

/* Until nothing is asked and no provider is read. */
void settle(void)
{
	bool late = false;
	struct loop_handle *timer = loop_after(app.loop, 5000, on_late, &late);

	for (;;) {
		const struct push *preview = session_preview_push(face.session), *push = session_current_push(face.session);

		if (late || (!session_surveying(face.session) && (!preview || preview->done) && (!push || push->done) &&
			!session_matrix_running(face.session)))
			break;
		loop_run(app.loop);
	}
	if (!late)
		loop_cancel(timer);
	assert_false(late);
}

void open_demo(const char *domain)
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

void close_demo(void)
{
	face_release(&face);
	app_close(&app);
}

void draw(void)
{
	face_draw(&face, 100, 30, 0);
}

/* A frame is drawn after each, as it is for a person. */
void keys(const char *names)
{
	char name[24];
	int taken;

	for (; sscanf(names, " %23s%n", name, &taken) == 1; names += taken) {
		uint32_t key;

		assert_true(key_parse(&key, name, NULL));
		face_key(&face, key);
		draw();
	}
}

void answer(const char *text)
{
	assert_int_not_equal(face.ask, ASK_NONE);
	face_key(&face, 'U' - 64);
	face_paste(&face, text, strlen(text));
	face_key(&face, KEYCODE_ENTER);
}

bool shows(const char *words)
{
	struct str text;
	bool found;

	str_init(&text, 0);
	draw();
	canvas_text(&face.canvas, &text);
	found = strstr(text.s, words) != NULL;
	str_release(&text);
	return found;
}
