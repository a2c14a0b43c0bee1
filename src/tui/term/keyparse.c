/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term/keyparse.h"

#include <string.h>

#include "base/text.h"
#include "tui/term/key.h"
#include "tui/term/palette.h"
#include "tui/term/sequence.h"
#include "base/banned.h"

#define ESC 0x1b
#define BEL 0x07
#define CTRL_C 0x03
#define DEL 0x7f
#define C1_SS3 0x8f /* Esc O and Esc [ in one byte, as terminals with 8-bit controls send them */
#define C1_CSI 0x9b

#define SEQUENCE_MS 500 /* a sequence that gets no further byte for so long is dropped */
#define STRING_MS 3000  /* a string may not last longer than this */
#define PASTE_MS 1000   /* a paste that gets no further byte for so long has ended */
#define WAY_OUT_MS 50   /* Ctrl-C leaves a paste when it comes by itself after so long */

enum state {
	GROUND,
	CHARACTER,     /* within a UTF-8 character */
	ESCAPE,        /* behind Esc */
	CSI,           /* behind Esc [ */
	CONSOLE,       /* behind Esc [ [ : the function keys of the Linux console */
	SS3,           /* behind Esc O */
	STRING,        /* within OSC, DCS, PM, APC */
	STRING_ESCAPE, /* a string's end may have begun */
	X10,           /* the three bytes of a mouse report */
	PASTE
};

static const char paste_end[] = "\033[201~";

void keyparse_init(struct keyparse *parse, unsigned escape_ms)
{
	*parse = (struct keyparse){ .state = GROUND, .escape_ms = escape_ms };
	str_init(&parse->paste, KEYPARSE_PASTE_MAX);
}

void keyparse_release(struct keyparse *parse)
{
	str_release(&parse->paste);
	*parse = (struct keyparse){ 0 };
}

static void begin(struct keyparse *parse, enum state state, int64_t now_ms)
{
	parse->state = state;
	parse->since = now_ms;
	parse->n_text = 0;
}

static void give(struct keyparse *parse, uint32_t key, struct input_event *event)
{
	bool dropped = parse->dropped, alt = parse->alt;

	parse->state = GROUND;
	parse->dropped = parse->alt = false;
	if (!key || dropped)
		return;
	event->kind = INPUT_KEY;
	event->key = key | (alt ? KEY_ALT : 0);
}

static void give_unreadable(struct keyparse *parse, uint32_t byte, struct input_event *event)
{
	parse->state = GROUND;
	parse->alt = false;
	event->kind = INPUT_UNREADABLE;
	event->key = byte;
}

/* ---- characters ---- */

