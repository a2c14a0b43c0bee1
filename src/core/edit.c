/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/edit.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "core/ladder.h"
#include "base/banned.h"

#define PREFERENCE_MAX 65535u
#define GAP 10u

struct edit *edits_add(struct edits *edits, enum edit_verb verb)
{
	struct edit *edit;

	edits->edit = mem_grow(edits->edit, edits->n, &edits->cap, sizeof(*edits->edit));
	edit = &edits->edit[edits->n++];
	*edit = (struct edit){ .verb = verb };
	return edit;
}

void edits_release(struct edits *edits)
{
	free(edits->edit);
	*edits = (struct edits){ 0 };
}

/* ---- which record is meant ---- */

static bool unknown_record(const struct mxset *set, const struct mx *mx, struct err *err)
{
	char host[DNAME_TEXT_MAX];
	struct str known;

	mx_host_show(mx, host);
	if (set->n == 0)
		return err_set(err, ERR_USAGE, N_("the draft has no record of \"%s\": it is empty"), host);
	str_init(&known, 0);
	for (size_t i = 0; i < set->n; i++) {
		char other[DNAME_TEXT_MAX];

		if (i)
			str_add(&known, ", ");
		str_add(&known, mx_host_show(&set->mx[i], other));
	}
	err_set(err, ERR_USAGE, N_("the draft has no record of \"%s\""), host);
	err_hint(err, N_("It has: %s."), known.s);
	str_release(&known);
	return false;
}

/* The index of the record in *at. Repeated records count as one. */
static bool find(const struct mxset *set, const struct mx *mx, size_t *at, struct err *err)
{
	char host[DNAME_TEXT_MAX];
	struct mx wanted = *mx;
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++) {
		wanted.preference = mx->preference == EDIT_ANY ? set->mx[i].preference : mx->preference;
		if (!mx_equal(&set->mx[i], &wanted) || (n && mx_equal(&set->mx[i - 1], &set->mx[i])))
			continue;
		if (n++ == 0)
			*at = i;
	}
	if (n == 1)
		return true;
	if (n == 0)
		return unknown_record(set, mx, err);
	mx_host_show(mx, host);
	err_set(err, ERR_USAGE, N_("\"%s\" stands in the draft with several preferences"), host);
	err_hint(err, N_("Say which: %s@%u."), host, (unsigned int)set->mx[*at].preference);
	return false;
}

/* ---- what an edit does ---- */

static bool run_add(struct mxset *set, const struct mx *mx, struct err *err)
{
	char host[DNAME_TEXT_MAX];

	if (mx->preference > PREFERENCE_MAX)
		return err_set(err, ERR_USAGE, N_("a preference is a number from 0 to 65535, not %u"), (unsigned int)mx->preference);
	if (mxset_has(set, mx))
		return err_set(err, ERR_USAGE, N_("the draft already has %s with preference %u"), mx_host_show(mx, host),
			(unsigned int)mx->preference);
	mxset_add(set, mx);
	return true;
}

/* Puts mx in the place of record i. */
static bool replace(struct mxset *set, size_t i, const struct mx *mx, struct err *err)
{
	struct mx old = set->mx[i];

	if (mx_equal(&old, mx))
		return true;
	mxset_remove(set, i);
	if (run_add(set, mx, err))
		return true;
	mxset_add(set, &old);
	return false;
}

/* A preference for a new rung before rung `at` of the ladder (at == n: after the last). False when there is no room. */
static bool find_room(const struct ladder *ladder, size_t at, uint32_t *preference)
{
	uint32_t low = at > 0 ? ladder->rung[at - 1].preference : 0;
	uint32_t high = at < ladder->n ? ladder->rung[at].preference : PREFERENCE_MAX + 1;

	if (at == 0)
		*preference = high >= GAP ? high - GAP : high / 2;
	else if (at == ladder->n && low <= PREFERENCE_MAX - GAP)
		*preference = low + GAP;
	else
		*preference = low + (high > low ? (high - low) / 2 : 0);
	return *preference <= PREFERENCE_MAX && *preference < high && (at == 0 || *preference > low);
}

