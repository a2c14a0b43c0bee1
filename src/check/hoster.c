/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail hosters' sets: whole, in order, of today, and beside what they go with. */
#include <string.h>

#include "base/i18n.h"
#include "check/checks.h"
#include "check/rules.h"
#include "core/ladder.h"
#include "core/preset.h"
#include "base/banned.h"

static void leftover_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < in->set->n; i++) {
		struct finding *finding;

		if (!preset_is_leftover(&in->set->mx[i].host))
			continue;
		finding = findings_add(out, check, &in->set->mx[i]);
		msg_set(&finding->text, N_("%s was published to prove who owns the domain: it takes no mail"),
			mx_host_show(&in->set->mx[i], text));
		finding_fix_remove(finding, in);
	}
}

const struct check check_leftover_verification = {
	.id = "leftover-verification",
	.level = LEVEL_NOTICE,
	.title = N_("A record that proved the ownership should be removed"),
	.why = N_("The hoster looked for it once. Since then senders that have no other server left look a name up that does not exist."),
	.reference = "learn.microsoft.com, support.google.com",
	.run = leftover_run,
};

/* ---- several hosters ---- */

static void two_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct preset *first = NULL;
	char one[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX];
	size_t at = 0;

	for (size_t i = 0; i < in->set->n; i++) {
		const struct preset *of = record_hoster(in, i);

		if (!of || of->kind != PRESET_MAILBOX)
			continue;
		if (!first) {
			first = of;
			at = i;
		} else if (!preset_same_owner(first, of)) {
			msg_set(&findings_add(out, check, &in->set->mx[i])->text, N_("%s belongs to %s, and %s to %s"),
				mx_host_show(&in->set->mx[at], one), preset_owner(first)->title, mx_host_show(&in->set->mx[i], other),
				preset_owner(of)->title);
			return;
		}
	}
}

const struct check check_two_hosters = {
	.id = "two-hosters",
	.level = LEVEL_WARNING,
	.title = N_("One hoster should hold the mailboxes"),
	.why = N_("Two hosters share no mailboxes: what reaches the second one is refused there, or lies in a mailbox that nobody reads."),
	.reference = "developers.cloudflare.com/email-routing",
	.run = two_run,
};

/* Are all records of the best rung a filter's? Then the rung's last record is *last. */
static bool has_filter_in_front(const struct check_input *in, size_t *last)
{
	const struct mxset *set = in->set;
	size_t i = 0;

	while (i < set->n && set->mx[i].preference == set->mx[0].preference) {
		const struct preset *of = record_hoster(in, i);

		if (!of || of->kind != PRESET_FILTER)
			return false;
		*last = i++;
	}
	return i > 0 && i < set->n;
}

static void bypass_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char front[DNAME_TEXT_MAX], text[DNAME_TEXT_MAX];
	size_t last = 0;

	if (!has_filter_in_front(in, &last))
		return;
	for (size_t i = last + 1; i < in->set->n; i++) {
		const struct preset *of = record_hoster(in, i);
		struct finding *finding;

		if (!record_is_new(in, i) || preset_is_leftover(&in->set->mx[i].host) || (of && of->kind != PRESET_MAILBOX))
			continue;
		finding = findings_add(out, check, &in->set->mx[i]);
		msg_set(&finding->text, N_("%s goes around the filter %s"), mx_host_show(&in->set->mx[i], text),
			mx_host_show(&in->set->mx[0], front));
		finding_fix_remove(finding, in);
	}
}

const struct check check_filter_bypass = {
	.id = "filter-bypass",
	.level = LEVEL_WARNING,
	.title = N_("No record should lead around the filter"),
	.why = N_(
		"Those who send spam use the worse rungs on purpose. What comes in there was seen by no filter; let the mailboxes take mail from the filter alone."),
	.reference = "RFC 5321 §5.1",
	.run = bypass_run,
};

/* ---- a hoster's own set ---- */

static bool has_place(const struct check_input *in, const struct preset *row, size_t place)
{
	for (size_t i = 0; i < in->set->n; i++)
		if (preset_place(row, &in->set->mx[i].host) == place)
			return true;
	return false;
}

/* Hosts of two regions of one hoster. */
static bool regions_mixed(const struct check *check, const struct check_input *in, struct findings *out)
{
	char one[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX];
	const struct preset *first = in->set->n ? record_hoster(in, 0) : NULL;

	for (size_t i = 1; first && i < in->set->n; i++) {
		const struct preset *of = record_hoster(in, i);

		if (!of || of == first || !(of->flags & PRESET_REGION) || !preset_same_owner(of, first))
			continue;
		msg_set(&findings_add(out, check, &in->set->mx[i])->text, N_("%s is of %s, and %s of %s"),
			mx_host_show(&in->set->mx[0], one), first->title, mx_host_show(&in->set->mx[i], other), of->title);
		return true;
	}
	return false;
}

