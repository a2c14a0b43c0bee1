/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The palette: what can be done here, as a list below its prompt. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/explain.h"
#include "tui/choices.h"
#include "tui/ui.h"
#include "tui/screen/frame.h"
#include "tui/screen/lines.h"
#include "base/banned.h"

#define NARROW 60 /* cells: below, rows have no room for what they do */
#define WIDE 100
#define LEFT 3

static void find(struct ui *ui, struct choices *choices)
{
	const struct choices_from from = {
		.in = (unsigned)ui_top(ui)->class->in,
		.session = ui->session != NULL,
		.n_past = ui->palette.n_past,
		.past = ui->palette.past,
	};

	choices_find(choices, &from, ui->prompt.text.s);
}

void ui_palette_typed(struct ui *ui)
{
	ui->palette.list.selected = ui->palette.list.top = 0;
	ui->palette.moved = false;
}

void ui_palette_release(struct ui *ui)
{
	while (ui->palette.n_past)
		free(ui->palette.past[--ui->palette.n_past].line);
}

/* ---- drawn ---- */

/* The name, its found letters lit; an action's or edit's is plain ASCII, a line that was typed before is escaped. */
static void draw_name(struct pen *pen, const struct choice *choice, const char *typed)
{
	bool hit[FUZZY_TEXT], known = choice->action || choice->topic || choice->operands;
	struct str text;

	fuzzy_cost(choice->name, typed, hit);
	for (size_t i = 0; known && choice->name[i]; i++) {
		char letter[2] = { choice->name[i] };

		pen_put(pen, i < FUZZY_TEXT && hit[i] ? ROLE_MATCH : ROLE_TEXT, letter);
	}
	if (!known) {
		str_init(&text, 0);
		text_escape(&text, choice->name, strlen(choice->name));
		pen_put(pen, ROLE_TEXT, text.s);
		str_release(&text);
	}
	if (choice->operands) {
		pen_put(pen, ROLE_TEXT, " ");
		pen_put(pen, ROLE_DIM, choice->operands);
	}
}

/* The letters that were found stay lit. */
static void mark_row(struct canvas *canvas, int y)
{
	for (int x = 0; x < canvas->width; x++) {
		struct cell *cell = &canvas->cell[y * canvas->width + x];

		if (cell->role != ROLE_MATCH)
			cell->role = ROLE_SELECTED;
	}
}

static void draw_choice(struct ui *ui, const struct choice *choice, int y, bool selected)
{
	struct canvas *canvas = &ui->canvas;
	bool narrow = canvas->width < NARROW, known = choice->help != NULL;
	int keys_at = narrow ? canvas->width - 12 : canvas->width < WIDE ? 24 : 31, help_at = narrow ? canvas->width : keys_at + 13;
	struct pen pen = pen_at(canvas, 1, y), name = pen_until(canvas, LEFT, y, known ? keys_at - 1 : canvas->width);
	struct pen keys = pen_until(canvas, keys_at, y, help_at - !narrow), help = pen_at(canvas, help_at, y);
	struct str text;

	pen_put(&pen, selected ? ROLE_KEY : ROLE_TEXT, selected ? "▸" : " ");
	draw_name(&name, choice, ui->prompt.text.s);
	str_init(&text, 0);
	if (choice->action)
		keymap_names(&ui->keymap, choice->action, &text);
	pen_put(&keys, ROLE_KEY, text.s);
	str_release(&text);
	if (!narrow && known)
		pen_put(&help, ROLE_TEXT, _(choice->help));
	if (selected)
		mark_row(canvas, y);
}

static void draw_list(struct ui *ui, const struct choices *choices, struct area area)
{
	struct list *list = &ui->palette.list;

	list_fit(list, (int)choices->n, area.bottom - area.top);
	for (int i = list->top; i < list->n && area.top < area.bottom; i++, area.top++)
		draw_choice(ui, &choices->choice[i], area.top, i == list->selected);
}

/* What the line would change, or why it will not do, or that there is nothing to choose. */
static void add_told(struct ui *ui, const struct choices *choices, struct lines *lines)
{
	struct str understood;

	str_init(&understood, 0);
	ui_edit_understood(ui, ASK_PALETTE, ui->prompt.text.s, &understood);
	if (ui->refusal.len)
		lines_add(lines, ROLE_ERROR, 0, ui->refusal.s);
	else if (understood.len)
		lines_add(lines, ROLE_DRAFT, 0, understood.s);
	else if (!choices->n)
		lines_add(lines, ROLE_DIM, 0, _("Nothing here is called so."));
	str_release(&understood);
}

/* The selected one's help as a whole is below them all. */
static int draw_help(struct ui *ui, const struct choices *choices, struct area area)
{
	size_t selected = (size_t)ui->palette.list.selected;
	struct lines lines = { .width = ui->canvas.width - 2 };
	int rows = ui->canvas.width < WIDE ? 2 : 1, top = area.bottom - rows;

	if (top <= area.top)
		return area.bottom;
	if (selected < choices->n && choices->choice[selected].help)
		lines_add(&lines, ROLE_DIM, 0, _(choices->choice[selected].help));
	for (int i = 0; i < (int)lines.n && i < rows; i++) {
		struct pen pen = pen_at(&ui->canvas, 1, top + i);

		pen_put(&pen, ROLE_DIM, lines.line[i].text);
	}
	lines_release(&lines);
	return top;
}

