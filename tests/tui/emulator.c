/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emulator.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define PARAMS 16

static void blank(struct emulator *emu, int y, int from, int to)
{
	for (int x = from; x < to; x++) {
		struct emu_cell *cell = &emu->cell[y][x];

		strcpy(cell->s, " ");
		cell->look[0] = '\0';
		if (emu->bg[0])
			snprintf(cell->look, sizeof(cell->look), ";%s", emu->bg);
	}
}

void emu_init(struct emulator *emu)
{
	*emu = (struct emulator){ .mark = emu->mark };
	for (int y = 0; y < EMU_HEIGHT; y++)
		blank(emu, y, 0, EMU_WIDTH);
}

static void put(struct emulator *emu, const char *s, size_t len, int width)
{
	struct emu_cell *cell;

	if (width == 0) {
		cell = &emu->cell[emu->y][emu->x ? emu->x - 1 : 0];
		strncat(cell->s, s, sizeof(cell->s) - strlen(cell->s) - 1);
		return;
	}
	if (emu->wrap || emu->x + width > EMU_WIDTH) {
		emu->x = 0;
		emu->y += emu->y + 1 < EMU_HEIGHT;
		emu->wrap = false;
	}
	cell = &emu->cell[emu->y][emu->x];
	snprintf(cell->s, sizeof(cell->s), "%.*s", (int)len, s);
	snprintf(cell->look, sizeof(cell->look), "%s%s%s%s%s%s%s%s", emu->bold ? "b" : "", emu->dim ? "d" : "", emu->underline ? "u" : "",
		emu->reverse ? "r" : "", emu->italic ? "i" : "", emu->fg, emu->bg[0] ? ";" : "", emu->bg);
	if (width == 2)
		emu->cell[emu->y][emu->x + 1].s[0] = '\0';
	emu->x += width;
	emu->wrap = emu->x >= EMU_WIDTH;
	if (emu->wrap)
		emu->x = EMU_WIDTH - 1;
}

static size_t colour(char out[12], const int *p, size_t n, size_t i)
{
	if (i + 2 < n && p[i + 1] == 5) {
		snprintf(out, 12, "%d", p[i + 2]);
		return 2;
	}
	if (i + 4 < n && p[i + 1] == 2) {
		snprintf(out, 12, "#%02x%02x%02x", p[i + 2] & 255, p[i + 3] & 255, p[i + 4] & 255);
		return 4;
	}
	return 0;
}

static void look(struct emulator *emu, const int *p, size_t n)
{
	for (size_t i = 0; i < n || i == 0; i++) {
		int v = n ? p[i] : 0;

		if (v == 0)
			*emu->fg = *emu->bg = 0, emu->bold = emu->dim = emu->underline = emu->reverse = emu->italic = false;
		emu->bold = v == 1 || (v != 22 && emu->bold);
		emu->dim = v == 2 || (v != 22 && emu->dim);
		emu->italic = v == 3 || (v != 23 && emu->italic);
		emu->underline = v == 4 || (v != 24 && emu->underline);
		emu->reverse = v == 7 || (v != 27 && emu->reverse);
		if (v >= 30 && v <= 37)
			snprintf(emu->fg, sizeof(emu->fg), "%d", v - 30);
		if (v >= 90 && v <= 97)
			snprintf(emu->fg, sizeof(emu->fg), "%d", v - 90 + 8);
		if (v >= 40 && v <= 47)
			snprintf(emu->bg, sizeof(emu->bg), "%d", v - 40);
		if (v >= 100 && v <= 107)
			snprintf(emu->bg, sizeof(emu->bg), "%d", v - 100 + 8);
		if (v == 39)
			emu->fg[0] = '\0';
		if (v == 49)
			emu->bg[0] = '\0';
		if (v == 38 || v == 48)
			i += colour(v == 38 ? emu->fg : emu->bg, p, n, i);
	}
}

static void erase(struct emulator *emu, int how)
{
	int from = how == 0 ? emu->y : 0, to = how == 1 ? emu->y : EMU_HEIGHT - 1;

	for (int y = from; y <= to; y++)
		blank(emu, y, y == emu->y && how == 0 ? emu->x : 0, y == emu->y && how == 1 ? emu->x + 1 : EMU_WIDTH);
}

static int inside(int value, int end)
{
	return value < 0 ? 0 : value >= end ? end - 1 : value;
}

static void repeat(struct emulator *emu, int n)
{
	struct emu_cell last = emu->cell[emu->y][emu->wrap ? emu->x : emu->x - 1];

	while (n-- > 0)
		put(emu, last.s, strlen(last.s), 1);
}

