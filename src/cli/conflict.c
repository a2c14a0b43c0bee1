/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/conflict.h"

#include "base/i18n.h"
#include "base/text.h"
#include "cli/paint.h"
#include "cli/print.h"
#include "base/banned.h"

void conflict_print(const struct threeway *three, FILE *to)
{
	struct table table;

	table_init(&table, 4, 0);
	table_add(&table, _("Record"));
	table_add(&table, _("Base"));
	table_add(&table, _("Live"));
	table_add(&table, _("Wanted"));
	for (size_t i = 0; i < three->n; i++) {
		struct str *cell = table_cell(&table);

		str_addf(cell, "%lu ", (unsigned long)three->row[i].mx.preference);
		paint_mx(cell, &three->row[i].mx);
		table_add(&table, three->row[i].in_base ? _("yes") : "-");
		table_add(&table, three->row[i].in_live ? _("yes") : "-");
		table_add(&table, three->row[i].in_want ? _("yes") : "-");
	}
	table_add(&table, _("TTL"));
	paint_ttl(table_cell(&table), three->ttl_base_s);
	paint_ttl(table_cell(&table), three->ttl_live_s);
	paint_ttl(table_cell(&table), three->ttl_want_s);
	table_print(&table, to, "  ");
}