static void clear(struct canvas *canvas, struct area area)
{
	for (int y = area.top; y < area.bottom; y++) {
		struct pen pen = pen_at(canvas, 0, y);

		pen_fill(&pen, ROLE_TEXT, " ", canvas->width);
	}
}

void ui_palette_draw(struct ui *ui)
{
	struct canvas *canvas = &ui->canvas;
	bool small = frame_is_small(canvas);
	int rows = small ? canvas->height - 3 : canvas->height / 2, told, scroll = 0;
	struct area area = { canvas->height - (rows > 0 ? rows : 0), canvas->height };
	struct lines lines = { .width = canvas->width - 2 };
	struct choices choices;

	find(ui, &choices);
	add_told(ui, &choices, &lines);
	clear(canvas, area);
	if (!small)
		frame_rule(canvas, area.top - 2);
	ui_prompt_input(ui, area.top - 1);
	told = (int)lines.n < area.bottom - area.top ? (int)lines.n : area.bottom - area.top;
	lines_draw(&lines, canvas, area.top, area.top + told, &scroll);
	area.top += told;
	area.bottom = draw_help(ui, &choices, area);
	draw_list(ui, &choices, area);
	lines_release(&lines);
	choices_release(&choices);
}

/* ---- keys ---- */

enum action ui_list_key(uint32_t key)
{
	switch (key) {
	case KEYCODE_UP:
	case 'P' - 64:
		return ACTION_UP;
	case KEYCODE_DOWN:
	case 'N' - 64:
		return ACTION_DOWN;
	case KEYCODE_PGUP:
		return ACTION_PAGE_UP;
	case KEYCODE_PGDN:
		return ACTION_PAGE_DOWN;
	default:
		return ACTION_NONE;
	}
}

/* Puts the choice's name into the prompt, to be typed on. */
static void fill(struct ui *ui, const struct choice *choice)
{
	struct str line;

	str_init(&line, 0);
	str_addf(&line, "%s%s", choice->name, choice->operands ? " " : "");
	prompt_begin(&ui->prompt, line.s);
	ui->prompt.offered = false;
	ui_palette_typed(ui);
	str_release(&line);
}

bool ui_palette_key(struct ui *ui, uint32_t key)
{
	struct list *list = &ui->palette.list;
	enum action move = ui_list_key(key);
	struct choices choices;

	if (!move && key != KEYCODE_TAB)
		return false;
	find(ui, &choices);
	list->n = (int)choices.n;
	if (move) {
		list_move(list, move);
		ui->palette.moved = true;
	} else if ((size_t)list->selected < choices.n) {
		fill(ui, &choices.choice[list->selected]);
	}
	choices_release(&choices);
	return true;
}

/* ---- Enter ---- */

static void remember(struct ui *ui, const char *line, bool topic)
{
	struct palette_state *palette = &ui->palette;
	struct past_command kept = { mem_text(line), topic };
	size_t at = 0;

	while (at < palette->n_past && (palette->past[at].topic != topic || strcmp(palette->past[at].line, line) != 0))
		at++;
	if (at == PAST_COMMANDS)
		at--;
	if (at < palette->n_past)
		free(palette->past[at].line);
	else
		palette->n_past++;
	memmove(palette->past + 1, palette->past, at * sizeof(*palette->past));
	palette->past[0] = kept;
}

static enum ui_wish run(struct ui *ui, const char *line, bool topic)
{
	enum ui_wish wish = UI_DRAW;

	str_clear(&ui->refusal);
	if (topic)
		ui_show(ui, "text", topic_find(line)->name);
	else if (!ui_command(ui, line, &wish))
		return UI_DRAW;
	remember(ui, line, topic);
	if (ui->ask == ASK_PALETTE)
		ui->ask = ASK_NONE;
	if (wish == UI_UNANSWERED)
		ui_tell_idle(ui, line);
	return wish;
}

enum ui_wish ui_palette_done(struct ui *ui)
{
	struct palette_state *palette = &ui->palette;
	const struct choice *choice;
	struct choices choices;
	enum ui_wish wish = UI_DRAW;
	char *line;

	find(ui, &choices);
	choice = choices_meant(&choices, palette->list.selected, palette->moved, ui->prompt.text.s);
	line = mem_text(choice ? choice->name : ui->prompt.text.s);
	if (choice && choice->operands)
		fill(ui, choice);
	else
		wish = run(ui, line, choice && choice->topic);
	free(line);
	choices_release(&choices);
	return wish;
}

bool ui_command(struct ui *ui, const char *line, enum ui_wish *wish)
{
	enum action action = action_find(line);
	struct reaction *reaction;
	struct err err = { 0 };

	if (action) {
		struct screen *top = ui_top(ui);
		struct scene scene = ui_scene(ui);

		ui->ask = ASK_NONE;
		reaction = mem_alloc(sizeof(*reaction));
		top->class->act(top, &scene, action, reaction);
		if (reaction->kind == REACT_PASS)
			*wish = ui_act(ui, action);
		else if (!ui_react(ui, reaction, wish))
			ui_message(ui, ROLE_ERROR, ui->refusal.s);
		free(reaction);
		return true;
	}
	if (topic_find(line)) {
		ui_show(ui, "text", topic_find(line)->name);
		return true;
	}
	if (!strncmp(line, "open ", 5))
		return ui_open_typed(ui, line + 5);
	if (!*line || !ui->session)
		return true;
	return ui_edit_typed(ui, ASK_PALETTE, line, &err) || ui_refuse(ui, &err);
}
