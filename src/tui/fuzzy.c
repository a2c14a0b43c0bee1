/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/fuzzy.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

#define WORD_HEAD 1 /* a row of letters that begins at the head of a word */
#define INSIDE 3    /* or within one */
#define UNKNOWN 0xffff

struct step {
	unsigned short cost; /* of all letters up to this one, found here */
	signed char from;    /* where the letter before was found */
};

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static unsigned head_cost(const char *text, size_t at)
{
	return at == 0 ? 0 : text[at - 1] == '-' || text[at - 1] == ' ' ? WORD_HEAD : INSIDE;
}

/* The typed letters without blanks; their number, at most FUZZY_TEXT + 1. */
static size_t letters_of(const char *typed, char letter[FUZZY_TEXT + 1])
{
	size_t n = 0;

	for (; *typed && n <= FUZZY_TEXT; typed++)
		if (*typed != ' ')
			letter[n++] = small(*typed);
	return n;
}

/* One more letter: for each place of it the cheapest way there. */
static void find_letter(const char *text, size_t len, char letter, const struct step *before, struct step *step)
{
	size_t best = 0; /* of before, left of the row that goes on */

	for (size_t at = 0; at < len; at++) {
		step[at] = (struct step){ UNKNOWN, -1 };
		if (before && at > 1 && before[at - 2].cost < before[best].cost)
			best = at - 2;
		if (small(text[at]) != letter)
			continue;
		if (!before) {
			step[at].cost = (unsigned short)head_cost(text, at);
			continue;
		}
		if (at > 1 && before[best].cost != UNKNOWN)
			step[at] = (struct step){ (unsigned short)(before[best].cost + head_cost(text, at)), (signed char)best };
		if (at > 0 && before[at - 1].cost < step[at].cost)
			step[at] = (struct step){ before[at - 1].cost, (signed char)(at - 1) };
	}
}

unsigned fuzzy_cost(const char *text, const char *typed, bool hit[FUZZY_TEXT])
{
	struct step step[FUZZY_TEXT][FUZZY_TEXT];
	size_t whole = strlen(text), len = whole < FUZZY_TEXT ? whole : FUZZY_TEXT, n, end = 0;
	char letter[FUZZY_TEXT + 1];

	if (hit)
		memset(hit, 0, FUZZY_TEXT * sizeof(*hit));
	n = letters_of(typed, letter);
	if (n > len)
		return FUZZY_NONE;
	if (!n)
		return 0;
	for (size_t i = 0; i < n; i++)
		find_letter(text, len, letter[i], i ? step[i - 1] : NULL, step[i]);
	for (size_t at = 1; at < len; at++)
		if (step[n - 1][at].cost < step[n - 1][end].cost)
			end = at;
	if (step[n - 1][end].cost == UNKNOWN)
		return FUZZY_NONE;
	for (size_t i = n, at = end; hit && i-- > 0; at = i ? (size_t)step[i][at].from : 0)
		hit[at] = true;
	return step[n - 1][end].cost * FUZZY_TEXT + (unsigned)(len - n);
}

bool fuzzy_holds(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (; *text; text++)
		if (!strncasecmp(text, word, len))
			return true;
	return !len;
}
