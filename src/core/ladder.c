/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ladder.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/banned.h"

void ladder_build(struct ladder *ladder, const struct mxset *set)
{
	size_t cap = 0;

	ladder_release(ladder);
	for (size_t i = 0; i < set->n; i++) {
		if (ladder->n && ladder->rung[ladder->n - 1].preference == set->mx[i].preference) {
			ladder->rung[ladder->n - 1].n++;
			continue;
		}
		ladder->rung = mem_grow(ladder->rung, ladder->n, &cap, sizeof(*ladder->rung));
		ladder->rung[ladder->n++] = (struct rung){ set->mx[i].preference, i, 1 };
	}
}

void ladder_release(struct ladder *ladder)
{
	free(ladder->rung);
	*ladder = (struct ladder){ 0 };
}

size_t ladder_rung_of(const struct ladder *ladder, size_t record)
{
	size_t i = 0;

	while (i + 1 < ladder->n && ladder->rung[i + 1].first <= record)
		i++;
	return i;
}
