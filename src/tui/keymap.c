/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/keymap.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

#define KEY_NAME_MAX 24

static bool add(struct keymap *keymap, const struct binding *wanted, struct err *err)
{
	unsigned in = actions[wanted->action].in;

	for (size_t i = 0; i < keymap->n; i++) {
		struct binding *other = &keymap->binding[i];

		if (other->key != wanted->key || other->action == ACTION_NONE || !(actions[other->action].in & in))
			continue;
		if (other->configured == wanted->configured && other->action != wanted->action) {
			struct str name;

			str_init(&name, 0);
			key_format(&name, wanted->key);
			err_set(err, ERR_USAGE, N_("the key %s is both \"%s\" and \"%s\""), name.s, actions[other->action].name,
				actions[wanted->action].name);
			str_release(&name);
			return false;
		}
		other->action = ACTION_NONE;
	}
	keymap->binding = mem_grow(keymap->binding, keymap->n, &keymap->cap, sizeof(*keymap->binding));
	keymap->binding[keymap->n++] = *wanted;
	return true;
}

/* Cuts the next key's name out of "u, Ctrl-Z". A comma alone is the key ",". */
static const char *next_name(const char *keys, char name[KEY_NAME_MAX])
{
	size_t len;

	keys += strspn(keys, " \t");
	len = *keys == ',' ? 1 : strcspn(keys, ",");
	snprintf(name, KEY_NAME_MAX, "%.*s", (int)len, keys);
	for (size_t n = strlen(name); n > 1 && (name[n - 1] == ' ' || name[n - 1] == '\t');)
		name[--n] = '\0';
	keys += len;
	keys += strspn(keys, " \t");
	return keys + (*keys == ',');
}

static bool add_all(struct keymap *keymap, enum action action, const char *keys, struct err *err)
{
	struct binding binding = { 0, action, err != NULL };
	char name[KEY_NAME_MAX];

	while (*keys) {
		keys = next_name(keys, name);
		if (!key_parse(&binding.key, name, err) || !add(keymap, &binding, err))
			return false;
	}
	return true;
}

void keymap_init(struct keymap *keymap)
{
	*keymap = (struct keymap){ 0 };
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		bool ok = add_all(keymap, (enum action)i, actions[i].keys, NULL);

		assert(ok);
		(void)ok;
	}
}

void keymap_release(struct keymap *keymap)
{
	free(keymap->binding);
	*keymap = (struct keymap){ 0 };
}

bool keymap_set(struct keymap *keymap, const char *action, const char *keys, struct err *err)
{
	enum action found = action_find(action);

	if (!found) {
		err_set(err, ERR_USAGE, N_("there is no action \"%s\""), action);
		err_hint(err, N_("`mxladder list actions` prints them."));
		return false;
	}
	for (size_t i = 0; i < keymap->n; i++)
		if (keymap->binding[i].action == found)
			keymap->binding[i].action = ACTION_NONE;
	return !strcmp(keys, "none") || add_all(keymap, found, keys, err);
}

enum action keymap_action(const struct keymap *keymap, uint32_t key, enum in_screen in)
{
	for (size_t i = 0; i < keymap->n; i++) {
		enum action action = keymap->binding[i].action;

		if (keymap->binding[i].key == key && action && (actions[action].in & (unsigned)in))
			return action;
	}
	return ACTION_NONE;
}

bool keymap_name(const struct keymap *keymap, enum action action, struct str *out)
{
	for (size_t i = 0; i < keymap->n; i++)
		if (keymap->binding[i].action == action) {
			key_format(out, keymap->binding[i].key);
			return true;
		}
	return false;
}

void keymap_names(const struct keymap *keymap, enum action action, struct str *out)
{
	bool any = false;

	for (size_t i = 0; i < keymap->n; i++)
		if (keymap->binding[i].action == action) {
			if (any)
				str_add(out, ", ");
			key_format(out, keymap->binding[i].key);
			any = true;
		}
}
