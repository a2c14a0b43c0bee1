/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "wire/zonelines.h"
#include "base/banned.h"

struct side { /* one of the two texts */
	struct zonescan scan;
	struct zone_entry entry;
	enum zone_step step;
	size_t n_entry, n_soa; /* read so far */
};

static bool same_words(const struct side *a, const struct side *b, size_t from_a, size_t from_b, size_t apart)
{
	if (a->entry.n - from_a != b->entry.n - from_b)
		return false;
	for (size_t i = 0; from_a + i < a->entry.n; i++) {
		const struct zone_word *word_a = &a->entry.word[from_a + i], *word_b = &b->entry.word[from_b + i];

		if (i != apart &&
			(word_a->len != word_b->len || memcmp(a->scan.text + word_a->at, b->scan.text + word_b->at, word_a->len) != 0))
			return false;
	}
	return true;
}

static bool has_serial(const struct side *side, uint32_t serial)
{
	uint32_t value;

	return side->entry.n > side->entry.type + 3 &&
	       zone_word_number(&side->scan, &side->entry.word[side->entry.type + 3], UINT32_MAX, &value) && value == serial;
}

static bool same_origin(const struct side *a, const struct side *b)
{
	return dname_equal(&a->scan.origin, &b->scan.origin);
}

/* What a record without a TTL of its own would inherit here. */
static bool same_heritage(const struct side *a, const struct side *b)
{
	return a->scan.has_standard ? a->scan.standard_s == b->scan.standard_s : a->scan.last_s == b->scan.last_s;
}

static bool same_step(const struct side *was, const struct side *now, uint32_t serial)
{
	if (was->step != now->step)
		return false;
	if (was->step == ZONE_END)
		return was->scan.at == was->scan.len && now->scan.at == now->scan.len;
	if (was->step != ZONE_ENTRY)
		return was->step != ZONE_BAD && same_words(was, now, 0, 0, SIZE_MAX) && same_origin(was, now) && same_heritage(was, now);
	if (was->entry.code != now->entry.code || was->entry.ttl_s != now->entry.ttl_s ||
		!dname_equal(&was->entry.owner, &now->entry.owner) || !same_origin(was, now))
		return false;
	if (was->entry.code != DNS_SOA)
		return same_words(was, now, was->entry.type, now->entry.type, SIZE_MAX);
	return same_words(was, now, was->entry.type, now->entry.type, 3) && has_serial(now, serial);
}

/* The next step that is no MX record of the owner; those go into the set. */
static bool next_other(struct side *side, const struct dname *owner, struct mxset *set)
{
	while ((side->step = zonescan_next(&side->scan, &side->entry, NULL)) == ZONE_ENTRY && zonelines_is_mx(&side->entry, owner)) {
		struct dns_record record;

		side->n_entry++;
		if (!set)
			continue;
		if (!zonerecord_read(&side->scan, &side->entry, &record, NULL, NULL) || (set->n && record.ttl_s != set->ttl_s))
			return false;
		set->ttl_s = record.ttl_s;
		mxset_append(set, &(struct mx){ .preference = record.mx.preference, .host = record.mx.host });
	}
	side->n_entry += side->step == ZONE_ENTRY;
	side->n_soa += side->step == ZONE_ENTRY && side->entry.code == DNS_SOA;
	return true;
}

/* Is everything behind the changes the same? The same bytes, read in the same state, say the same. */
static bool same_rest(const struct side *was, const struct side *now, const struct zoneproof *proof)
{
	size_t left = was->scan.len - was->scan.at;

	return was->step == ZONE_ENTRY && was->n_entry > proof->last + 1 && was->n_soa == proof->n_soa &&
	       now->scan.len - now->scan.at == left && dname_equal(&was->scan.owner, &now->scan.owner) &&
	       was->scan.last_s == now->scan.last_s && same_heritage(was, now) &&
	       memcmp(was->scan.text + was->scan.at, now->scan.text + now->scan.at, left) == 0;
}

bool zoneproof_holds(const struct zonetext *in, const struct zoneproof *proof)
{
	struct side was = { 0 }, now = { 0 };
	struct mxset set;
	bool same = true;

	mxset_init(&set);
	zonescan_init(&was.scan, zonelines_name(in), in->text, in->len, in->zone);
	zonescan_init(&now.scan, zonelines_name(in), proof->text, proof->len, in->zone);
	do {
		same = next_other(&was, in->owner, NULL) && next_other(&now, in->owner, &set) && same_step(&was, &now, proof->serial);
	} while (same && was.step != ZONE_END && !same_rest(&was, &now, proof));
	mxset_sort(&set);
	same = same && mxset_equal(&set, proof->set);
	mxset_release(&set);
	zone_entry_release(&was.entry);
	zone_entry_release(&now.entry);
	return same;
}
