/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term/copy.h"

#include "base/banned.h"

#define SCREEN_PART 240 /* bytes in a DCS: GNU screen 4 drops what has more than 768 */

static void add_base64(struct str *out, const char *text, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		unsigned bits = (unsigned)(unsigned char)text[i] << 16;

		if (left > 1)
			bits |= (unsigned)(unsigned char)text[i + 1] << 8;
		if (left > 2)
			bits |= (unsigned)(unsigned char)text[i + 2];
		str_add_char(out, digits[bits >> 18]);
		str_add_char(out, digits[bits >> 12 & 63]);
		str_add_char(out, left > 1 ? digits[bits >> 6 & 63] : '=');
		str_add_char(out, left > 2 ? digits[bits & 63] : '=');
	}
}

void copy_add(struct str *out, const char *text, size_t len, enum clipboard clipboard)
{
	struct str whole;

	str_init(&whole, 0);
	str_add(&whole, "\033]52;c;");
	add_base64(&whole, text, len);
	str_add(&whole, "\a");
	if (clipboard != CLIPBOARD_SCREEN)
		str_add_bytes(out, whole.s, whole.len);
	for (size_t at = 0; clipboard == CLIPBOARD_SCREEN && at < whole.len; at += SCREEN_PART) {
		str_add(out, "\033P");
		str_add_bytes(out, whole.s + at, whole.len - at < SCREEN_PART ? whole.len - at : SCREEN_PART);
		str_add(out, "\033\\");
	}
	str_release(&whole);
}
