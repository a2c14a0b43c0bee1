/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/preset.h"
#include "base/banned.h"

const struct edit_verb edit_verbs[] = {
	{ "add", "PREF HOST", N_("add a record") },
	{ "remove", "HOST", N_("remove a record") },
	{ "prefer", "HOST PREF", N_("give a record another preference") },
	{ "rename", "HOST NEW", N_("put another host in a record's place") },
	{ "raise", "HOST", N_("move a record up a rung: tried earlier") },
	{ "lower", "HOST", N_("move a record down a rung: tried later") },
	{ "level", "HOST HOST2", N_("give the first record the second one's preference") },
	{ "renumber", "", N_("number the rungs 10, 20, 30 and so on") },
	{ "ttl", "DURATION", N_("set the TTL of the whole set") },
	{ "preset", "NAME", N_("replace the set with a mail hoster's") },
	{ "null-mx", "", N_("replace the set with the null MX: no mail is taken") },
	{ NULL, NULL, NULL },
};

struct edit {
	struct draft *draft;
	const struct dname *domain;
	char *const *word; /* the operands */
};

static bool parse_preference(const char *word, uint32_t *preference, struct err *err)
{
	uint64_t value = 0;
	const char *s = word;

	for (; *s >= '0' && *s <= '9' && value <= 65535; s++)
		value = value * 10 + (uint64_t)(*s - '0');
	if (s == word || *s || value > 65535)
		return err_set(err, ERR_USAGE, N_("a preference is a number from 0 to 65535, not \"%s\""), word);
	*preference = (uint32_t)value;
	return true;
}

/* Of the draft's records, those whose host is `host`; the first in *at. Repeats of one record count once. */
static size_t match(const struct mxset *set, const char *host, size_t *at)
{
	struct mx wanted;
	size_t n = 0;

	mx_set(&wanted, 0, host);
	for (size_t i = 0; i < set->n; i++) {
		wanted.preference = set->mx[i].preference;
		if (!mx_equal(&set->mx[i], &wanted) || (n && mx_equal(&set->mx[i - 1], &set->mx[i])))
			continue;
		if (n++ == 0)
			*at = i;
	}
	return n;
}

static bool unknown_host(const struct mxset *set, const char *word, struct err *err)
{
	struct str known;
	char host[DNAME_TEXT_MAX];

	if (set->n == 0)
		return err_set(err, ERR_USAGE, N_("the draft has no record of \"%s\": it is empty"), word);
	str_init(&known, 0);
	for (size_t i = 0; i < set->n; i++) {
		if (i)
			str_add(&known, ", ");
		str_add(&known, mx_host_show(&set->mx[i], host));
	}
	err_set(err, ERR_USAGE, N_("the draft has no record of \"%s\""), word);
	err_hint(err, N_("It has: %s."), known.s);
	str_release(&known);
	return false;
}

/* "HOST@PREF" */
static bool find_at_preference(const struct mxset *set, const char *word, size_t *i)
{
	const char *at = strrchr(word, '@');
	struct mx mx;
	uint32_t preference;
	char *host;

	if (!at || !parse_preference(at + 1, &preference, NULL))
		return false;
	host = mem_copy(word, (size_t)(at - word) + 1);
	host[at - word] = '\0';
	mx_set(&mx, preference, host);
	free(host);
	for (*i = 0; *i < set->n; ++*i) {
		if (mx_equal(&set->mx[*i], &mx))
			return true;
	}
	return false;
}

static bool find(const struct edit *edit, const char *word, size_t *i, struct err *err)
{
	const struct mxset *set = &edit->draft->want;
	size_t n = match(set, word, i);

	if (n == 1 || (n == 0 && find_at_preference(set, word, i)))
		return true;
	if (n == 0)
		return unknown_host(set, word, err);
	err_set(err, ERR_USAGE, N_("\"%s\" stands in the draft with several preferences"), word);
	err_hint(err, N_("Say which: %s@%u."), word, (unsigned int)set->mx[*i].preference);
	return false;
}

static bool run_add(const struct edit *edit, struct err *err)
{
	struct mx mx = { 0 };

	return parse_preference(edit->word[0], &mx.preference, err) && dname_parse(&mx.host, edit->word[1], err) &&
	       draft_add(edit->draft, &mx, err);
}

