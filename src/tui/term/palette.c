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

bool palette_is_light(const char *colorfgbg)
{
	const char *background = colorfgbg ? strrchr(colorfgbg, ';') : NULL;
	char *end;
	long number;

	if (!background)
		return false;
	number = strtol(background + 1, &end, 10);
	return end != background + 1 && !*end && (number == 7 || (number > 8 && number < 16));
}
