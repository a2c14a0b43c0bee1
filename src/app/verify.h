/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The watch of a past push, taken up again: do the name servers give what was published, and when have the old answers drained. What an
 * earlier watch saw of a server counts where the server still gives the set.
 */
#ifndef APP_VERIFY_H
#define APP_VERIFY_H

#include "app/history.h"
#include "app/watch.h"

struct verify {
	const struct past_push *past; /* published; borrowed */
	struct mxset want;            /* as the provider held it: with the TTL that it gave the set, where the plan knows none or another */
	struct served served;
	struct drain drain;
	int64_t published_at;
	bool moved; /* the zone has changed since an earlier watch whose word counts: its set may have been another in between */
	int64_t safe_at, tail_at; /* 0: not known */
};

void verify_init(struct verify *verify, const struct past_push *past);
void verify_release(struct verify *verify);
/* After the watch: what the earlier one saw, then the dates. */
void verify_judge(struct verify *verify);
json_t *verify_to_json(const struct verify *verify); /* new reference */
/* Into the journal of the domain. */
bool verify_keep(struct app *app, const struct verify *verify, struct err *err);

#endif
