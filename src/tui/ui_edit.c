/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits as a person types them in a prompt: what is understood is shown before Enter. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "core/change.h"
#include "core/edit_text.h"
#include "show/translate.h"
#include "tui/ui.h"
#include "base/banned.h"

#define PREFERENCE_MAX 65535
#define GAP 10
#define SHOWN 3 /* changes told before Enter */

bool ui_asks_edit(enum question_kind ask)
{
	return ask == ASK_ADD || ask == ASK_EDIT || ask == ASK_TTL || ask == ASK_PRESET || ask == ASK_NULL_MX;
}

/* What a new record gets where no preference is typed: a rung behind the last. */
static uint32_t next_preference(const struct mxset *set)
{
	uint32_t last = set->n ? set->mx[set->n - 1].preference : 0;

	return last + GAP <= PREFERENCE_MAX ? last + GAP : PREFERENCE_MAX;
}

/* "ttl 1h" from "1h", "preset ses region=x" from "ses region=x": the prompt has said the verb. */
static bool parse_operand(const struct edit_grammar *grammar, const char *verb, const char *text, struct edits *edits, struct err *err)
{
	char *name = mem_text(verb), *operand = mem_text(text), *word[4] = { name }, *save = NULL, *rest = NULL;
	bool ok;

	word[1] = strtok_r(operand, " ", &save);
	word[2] = word[1] ? strtok_r(NULL, " ", &save) : NULL;
	rest = word[2] ? strtok_r(NULL, " ", &save) : NULL;
	ok = rest ? err_set(err, ERR_USAGE, N_("\"%s\" is too much"), rest) : edit_parse(grammar, word, edits, NULL, err);
	free(name);
	free(operand);
	return ok;
}

static bool parse(struct ui *ui, enum question_kind ask, const char *text, struct edits *edits, struct err *err)
{
	const struct edit_grammar grammar = { .domain = session_domain(ui->session), .completes = true };

	switch (ask) {
	case ASK_ADD:
		return edit_parse_new(&grammar, text, next_preference(session_set(ui->session)), edits, err);
	case ASK_EDIT:
		return edit_parse_change(&grammar, text, &ui_top(ui)->focus, edits, err);
	case ASK_TTL:
		return parse_operand(&grammar, "ttl", text, edits, err);
	case ASK_PRESET:
		return parse_operand(&grammar, "preset", text, edits, err);
	case ASK_NULL_MX:
		return strcmp(text, "0") != 0 || edit_parse_line(&grammar, "null-mx", edits, err);
	default:
		return edit_parse_line(&grammar, text, edits, err);
	}
}

bool ui_edit_typed(struct ui *ui, enum question_kind ask, const char *text, struct err *err)
{
	struct edits edits = { 0 };
	bool ok = parse(ui, ask, text, &edits, err) && session_edit(ui->session, edits.edit, edits.n, err);
	const struct edit *last = ok && edits.n ? &edits.edit[edits.n - 1] : NULL;

	if (last && (last->verb == EDIT_ADD || ask == ASK_EDIT)) {
		struct mx mx = last->mx;

		if (last->verb == EDIT_PREFER)
			mx.preference = last->with.preference;
		else if (last->verb == EDIT_RENAME)
			mx = (struct mx){ .preference = mx.preference, .host = last->with.host };
		ui_top(ui)->focus = mx;
	}
	edits_release(&edits);
	return ok;
}

/* What the edits would change, a sentence each. */
void ui_add_changes(const struct mxset *from, const struct mxset *to, struct str *out)
{
	struct changes changes = { 0 };

	changes_between(&changes, from, to);
	for (size_t i = 0; i < changes.n && i < SHOWN; i++) {
		struct msg msg = { 0 };

		change_msg(&changes.change[i], &msg);
		if (out->len)
			str_add_char(out, ' ');
		translate_msg(out, &msg);
	}
	if (changes.n > SHOWN)
		str_add(out, " …");
	changes_release(&changes);
}

void ui_edit_understood(struct ui *ui, enum question_kind ask, const char *text, struct str *out)
{
	struct edits edits = { 0 };
	struct mxset set = { 0 };
	bool ok;

	if (!ui->session || !*text || ask == ASK_NULL_MX)
		return;
	mxset_copy(&set, session_set(ui->session));
	ok = parse(ui, ask, text, &edits, NULL);
	for (size_t i = 0; ok && i < edits.n; i++)
		ok = edit_run(&set, &edits.edit[i], NULL);
	if (ok)
		ui_add_changes(session_set(ui->session), &set, out);
	mxset_release(&set);
	edits_release(&edits);
}