static bool run_remove(const struct edit *edit, struct err *err)
{
	size_t i;

	return find(edit, edit->word[0], &i, err) && draft_remove(edit->draft, i, err);
}

static bool run_prefer(const struct edit *edit, struct err *err)
{
	uint32_t preference;
	size_t i;

	return find(edit, edit->word[0], &i, err) && parse_preference(edit->word[1], &preference, err) &&
	       draft_prefer(edit->draft, &i, preference, err);
}

static bool run_rename(const struct edit *edit, struct err *err)
{
	size_t i;

	return find(edit, edit->word[0], &i, err) && draft_rename(edit->draft, &i, edit->word[1], err);
}

static bool run_raise(const struct edit *edit, struct err *err)
{
	size_t i;

	return find(edit, edit->word[0], &i, err) && draft_raise(edit->draft, &i, err);
}

static bool run_lower(const struct edit *edit, struct err *err)
{
	size_t i;

	return find(edit, edit->word[0], &i, err) && draft_lower(edit->draft, &i, err);
}

static bool run_level(const struct edit *edit, struct err *err)
{
	size_t i, with;

	return find(edit, edit->word[0], &i, err) && find(edit, edit->word[1], &with, err) && draft_level(edit->draft, &i, with, err);
}

static bool run_renumber(const struct edit *edit, struct err *err)
{
	return draft_renumber(edit->draft, err);
}

static bool run_ttl(const struct edit *edit, struct err *err)
{
	uint32_t ttl_s;

	if (!text_parse_duration(edit->word[0], &ttl_s)) {
		err_set(err, ERR_USAGE, N_("\"%s\" is not a duration"), edit->word[0]);
		err_hint(err, N_("Write it like 3600, 90s, 15m, 12h30m or 4d."));
		return false;
	}
	return draft_ttl(edit->draft, ttl_s, err);
}

static bool run_preset(const struct edit *edit, struct err *err)
{
	const struct preset *preset = preset_find(edit->word[0]);
	struct mxset set = { .ttl_s = edit->draft->want.ttl_s };

	if (!preset) {
		err_set(err, ERR_USAGE, N_("there is no preset \"%s\""), edit->word[0]);
		err_hint(err, N_("mxladder list presets shows them."));
		return false;
	}
	if (!preset_is_complete(preset)) {
		err_set(err, ERR_USAGE, N_("the hosts of %s differ from customer to customer: add them by name"), preset->title);
		if (err)
			err->hint = (struct msg){ .id = preset->note };
		return false;
	}
	preset_fill(preset, edit->domain, &set);
	draft_set(edit->draft, &set);
	mxset_release(&set);
	return true;
}

static bool run_null_mx(const struct edit *edit, struct err *err)
{
	return draft_null_mx(edit->draft, err);
}

/* In the order of edit_verbs. */
static const struct {
	size_t operands;
	bool (*run)(const struct edit *edit, struct err *err);
} actions[] = {
	{ 2, run_add },
	{ 1, run_remove },
	{ 2, run_prefer },
	{ 2, run_rename },
	{ 1, run_raise },
	{ 1, run_lower },
	{ 2, run_level },
	{ 0, run_renumber },
	{ 1, run_ttl },
	{ 1, run_preset },
	{ 0, run_null_mx },
};

bool edit_apply(struct draft *draft, const struct dname *domain, size_t n, char *const words[], struct err *err)
{
	struct edit edit = { draft, domain, words + 1 };

	if (n == 0)
		return err_set(err, ERR_USAGE, N_("an edit is empty"));
	for (size_t i = 0; edit_verbs[i].name; i++) {
		if (strcmp(edit_verbs[i].name, words[0]) != 0)
			continue;
		if (n - 1 == actions[i].operands)
			return actions[i].run(&edit, err);
		if (actions[i].operands == 0)
			return err_set(err, ERR_USAGE, N_("\"%s\" takes no operand"), words[0]);
		return err_set(err, ERR_USAGE, N_("write \"%s %s\""), words[0], edit_verbs[i].operands);
	}
	err_set(err, ERR_USAGE, N_("there is no edit \"%s\""), words[0]);
	err_hint(err, N_("The edits are add, remove, prefer, rename, raise, lower, level, renumber, ttl, preset, null-mx."));
	return false;
}
