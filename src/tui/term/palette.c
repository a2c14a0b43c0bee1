/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term/palette.h"

#include <stdlib.h>
#include <string.h>

#include "tui/term/theme.h"
#include "base/banned.h"

#define BRIGHT_BLACK 8
#define CUBE 16 /* the first number of the cube; the sixteen named colours stand before it */

/* A cube of n * n * n colours, then greys. */
struct palette {
	int n, n_grey, level[6], grey, next_grey, grey_step;
};

static const struct palette of_256 = { 6, 24, { 0, 95, 135, 175, 215, 255 }, 8, 18, 10 };
static const struct palette of_88 = { 4, 8, { 0, 139, 205, 255 }, 46, 92, 23 };

static int part(int rgb, int i)
{
	return rgb >> (16 - 8 * i) & 255;
}

static int distance(int a, int b)
{
	int sum = 0;

	for (int i = 0; i < 3; i++)
		sum += (part(a, i) - part(b, i)) * (part(a, i) - part(b, i));
	return sum;
}

/* What is sent to a terminal that knows nothing but red, green and blue for one of the sixteen. */
static int named_rgb(int number)
{
	static const int rgb[CUBE] = { 0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000,
		0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff };

	return rgb[number];
}

static int rgb_of(const struct palette *palette, int number)
{
	int n = palette->n, grey;

	if (number < CUBE)
		return named_rgb(number);
	number -= CUBE;
	if (number < n * n * n)
		return palette->level[number / n / n] << 16 | palette->level[number / n % n] << 8 | palette->level[number % n];
	number -= n * n * n;
	grey = number ? palette->next_grey + (number - 1) * palette->grey_step : palette->grey;
	return grey << 16 | grey << 8 | grey;
}

static int nearest(const struct palette *palette, int rgb)
{
	int best = CUBE, n = palette->n;

	for (int i = CUBE; i < CUBE + n * n * n + palette->n_grey; i++)
		if (distance(rgb_of(palette, i), rgb) < distance(rgb_of(palette, best), rgb))
			best = i;
	return best;
}

static int nearest_16(int number)
{
	int rgb = rgb_of(&of_256, number), found = 0, most = 0;

	if (number < CUBE)
		return number;
	if (number >= 232)
		return number < 238 ? 0 : number < 246 ? BRIGHT_BLACK : 7;
	for (int i = 0; i < 3; i++)
		most = part(rgb, i) > most ? part(rgb, i) : most;
	for (int i = 0; i < 3; i++)
		if (part(rgb, i) && part(rgb, i) * 2 > most)
			found |= 1 << i;
	return most > 175 && found ? found + 8 : found;
}

static int of_few(int number, int n_colours, unsigned *attributes)
{
	number = nearest_16(number);
	if (number < 8 || n_colours >= CUBE)
		return number;
	if (number == BRIGHT_BLACK) {
		*attributes |= LOOK_DIM;
		return COLOUR_DEFAULT;
	}
	*attributes |= LOOK_BOLD;
	return number - 8;
}

int palette_number(int colour, int n_colours, unsigned *attributes)
{
	bool exact = colour >= 0 && colour & COLOUR_RGB;
	int rgb = exact ? colour & 0xffffff : 0;

	if (colour < 8)
		return colour;
	if (n_colours > 256)
		return exact ? rgb : rgb_of(&of_256, colour);
	if (exact)
		colour = nearest(&of_256, rgb);
	if (n_colours >= 256)
		return colour;
	if (n_colours >= 88)
		return colour < CUBE ? colour : nearest(&of_88, exact ? rgb : rgb_of(&of_256, colour));
	return of_few(colour, n_colours, attributes);
}

enum ground palette_colorfgbg(const char *colorfgbg)
{
	const char *background = colorfgbg ? strrchr(colorfgbg, ';') : NULL;
	char *end;
	long number;

	if (!background)
		return GROUND_ANY;
	number = strtol(background + 1, &end, 10);
	if (end == background + 1 || *end || number < 0 || number >= CUBE)
		return GROUND_ANY;
	return number == 7 || number > BRIGHT_BLACK ? GROUND_LIGHT : GROUND_DARK;
}

/* One to four hexadecimal digits as 0 to 255; -1: they are something else. *text goes behind them. */
static int hex_part(const char **text, const char *end, int most)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	int value = 0, full = 0, n = 0;

	for (const char *at; *text < end && n < most && n < 4 && **text && (at = strchr(digits, **text)); (*text)++, n++) {
		value = value * 16 + (int)(at - digits) % 16;
		full = full * 16 + 15;
	}
	return n ? value * 255 / full : -1;
}

static bool skip(const char **text, const char *end, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(end - *text) < len || memcmp(*text, word, len) != 0)
		return false;
	*text += len;
	return true;
}

enum ground palette_report(const char *text, size_t len)
{
	const char *end = text + len;
	int value[3], light, most = 4;
	bool digits;

	if (!skip(&text, end, "11;"))
		return GROUND_ANY;
	digits = skip(&text, end, "#");
	if (!digits && !skip(&text, end, "rgb:") && !skip(&text, end, "rgba:"))
		return GROUND_ANY;
	if (digits)
		most = (end - text) % 3 ? 0 : (int)(end - text) / 3;
	for (int i = 0; i < 3; i++) {
		if (i && !digits && !skip(&text, end, "/"))
			return GROUND_ANY;
		value[i] = hex_part(&text, end, most);
		if (value[i] < 0)
			return GROUND_ANY;
	}
	/* Black is read on it better than white: its luminance is over 0.18, with 2 for the exponent. */
	light = 2126 * value[0] * value[0] + 7152 * value[1] * value[1] + 722 * value[2] * value[2];
	return light > 1800 * 255 * 255 ? GROUND_LIGHT : GROUND_DARK;
}