/* All rungs become 10, 20, 30 ...; record i stands alone before what was rung `at`. i == set->n: nothing moves. */
static bool spread(struct mxset *set, const struct ladder *ladder, size_t at, size_t i, struct err *err)
{
	if ((ladder->n + 1) * GAP > PREFERENCE_MAX)
		return err_set(err, ERR_USAGE, N_("there are too many rungs to number them in tens"));
	for (size_t r = 0; r < ladder->n; r++) {
		for (size_t k = 0; k < ladder->rung[r].n; k++)
			set->mx[ladder->rung[r].first + k].preference = (uint32_t)(r + 1 + (r >= at)) * GAP;
	}
	if (i < set->n)
		set->mx[i].preference = (uint32_t)(at + 1) * GAP;
	mxset_sort(set);
	return true;
}

/* Leaves a shared rung for a new one of its own, before what is now rung `at`. */
static bool leave_rung(struct mxset *set, size_t i, const struct ladder *ladder, size_t at, struct err *err)
{
	struct mx mx = set->mx[i];

	if (find_room(ladder, at, &mx.preference))
		return replace(set, i, &mx, err);
	return spread(set, ladder, at, i, err);
}

static bool run_step(struct mxset *set, size_t i, bool up, struct err *err)
{
	struct ladder ladder = { 0 };
	struct mx mx = set->mx[i];
	size_t rung;
	bool ok;

	ladder_build(&ladder, set);
	rung = ladder_rung_of(&ladder, i);
	if (ladder.rung[rung].n > 1) {
		ok = leave_rung(set, i, &ladder, up ? rung : rung + 1, err);
	} else if (up && rung == 0) {
		ok = err_set(err, ERR_USAGE, N_("it already stands alone on the first rung"));
	} else if (!up && rung + 1 == ladder.n) {
		ok = err_set(err, ERR_USAGE, N_("it already stands alone on the last rung"));
	} else {
		mx.preference = ladder.rung[up ? rung - 1 : rung + 1].preference;
		ok = replace(set, i, &mx, err);
	}
	ladder_release(&ladder);
	return ok;
}

static bool run_renumber(struct mxset *set, struct err *err)
{
	struct ladder ladder = { 0 };
	bool ok;

	ladder_build(&ladder, set);
	ok = spread(set, &ladder, ladder.n, set->n, err);
	ladder_release(&ladder);
	return ok;
}

static bool run_ttl(struct mxset *set, uint32_t ttl_s, struct err *err)
{
	if (ttl_s > MX_TTL_MAX)
		return err_set(err, ERR_USAGE, N_("a TTL is at most %u seconds (RFC 2181 section 8)"), MX_TTL_MAX);
	set->ttl_s = ttl_s;
	return true;
}

static bool run_clear(struct mxset *set)
{
	uint32_t ttl_s = set->ttl_s;

	mxset_release(set);
	set->ttl_s = ttl_s;
	return true;
}

/* An edit of the record that mx names. */
static bool run_on_record(struct mxset *set, const struct edit *edit, struct err *err)
{
	size_t i, with;
	struct mx mx;

	if (!find(set, &edit->mx, &i, err) || (edit->verb == EDIT_LEVEL && !find(set, &edit->with, &with, err)))
		return false;
	mx = set->mx[i];
	switch (edit->verb) {
	case EDIT_REMOVE:
		mxset_remove(set, i);
		return true;
	case EDIT_PREFER:
		mx.preference = edit->with.preference;
		break;
	case EDIT_RENAME:
		mx = edit->with;
		mx.preference = set->mx[i].preference;
		break;
	case EDIT_LEVEL:
		mx.preference = set->mx[with].preference;
		break;
	default:
		return run_step(set, i, edit->verb == EDIT_RAISE, err);
	}
	return replace(set, i, &mx, err);
}

bool edit_run(struct mxset *set, const struct edit *edit, struct err *err)
{
	switch (edit->verb) {
	case EDIT_ADD:
		return run_add(set, &edit->mx, err);
	case EDIT_RENUMBER:
		return run_renumber(set, err);
	case EDIT_TTL:
		return run_ttl(set, edit->ttl_s, err);
	case EDIT_CLEAR:
		return run_clear(set);
	default:
		return run_on_record(set, edit, err);
	}
}
