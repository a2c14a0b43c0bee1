/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two sets and what is known of the domain; the steps between them as text. For the companions' tests. */
#ifndef TESTS_CHECK_BENCH_H
#define TESTS_CHECK_BENCH_H

#include "base/str.h"
#include "check/companion.h"

#define AT 1795693500 /* 2026-11-26T11:45:00Z */
#define BASE "3600 10 mx1.exempel.com 20 mx2.exempel.net"

struct bench {
	struct facts facts;
	struct mxset base, want;
};

/* The domain is exempel.com, in the zone of that name; base is live, and there is no MTA-STS. */
void open_bench(struct bench *bench, const char *base, const char *want);
void close_bench(struct bench *bench);
/* mx: "mx1.exempel.com *.exempel.net" */
struct sts_facts *publish_policy(struct bench *bench, enum sts_mode mode, const char *mx);
/* "before - sts-id 604800s" a step but those of a move itself; nothing where the change alone is left: - to do, + seen, ? not known; ?s:
 * the wait is not known. whole: its words and its text, too. */
void describe(const struct companion *step, bool whole, struct str *text);
void expect(const struct bench *bench, bool whole, const char *expected);
/* The text of one step; "" for none. */
void expect_text(const struct bench *bench, const char *id, const char *expected);

#endif
