/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts of which the three truths are told in one letter each. cmocka's header comes first. */
#ifndef TESTS_CORE_TOLD_H
#define TESTS_CORE_TOLD_H

#include "core/truth.h"
#include "sets.h"

#define NOW 1000000

/* What one of the three told: '-' not asked, '.' still asked, '!' failed, '0' no record, 'X' the name does not exist, or a set's letter. */
static const char *const letter_sets[] = {
	['A'] = "3600 10 a.x 20 b.x", ['B'] = "45000 10 a.x", ['T'] = "7200 10 a.x 20 b.x", ['N'] = "3600 0 ."
};

static inline enum answer tell(char what, struct mxset *set)
{
	switch (what) {
	case '-':
		return ANSWER_UNASKED;
	case '.':
		return ANSWER_PENDING;
	case '!':
		return ANSWER_TIMEOUT;
	case '0':
		return ANSWER_NODATA;
	case 'X':
		return ANSWER_NXDOMAIN;
	default:
		set_from(set, letter_sets[(unsigned char)what]);
		return ANSWER_DATA;
	}
}

/* servers: one character each; a small letter is a set that came without authority. */
static inline void told(struct facts *facts, char held, const char *servers, char cached)
{
	struct dname domain, name;

	assert_true(dname_parse(&domain, "x", NULL));
	assert_true(dname_parse(&name, "ns.x", NULL));
	facts_init(facts, &domain);
	facts->held.mx = tell(held, &facts->held.set);
	facts->held.at = NOW;
	facts->cached.mx = tell(cached, &facts->cached.set);
	facts->cached.set.ttl_s = facts->cached.set.n ? 500 : 0;
	facts->negative_ttl_s = 9000; /* of the zone: a cache's answer has less of it left */
	facts->cached.at = NOW - 100;
	facts->source = SOURCE_RESOLVER;
	for (; *servers; servers++) {
		bool lame = *servers >= 'a' && *servers <= 'z';
		struct server_facts *row =
			facts_server_add(facts, &name, &(struct addr){ .family = 4, .bytes = { 192, 0, 2, (uint8_t)facts->n_server } });

		row->mx = tell((char)(lame ? *servers - 'a' + 'A' : *servers), &row->set);
		row->authoritative = !lame;
	}
	truth_settle(facts);
}

static inline const char *short_set(const struct mxset *set)
{
	static const char letters[] = "ABTN";
	struct mxset other = { 0 };
	size_t found = 4;

	for (size_t i = 0; i < 4 && found == 4; i++) {
		set_from(&other, letter_sets[(unsigned char)letters[i]]);
		if (mxset_equal(set, &other))
			found = i;
		other.ttl_s = MX_TTL_UNKNOWN;
		if (mxset_equal(set, &other))
			found = i + 10;
	}
	mxset_release(&other);
	switch (found) {
	case 0:
		return "A";
	case 1:
		return "B";
	case 2:
		return "T";
	case 3:
		return "N";
	case 10:
		return "A, TTL unknown";
	case 11:
		return "B, TTL unknown";
	case 12:
		return "T, TTL unknown";
	default:
		return set->n ? "?" : "none";
	}
}

#endif
