/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term/sequence.h"

#include "tui/term/key.h"
#include "base/banned.h"

struct meaning {
	unsigned code;
	uint32_t key;
};

/* Esc [ or Esc O, then this letter. */
static const struct meaning letters[] = {
	{ 'A', KEYCODE_UP },
	{ 'B', KEYCODE_DOWN },
	{ 'C', KEYCODE_RIGHT },
	{ 'D', KEYCODE_LEFT },
	{ 'F', KEYCODE_END },
	{ 'H', KEYCODE_HOME },
	{ 'P', KEYCODE_F1 },
	{ 'Q', KEYCODE_F1 + 1 },
	{ 'R', KEYCODE_F1 + 2 },
	{ 'S', KEYCODE_F1 + 3 },
	{ 0 },
};

/* Esc O, then this letter: the keypad, and Ctrl-arrows of rxvt. */
static const struct meaning keypad[] = {
	{ 'M', KEYCODE_ENTER },
	{ 'I', KEYCODE_TAB },
	{ ' ', KEYCODE_SPACE },
	{ 'X', '=' },
	{ 'j', '*' },
	{ 'k', '+' },
	{ 'l', ',' },
	{ 'm', '-' },
	{ 'n', '.' },
	{ 'o', '/' },
	{ 'c', KEYCODE_CTRL_RIGHT },
	{ 'd', KEYCODE_CTRL_LEFT },
	{ 0 },
};

/* Esc [ number ~ */
static const struct meaning numbers[] = {
	{ 1, KEYCODE_HOME },
	{ 2, KEYCODE_INSERT },
	{ 3, KEYCODE_DELETE },
	{ 4, KEYCODE_END },
	{ 5, KEYCODE_PGUP },
	{ 6, KEYCODE_PGDN },
	{ 7, KEYCODE_HOME },
	{ 8, KEYCODE_END },
	{ 11, KEYCODE_F1 },
	{ 12, KEYCODE_F1 + 1 },
	{ 13, KEYCODE_F1 + 2 },
	{ 14, KEYCODE_F1 + 3 },
	{ 15, KEYCODE_F1 + 4 },
	{ 17, KEYCODE_F1 + 5 },
	{ 18, KEYCODE_F1 + 6 },
	{ 19, KEYCODE_F1 + 7 },
	{ 20, KEYCODE_F1 + 8 },
	{ 21, KEYCODE_F1 + 9 },
	{ 23, KEYCODE_F1 + 10 },
	{ 24, KEYCODE_F1 + 11 },
	{ 0 },
};

/* Esc [ number z, of Sun's console */
static const struct meaning sun[] = {
	{ 214, KEYCODE_HOME },
	{ 216, KEYCODE_PGUP },
	{ 220, KEYCODE_END },
	{ 222, KEYCODE_PGDN },
	{ 247, KEYCODE_INSERT },
	{ 0 },
};

static uint32_t find(const struct meaning *table, unsigned code)
{
	for (; table->code; table++)
		if (table->code == code)
			return table->key;
	return KEYCODE_NONE;
}

int sequence_numbers(const char *text, unsigned len, unsigned value[3])
{
	int n = 0;

	for (const char *end = text + len; text < end; text++) {
		if (!n)
			value[n++] = 0;
		if (*text == ';' && n < 3)
			value[n++] = 0;
		else if (*text >= '0' && *text <= '9' && value[n - 1] < 100000)
			value[n - 1] = value[n - 1] * 10 + (unsigned)(*text - '0');
		else
			return -1;
	}
	return n;
}

/* Ctrl and Alt with a sideways arrow go by words; no other key with a modifier means anything here. */
static uint32_t modified(uint32_t key, unsigned modifier)
{
	unsigned held = modifier ? (modifier - 1) & 15 : 0;

	if (!held)
		return key;
	if (held != 2 && held != 4)
		return KEYCODE_NONE;
	return key == KEYCODE_LEFT ? KEYCODE_CTRL_LEFT : key == KEYCODE_RIGHT ? KEYCODE_CTRL_RIGHT : KEYCODE_NONE;
}

static uint32_t function_of_sun(unsigned number)
{
	return number >= 224 && number < 234 ? KEYCODE_F1 + (number - 224) : find(sun, number);
}

uint32_t sequence_csi_key(const char *text, unsigned len, char final)
{
	unsigned value[3] = { 0 };
	int n = sequence_numbers(text, len, value);
	unsigned modifier = n == 2 ? value[1] : 0;

	if (n < 0 || n > 2)
		return KEYCODE_NONE;
	if (final == '~')
		return modified(find(numbers, value[0]), modifier);
	if (final == 'z')
		return function_of_sun(value[0]);
	if (final == 'Z')
		return KEYCODE_BACKTAB;
	/* Two numbers and R are the report of the cursor's place. */
	if ((n && value[0] != 1) || (n && final == 'R'))
		return KEYCODE_NONE;
	return modified(find(letters, (unsigned char) final), modifier);
}

uint32_t sequence_ss3_key(const char *text, unsigned len, char final)
{
	unsigned value[3] = { 0 };
	int n = sequence_numbers(text, len, value);
	uint32_t key = final >= 'p' && final <= 'y' ? (uint32_t)(final - 'p' + '0') : find(letters, (unsigned char) final);

	if (n < 0)
		return KEYCODE_NONE;
	return modified(key ? key : find(keypad, (unsigned char) final), n ? value[n - 1] : 0);
}
