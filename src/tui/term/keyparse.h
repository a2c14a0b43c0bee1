/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a terminal sends, bytes in, keys out: CSI, SS3, OSC, DCS, UTF-8, bracketed paste, the mouse (SGR and X10). A sequence that means
 * nothing here is read to its end and dropped. Pure: no terminal, no clock; the time is a parameter, in milliseconds of any clock that
 * only goes forward. Owns the text of a paste.
 */
#ifndef TUI_TERM_KEYPARSE_H
#define TUI_TERM_KEYPARSE_H

#include <stdint.h>

#include "base/str.h"

#define KEYPARSE_PASTE_MAX 65536

enum input_kind {
	INPUT_NONE,
	INPUT_KEY, /* key: see tui/term/key.h */
	INPUT_CLICK,
	INPUT_WHEEL_UP,
	INPUT_WHEEL_DOWN,
	INPUT_PASTE,      /* the text is in keyparse.paste until the next call */
	INPUT_UNREADABLE, /* a byte that is not UTF-8, in key */
	INPUT_GROUND,     /* the terminal says what its background is: enum ground in key */
	INPUT_COLUMN      /* the terminal says where its cursor stands: column from 1 in key */
};

struct input_event {
	enum input_kind kind;
	uint32_t key;
	int x, y; /* cells from 0 */
};

struct keyparse {
	int state;
	unsigned escape_ms;   /* how long Esc waits to be the Alt of a character, or to begin a sequence */
	unsigned patience_ms; /* how long it waits for a sequence if that is longer; may be set at any time */
	int64_t since, last;  /* when the sequence began, when the last byte came */
	char text[32];        /* of the sequence: parameters, a character's bytes */
	unsigned n_text;
	unsigned n_end;          /* bytes of a paste's end that have matched */
	bool alt;                /* the character follows an Esc */
	bool dropped;            /* what is being read is known to mean nothing */
	bool osc;                /* of the strings, it is an OSC */
	bool late;               /* Esc was given for want of time: its rest may still come */
	uint32_t after_esc[128]; /* keys that this terminal sends as Esc and one character; KEYCODE_NONE: none */
	struct str paste;
};

void keyparse_init(struct keyparse *parse, unsigned escape_ms);
void keyparse_release(struct keyparse *parse);

/* Takes bytes up to the first event; returns how many. *event is INPUT_NONE when all were taken without one. */
size_t keyparse_bytes(struct keyparse *parse, const void *bytes, size_t len, int64_t now_ms, struct input_event *event);

/* When keyparse_time() has something to do though no byte comes; -1: never. */
int64_t keyparse_deadline(const struct keyparse *parse);

/* Ends what has waited for too long: Esc is Esc, an unfinished sequence is dropped, an unfinished paste is a paste. */
void keyparse_time(struct keyparse *parse, int64_t now_ms, struct input_event *event);

#endif
