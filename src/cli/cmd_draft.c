/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/print.h"
#include "core/edit_text.h"
#include "base/banned.h"

struct split_edit {
	size_t n, cap;
	char **word; /* owned; NULL ends an edit */
};

static void add_word(struct split_edit *words, const char *text, size_t len)
{
	words->word = mem_grow(words->word, words->n, &words->cap, sizeof(*words->word));
	words->word[words->n] = text ? mem_copy(text, len + 1) : NULL;
	if (text)
		words->word[words->n][len] = '\0';
	words->n++;
}

/* Arguments are parted at blanks and commas, except a file's name, which is taken whole. */
static void split(struct split_edit *words, const char *text)
{
	if (words->n && words->word[words->n - 1] && strcmp(words->word[words->n - 1], "import") == 0) {
		size_t len = strlen(text);
		bool comma = len && text[len - 1] == ',';

		add_word(words, text, len - comma);
		if (comma)
			add_word(words, NULL, 0);
		return;
	}
	while (*text) {
		size_t len = strcspn(text, ", \t\n");

		if (len)
			add_word(words, text, len);
		if (text[len] == ',')
			add_word(words, NULL, 0);
		text += len + (text[len] != '\0');
	}
}

static void split_all(struct split_edit *words, const struct call *call)
{
	for (size_t i = 1; i < call->n; i++)
		split(words, call->operand[i]);
	add_word(words, NULL, 0);
}

static void split_edit_release(struct split_edit *words)
{
	for (size_t i = 0; i < words->n; i++)
		free(words->word[i]);
	free(words->word);
}

/* A zone file's or plan file's set. */
static bool import(const char *path, const struct dname *domain, const struct dname *zone, struct mxset *set, struct err *err)
{
	struct plans plans = { 0 };
	struct str text;
	bool ok;

	str_init(&text, PLAN_FILE_MAX + 1);
	ok = store_read_file(path, PLAN_FILE_MAX, &text, err);
	if (ok && text.s[strspn(text.s, " \t\r\n")] == '{') {
		ok = plans_parse(&plans, text.s, text.len, err);
		for (size_t i = 0; ok && i < plans.n; i++)
			if (plans.n == 1 || dname_equal(&plans.plan[i].domain, domain))
				mxset_copy(set, &plans.plan[i].want);
	} else if (ok) {
		ok = zonetext_read_mx(
			&(struct zonetext){
				.text = text.s, .len = text.len, .zone = zone->len ? zone : domain, .owner = domain, .name = path },
			set, err);
	}
	if (ok && set->n == 0)
		ok = err_set(err, ERR_USAGE, N_("no MX record of the domain stands in it"));
	plans_release(&plans);
	str_release(&text);
	return ok || err_context(err, N_("import %s"), path);
}

struct drafting {
	bool reads; /* the set is read: edits are applied */
	struct draft draft;
	struct dname domain;
	struct subject_base base;
};

static bool is_import(char *const *word)
{
	return strcmp(word[0], "import") == 0;
}

static bool parse(const struct drafting *d, char **word, struct edits *edits, struct err *err)
{
	const struct edit_grammar grammar = { &d->domain, false };

	if (is_import(word))
		return (word[1] && !word[2]) || err_set(err, ERR_USAGE, N_("import takes one file"));
	return edit_parse(&grammar, word, edits, NULL, err) || err_context(err, "%s", word[0]);
}

static bool apply_import(struct drafting *d, const char *path, struct err *err)
{
	struct mxset set = { .ttl_s = d->draft.want.ttl_s };
	bool ok = import(path, &d->domain, &d->base.zone, &set, err);

	if (ok)
		draft_set(&d->draft, &set);
	mxset_release(&set);
	return ok;
}

static bool apply(struct drafting *d, char **word, struct err *err)
{
	struct edits edits = { 0 };
	bool ok = parse(d, word, &edits, err);

	if (ok && d->reads)
		ok = is_import(word) ? apply_import(d, word[1], err)
				     : draft_apply(&d->draft, edits.edit, edits.n, err) || err_context(err, "%s", word[0]);
	edits_release(&edits);
	return ok;
}

/* Reads the edits; where d->reads is set, applies them too. */
static bool apply_all(struct drafting *d, const struct split_edit *words, struct err *err)
{
	size_t from = 0;

	for (size_t i = 0; i < words->n; i++) {
		if (words->word[i])
			continue;
		if (i > from && !apply(d, &words->word[from], err))
			return false;
		from = i + 1;
	}
	return true;
}

static void fill_plan(struct call *call, const struct drafting *d, struct plan *plan)
{
	free(plan->account);
	free(plan->provider);
	free(plan->note);
	free(plan->created_at);
	free(plan->created_by);
	plan->domain = d->domain;
	plan->zone = d->base.zone.len ? d->base.zone : d->domain;
	plan->account = mem_text(d->base.account ? d->base.account : "");
	plan->provider = mem_text(d->base.provider ? d->base.provider : "");
	plan->note = mem_text(call_get(call, "--note") ? call_get(call, "--note") : "");
	plan->created_at = subject_now();
	plan->created_by = subject_user_name(call);
	mxset_copy(&plan->base, &d->draft.base);
	mxset_copy(&plan->want, &d->draft.want);
	plan_seal(plan);
}

static int run(struct call *call, struct err *err)
{
	struct drafting d = { 0 };
	struct split_edit words = { 0 };
	struct plan plan;
	struct plans plans = { .n = 1, .plan = &plan };
	bool ok;

	if (!subject_domain(call, 0, &d.domain, err))
		return -1;
	plan_init(&plan);
	split_all(&words, call);
	ok = apply_all(&d, &words, err) && subject_read_base(call, &d.domain, NULL, &d.base, err);
	draft_init(&d.draft, &d.base.set);
	d.reads = true;
	ok = ok && apply_all(&d, &words, err);
	split_edit_release(&words);
	if (ok) {
		fill_plan(call, &d, &plan);
		ok = subject_write_plans(&plans, call_get(call, "--output"), err);
		if (ok && !draft_dirty(&d.draft))
			print(stderr, N_("The plan changes nothing."));
		if (ok && !d.base.account)
			print(stderr,
				N_("The plan names no account: set one for the domain in the configuration, or use --account, to push it."));
	}
	draft_release(&d.draft);
	subject_base_release(&d.base);
	plan_release(&plan);
	return ok ? 0 : -1;
}

static const struct option_row options[] = {
	{ "--output", 'o', "FILE", N_("write the plan there instead of to stdout") },
	{ "--note", 0, "TEXT", N_("what the change is for") },
	{ NULL, 0, NULL, NULL },
};

const struct command cmd_draft = {
	.name = "draft",
	.operands = "DOMAIN EDIT...",
	.min = 2,
	.max = 100000,
	.flags = NEEDS_APP,
	.help = N_("make a plan from edits"),
	.text = N_(
		"Applies the edits to the domain's MX set as it is now and writes a plan file. Nothing is published. The set is read from the "
		"provider of the domain's account, else from the DNS.\n\n"
		"Example: mxladder draft exempel.com add 30 mx3.exempel.net, ttl 1h -o plan.json"),
	.options = options,
	.run = run,
};
