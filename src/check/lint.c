/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/lint.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "check/needs.h"
#include "check/rules.h"
#include "core/server.h"
#include "base/banned.h"

const struct check *check_find(const char *id)
{
	for (size_t i = 0; checks[i]; i++)
		if (strcmp(checks[i]->id, id) == 0)
			return checks[i];
	return NULL;
}

static int by_weight(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left, *b = *(const struct finding *const *)right;
	int order;

	if (a->introduced != b->introduced)
		return a->introduced ? -1 : 1;
	if (a->level != b->level)
		return a->level < b->level ? -1 : 1;
	if (a->mx.preference != b->mx.preference)
		return a->mx.preference < b->mx.preference ? -1 : 1;
	order = dname_cmp(&a->mx.host, &b->mx.host);
	if (order == 0)
		order = strcmp(a->mx.odd, b->mx.odd);
	return order ? order : strcmp(a->check->id, b->check->id);
}

/* Findings are large: their places are sorted, and each is moved once. */
static void sort(struct findings *out)
{
	const struct finding **place = mem_alloc((out->n + 1) * sizeof(*place));
	struct finding *sorted = out->n ? mem_resize(NULL, out->n, sizeof(*sorted)) : NULL;

	for (size_t i = 0; i < out->n; i++)
		place[i] = &out->finding[i];
	qsort(place, out->n, sizeof(*place), by_weight);
	for (size_t i = 0; i < out->n; i++)
		sorted[i] = *place[i];
	free(out->finding);
	out->finding = sorted;
	out->cap = out->n;
	free(place);
}

/* A live set of which nothing is known is not an empty set. */
static bool set_is_known(const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];
	enum known known = in->is_draft ? KNOWN : answer_known(in->facts->mx);

	if (known == KNOWN)
		return true;
	for (size_t i = 0; checks[i]; i++) {
		struct msg *reason = findings_skip(out, checks[i]);

		if (known == KNOWN_LATER)
			msg_set(reason, N_("not answered yet"));
		else
			msg_set(reason, N_("the MX records of %s are not known"), dname_show(in->domain, text));
	}
	return false;
}

/* Each name server that told nothing; where none was asked, that. */
static void servers_unseen(const struct facts *facts, struct findings *out)
{
	struct server_count count;
	struct msg msg;

	servers_count(facts, NULL, &count);
	for (size_t i = 0; servers_trouble_text(facts, i, &msg), msg.id; i++)
		*findings_unseen(out, "servers") = msg;
	if (count.by_state[SERVER_PENDING])
		msg_set(findings_unseen(out, "servers"), N_("not answered yet"));
	if (!count.servers)
		msg_set(findings_unseen(out, "servers"), N_("no name server of the zone is known"));
	else if (count.by_state[SERVER_NOT_ASKED] == count.servers)
		msg_set(findings_unseen(out, "servers"),
			facts->source == SOURCE_SERVER ? N_("no other name server was asked") : N_("no name server was asked"));
	else if (count.by_state[SERVER_NOT_ASKED])
		msg_set(findings_unseen(out, "servers"), N_("some name servers were not asked"));
}

static void dnssec_unseen(const struct facts *facts, struct findings *out)
{
	if (facts->dnssec == DNSSEC_PENDING)
		msg_set(findings_unseen(out, "dnssec"), N_("not answered yet"));
	else if (facts->dnssec == DNSSEC_UNCHECKED && facts->unchecked_reason)
		*findings_unseen(out, "dnssec") = (struct msg){ .id = facts->unchecked_reason };
	else if (facts->dnssec == DNSSEC_UNCHECKED)
		msg_set(findings_unseen(out, "dnssec"), N_("nothing was validated"));
}

static bool may_err(const struct check *check)
{
	return check->level == LEVEL_ERROR || check->may_err;
}

/* Runs one check. It tells what it finds even where something else that it needs is not known. */
static void run_check(const struct check *check, const struct check_input *in, struct needs_seen *seen, struct findings *out)
{
	size_t n_skip = out->n_skip, n = out->n;
	struct msg why;

	check->run(check, in, out);
	for (; n < out->n; n++)
		assert(out->finding[n].level != LEVEL_ERROR || may_err(check));
	if (out->n_skip == n_skip && needs_missing(in, check->needs, seen, &why))
		*findings_skip(out, check) = why;
}

void lint_one(const struct check *check, const struct check_input *in, struct findings *out)
{
	struct needs_seen seen = { 0 };

	findings_clear(out);
	run_check(check, in, &seen, out);
}

unsigned lint_needs_at(enum check_level level)
{
	unsigned needs = 0;

	for (size_t i = 0; checks[i]; i++)
		if (checks[i]->level <= level)
			needs |= checks[i]->needs;
	return needs;
}

