/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a name server has a set for good. One matching answer is not enough: behind one address there may be several machines. It counts
 * when it gave the set twice, some time apart, and nothing else in between. After another answer the count starts over. Time is a
 * parameter.
 */
#ifndef CORE_SEEN_H
#define CORE_SEEN_H

#include <stdbool.h>
#include <stdint.h>

#define SEEN_ENOUGH 2

struct seen {
	unsigned times;      /* matching answers that count, since the last other answer */
	uint64_t counted_ms; /* when the last of them came, on a clock that only runs forward */
	int64_t since;       /* seconds since 1970 of the first of them; 0: none */
	bool matches;        /* the last answer did */
};

struct seen_clock {
	uint64_t ms; /* runs only forward */
	int64_t at;  /* seconds since 1970 */
};

/* One answer, or none where one was due (matches false). */
void seen_answer(struct seen *seen, bool matches, const struct seen_clock *now, uint32_t apart_ms);
bool seen_is_enough(const struct seen *seen);

#endif
