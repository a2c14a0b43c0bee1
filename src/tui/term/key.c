/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term/key.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "base/banned.h"

static const struct {
	uint32_t key;
	const char *name;
} names[] = {
	{ KEYCODE_UP, "Up" },
	{ KEYCODE_DOWN, "Down" },
	{ KEYCODE_LEFT, "Left" },
	{ KEYCODE_RIGHT, "Right" },
	{ KEYCODE_PGUP, "PgUp" },
	{ KEYCODE_PGDN, "PgDn" },
	{ KEYCODE_HOME, "Home" },
	{ KEYCODE_END, "End" },
	{ KEYCODE_INSERT, "Ins" },
	{ KEYCODE_DELETE, "Del" },
	{ KEYCODE_BACKSPACE, "Backspace" },
	{ KEYCODE_BACKTAB, "Shift-Tab" },
	{ KEYCODE_TAB, "Tab" },
	{ KEYCODE_ENTER, "Enter" },
	{ KEYCODE_ESC, "Esc" },
	{ KEYCODE_SPACE, "Space" },
	{ KEYCODE_CTRL_LEFT, "Ctrl-Left" },
	{ KEYCODE_CTRL_RIGHT, "Ctrl-Right" },
};

void key_format(struct str *out, uint32_t key)
{
	char bytes[4];

	if (key & KEY_ALT) {
		str_add(out, "Alt-");
		key &= ~KEY_ALT;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].key == key) {
			str_add(out, names[i].name);
			return;
		}
	if (key >= KEYCODE_F1 && key <= KEYCODE_F12)
		str_addf(out, "F%u", (unsigned)(key - KEYCODE_F1 + 1));
	else if (key < 32)
		str_addf(out, "Ctrl-%c", (int)(key + 64));
	else
		str_add_bytes(out, bytes, text_encode(key, bytes));
}

static bool parse_function(uint32_t *key, const char *text)
{
	unsigned n = 0;

	if ((text[0] != 'F' && text[0] != 'f') || !text[1])
		return false;
	for (const char *s = text + 1; *s; s++) {
		if (*s < '0' || *s > '9' || n > 12)
			return false;
		n = n * 10 + (unsigned)(*s - '0');
	}
	if (n < 1 || n > 12)
		return false;
	*key = KEYCODE_F1 + n - 1;
	return true;
}

static bool parse_ctrl(uint32_t *key, const char *text)
{
	char c;

	if (strlen(text) != 6 || !(c = text[5]))
		return false;
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c < '@' || c > '_')
		return false;
	*key = (uint32_t)(c - 64);
	return true;
}

static bool parse_plain(uint32_t *key, const char *text, struct err *err)
{
	size_t len = strlen(text);
	uint32_t cp;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (text_equal_fold(names[i].name, text)) {
			*key = names[i].key;
			return true;
		}
	if (len > 5 && (!strncmp(text, "Ctrl-", 5) || !strncmp(text, "ctrl-", 5)) && parse_ctrl(key, text))
		return true;
	if (parse_function(key, text))
		return true;
	if (len && text_decode(text, len, &cp) == len && cp > 32 && cp != 0x7f && cp != 0xfffd) {
		*key = cp;
		return true;
	}
	err_set(err, ERR_USAGE, N_("\"%s\" is no key"), text);
	err_hint(err,
		N_("A key is a character, Ctrl- or Alt- and a letter, F1 to F12, or a name such as Enter, Esc, Tab, Space, Up, PgDn, Del."));
	return false;
}

bool key_parse(uint32_t *key, const char *text, struct err *err)
{
	bool alt = strlen(text) > 4 && (!strncmp(text, "Alt-", 4) || !strncmp(text, "alt-", 4));

	if (!parse_plain(key, text + (alt ? 4 : 0), err))
		return false;
	*key |= alt ? KEY_ALT : 0;
	return true;
}
