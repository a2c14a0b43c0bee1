/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which calls turn the held records into the wanted ones, in order, at vendors that keep each record by itself. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "provider/shape.h"
#include "base/banned.h"

#define NOBODY ((size_t)-1)

struct match { /* which held record becomes which wanted one */
	const struct provider_set *have;
	const struct mxset *want;
	bool in_place;   /* the vendor can change a record */
	size_t *becomes; /* of have: index in want, or NOBODY: not needed */
	bool *placed;    /* of want */
};

/* An order of ids that every client sees alike. */
static bool comes_before(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b);

	return a_len != b_len ? a_len < b_len : strcmp(a, b) < 0;
}

static void add_change(struct provider_run *run, const struct vendor_change *change)
{
	struct vendor_state *state = vendor_state(run);

	state->change = mem_grow(state->change, state->n, &state->cap, sizeof *state->change);
	state->change[state->n++] = *change;
}

/* The first free record that equals want[w], by id; NOBODY. */
static size_t find_equal(const struct match *match, size_t w)
{
	size_t best = NOBODY;

	for (size_t i = 0; i < match->have->n; i++) {
		const struct provider_record *record = &match->have->record[i];

		if (record->disabled || match->becomes[i] != NOBODY || !mx_equal(&record->mx, &match->want->mx[w]))
			continue;
		if (best == NOBODY || comes_before(record->id, match->have->record[best].id))
			best = i;
	}
	return best;
}

/* What is wanted and there stays; repeats of a wanted record count once. */
static void keep_equal(struct match *match)
{
	for (size_t w = 0; w < match->want->n; w++) {
		size_t i;

		for (size_t k = 0; k < w; k++)
			match->placed[w] |= mx_equal(&match->want->mx[k], &match->want->mx[w]);
		if (match->placed[w])
			continue;
		i = find_equal(match, w);
		if (i == NOBODY)
			continue;
		match->becomes[i] = w;
		match->placed[w] = true;
	}
}

/* Turns old records into new ones: of the same host first, so that it is the preference that changes. */
static void pair(struct match *match)
{
	for (int pass = 0; pass < 2; pass++)
		for (size_t w = 0; w < match->want->n; w++)
			for (size_t i = 0; i < match->have->n && !match->placed[w]; i++) {
				const struct provider_record *record = &match->have->record[i];

				if (record->disabled || match->becomes[i] != NOBODY ||
					(pass == 0 && !dname_equal(&record->mx.host, &match->want->mx[w].host)))
					continue;
				match->becomes[i] = w;
				match->placed[w] = true;
			}
}

/*
 * The anchor is the published record with the first id. It is never removed, only changed: two clients that each
 * remove what the other keeps then never empty the set between them. It takes the part of another kept record, which
 * is then not needed. Returns its index where it has to be changed for this, else NOBODY.
 */
static size_t keep_anchor(struct match *match)
{
	const struct provider_set *have = match->have;
	size_t anchor = NOBODY, other = NOBODY;

	for (size_t i = 0; i < have->n; i++) {
		if (have->record[i].disabled)
			continue;
		if (anchor == NOBODY || comes_before(have->record[i].id, have->record[anchor].id))
			anchor = i;
		if (match->becomes[i] != NOBODY)
			other = i;
	}
	if (anchor == NOBODY || other == NOBODY || match->becomes[anchor] != NOBODY)
		return NOBODY;
	match->becomes[anchor] = match->becomes[other];
	match->becomes[other] = NOBODY;
	return anchor;
}

static bool all_automatic(const struct provider_run *run)
{
	size_t n = 0;

	for (size_t i = 0; i < run->have.n; i++) {
		if (run->have.record[i].disabled)
			continue;
		if (!run->have.record[i].automatic || run->have.record[i].ttl_s != run->want.ttl_s)
			return false;
		n++;
	}
	return n > 0;
}

static struct vendor_change change_of(const struct provider_run *run, enum vendor_verb verb, const struct mx *mx)
{
	return (struct vendor_change){
		.verb = verb, .mx = *mx, .ttl_s = run->want.ttl_s, .automatic = run->automatic || all_automatic(run)
	};
}

static void change_record(struct provider_run *run, const struct match *match, size_t i)
{
	struct vendor_change change = change_of(run, VENDOR_CHANGE, &match->want->mx[match->becomes[i]]);

	memcpy(change.id, run->have.record[i].id, sizeof change.id);
	add_change(run, &change);
}

static void change_records(struct provider_run *run, const struct match *match)
{
	for (size_t i = 0; i < match->have->n; i++) {
		const struct provider_record *record = &match->have->record[i];

		if (match->becomes[i] != NOBODY && (record->ttl_s != run->want.ttl_s || (run->automatic && !record->automatic) ||
							   !mx_equal(&record->mx, &match->want->mx[match->becomes[i]])))
			change_record(run, match, i);
	}
}

