/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "driver.h"
#include "io/loop.h"

struct app app;
struct ui ui;

void driver_changed(void *data)
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
		const struct push *preview = session_preview_push(ui.session), *push = session_current_push(ui.session);

		if (late || (!session_surveying(ui.session) && (!preview || preview->done) && (!push || push->done) &&
				    !session_matrix_running(ui.session) && !session_down_running(ui.session)))
			break;
		loop_run(app.loop);
	}
	if (!late)
		loop_cancel(timer);
	assert_false(late);
}

void configure(const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/config", app.demo_dir);
	file = fopen(path, "a");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_true(app_read_again(&app, NULL)); /* which keeps what a running push may still look at */
}

void open_demo(const char *domain)
{
	struct app_options options = { .demo = true };
	struct ui_hooks hooks = { .app = &app, .changed = driver_changed };
	struct dname name;
	struct err err = { 0 };

	setenv("TMPDIR", "/tmp", 1); /* pictures show where the demo's files are */
	assert_true(app_open(&app, &options, &err));
	configure("[main]\nname = eva@mail\n"); /* who approves is no matter of the machine */
	ui_init(&ui, &hooks);
	assert_true(dname_parse(&name, domain, &err));
	assert_true(ui_open(&ui, &name, &err));
	ui_survey(&ui);
	settle();
}

void close_demo(void)
{
	ui_release(&ui);
	app_close(&app);
}

void draw(void)
{
	ui_draw(&ui, 100, 30, 0);
}

void press(const char *name)
{
	uint32_t key;

	assert_true(key_parse(&key, name, NULL));
	ui_key(&ui, key);
}

/* A frame is drawn after each, as it is for a person. */
void keys(const char *names)
{
	char name[24];
	int taken;

	for (; sscanf(names, " %23s%n", name, &taken) == 1; names += taken) {
		press(name);
		draw();
	}
}

void answer(const char *text)
{
	assert_int_not_equal(ui.ask, ASK_NONE);
	ui_key(&ui, 'U' - 64);
	ui_paste(&ui, text, strlen(text));
	ui_key(&ui, KEYCODE_ENTER);
}

int line_of(int width, int height, const char *words)
{
	struct str text;
	const char *at;
	int line = -1;

	str_init(&text, 0);
	ui_draw(&ui, width, height, 0);
	canvas_text(&ui.canvas, &text);
	if ((at = strstr(text.s, words)) != NULL)
		for (line = 0; at > text.s; at--)
			line += at[-1] == '\n';
	str_release(&text);
	return line;
}

bool shows_at(int width, int height, const char *words)
{
	return line_of(width, height, words) >= 0;
}

bool shows(const char *words)
{
	return shows_at(100, 30, words);
}

/* ---- roles in a picture ---- */

static const char letters[ROLE_COUNT] = {
	[ROLE_TEXT] = '.',
	[ROLE_DIM] = 'd',
	[ROLE_TITLE] = 'T',
	[ROLE_LIVE] = 'L',
	[ROLE_DRAFT] = 'D',
	[ROLE_WHATIF] = 'W',
	[ROLE_RULE] = '-',
	[ROLE_KEY] = 'k',
	[ROLE_HINT] = 'h',
	[ROLE_SELECTED] = 'S',
	[ROLE_PREFERENCE] = 'p',
	[ROLE_TREE] = 't',
	[ROLE_HOST] = 'H',
	[ROLE_BAR] = 'b',
	[ROLE_ADDRESS] = 'a',
	[ROLE_OK] = 'o',
	[ROLE_ERROR] = 'E',
	[ROLE_WARNING] = 'w',
	[ROLE_NOTICE] = 'n',
	[ROLE_INFO] = 'i',
	[ROLE_PENDING] = 'q',
	[ROLE_ADDED] = '+',
	[ROLE_REMOVED] = 'x',
	[ROLE_CHANGED] = '~',
	[ROLE_ACCEPTED] = 's',
	[ROLE_HEADING] = 'G',
	[ROLE_PROMPT] = 'P',
	[ROLE_INPUT] = 'I',
	[ROLE_MESSAGE] = 'm',
	[ROLE_MATCH] = 'M',
};

void add_roles(const struct canvas *canvas, struct str *out)
{
	for (int y = 0; y < canvas->height; y++) {
		size_t from = out->len;

		for (int x = 0; x < canvas->width; x++) {
			const struct cell *cell = &canvas->cell[y * canvas->width + x];
			bool blank = cell->role == ROLE_TEXT && !strcmp(cell->s, " ");

			str_add_char(out, blank ? ' ' : letters[cell->role]);
		}
		while (out->len > from && out->s[out->len - 1] == ' ')
			out->s[--out->len] = '\0';
		str_add_char(out, '\n');
	}
}
