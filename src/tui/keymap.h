/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which key is which action, screen by screen: the table's defaults, then the configuration's [keys]. A configured key takes the key from
 * the default that had it; two configured actions that want one key on one screen are an error. Owns its bindings.
 */
#ifndef TUI_KEYMAP_H
#define TUI_KEYMAP_H

#include <stddef.h>

#include "tui/action.h"
#include "tui/term/key.h"

struct binding {
	uint32_t key;
	enum action action;
	bool configured;
};

struct keymap {
	size_t n, cap;
	struct binding *binding;
};

void keymap_init(struct keymap *keymap); /* the defaults */
void keymap_release(struct keymap *keymap);
/* One line of [keys]: all keys of the action, comma between them; "" or "none": no key. ERR_USAGE. */
bool keymap_set(struct keymap *keymap, const char *action, const char *keys, struct err *err);
enum action keymap_action(const struct keymap *keymap, uint32_t key, enum in_screen in);
/* The first key of an action as text; false when it has none. */
bool keymap_name(const struct keymap *keymap, enum action action, struct str *out);
void keymap_names(const struct keymap *keymap, enum action action, struct str *out); /* all, ", " between */

#endif
