/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/print.h"
#include "cli/print_document.h"
#include "core/edit_text.h"
#include "show/push.h"
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

/* Reads the set of a zone file or of a plan file. */
static bool import(const char *path, const struct dname *domain, const struct dname *zone, struct mxset *set, struct err *err)
{
	struct plans plans = { 0 };
	struct str text;
	bool ok;

	str_init(&text, ZONETEXT_MAX);
	ok = store_read_zone(path, &text, err);
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
		if (ok && set->n && set->ttl_s == 1)
			print(stderr,
				N_("%s gives a TTL of 1 second; in an export of Cloudflare's, 1 means automatic (300 seconds): ttl 5m says so."),
				path);
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
	const struct plan *onto; /* --rebase: the plan whose edits come onto the set that is there now; or NULL */
	const char *account;     /* its account */
};

static bool is_import(char *const *word)
{
	return strcmp(word[0], "import") == 0;
}

static bool parse(const struct drafting *d, char **word, struct edits *edits, struct err *err)
{
	const struct edit_grammar grammar = { .domain = &d->domain, .imports = true };

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

/* ---- a plan that was made from a set that has moved ---- */

static bool take_plan(const char *path, struct drafting *d, struct plans *onto, struct err *err)
{
	char text[DNAME_TEXT_MAX];

	if (!subject_one_plan(path, onto, err))
		return false;
	d->onto = &onto->plan[0];
	d->account = d->onto->account;
	return dname_equal(&d->onto->domain, &d->domain) ||
	       err_set(err, ERR_USAGE, N_("%s is a plan for %s"), path, dname_show(&d->onto->domain, text));
}

/* Chooses a side of a clash: "HOST" or "ttl", as --mine and --theirs name it. */
static bool choose_side(struct merge *merge, const char *what, enum merge_side side, struct err *err)
{
	struct mx mx;

	if (strcmp(what, "ttl") == 0) {
		merge->ttl_side = side;
		return true;
	}
	mx_set(&mx, 0, what);
	for (size_t i = 0; i < merge->n; i++)
		if (dname_equal(&merge->row[i].mx.host, &mx.host) && strcmp(merge->row[i].mx.odd, mx.odd) == 0) {
			merge->row[i].side = side;
			return true;
		}
	return err_set(err, ERR_USAGE, N_("%s stands in none of the three sets"), what);
}

static bool choose_sides(const struct call *call, struct merge *merge, struct err *err)
{
	const char *what;

	for (size_t i = 0; (what = call_get_at(call, "--mine", i)); i++)
		if (!choose_side(merge, what, SIDE_MINE, err))
			return false;
	for (size_t i = 0; (what = call_get_at(call, "--theirs", i)); i++)
		if (!choose_side(merge, what, SIDE_THEIRS, err))
			return false;
	return true;
}

static bool clash(const struct drafting *d, const struct merge *merge, struct err *err)
{
	struct threeway three = { 0 };
	struct document document = print_begin(1);
	const char *first = "ttl";
	char text[DNAME_TEXT_MAX];

	for (size_t i = merge->n; i-- > 0;)
		if (merge->row[i].how == MERGE_CLASH && merge->row[i].side == SIDE_OPEN)
			first = mx_host_text(&merge->row[i].mx, text);
	threeway_build(&three, &d->draft.base, &d->base.set, &d->draft.want);
	conflict_document(&three, false, &document);
	print_document(&document, stderr);
	threeway_release(&three);
	err_set(err, ERR_CONFLICT, N_("both sides changed %s, and not alike"), first);
	err_hint(err, N_("Say whose change counts: --mine %s or --theirs %s."), first, first);
	return false;
}

/* Puts the plan's edits on top of the set that is there now. */
static bool rebase(const struct call *call, struct drafting *d, struct err *err)
{
	struct merge merge = { 0 };
	struct mxset result = { 0 };
	bool ok;

	if (d->base.source == TRUTH_CACHED)
		return err_set(err, ERR_NETWORK, N_("only a resolver's cache is known, and a cache is nothing to base a plan on again"));
	merge_run(&merge, &(struct merge_sets){ &d->draft.base, &d->base.set, &d->draft.want }, NULL, &result);
	ok = choose_sides(call, &merge, err);
	if (ok && merge_undecided(&merge))
		ok = clash(d, &merge, err);
	if (ok)
		draft_rebase(&d->draft, &d->base.set, &merge);
	merge_release(&merge);
	mxset_release(&result);
	return ok;
}

/* The ticket of the option, or else of the plan that this one is rebased from. */
static bool add_ticket(const struct call *call, const struct drafting *d, struct plan *plan, struct err *err)
{
	const char *ticket = call_get(call, "--ticket");

	if (!ticket && d->onto && *d->onto->ticket)
		ticket = d->onto->ticket;
	return !ticket || plan_set_ticket(plan, ticket, err);
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
	plan->note = mem_text(call_get(call, "--note") ? call_get(call, "--note") : d->onto ? d->onto->note : "");
	plan->created_at = subject_now();
	plan->created_by = subject_user_name(call);
	mxset_copy(&plan->base, &d->draft.base);
	mxset_copy(&plan->want, &d->draft.want);
	plan_seal(plan);
}

/* Refuses a set whose TTL only a cache told: what is left of it there is not the set's TTL. */
static bool has_ttl(const struct drafting *d, struct err *err)
{
	struct str left;

	if (!d->draft.want.n || d->draft.want.ttl_s != MX_TTL_UNKNOWN)
		return true;
	str_init(&left, 0);
	translate_left(&left, d->base.left_s);
	err_set(err, ERR_USAGE, N_("the TTL of the set is not known: only a resolver's cache told it, where %s of it are left"), left.s);
	err_hint(err, N_("Say which it is to be, for example: ttl 1h"));
	str_release(&left);
	return false;
}

/* Would the vendor store the set? Its limits are known without asking. */
static bool is_taken(const struct drafting *d, struct err *err)
{
	const struct provider *provider = d->base.provider ? provider_find(d->base.provider) : NULL;

	return !provider || provider_takes(provider, &d->draft.want, err);
}

static bool read_set(struct call *call, struct drafting *d, struct err *err)
{
	struct subject_ask ask = { .domain = &d->domain, .depth = SUBJECT_HOSTS, .account = d->account };
	struct facts facts;
	bool ok = subject_read_base(call, &ask, &d->base, &facts, err);

	facts_release(&facts);
	if (!ok)
		return false;
	draft_init(&d->draft, d->onto ? &d->onto->base : &d->base.set);
	if (d->onto)
		draft_set(&d->draft, &d->onto->want);
	draft_first_ttl(&d->draft, d->base.first_ttl_s ? d->base.first_ttl_s : DRAFT_FIRST_TTL_S);
	d->reads = true;
	return true;
}

static void tell_doubts(const struct drafting *d)
{
	if (!draft_dirty(&d->draft))
		print(stderr, N_("The plan changes nothing."));
	if (!d->base.account)
		print(stderr, N_("The plan names no account: set one for the domain in the configuration, or use --account, to push it."));
	if (d->base.source == TRUTH_CACHED)
		print(stderr,
			N_("The plan begins from a resolver's cache, which may be old: no provider and no name server told the set."));
}

/* The edits, on the set that was read. A refusal names the domain: a script drafts many. */
static bool change(struct drafting *d, const struct split_edit *words, struct err *err)
{
	char text[DNAME_TEXT_MAX];

	return (apply_all(d, words, err) && has_ttl(d, err) && is_taken(d, err)) || err_context(err, "%s", dname_show(&d->domain, text));
}

static bool make_plan(struct call *call, struct drafting *d, const struct split_edit *words, struct err *err)
{
	struct plan plan;
	struct plans plans = { .n = 1, .plan = &plan };
	bool ok;

	if (!apply_all(d, words, err) || !read_set(call, d, err) || (d->onto && !rebase(call, d, err)) || !change(d, words, err))
		return false;
	plan_init(&plan);
	fill_plan(call, d, &plan);
	ok = add_ticket(call, d, &plan, err) && subject_write_plans(&plans, call_get(call, "--output"), err);
	if (ok)
		tell_doubts(d);
	plan_release(&plan);
	return ok;
}

static int run(struct call *call, struct err *err)
{
	const char *path = call_get(call, "--rebase");
	struct drafting d = { 0 };
	struct split_edit words = { 0 };
	struct plans onto = { 0 };
	bool ok = subject_domain(call, 0, &d.domain, err);

	if (ok && path)
		ok = take_plan(path, &d, &onto, err);
	else if (ok && call->n < 2)
		ok = err_set(err, ERR_USAGE, N_("which edits? For example: add 30 mx3.example.net"));
	if (ok) {
		split_all(&words, call);
		ok = make_plan(call, &d, &words, err);
	}
	split_edit_release(&words);
	draft_release(&d.draft);
	subject_base_release(&d.base);
	plans_release(&onto);
	return ok ? 0 : -1;
}

static const struct option_row options[] = {
	{ "--output", 'o', "FILE", N_("write the plan there instead of to stdout") },
	{ "--note", 0, "TEXT", N_("what the change is for") },
	{ "--ticket", 0, "ID", N_("the change's number elsewhere; approvals sign it") },
	{ "--rebase", 0, "PLAN", N_("begin with the edits of this plan, on top of the set that is there now") },
	{ "--mine", 0, "HOST|ttl", N_("where both sides changed it, take the plan's") },
	{ "--theirs", 0, "HOST|ttl", N_("where both sides changed it, take what is there now") },
	{ NULL, 0, NULL, NULL },
};

const struct command cmd_draft = {
	.name = "draft",
	.operands = "DOMAIN EDIT...",
	.min = 1,
	.max = 100000,
	.flags = NEEDS_APP,
	.help = N_("make a plan from edits"),
	.text = N_(
		"Applies the edits to the domain's MX set as it is now and writes a plan file. Nothing is published. The set is read from the "
		"provider of the domain's account, else from the name servers where those that answer agree, else from the resolver: then the "
		"TTL is not known, and has to be among the edits. The first record of a name gets the zone's own TTL, or an hour.\n\n"
		"A plan whose base has moved comes onto the new one with --rebase: what others changed stays. What both changed is asked.\n\n"
		"Example: mxladder draft exempel.com add 30 mx3.exempel.net, ttl 1h -o plan.json"),
	.options = options,
	.run = run,
};
