/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the companions: the hosts of both sets, and a part for each subject. Only companion*.c include this. */
#ifndef CHECK_COMPANION_PART_H
#define CHECK_COMPANION_PART_H

#include "base/str.h"
#include "check/companion.h"
#include "core/drain.h"

struct hosts { /* sorted, each once; the domain itself where it takes its own mail, or may */
	size_t n;
	struct dname *host;
};

struct companion_scene {
	const struct companion_input *in;
	struct hosts before, after;
	struct companions *out;
};

/* The host after the change that was not there before, from *i on; NULL: no more. */
const struct dname *scene_added(const struct companion_scene *scene, size_t *i);
const struct dname *scene_removed(const struct companion_scene *scene, size_t *i);

struct companion *companion_add(struct companion_scene *scene, const char *id, enum companion_when when);
/* text becomes the companion's; nothing where it is empty. */
void companion_take(struct companion *companion, struct str *text);
void companion_wait(struct companion *companion, uint32_t wait_s, const char *id); /* id: a sentence with %s for how long */

/* Does the new set lead to filters alone? The mailboxes are behind them, most likely where they were. */
bool companion_filtered(const struct companion_scene *scene);
/* Does a hoster come or go? */
bool companion_moves(const struct companion_scene *scene);
void companion_move_before(struct companion_scene *scene);
void companion_move_last(struct companion_scene *scene); /* right before the change */
void companion_move_after(struct companion_scene *scene);
/* For how long caches hold the old set, by the TTL that it has and those that it had. */
struct drain companion_drain(const struct companion_scene *scene);
void companion_reports_before(struct companion_scene *scene);
void companion_spf_before(struct companion_scene *scene);
void companion_spf_after(struct companion_scene *scene);
void companion_sts_before(struct companion_scene *scene);
void companion_sts_after(struct companion_scene *scene);
void companion_dane_before(struct companion_scene *scene);
void companion_dane_after(struct companion_scene *scene);

#endif
