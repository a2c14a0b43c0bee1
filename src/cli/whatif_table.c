/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every sender's outcome in one table. */
#include <math.h>
#include <stdio.h>

#include "base/i18n.h"
#include "cli/paint.h"
#include "cli/print.h"
#include "cli/whatif.h"
#include "base/banned.h"

double whatif_delivered(const struct sim_outcome *outcome)
{
	double share = 0;

	for (size_t i = 0; i < outcome->n; i++)
		share += outcome->share[i].share;
	return share;
}

struct summed whatif_sum(const struct sim_result *r)
{
	double now = whatif_delivered(&r->first);

	return (struct summed){ .sender = r->sender,
		.delivered = now,
		.deferred = r->first.deferred,
		.bounced = r->first.bounced,
		.late = fmax(0, whatif_delivered(&r->final) - now),
		.lost = r->final.deferred + r->final.bounced,
		.unknown = r->final.unknown,
		.connections = r->connections_mean };
}

/* One row a sender: the first attempt, and what becomes of the rest. */
void whatif_table(const struct summed *sums, size_t n)
{
	static const char *const heads[] = { N_("sender"), N_("first attempt"), N_("waits"), N_("returned"), N_("late"),
		N_("lost in the end"), N_("unknown"), N_("connections") };
	struct table table;

	print(stdout, N_(" Every sender"));
	table_init(&table, sizeof heads / sizeof *heads, 254u);
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		table_add(&table, _(heads[i]));
	for (size_t i = 0; i < n; i++) {
		str_addf(table_cell(&table), "%s%s", sender_title(sums[i].sender),
			sender_sureness(sums[i].sender) == SURE_ASSUMED ? " ?" : "");
		paint_share(table_cell(&table), sums[i].delivered);
		paint_share(table_cell(&table), sums[i].deferred);
		paint_share(table_cell(&table), sums[i].bounced);
		paint_share(table_cell(&table), sums[i].late);
		paint_share(table_cell(&table), sums[i].lost);
		paint_share(table_cell(&table), sums[i].unknown);
		str_addf(table_cell(&table), "%.2f", sums[i].connections);
	}
	table_print(&table, stdout, "  ");
}
