/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What earlier pushes mean for the set of now: answers that caches still hold, and a TTL that was lowered for a move. */
#include "base/i18n.h"
#include "base/str.h"
#include "base/text.h"
#include "check/checks.h"
#include "check/rules.h"
#include "base/banned.h"

#define MOVE_TTL_S 3600u                  /* a TTL below it is one for a move */
#define MOVE_TAKES_S ((int64_t)7 * 86400) /* at most, as is assumed */

static bool past_is_known(const struct check *check, const struct check_input *in, struct findings *out)
{
	if (in->facts->past.known == FACT_YES)
		return true;
	msg_set(findings_skip(out, check), in->facts->past.known == FACT_NO ? N_("the journal of earlier pushes could not be read")
									    : N_("earlier pushes were not looked at"));
	return false;
}

static const struct mx *first_removed(const struct check_input *in)
{
	const struct mxset *live = &in->facts->live;

	for (size_t i = 0; i < live->n; i++)
		if (target_is_name(&live->mx[i]) && target_find(in, &live->mx[i].host) == in->set->n)
			return &live->mx[i];
	return NULL;
}

static void drain_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct facts *facts = in->facts;
	uint32_t ttl = facts->live.ttl_s <= MX_TTL_MAX ? facts->live.ttl_s : 0;
	const struct mx *removed = in->is_draft ? first_removed(in) : NULL;
	char text[DNAME_TEXT_MAX];
	struct str until;

	if (!removed || !past_is_known(check, in, out) || facts->past.gone_at <= facts->observed_at + ttl)
		return;
	str_init(&until, 0);
	text_time(&until, facts->past.gone_at);
	msg_set(&findings_add(out, check, NULL)->text,
		N_("caches may hold what stood before an earlier push until %s or longer: until then %s is still asked"), until.s,
		mx_host_show(removed, text));
	str_release(&until);
}

const struct check check_drain_not_over = {
	.id = "drain-not-over",
	.level = LEVEL_WARNING,
	.title = N_("A lowered TTL should have come into force before servers go"),
	.why = N_(
		"A cache keeps an answer by the TTL that it came with. A server that goes before that time has run out must go on taking mail until then, and the lower TTL is no help yet if the change has to be taken back."),
	.reference = "RFC 1034 §3.6",
	.needs = NEEDS_PAST,
	.run = drain_run,
};

static void restored_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct past_facts *past = &in->facts->past;
	char from[TEXT_SPAN_MAX], to[TEXT_SPAN_MAX];
	struct finding *finding;
	struct str at;

	if (in->is_draft || !in->set->n || !past_is_known(check, in, out) || !past->lowered_from_s || past->lowered_to_s >= MOVE_TTL_S)
		return;
	if (in->set->ttl_s == MX_TTL_UNKNOWN) {
		msg_set(findings_skip(out, check), N_("the TTL of the set is not known: only a cache told it"));
		return;
	}
	if (in->set->ttl_s != past->lowered_to_s || in->facts->observed_at - past->lowered_at <= MOVE_TAKES_S)
		return;
	str_init(&at, 0);
	text_time(&at, past->lowered_at);
	finding = findings_add(out, check, NULL);
	msg_set(&finding->text, N_("a push from here lowered the TTL from %s to %s at %s, and that is what it is now"),
		text_span(past->lowered_from_s, from), text_span(past->lowered_to_s, to), at.s);
	finding_fix(finding, "ttl %lu", (unsigned long)past->lowered_from_s);
	str_release(&at);
}

const struct check check_ttl_not_restored = {
	.id = "ttl-not-restored",
	.level = LEVEL_NOTICE,
	.title = N_("A TTL that was lowered for a move should be raised after it"),
	.why = N_(
		"With a short TTL senders ask the name servers more often, and caches are no help while those are down. After a move, nobody needs it any more."),
	.reference = "RFC 1912 §2.2",
	.needs = NEEDS_PAST,
	.run = restored_run,
};
