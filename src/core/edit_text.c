/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/edit_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/meant.h"
#include "core/preset.h"
#include "base/banned.h"

const struct edit_row edit_rows[] = {
	{ "add", "PREF HOST", N_("add a record") },
	{ "remove", "HOST", N_("remove a record") },
	{ "prefer", "HOST PREF", N_("give a record another preference") },
	{ "rename", "HOST NEW", N_("put another host in a record's place") },
	{ "raise", "HOST", N_("move a record up a rung: tried earlier") },
	{ "lower", "HOST", N_("move a record down a rung: tried later") },
	{ "level", "HOST HOST2", N_("give the first record the second one's preference") },
	{ "renumber", "", N_("number the rungs 10, 20, 30 and so on") },
	{ "ttl", "DURATION", N_("set the TTL of the whole set") },
	{ "preset", "NAME [VARIABLE=VALUE]", N_("replace the set with a mail hoster's") },
	{ "null-mx", "", N_("replace the set with the null MX: no mail is taken") },
	{ NULL, NULL, NULL },
};

/* One edit being read. */
struct reading {
	const struct edit_grammar *grammar;
	char *const *word; /* the operands */
	size_t at;         /* the operand that is read */
	struct edits *edits;
	struct err *err;
};

bool edit_parse_preference(const char *word, uint32_t *preference, struct err *err)
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

static bool complete(const struct edit_grammar *grammar, const char *word, struct dname *host, struct err *err)
{
	char domain[DNAME_TEXT_MAX];
	bool ends_in_dot = word[strlen(word) - 1] == '.';
	struct str whole;
	bool ok = false;

	str_init(&whole, 0);
	str_addf(&whole, "%s%s%s", word, ends_in_dot ? "" : ".", dname_text(grammar->domain, domain));
	if (grammar->completes && !ends_in_dot) {
		ok = dname_parse(host, whole.s, err);
	} else {
		err_set(err, ERR_USAGE, N_("\"%s\" has no dot inside: it is a top-level name, or only half a name"), word);
		err_hint(err, N_("Did you mean %s?"), whole.s);
	}
	str_release(&whole);
	return ok;
}

bool edit_parse_host(const struct edit_grammar *grammar, const char *word, struct dname *host, struct err *err)
{
	struct dname made;

	if (!meant_host(&made, word, err))
		return false;
	if (dname_labels(&made) == 1)
		return complete(grammar, word, host, err);
	*host = made;
	return true;
}

/* A record that is there: "HOST", or "HOST@PREF" where the host stands there more than once. Whatever text it holds. */
static void parse_record(const char *word, struct mx *mx)
{
	const char *at = strrchr(word, '@');
	uint32_t preference;
	char *host;

	mx_set(mx, EDIT_ANY, word);
	if (at && at > word && edit_parse_preference(at + 1, &preference, NULL)) {
		host = mem_copy(word, (size_t)(at - word) + 1);
		host[at - word] = '\0';
		mx_set(mx, preference, host);
		free(host);
	}
}

static bool read_add(struct reading *in)
{
	struct mx mx = { 0 };

	if (!edit_parse_preference(in->word[0], &mx.preference, in->err))
		return false;
	in->at = 1;
	if (!edit_parse_host(in->grammar, in->word[1], &mx.host, in->err))
		return false;
	edits_add(in->edits, EDIT_ADD)->mx = mx;
	return true;
}

static struct edit *add_for_record(struct reading *in, enum edit_verb verb)
{
	struct edit *edit = edits_add(in->edits, verb);

	parse_record(in->word[0], &edit->mx);
	return edit;
}

static bool read_remove(struct reading *in)
{
	return add_for_record(in, EDIT_REMOVE) != NULL;
}

static bool read_prefer(struct reading *in)
{
	uint32_t preference;

	in->at = 1;
	if (!edit_parse_preference(in->word[1], &preference, in->err))
		return false;
	add_for_record(in, EDIT_PREFER)->with.preference = preference;
	return true;
}

static bool read_rename(struct reading *in)
{
	struct dname host;

	in->at = 1;
	if (!edit_parse_host(in->grammar, in->word[1], &host, in->err))
		return false;
	add_for_record(in, EDIT_RENAME)->with.host = host;
	return true;
}

static bool read_raise(struct reading *in)
{
	return add_for_record(in, EDIT_RAISE) != NULL;
}

static bool read_lower(struct reading *in)
{
	return add_for_record(in, EDIT_LOWER) != NULL;
}

static bool read_level(struct reading *in)
{
	parse_record(in->word[1], &add_for_record(in, EDIT_LEVEL)->with);
	return true;
}

static bool read_renumber(struct reading *in)
{
	return edits_add(in->edits, EDIT_RENUMBER) != NULL;
}

