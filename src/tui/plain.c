/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/plain.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/banned.h"

#define PLAIN_WIDTH 80
#define PLAIN_HEIGHT 40

bool plain_line(struct ui *ui, const char *line)
{
	enum ui_wish wish = UI_DRAW;
	char *end;
	long row = strtol(line, &end, 10);

	str_clear(&ui->message);
	if (ui->ask == ASK_PALETTE) /* a line is a command anyway */
		ui->ask = ASK_NONE;
	if (ui->ask) {
		prompt_begin(&ui->prompt, line);
		return ui_key(ui, KEYCODE_ENTER) != UI_QUIT;
	}
	if (end != line && !*end && row > 0) {
		ui_key(ui, KEYCODE_HOME);
		for (long i = 1; i < row && i < 1000; i++)
			ui_key(ui, KEYCODE_DOWN);
	} else if (!ui_command(ui, line, &wish)) {
		ui_message(ui, ROLE_ERROR, ui->refusal.s);
	}
	return wish != UI_QUIT;
}

/* Rows of drawing only say nothing to an ear. */
static bool speaks(const char *row, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((row[i] >= '0' && row[i] <= '9') || (row[i] >= 'A' && row[i] <= 'Z') || (row[i] >= 'a' && row[i] <= 'z'))
			return true;
	return false;
}

void plain_screen(struct ui *ui, int64_t now, struct str *out)
{
	struct str text;

	str_init(&text, 0);
	ui_draw(ui, PLAIN_WIDTH, PLAIN_HEIGHT, now);
	canvas_text(&ui->canvas, &text);
	for (const char *row = text.s, *next; (next = strchr(row, '\n')); row = next + 1)
		if (speaks(row, (size_t)(next - row)))
			str_add_bytes(out, row, (size_t)(next - row) + 1);
	if (!ui->ask)
		str_add(out, _("Type a row's number, an action (help lists them), an edit or quit.\n"));
	str_add(out, "> ");
	str_release(&text);
}