static void control(struct emulator *emu, char final, char private, const int *p, size_t n)
{
	int first = n && p[0] ? p[0] : 1, second = n > 1 && p[1] ? p[1] : 1;

	if (private) {
		if (private == '?' && n && p[0] == 25)
			emu->hidden = final == 'l';
		return;
	}
	if (!strchr("mb", final))
		emu->wrap = false;
	switch (final) {
	case 'H':
		emu->y = inside(first - 1, EMU_HEIGHT);
		emu->x = inside(second - 1, EMU_WIDTH);
		break;
	case 'A':
		emu->y = inside(emu->y - first, EMU_HEIGHT);
		break;
	case 'B':
		emu->y = inside(emu->y + first, EMU_HEIGHT);
		break;
	case 'C':
		emu->x = inside(emu->x + first, EMU_WIDTH);
		break;
	case 'D':
		emu->x = inside(emu->x - first, EMU_WIDTH);
		break;
	case 'G':
		emu->x = inside(first - 1, EMU_WIDTH);
		break;
	case 'd':
		emu->y = inside(first - 1, EMU_HEIGHT);
		break;
	case 'J':
		erase(emu, n ? p[0] : 0);
		break;
	case 'K':
		blank(emu, emu->y, n && p[0] ? 0 : emu->x, n && p[0] == 1 ? emu->x + 1 : EMU_WIDTH);
		break;
	case 'X':
		blank(emu, emu->y, emu->x, inside(emu->x + first, EMU_WIDTH + 1));
		break;
	case 'P':
		for (int x = emu->x; x < EMU_WIDTH; x++) {
			if (x + first < EMU_WIDTH)
				emu->cell[emu->y][x] = emu->cell[emu->y][x + first];
			else
				blank(emu, emu->y, x, x + 1);
		}
		break;
	case '@':
		for (int x = EMU_WIDTH - 1; x >= emu->x + first; x--)
			emu->cell[emu->y][x] = emu->cell[emu->y][x - first];
		blank(emu, emu->y, emu->x, inside(emu->x + first, EMU_WIDTH + 1));
		break;
	case 'b':
		repeat(emu, first);
		break;
	case 'm':
		look(emu, p, n);
		break;
	default:
		break;
	}
}

/* How many bytes begin the next character or sequence; 0: its end has not come yet. */
static size_t whole(const char *s, size_t len)
{
	unsigned char c = (unsigned char)s[0];
	size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1, at = 2;

	if (c != '\033')
		return n <= len ? n : 0;
	if (len < 2)
		return 0;
	if (s[1] == ']')
		return strcspn(s, "\a") < len ? strcspn(s, "\a") + 1 : 0;
	if (strchr("()#", s[1]))
		return len < 3 ? 0 : 3;
	if (s[1] != '[')
		return 2;
	while (at < len && s[at] < '@')
		at++;
	return at < len ? at + 1 : 0;
}

/* One sequence after an Esc. */
static void sequence(struct emulator *emu, const char *s, size_t len)
{
	size_t at = 1, n = 0;
	int p[PARAMS] = { 0 };
	char private = 0;

	if (s[0] == ']') {
		if (!strncmp(s, "]777;", 5) && emu->mark) {
			char text[64];

			snprintf(text, sizeof(text), "%.*s", (int)len - 6, s + 5);
			emu->mark(emu, text);
		}
		return;
	}
	if (s[0] != '[')
		return;
	if (strchr("?>=<", s[at]))
	private = s[at++];
	for (; at < len && strchr("0123456789;:", s[at]); at++) {
		if (s[at] == ';' || s[at] == ':')
			n += n + 1 < PARAMS;
		else
			p[n] = p[n] * 10 + s[at] - '0';
	}
	while (at < len && s[at] >= ' ' && s[at] <= '/')
		at++;
	control(emu, s[at], private, p, at > 1 + (private != 0) ? n + 1 : 0);
}

static void take(struct emulator *emu, const char *s, size_t len)
{
	unsigned char c = (unsigned char)s[0];
	char one[8];

	if (c == '\033') {
		sequence(emu, s + 1, len - 1);
	} else if (c < ' ') {
		emu->wrap = false;
		emu->x = c == '\r' ? 0 : c == '\b' && emu->x ? emu->x - 1 : emu->x;
		emu->y += c == '\n' && emu->y + 1 < EMU_HEIGHT;
	} else {
		snprintf(one, sizeof(one), "%.*s", (int)len, s);
		put(emu, one, len, (int)text_width(one));
	}
}

void emu_write(struct emulator *emu, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		size_t n;

		assert(emu->n_rest + 1 < sizeof(emu->rest));
		emu->rest[emu->n_rest++] = bytes[i];
		emu->rest[emu->n_rest] = '\0';
		n = whole(emu->rest, emu->n_rest);
		if (n)
			take(emu, emu->rest, n);
		emu->n_rest = n ? 0 : emu->n_rest;
	}
}

static void cut(struct str *out, size_t from)
{
	while (out->len > from && out->s[out->len - 1] == ' ')
		out->s[--out->len] = '\0';
	str_add_char(out, '\n');
}

void emu_text(const struct emulator *emu, struct str *out)
{
	for (int y = 0; y < EMU_HEIGHT; y++) {
		size_t from = out->len;

		for (int x = 0; x < EMU_WIDTH; x++)
			str_add(out, emu->cell[y][x].s);
		cut(out, from);
	}
}

void emu_looks(const struct emulator *emu, struct str *out)
{
	for (int y = 0; y < EMU_HEIGHT; y++) {
		size_t from = out->len;

		for (int x = 0, next; x < EMU_WIDTH; x = next) {
			const char *own = emu->cell[y][x].look;
			bool ink = false;

			for (next = x; next < EMU_WIDTH && !strcmp(emu->cell[y][next].look, own); next++)
				ink = ink || strcmp(emu->cell[y][next].s, " ") != 0;
			if (ink || *own)
				str_addf(out, "%d:%s ", next - x, *own ? own : "-");
			else
				str_addf(out, "%d ", next - x);
		}
		cut(out, from);
	}
}