static bool read_ttl(struct reading *in)
{
	uint32_t ttl_s;

	if (!text_parse_duration(in->word[0], &ttl_s)) {
		err_set(in->err, ERR_USAGE, N_("\"%s\" is not a duration"), in->word[0]);
		err_hint(in->err, N_("Write it like 3600, 90s, 15m, 12h30m, 4d or 1w."));
		return false;
	}
	if (ttl_s > MX_TTL_MAX)
		return err_set(in->err, ERR_USAGE, N_("a TTL is at most %u seconds (RFC 2181 section 8)"), MX_TTL_MAX);
	edits_add(in->edits, EDIT_TTL)->ttl_s = ttl_s;
	return true;
}

/* "tenant=contoso-com": what stands behind the name of the preset's variable; NULL where another name stands there. */
static const char *value_of(const struct preset *preset, const char *word)
{
	size_t len = preset->variable ? strlen(preset->variable) : 0;

	return len && strncmp(word, preset->variable, len) == 0 && word[len] == '=' ? word + len + 1 : NULL;
}

static bool read_preset(struct reading *in)
{
	const struct preset *preset = preset_find(in->word[0]);
	const char *value = NULL;
	struct mxset set = { 0 };

	if (!preset) {
		err_set(in->err, ERR_USAGE, N_("there is no preset \"%s\""), in->word[0]);
		err_hint(in->err, N_("mxladder list presets shows them."));
		return false;
	}
	if (in->word[1]) {
		in->at = 1;
		value = value_of(preset, in->word[1]);
		if (!value && preset->variable)
			return err_set(in->err, ERR_USAGE, N_("\"%s\" is not what the preset %s asks for: write %s=VALUE"), in->word[1],
				preset->name, preset->variable);
		value = value ? value : in->word[1];
	}
	if (!preset_fill(preset, value, &set, in->err))
		return false;
	edits_add(in->edits, EDIT_CLEAR);
	for (size_t i = 0; i < set.n; i++)
		edits_add(in->edits, EDIT_ADD)->mx = set.mx[i];
	mxset_release(&set);
	return true;
}

static bool read_null_mx(struct reading *in)
{
	edits_add(in->edits, EDIT_CLEAR);
	mx_set(&edits_add(in->edits, EDIT_ADD)->mx, 0, ".");
	return true;
}

/* In the order of edit_rows. */
static const struct {
	size_t operands, optional;
	bool (*read)(struct reading *in);
} readers[] = {
	{ 2, 0, read_add },
	{ 1, 0, read_remove },
	{ 2, 0, read_prefer },
	{ 2, 0, read_rename },
	{ 1, 0, read_raise },
	{ 1, 0, read_lower },
	{ 2, 0, read_level },
	{ 0, 0, read_renumber },
	{ 1, 0, read_ttl },
	{ 1, 1, read_preset },
	{ 0, 0, read_null_mx },
};

static bool wrong_count(size_t row, size_t n, char *const words[], struct err *err)
{
	if (readers[row].operands == 0)
		return err_set(err, ERR_USAGE, N_("\"%s\" takes no operand"), words[0]);
	if (n - 1 > readers[row].operands + readers[row].optional)
		return err_set(err, ERR_USAGE, N_("\"%s\" is too much: write \"%s %s\""),
			words[readers[row].operands + readers[row].optional + 1], words[0], edit_rows[row].operands);
	return err_set(err, ERR_USAGE, N_("write \"%s %s\""), words[0], edit_rows[row].operands);
}

static bool read_row(size_t row, size_t n, char *const words[], struct reading *in, size_t *bad)
{
	size_t before = in->edits->n, least = readers[row].operands, most = least + readers[row].optional;

	if (n - 1 < least || n - 1 > most) {
		*bad = n - 1 > most ? most + 1 : n;
		return wrong_count(row, n, words, in->err);
	}
	if (readers[row].read(in))
		return true;
	*bad = in->at + 1;
	in->edits->n = before;
	return false;
}

bool edit_parse(const struct edit_grammar *grammar, char *const words[], struct edits *edits, size_t *bad, struct err *err)
{
	struct reading in = { grammar, words + 1, 0, edits, err };
	size_t ignored = 0, n = 0;

	bad = bad ? bad : &ignored;
	*bad = 0;
	while (words[n])
		n++;
	if (n == 0)
		return err_set(err, ERR_USAGE, N_("an edit is empty"));
	for (size_t row = 0; edit_rows[row].name; row++)
		if (strcmp(edit_rows[row].name, words[0]) == 0)
			return read_row(row, n, words, &in, bad);
	err_set(err, ERR_USAGE, N_("there is no edit \"%s\""), words[0]);
	if (grammar->imports)
		err_hint(
			err, N_("The edits are add, remove, prefer, rename, raise, lower, level, renumber, ttl, preset, null-mx, import."));
	else
		err_hint(err, N_("The edits are add, remove, prefer, rename, raise, lower, level, renumber, ttl, preset, null-mx."));
	return false;
}