unsigned lint_needs(void)
{
	return lint_needs_at(LEVEL_INFO);
}

void lint_run(const struct check_input *in, struct findings *out)
{
	struct check_index index = { 0 };
	struct check_input with = *in;
	struct needs_seen seen = { 0 };

	findings_clear(out);
	if (set_is_known(in, out)) {
		check_index_build(&index, in);
		check_index_hosters(&index);
		with.index = &index;
		for (size_t i = 0; checks[i]; i++)
			run_check(checks[i], &with, &seen, out);
		check_index_release(&index);
		sort(out);
	}
	servers_unseen(in->facts, out);
	dnssec_unseen(in->facts, out);
}

/* By trouble and host, the gravest first. */
static int by_trouble(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left, *b = *(const struct finding *const *)right;
	int order = strcmp(a->check->id, b->check->id);

	if (order == 0)
		order = dname_cmp(&a->mx.host, &b->mx.host);
	if (order == 0)
		order = strcmp(a->mx.odd, b->mx.odd);
	return order ? order : a->level < b->level ? -1 : a->level > b->level;
}

/* The gravest of the same trouble with the same host, whatever its preference; NULL: none. before is sorted by_trouble. */
static const struct finding *same_trouble(const struct finding *const *before, size_t n, const struct finding *wanted)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct finding *f = before[middle];
		int order = strcmp(f->check->id, wanted->check->id);

		if (order == 0)
			order = dname_cmp(&f->mx.host, &wanted->mx.host);
		if (order == 0)
			order = strcmp(f->mx.odd, wanted->mx.odd);
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < n && before[low]->check == wanted->check && dname_equal(&before[low]->mx.host, &wanted->mx.host) &&
		strcmp(before[low]->mx.odd, wanted->mx.odd) == 0)
		return before[low];
	return NULL;
}

/* Their places, sorted by_trouble; to be freed. */
static const struct finding **troubles(const struct findings *findings)
{
	const struct finding **place = mem_alloc((findings->n + 1) * sizeof(*place));

	for (size_t i = 0; i < findings->n; i++)
		place[i] = &findings->finding[i];
	qsort(place, findings->n, sizeof(*place), by_trouble);
	return place;
}

void lint_against(const struct findings *before, const struct check_input *draft, struct findings *out)
{
	const struct finding **known = troubles(before);

	lint_run(draft, out);
	for (size_t i = 0; i < out->n; i++) {
		const struct finding *had = same_trouble(known, before->n, &out->finding[i]);

		out->finding[i].introduced = !had || had->level > out->finding[i].level;
	}
	sort(out);
	free(known);
}

static bool is_skipped(const struct findings *findings, const char *id)
{
	for (size_t i = 0; i < findings->n_skip; i++)
		if (strcmp(findings->skip[i].id, id) == 0)
			return true;
	return false;
}

void lint_cured(const struct check_input *live, const struct findings *draft, struct findings *out)
{
	const struct finding **left = troubles(draft);
	struct check_input as_draft = *live;
	size_t n = 0;

	/* What is said of the live answer alone, no draft cures. */
	as_draft.is_draft = true;
	lint_run(&as_draft, out);
	for (size_t i = 0; i < out->n; i++)
		if (!same_trouble(left, draft->n, &out->finding[i]) && !is_skipped(draft, out->finding[i].check->id))
			out->finding[n++] = out->finding[i];
	out->n = n;
	free(left);
}

void lint_draft(const struct check_input *live, const struct check_input *draft, struct findings *out)
{
	struct findings before = { 0 };

	lint_run(live, &before);
	lint_against(&before, draft, out);
	findings_release(&before);
}

/* Is there any error, new or old? */
static bool has_errors(const struct check_input *in)
{
	struct check_index index = { 0 };
	struct check_input with = *in;
	struct findings found = { 0 };
	size_t n;

	check_index_build(&index, in);
	with.index = &index;
	for (size_t i = 0; checks[i]; i++)
		if (may_err(checks[i]))
			checks[i]->run(checks[i], &with, &found);
	n = findings_count(&found, LEVEL_ERROR, false);
	findings_release(&found);
	check_index_release(&index);
	return n;
}

void lint_errors(const struct check_input *live, const struct check_input *draft, struct findings *out)
{
	assert(draft->is_draft);
	findings_clear(out);
	if (has_errors(draft))
		lint_draft(live, draft, out);
}

size_t findings_count(const struct findings *findings, enum check_level level, bool only_introduced)
{
	size_t count = 0;

	for (size_t i = 0; i < findings->n; i++)
		count += findings->finding[i].level <= level && !findings->finding[i].accepted &&
			 (!only_introduced || findings->finding[i].introduced);
	return count;
}
