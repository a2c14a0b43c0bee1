/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of vendors that keep each record by itself. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "provider/vendor.h"
#include "base/banned.h"

struct side { /* who is matched with whom */
	const struct provider_set *have;
	const struct mxset *want;
	bool *kept, *placed; /* of have, of want */
};

static void add_change(struct provider_run *run, const struct vendor_change *change)
{
	struct vendor_state *state = vendor_state(run);

	state->change = mem_grow(state->change, state->n, &state->cap, sizeof *state->change);
	state->change[state->n++] = *change;
}

static void change_record(struct provider_run *run, size_t i, const struct mx *mx)
{
	struct vendor_change change = { VENDOR_CHANGE, *mx, run->want.ttl_s, "" };

	memcpy(change.id, run->have.record[i].id, sizeof change.id);
	add_change(run, &change);
}

/* What is wanted and there stays; repeats of a wanted record count once. */
static void keep_equal(struct provider_run *run, struct side *side)
{
	for (size_t w = 0; w < side->want->n; w++) {
		for (size_t k = 0; k < w; k++)
			side->placed[w] |= mx_equal(&side->want->mx[k], &side->want->mx[w]);
		for (size_t i = 0; i < side->have->n && !side->placed[w]; i++) {
			const struct provider_record *record = &side->have->record[i];

			if (record->disabled || side->kept[i] || !mx_equal(&record->mx, &side->want->mx[w]))
				continue;
			side->kept[i] = side->placed[w] = true;
			if (record->ttl_s != run->want.ttl_s)
				change_record(run, i, &record->mx);
		}
	}
}

/* Turns old records into new ones: of the same host first, so that it is the preference that changes. */
static void pair(struct provider_run *run, struct side *side)
{
	for (int pass = 0; pass < 2; pass++)
		for (size_t w = 0; w < side->want->n; w++)
			for (size_t i = 0; i < side->have->n && !side->placed[w]; i++) {
				const struct provider_record *record = &side->have->record[i];

				if (record->disabled || side->kept[i] ||
					(pass == 0 && !dname_equal(&record->mx.host, &side->want->mx[w].host)))
					continue;
				side->kept[i] = side->placed[w] = true;
				change_record(run, i, &side->want->mx[w]);
			}
}

static bool check_locked(const struct provider_run *run, struct err *err)
{
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < run->have.n; i++)
		if (run->have.record[i].locked) {
			err_set(err, ERR_REFUSED, N_("%s keeps the MX record of %s for a service of its own: it cannot be changed here"),
				run->account->provider->title, mx_host_text(&run->have.record[i].mx, text));
			err_hint(err, N_("switch that service off at the vendor first"));
			return false;
		}
	return true;
}

bool vendor_plan(struct provider_run *run, struct err *err)
{
	struct side side = { &run->have, &run->want, NULL, NULL };
	bool batch = run->account->provider->caps & CAP_BATCH;
	struct vendor_state *state = vendor_state(run);

	state->n = 0;
	run->at = 0;
	if (vendor_is_wanted(run))
		return true;
	if (!check_locked(run, err))
		return false;
	side.kept = mem_alloc(run->have.n + 1);
	side.placed = mem_alloc(run->want.n + 1);
	keep_equal(run, &side);
	/* In one transaction a change in place leaves nothing to remove and add; alone it would take the old record away
	 * before the others have come. */
	if (batch)
		pair(run, &side);
	for (size_t w = 0; w < run->want.n; w++)
		if (!side.placed[w])
			add_change(run, &(struct vendor_change){ VENDOR_ADD, run->want.mx[w], run->want.ttl_s, "" });
	for (size_t i = 0; i < run->have.n; i++) {
		struct vendor_change change = { VENDOR_REMOVE, run->have.record[i].mx, 0, "" };

		memcpy(change.id, run->have.record[i].id, sizeof change.id);
		if (!side.kept[i] && !run->have.record[i].disabled)
			add_change(run, &change);
	}
	free(side.kept);
	free(side.placed);
	return true;
}

bool vendor_check_want(const struct provider_run *run, struct err *err)
{
	const struct provider *provider = run->account->provider;
	uint32_t ttl_s = run->want.ttl_s;

	if (!run->want.n)
		return true;
	if ((provider->ttl_min_s && ttl_s < provider->ttl_min_s) || (provider->ttl_max_s && ttl_s > provider->ttl_max_s))
		return err_set(err, ERR_REFUSED, N_("%s takes a TTL from %u to %u seconds, not %u"), provider->title,
			(unsigned int)provider->ttl_min_s, (unsigned int)provider->ttl_max_s, (unsigned int)ttl_s);
	for (size_t i = 0; i < run->want.n && !(provider->caps & CAP_NULL_MX); i++)
		if (dname_is_root(&run->want.mx[i].host))
			return err_set(err, ERR_REFUSED, N_("%s takes no null MX"), provider->title);
	return true;
}