static unsigned bytes_of(unsigned char lead)
{
	return lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

static bool in_ground(struct keyparse *parse, unsigned char byte, int64_t now_ms, struct input_event *event)
{
	if (byte == ESC) {
		begin(parse, ESCAPE, now_ms);
	} else if (byte < 0x80) {
		give(parse, byte == DEL ? (uint32_t)KEYCODE_BACKSPACE : byte, event);
	} else if (bytes_of(byte)) {
		begin(parse, CHARACTER, now_ms);
		parse->text[parse->n_text++] = (char)byte;
	} else if (byte == C1_CSI || byte == C1_SS3) {
		begin(parse, byte == C1_CSI ? CSI : SS3, now_ms);
	} else {
		give_unreadable(parse, byte, event);
	}
	return true;
}

static bool in_character(struct keyparse *parse, unsigned char byte, int64_t now_ms, struct input_event *event)
{
	unsigned char lead = (unsigned char)parse->text[0];
	uint32_t cp;

	if ((byte & 0xc0) != 0x80) {
		give_unreadable(parse, lead, event);
		return false;
	}
	parse->text[parse->n_text++] = (char)byte;
	if (parse->n_text < bytes_of(lead))
		return true;
	if (text_decode(parse->text, parse->n_text, &cp) != parse->n_text)
		give_unreadable(parse, lead, event);
	else if (cp == C1_CSI || cp == C1_SS3)
		begin(parse, cp == C1_CSI ? CSI : SS3, now_ms);
	else if (cp >= 0x80 && cp < 0xa0)
		give_unreadable(parse, lead, event);
	else
		give(parse, cp, event);
	return true;
}

/* ---- sequences ---- */

/* What begins by Esc and this byte; GROUND: nothing. */
static enum state begun_by(unsigned char byte)
{
	return byte == '[' ? CSI : byte == 'O' ? SS3 : byte && strchr("]P^_", byte) ? STRING : GROUND;
}

static bool in_escape(struct keyparse *parse, unsigned char byte, int64_t now_ms, struct input_event *event)
{
	if (parse->escape_ms && now_ms - parse->since >= parse->escape_ms && byte != '[' && byte != 'O') {
		give(parse, KEYCODE_ESC, event);
		return false;
	}
	if (byte < 0x80 && parse->after_esc[byte]) {
		give(parse, parse->after_esc[byte], event);
	} else if (begun_by(byte) != GROUND) {
		begin(parse, begun_by(byte), now_ms);
		parse->osc = byte == ']';
	} else if (byte == ESC) {
		give(parse, KEYCODE_ESC, event);
		return false;
	} else if (byte == KEYCODE_TAB) { /* the Linux console's Shift-Tab */
		give(parse, KEYCODE_BACKTAB, event);
	} else {
		parse->state = GROUND;
		parse->alt = byte != CTRL_C;
		return false;
	}
	return true;
}

/* SGR's report: button ; column ; row, from 1. M: pressed, m: released. */
static void give_mouse(struct keyparse *parse, unsigned button, unsigned column, unsigned row, struct input_event *event)
{
	bool dropped = parse->dropped;

	give(parse, KEYCODE_NONE, event);
	if (dropped || !column || !row || button & 32)
		return;
	switch (button & 0xc3) {
	case 0:
		event->kind = INPUT_CLICK;
		break;
	case 64:
		event->kind = INPUT_WHEEL_UP;
		break;
	case 65:
		event->kind = INPUT_WHEEL_DOWN;
		break;
	default:
		return;
	}
	event->x = (int)column - 1;
	event->y = (int)row - 1;
}

/* DECXCPR, the cursor's row and column; the same without "?" may be a key. */
static void give_column(struct keyparse *parse, unsigned column, struct input_event *event)
{
	bool dropped = parse->dropped;

	give(parse, KEYCODE_NONE, event);
	if (dropped)
		return;
	event->kind = INPUT_COLUMN;
	event->key = column;
}

static void end_sequence(struct keyparse *parse, char final, struct input_event *event)
{
	unsigned value[3] = { 0 };

	if (final == 'R' && parse->n_text && parse->text[0] == '?' && sequence_numbers(parse->text + 1, parse->n_text - 1, value) >= 2)
		give_column(parse, value[1], event);
	else if (!parse->n_text || parse->text[0] != '<')
		give(parse, sequence_csi_key(parse->text, parse->n_text, final), event);
	else if (final == 'M' && sequence_numbers(parse->text + 1, parse->n_text - 1, value) == 3)
		give_mouse(parse, value[0], value[1], value[2], event);
	else
		give(parse, KEYCODE_NONE, event);
}

static void end_csi(struct keyparse *parse, unsigned char final, int64_t now_ms, struct input_event *event)
{
	if (final == 'M' && !parse->n_text) {
		begin(parse, X10, now_ms);
	} else if (final == '[' && !parse->n_text) {
		begin(parse, CONSOLE, now_ms);
	} else if (final == '~' && parse->n_text == 3 && !memcmp(parse->text, "200", 3) && !parse->dropped) {
		begin(parse, PASTE, now_ms);
		parse->alt = false;
		parse->n_end = 0;
		str_clear(&parse->paste);
	} else {
		end_sequence(parse, (char) final, event);
	}
}

/* rxvt ends a key with Shift by "$", which elsewhere stands before a report's last letter. */
static bool ends_with_dollar(const struct keyparse *parse)
{
	unsigned value[3];

	return sequence_numbers(parse->text, parse->n_text, value) == 1;
}

static bool in_csi(struct keyparse *parse, unsigned char byte, int64_t now_ms, struct input_event *event)
{
	if (byte < 0x20 || byte >= DEL) {
		give(parse, KEYCODE_NONE, event);
		return false;
	}
	if (byte >= 0x40 || (byte == '$' && ends_with_dollar(parse)))
		end_csi(parse, byte, now_ms, event);
	else if (parse->n_text < sizeof(parse->text))
		parse->text[parse->n_text++] = (char)byte;
	else
		parse->dropped = true;
	return true;
}

static bool in_ss3(struct keyparse *parse, unsigned char byte, struct input_event *event)
{
	if (byte < 0x20 || byte >= DEL) {
		give(parse, KEYCODE_NONE, event);
		return false;
	}
	if ((byte < '0' || byte > '9') && byte != ';')
		give(parse, sequence_ss3_key(parse->text, parse->n_text, (char)byte), event);
	else if (parse->n_text < sizeof(parse->text))
		parse->text[parse->n_text++] = (char)byte;
	return true;
}

static bool in_console(struct keyparse *parse, unsigned char byte, struct input_event *event)
{
	give(parse, byte >= 'A' && byte <= 'E' ? KEYCODE_F1 + (uint32_t)(byte - 'A') : (uint32_t)KEYCODE_NONE, event);
	return byte >= 0x20;
}

/* The only string that means something: what the background is, where it was asked. */
static void end_string(struct keyparse *parse, struct input_event *event)
{
	enum ground ground = parse->osc && !parse->dropped ? palette_report(parse->text, parse->n_text) : GROUND_ANY;

	give(parse, KEYCODE_NONE, event);
	if (!ground)
		return;
	event->kind = INPUT_GROUND;
	event->key = ground;
}

static bool in_string(struct keyparse *parse, unsigned char byte, struct input_event *event)
{
	if (parse->state == STRING_ESCAPE && byte == '\\') {
		end_string(parse, event);
	} else if (parse->state == STRING_ESCAPE) {
		give(parse, KEYCODE_NONE, event);
		parse->state = ESCAPE;
		return false;
	} else if (byte == ESC) {
		parse->state = STRING_ESCAPE;
	} else if (byte == BEL) {
		end_string(parse, event);
	} else if (byte < 0x20 && byte != '\t') {
		give(parse, KEYCODE_NONE, event);
		return false;
	} else if (parse->n_text < sizeof(parse->text)) {
		parse->text[parse->n_text++] = (char)byte;
	} else {
		parse->dropped = true;
	}
	return true;
}

static bool in_x10(struct keyparse *parse, unsigned char byte, struct input_event *event)
{
	if (byte < 0x20) {
		give(parse, KEYCODE_NONE, event);
		return false;
	}
	parse->text[parse->n_text++] = (char)byte;
	if (parse->n_text == 3)
		give_mouse(parse, (unsigned char)parse->text[0] - 32U, (unsigned char)parse->text[1] - 32U,
			(unsigned char)parse->text[2] - 32U, event);
	return true;
}

/* ---- paste ---- */

static void paste_byte(struct keyparse *parse, unsigned char byte)
{
	if (byte)
		str_add_char(&parse->paste, byte == '\r' ? '\n' : (char)byte);
}

static void end_paste(struct keyparse *parse, struct input_event *event)
{
	parse->state = GROUND;
	event->kind = INPUT_PASTE;
}

static bool in_paste(struct keyparse *parse, unsigned char byte, struct input_event *event)
{
	if (byte == (unsigned char)paste_end[parse->n_end]) {
		if (++parse->n_end == sizeof(paste_end) - 1)
			end_paste(parse, event);
		return true;
	}
	for (unsigned i = 0; i < parse->n_end; i++)
		paste_byte(parse, (unsigned char)paste_end[i]);
	parse->n_end = 0;
	if (byte == ESC)
		parse->n_end = 1;
	else
		paste_byte(parse, byte);
	return true;
}

/* ---- bytes and time ---- */

/* True: the byte is used up. False: it means something by itself, in the state that is now. */
static bool take(struct keyparse *parse, unsigned char byte, int64_t now_ms, struct input_event *event)
{
	switch ((enum state)parse->state) {
	case GROUND:
		return in_ground(parse, byte, now_ms, event);
	case CHARACTER:
		return in_character(parse, byte, now_ms, event);
	case ESCAPE:
		return in_escape(parse, byte, now_ms, event);
	case CSI:
		return in_csi(parse, byte, now_ms, event);
	case CONSOLE:
		return in_console(parse, byte, event);
	case SS3:
		return in_ss3(parse, byte, event);
	case STRING:
	case STRING_ESCAPE:
		return in_string(parse, byte, event);
	case X10:
		return in_x10(parse, byte, event);
	case PASTE:
		return in_paste(parse, byte, event);
	}
	return true;
}

/* Whether these bytes, alone and soon behind an Esc, are what was missing of its sequence. No hand types two keys in one read. */
static bool is_rest(const unsigned char *bytes, size_t len)
{
	if (len < 2 || len > 8)
		return false;
	return bytes[0] == 'O' ? len == 2 && strchr("ABCDFHMPQRS", bytes[1]) : bytes[0] == '[' && strchr("ABCDFHZ[0123456789<?", bytes[1]);
}

static void take_rest(struct keyparse *parse, const unsigned char *bytes, size_t len, int64_t now_ms)
{
	bool late = parse->late;

	parse->late = false;
	if (!late || parse->state != GROUND || now_ms - parse->since > SEQUENCE_MS || !is_rest(bytes, len))
		return;
	parse->state = ESCAPE;
	parse->dropped = true;
}

size_t keyparse_bytes(struct keyparse *parse, const void *bytes, size_t len, int64_t now_ms, struct input_event *event)
{
	const unsigned char *s = bytes;
	size_t used = 0;

	if (!len) {
		*event = (struct input_event){ INPUT_NONE, 0, 0, 0 };
		return 0;
	}
	if (parse->state == PASTE && len == 1 && *s == CTRL_C && now_ms - parse->last >= WAY_OUT_MS)
		parse->state = GROUND;
	keyparse_time(parse, now_ms, event);
	take_rest(parse, s, len, now_ms);
	for (; used < len && event->kind == INPUT_NONE; parse->last = now_ms)
		used += take(parse, s[used], now_ms, event);
	return used;
}

int64_t keyparse_deadline(const struct keyparse *parse)
{
	switch ((enum state)parse->state) {
	case GROUND:
		return -1;
	case ESCAPE:
		return parse->since + (parse->patience_ms > parse->escape_ms ? parse->patience_ms : parse->escape_ms);
	case PASTE:
		return parse->last + PASTE_MS;
	case STRING:
	case STRING_ESCAPE:
		return parse->last + SEQUENCE_MS < parse->since + STRING_MS ? parse->last + SEQUENCE_MS : parse->since + STRING_MS;
	default:
		return parse->last + SEQUENCE_MS;
	}
}

void keyparse_time(struct keyparse *parse, int64_t now_ms, struct input_event *event)
{
	int64_t deadline = keyparse_deadline(parse);

	*event = (struct input_event){ INPUT_NONE, 0, 0, 0 };
	if (deadline < 0 || now_ms < deadline)
		return;
	switch ((enum state)parse->state) {
	case ESCAPE:
		parse->late = !parse->dropped;
		give(parse, KEYCODE_ESC, event);
		break;
	case CHARACTER:
		give_unreadable(parse, (unsigned char)parse->text[0], event);
		break;
	case PASTE:
		end_paste(parse, event);
		break;
	default:
		give(parse, KEYCODE_NONE, event);
		break;
	}
}
