/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/lint.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
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
	const struct finding *a = left, *b = right;
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

static void sort(struct findings *out)
{
	if (out->n > 1)
		qsort(out->finding, out->n, sizeof(*out->finding), by_weight);
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
		msg_set(findings_unseen(out, "servers"), N_("no name server was asked"));
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

void lint_run(const struct check_input *in, struct findings *out)
{
	findings_clear(out);
	if (set_is_known(in, out)) {
		for (size_t i = 0; checks[i]; i++)
			checks[i]->run(checks[i], in, out);
		sort(out);
	}
	servers_unseen(in->facts, out);
	dnssec_unseen(in->facts, out);
}

/* The same trouble with the same host, whatever its preference, and not milder. */
static bool has(const struct findings *findings, const struct finding *wanted)
{
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *f = &findings->finding[i];

		if (f->check == wanted->check && f->level <= wanted->level && dname_equal(&f->mx.host, &wanted->mx.host) &&
			strcmp(f->mx.odd, wanted->mx.odd) == 0)
			return true;
	}
	return false;
}

void lint_draft(const struct check_input *live, const struct check_input *draft, struct findings *out)
{
	struct findings before = { 0 };

	lint_run(live, &before);
	lint_run(draft, out);
	for (size_t i = 0; i < out->n; i++)
		out->finding[i].introduced = !has(&before, &out->finding[i]);
	sort(out);
	findings_release(&before);
}

size_t findings_count(const struct findings *findings, enum check_level level, bool only_introduced)
{
	size_t count = 0;

	for (size_t i = 0; i < findings->n; i++)
		count += findings->finding[i].level <= level && (!only_introduced || findings->finding[i].introduced);
	return count;
}
