/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/tui.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "io/config.h"
#include "io/loop.h"
#include "tui/settings.h"
#include "tui/ui.h"
#include "tui/plain_run.h"
#include "tui/term/term.h"
#include "base/banned.h"

#define MINUTE_MS 60000
#define GATHER_MS 15  /* answers that come together are drawn together */
#define ANSWER_MS 400 /* what a terminal has not told by then, it does not tell */

struct tui {
	struct app *app;
	struct ui ui;
	const struct tui_options *options;
	char shown_theme[THEME_NAME];
	bool ground_asked; /* what its background is */
	struct loop_handle *input, *overdue, *winch, *term, *hangup, *interrupt, *stop, *go_on, *clock, *soon, *first, *answers;
};

/* The theme that the interface is in now, if it is another one. */
static void follow_theme(struct tui *tui)
{
	struct theme theme;
	struct err err = { 0 };
	char name[THEME_NAME];

	ui_theme(&tui->ui, name);
	if (!strcmp(name, tui->shown_theme) || !settings_theme(tui->options, name, &theme, &err))
		return;
	memcpy(tui->shown_theme, name, sizeof(name));
	term_set_theme(&theme);
}

static void paint(struct tui *tui)
{
	int width, height;

	follow_theme(tui);
	term_size(&width, &height);
	ui_draw(&tui->ui, width, height, loop_now());
	term_draw(&tui->ui.canvas);
}

/* ---- what the loop tells ---- */

static void on_soon(void *data)
{
	struct tui *tui = data;

	tui->soon = NULL;
	paint(tui);
}

/* Are all answers there at once? Those of a zone world are: then the end of the survey is drawn first. */
static bool all_is_there(const struct tui *tui)
{
	return tui->app->world && (!tui->ui.session || !session_surveying(tui->ui.session));
}

static void on_change(void *data)
{
	struct tui *tui = data;

	if (tui->soon && !all_is_there(tui))
		return;
	loop_cancel(tui->soon);
	tui->soon = loop_after(tui->app->loop, all_is_there(tui) ? 0 : GATHER_MS, on_soon, tui);
}

static void on_clock(void *data)
{
	struct tui *tui = data;

	tui->clock = loop_after(tui->app->loop, MINUTE_MS, on_clock, tui);
	paint(tui);
}

static void on_resize(void *data)
{
	struct tui *tui = data;

	term_repaint();
	paint(tui);
}

static void on_end(void *data)
{
	struct tui *tui = data;

	loop_stop(tui->app->loop);
}

/* After the first frame: the survey opens the DNS libraries, which takes longer than a frame. */
static void on_first(void *data)
{
	struct tui *tui = data;

	tui->first = NULL;
	ui_survey(&tui->ui);
	if (!tui->app->world)
		paint(tui);
}

/* The answer that was asked for; one that nobody asked for changes nothing. */
static void take_ground(struct tui *tui, enum ground ground)
{
	if (tui->ground_asked)
		snprintf(tui->ui.theme, sizeof(tui->ui.theme), "%s", settings_theme_for(ground));
	tui->ground_asked = false;
}

static void on_answer_overdue(void *data)
{
	struct tui *tui = data;
	bool dark_or_light = tui->ground_asked;

	tui->answers = NULL;
	tui->ground_asked = false;
	term_answer_overdue();
	if (!dark_or_light || tui->ui.message.len || tui->ui.ask)
		return;
	ui_message(&tui->ui, ROLE_MESSAGE,
		_("This terminal does not tell whether it is dark or light: :theme chooses, \"theme\" under [ui] keeps the choice."));
	paint(tui);
}

static enum ui_wish take(struct tui *tui, const struct input_event *event)
{
	switch (event->kind) {
	case INPUT_KEY:
		return ui_key(&tui->ui, event->key);
	case INPUT_CLICK:
		return ui_click(&tui->ui, event->x, event->y);
	case INPUT_WHEEL_UP:
		return ui_wheel(&tui->ui, -1);
	case INPUT_WHEEL_DOWN:
		return ui_wheel(&tui->ui, 1);
	case INPUT_PASTE:
		ui_paste(&tui->ui, term_paste()->s, term_paste()->len);
		break;
	case INPUT_UNREADABLE:
		ui_unreadable(&tui->ui, event->key);
		break;
	case INPUT_GROUND:
		take_ground(tui, (enum ground)event->key);
		break;
	case INPUT_COLUMN:
		if (settings_column(&tui->ui, event->key))
			term_repaint(); /* what was drawn has moved what stands beside it */
		break;
	default:
		break;
	}
	return UI_DRAW;
}

/* False: the interface is left. */
static bool carry_out(struct tui *tui, enum ui_wish wish)
{
	switch (wish) {
	case UI_QUIT:
		loop_stop(tui->app->loop);
		return false;
	case UI_SUSPEND:
		term_suspend();
		break;
	case UI_REPAINT:
		term_repaint();
		break;
	case UI_COPY:
		term_copy(tui->ui.copied.s, tui->ui.copied.len, tui->ui.hooks.clipboard);
		break;
	default:
		break;
	}
	term_expect_text(tui->ui.ask != ASK_NONE);
	return true;
}

static void on_overdue(void *data);