static void add_records(struct provider_run *run, const struct match *match)
{
	for (size_t w = 0; w < match->want->n; w++) {
		struct vendor_change change = change_of(run, VENDOR_ADD, &match->want->mx[w]);

		if (!match->placed[w])
			add_change(run, &change);
	}
}

/* At most `most` of what is not needed. */
static void remove_records(struct provider_run *run, const struct match *match, size_t most)
{
	for (size_t i = 0; i < match->have->n && most; i++) {
		struct vendor_change change = change_of(run, VENDOR_REMOVE, &match->have->record[i].mx);

		if (match->becomes[i] != NOBODY || match->have->record[i].disabled)
			continue;
		memcpy(change.id, match->have->record[i].id, sizeof change.id);
		add_change(run, &change);
		most--;
	}
}

/* Removes one record, but only where everything that is wanted has been seen. */
static bool remove_one(struct provider_run *run, struct match *match, struct err *err)
{
	size_t anchor = NOBODY;
	char text[DNAME_TEXT_MAX];

	for (size_t w = 0; w < match->want->n; w++)
		if (!match->placed[w])
			return err_set(err, ERR_CONFLICT, N_("MX %u %s is not there: nothing is removed"),
				(unsigned int)match->want->mx[w].preference, mx_host_text(&match->want->mx[w], text));
	if (run->guard && match->in_place)
		anchor = keep_anchor(match);
	if (anchor != NOBODY)
		change_record(run, match, anchor);
	else
		remove_records(run, match, 1);
	return true;
}

static bool plan_part(struct provider_run *run, struct match *match, struct err *err)
{
	/* In one transaction a change in place leaves nothing to remove and add; alone it would take the old record away
	 * before the others have come. */
	bool batch = run->account->provider->caps & CAP_BATCH;

	keep_equal(match);
	if (batch) {
		pair(match);
		keep_anchor(match);
	}
	if (run->part == PART_REMOVE)
		return remove_one(run, match, err);
	change_records(run, match);
	add_records(run, match);
	if (run->part == PART_ALL)
		remove_records(run, match, run->have.n);
	return true;
}

bool vendor_check_locked(const struct provider_run *run, struct err *err)
{
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < run->have.n; i++)
		if (run->have.record[i].locked) {
			err_set(err, ERR_REFUSED,
				N_("%s ties the MX record of %s to a service, a policy or a protection of its own: it is left alone"),
				run->account->provider->title, mx_host_text(&run->have.record[i].mx, text));
			err_hint(err, N_("Change it at the vendor, or take away what it is tied to first."));
			return false;
		}
	return true;
}

/* Refuses a new TTL where the vendor cannot change a record: its twin would differ in nothing but the TTL. */
static bool can_have_ttl(const struct provider_run *run, bool in_place, struct err *err)
{
	char text[DNAME_TEXT_MAX], span[TEXT_SPAN_MAX];

	for (size_t i = 0; i < run->have.n && !in_place; i++) {
		const struct provider_record *record = &run->have.record[i];

		if (record->disabled || record->ttl_s == run->want.ttl_s || !mxset_has(&run->want, &record->mx))
			continue;
		err_set(err, ERR_REFUSED, N_("%s cannot change the TTL of a record, and MX %u %s is to stay"),
			run->account->provider->title, (unsigned int)record->mx.preference, mx_host_text(&record->mx, text));
		err_hint(err, N_("Keep the TTL of %s in the plan."), text_span(record->ttl_s, span));
		return false;
	}
	return true;
}

bool vendor_changes(struct provider_run *run, struct err *err)
{
	const struct shape *shape = run->account->provider->shape;
	struct match match = { .have = &run->have, .want = &run->want, .in_place = !shape || shape->change.path || shape->batch.path };
	struct vendor_state *state = vendor_state(run);
	bool ok;

	state->n = 0;
	run->at = 0;
	if (vendor_is_wanted(run) && !run->automatic)
		return true;
	if (!vendor_check_locked(run, err) || !can_have_ttl(run, match.in_place, err))
		return false;
	match.becomes = mem_alloc((run->have.n + 1) * sizeof *match.becomes);
	match.placed = mem_alloc(run->want.n + 1);
	for (size_t i = 0; i < run->have.n; i++)
		match.becomes[i] = NOBODY;
	ok = plan_part(run, &match, err);
	free(match.becomes);
	free(match.placed);
	return ok;
}

bool vendor_check_want(const struct provider_run *run, struct err *err)
{
	return provider_limits_take(run->account->provider, &run->limits, &run->want, err);
}
