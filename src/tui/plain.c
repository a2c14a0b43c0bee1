/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/plain.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/banned.h"

#define PLAIN_WIDTH 100
#define PLAIN_HEIGHT 40

bool plain_line(struct face *face, const char *line)
{
	enum face_wish wish = FACE_DRAW;
	char *end;
	long row = strtol(line, &end, 10);

	str_clear(&face->message);
	if (face->ask) {
		prompt_begin(&face->prompt, line);
		return face_key(face, KEYCODE_ENTER) != FACE_QUIT;
	}
	if (end != line && !*end && row > 0) {
		face_key(face, KEYCODE_HOME);
		for (long i = 1; i < row && i < 1000; i++)
			face_key(face, KEYCODE_DOWN);
	} else if (!face_command(face, line, &wish)) {
		face_say(face, ROLE_ERROR, face->refusal.s);
	}
	return wish != FACE_QUIT;
}

/* Rows of drawing only say nothing to an ear. */
static bool speaks(const char *row, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((row[i] >= '0' && row[i] <= '9') || (row[i] >= 'A' && row[i] <= 'Z') || (row[i] >= 'a' && row[i] <= 'z'))
			return true;
	return false;
}

void plain_screen(struct face *face, int64_t now, struct str *out)
{
	struct str text;

	str_init(&text, 0);
	face_draw(face, PLAIN_WIDTH, PLAIN_HEIGHT, now);
	canvas_text(&face->canvas, &text);
	for (const char *row = text.s, *next; (next = strchr(row, '\n')); row = next + 1)
		if (speaks(row, (size_t)(next - row)))
			str_add_bytes(out, row, (size_t)(next - row) + 1);
	if (!face->ask)
		str_add(out, _("Type a row's number, an action (help lists them), an edit or quit.\n"));
	str_add(out, "> ");
	str_release(&text);
}