/* Ends by time what waits for more bytes: an Esc or a paste. */
static void await_end(struct tui *tui)
{
	int64_t deadline = term_deadline(), now = (int64_t)loop_ms();

	loop_cancel(tui->overdue);
	tui->overdue = deadline < 0 ? NULL : loop_after(tui->app->loop, deadline > now ? (uint64_t)(deadline - now) : 0, on_overdue, tui);
}

static int take_input(struct tui *tui)
{
	struct input_event event;
	int taken = 0;

	while ((event = term_read((int64_t)loop_ms())).kind != INPUT_NONE) {
		taken++;
		if (!carry_out(tui, take(tui, &event)))
			return 0;
	}
	await_end(tui);
	if (taken)
		paint(tui);
	return taken;
}

static void on_overdue(void *data)
{
	struct tui *tui = data;

	tui->overdue = NULL;
	take_input(tui);
}

static void on_input(void *data)
{
	struct tui *tui = data;

	if (!take_input(tui) && !isatty(STDIN_FILENO))
		loop_stop(tui->app->loop);
}

/* A signal from elsewhere does what its key does. */
static void on_interrupt(void *data)
{
	struct tui *tui = data;

	if (carry_out(tui, ui_key(&tui->ui, 'C' - 64)))
		paint(tui);
}

static void on_stop(void *data)
{
	struct tui *tui = data;

	carry_out(tui, UI_SUSPEND);
	paint(tui);
}

static void on_go_on(void *data)
{
	term_continue();
	paint(data);
}

/* ---- running ---- */

static void listen(struct tui *tui)
{
	struct loop *loop = tui->app->loop;

	tui->input = loop_readable(loop, STDIN_FILENO, on_input, tui);
	loop_urgent(tui->input);
	tui->winch = loop_signal(loop, SIGWINCH, on_resize, tui);
	tui->term = loop_signal(loop, SIGTERM, on_end, tui);
	tui->hangup = loop_signal(loop, SIGHUP, on_end, tui);
	tui->interrupt = loop_signal(loop, SIGINT, on_interrupt, tui);
	tui->stop = loop_signal(loop, SIGTSTP, on_stop, tui);
	tui->go_on = loop_signal(loop, SIGCONT, on_go_on, tui);
	tui->clock = loop_after(loop, MINUTE_MS, on_clock, tui);
	tui->first = loop_after(loop, 0, on_first, tui);
}

static void stop_listening(struct tui *tui)
{
	struct loop_handle *handles[] = { tui->input, tui->overdue, tui->winch, tui->term, tui->hangup, tui->interrupt, tui->stop,
		tui->go_on, tui->clock, tui->soon, tui->first, tui->answers };

	for (size_t i = 0; i < sizeof(handles) / sizeof(*handles); i++)
		loop_cancel(handles[i]);
}

/* What nobody chose and no variable tells, the terminal is asked for, when the first frame is there. */
static void ask_ground(struct tui *tui)
{
	tui->ground_asked = !settings_theme_is_known(tui->app, tui->options) && term_ask_ground();
	if (term_is_asked())
		tui->answers = loop_after(tui->app->loop, ANSWER_MS, on_answer_overdue, tui);
}

static bool run(struct tui *tui, const struct theme *theme, struct err *err)
{
	const char *mouse = config_get(&tui->app->config, "ui", "", "mouse");
	struct term_options options = { .mouse = !mouse || strcmp(mouse, "no") != 0, .lines = !tui->ui.canvas.ascii };

	if (!term_open(&options, err))
		return false;
	settings_tell_locale(&tui->ui);
	term_set_theme(theme);
	if (tui->app->world) /* its answers come before anybody could read "asking": they are drawn with the first frame */
		tui->soon = loop_after(tui->app->loop, GATHER_MS, on_soon, tui);
	else
		paint(tui);
	ask_ground(tui);
	listen(tui);
	loop_run(tui->app->loop);
	stop_listening(tui);
	term_close();
	return true;
}

bool tui_run(struct app *app, const struct dname *domain, const struct tui_options *options, struct err *err)
{
	struct tui tui = { .app = app, .options = options };
	struct plain_run plain = { .app = app, .ui = &tui.ui };
	struct ui_hooks hooks = {
		.app = app,
		.sign_key = settings_sign_key,
		.changed = options->plain ? plain_changed : on_change,
		.data = options->plain ? (void *)&plain : (void *)&tui,
		.ascii = options->ascii || config_yes(&app->config, "ui", "", "ascii") || term_is_ascii(),
		.spoken = options->plain,
		.few_signs = term_has_few_signs(),
		.clipboard = settings_clipboard(),
	};
	const char *name = settings_first_theme(app, options);
	struct theme theme;
	bool ok;

	ui_init(&tui.ui, &hooks);
	snprintf(tui.ui.theme, sizeof(tui.ui.theme), "%s", name);
	snprintf(tui.shown_theme, sizeof(tui.shown_theme), "%s", name);
	settings_domains(&tui.ui, app, domain);
	ok = settings_theme(options, name, &theme, err) && settings_keys(app, &tui.ui.keymap, err) && ui_open(&tui.ui, domain, err) &&
	     (options->plain || run(&tui, &theme, err));
	if (ok && options->plain)
		plain_run(&plain);
	ui_release(&tui.ui);
	return ok;
}
