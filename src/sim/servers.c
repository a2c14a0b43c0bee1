/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What marks on name servers make of the zones that they serve. */
#include "sim/state.h"

#include "base/mem.h"

#include "base/banned.h"

static enum sim_state server_state(const struct marks *marks, const struct dname *server)
{
	for (size_t i = 0; i < marks->n; i++) {
		if (marks->mark[i].kind == MARK_SERVER && dname_equal(&marks->mark[i].name, server))
			return marks->mark[i].state;
	}
	return SIM_UP;
}

/* A resolver asks one server after another: one that answers is enough, and of those that do not, one that says so is heard. */
static enum sim_state zone_state(const struct marks *marks, const struct zone_facts *zone)
{
	enum sim_state found = SIM_UP;

	if (zone->more > 0)
		return SIM_UP;
	for (size_t i = 0; i < zone->n_ns; i++) {
		enum sim_state state = server_state(marks, &zone->name_server[i]);

		if (state == SIM_UP)
			return SIM_UP;
		if (found == SIM_UP || state < found)
			found = state;
	}
	return found;
}

bool marks_servers(const struct marks *marks, const struct facts *facts, struct marks *full)
{
	bool any = false;

	for (size_t i = 0; i < marks->n && !any; i++)
		any = marks->mark[i].kind == MARK_SERVER;
	if (!any)
		return false;
	marks_copy(full, marks);
	for (size_t i = 0; i < facts->n_zone; i++) {
		struct mark mark = { .kind = MARK_ZONE, .name = facts->zones[i].apex };

		mark.state = zone_state(marks, &facts->zones[i]);
		if (mark.state == SIM_UP)
			continue;
		/* beside a mark of the zone itself: the one that is met first counts */
		full->mark = mem_grow(full->mark, full->n, &full->cap, sizeof *full->mark);
		full->mark[full->n++] = mark;
	}
	return true;
}