static void drift_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct preset *row = set_hoster(in);

	if (!row || regions_mixed(check, in, out) || !preset_is_complete(row) || row->sure == PRESET_MEMORY)
		return;
	for (size_t i = 0; i < in->set->n; i++)
		if (!preset_is_leftover(&in->set->mx[i].host) && preset_place(row, &in->set->mx[i].host) == PRESET_MX)
			return; /* the hoster has names that the row does not list */
	for (size_t place = 0; place < PRESET_MX && row->mx[place].host; place++) {
		struct finding *finding;

		if (has_place(in, row, place))
			continue;
		finding = findings_add(out, check, NULL);
		msg_set(&finding->text, N_("%s is missing, which the set of %s has (%s, %s)"), row->mx[place].host, row->title, row->source,
			row->date);
		if (!(row->flags & PRESET_ANY_RANK))
			finding_fix(finding, "add %lu %s", (unsigned long)row->mx[place].preference, row->mx[place].host);
	}
}

const struct check check_preset_drift = {
	.id = "preset-drift",
	.level = LEVEL_NOTICE,
	.title = N_("A hoster's set should be whole, and of one region"),
	.why = N_("The hoster expects all of its servers to be named, and knows an account in its own region alone."),
	.reference = "mxladder list presets",
	.run = drift_run,
};

/* The best record of each of the row's hosts; NULL: none. */
static void best_records(const struct check_input *in, const struct preset *row, const struct mx *best[PRESET_MX])
{
	for (size_t place = 0; place < PRESET_MX; place++)
		best[place] = NULL;
	for (size_t i = 0; i < in->set->n; i++) {
		size_t place = target_is_first(in, i) ? preset_place(row, &in->set->mx[i].host) : PRESET_MX;

		if (place < PRESET_MX && !best[place])
			best[place] = &in->set->mx[i];
	}
}

static void rank_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct preset *row = set_hoster(in);
	char one[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX];
	const struct mx *best[PRESET_MX];

	if (!row || (row->flags & PRESET_ANY_RANK) || row->sure == PRESET_MEMORY)
		return;
	best_records(in, row, best);
	for (size_t i = 0; i < PRESET_MX; i++)
		for (size_t k = 0; k < PRESET_MX; k++) {
			/* the hoster ranks one before the other, and the set does not */
			if (!best[i] || !best[k] || row->mx[i].preference >= row->mx[k].preference ||
				best[i]->preference < best[k]->preference)
				continue;
			msg_set(&findings_add(out, check, best[i])->text,
				N_("%s stands at %lu, %s at %lu; the hoster has the first one before the second"),
				mx_host_show(best[i], one), (unsigned long)best[i]->preference, mx_host_show(best[k], other),
				(unsigned long)best[k]->preference);
			return;
		}
}

const struct check check_rank_vs_preset = {
	.id = "rank-vs-preset",
	.level = LEVEL_NOTICE,
	.title = N_("A hoster's servers should stand in its order"),
	.why = N_(
		"The numbers are free, their order is not: the server that the hoster puts last may be slower, smaller, or meant for emergencies alone."),
	.reference = "mxladder list presets",
	.run = rank_run,
};

/* ---- names of old, and names that were guessed ---- */

static void retired_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < in->set->n; i++) {
		const struct preset_retired *retired = preset_retired(&in->set->mx[i].host);
		struct finding *finding;

		if (!retired || !target_is_first(in, i))
			continue;
		finding = findings_add(out, check, &in->set->mx[i]);
		finding->level = retired->ended ? check->level : LEVEL_NOTICE;
		msg_set(&finding->text,
			retired->ended ? N_("%s belongs to %s, a service that has ended")
				       : N_("%s is a name of %s from earlier years, which new customers do not get"),
			mx_host_show(&in->set->mx[i], text), retired->service);
	}
}

const struct check check_retired_hoster = {
	.id = "retired-hoster",
	.level = LEVEL_WARNING,
	.title = N_("A target should belong to a service that is there"),
	.why = N_("Names of a service that has ended stop answering, or go to another owner. So may old names, without notice."),
	.reference = "mxladder list presets",
	.run = retired_run,
};

/* "exempel-com.mail.protection.outlook.com" of exempel.com. */
static bool is_derived(const struct check_input *in, const struct dname *host)
{
	static const char under[] = ".mail.protection.outlook.com";
	char text[DNAME_TEXT_MAX], domain[DNAME_TEXT_MAX];
	size_t len;

	if (!host->len)
		return false;
	dname_text(host, text);
	dname_text(in->domain, domain);
	len = strlen(domain);
	for (size_t i = 0; i < len; i++)
		domain[i] = domain[i] == '.' ? '-' : domain[i];
	return strncmp(text, domain, len) == 0 && strcmp(text + len, under) == 0;
}

static void derived_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; in->is_draft && i < in->set->n; i++)
		if (is_derived(in, &in->set->mx[i].host) && mxset_find(&in->facts->live, &in->set->mx[i].host) == in->facts->live.n)
			msg_set(&findings_add(out, check, &in->set->mx[i])->text,
				N_("%s is made from the domain's name: is it what the admin centre of Microsoft 365 shows?"),
				mx_host_show(&in->set->mx[i], text));
}

const struct check check_m365_derived = {
	.id = "m365-derived",
	.level = LEVEL_NOTICE,
	.title = N_("A name at Microsoft 365 should be the one that the tenant shows"),
	.why = N_(
		"Domains that were added since July 2026 get names that cannot be made from the domain's; a name that was guessed may lead to nobody."),
	.reference = "Microsoft MC1048624",
	.run = derived_run,
};
