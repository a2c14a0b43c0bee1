/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/served_print.h"

#include "base/i18n.h"
#include "base/text.h"
#include "cli/paint.h"
#include "cli/print.h"
#include "base/banned.h"

void served_print(const struct served *served)
{
	struct table table;

	table_init(&table, 4, 0);
	for (size_t i = 0; i < served->n; i++) {
		const struct served_row *row = &served->row[i];
		struct str *cell = table_cell(&table);

		if (row->name.len)
			paint_name(cell, &row->name);
		cell = table_cell(&table);
		if (row->at.addr.family)
			dns_endpoint_text(&row->at, cell);
		table_add(&table, gettext(served_row_text(row)));
		cell = table_cell(&table);
		if (row->has_serial)
			str_addf(cell, _("serial %lu"), (unsigned long)row->serial);
	}
	table_print(&table, stdout, "  ");
}

void drain_print(const struct drain *drain, int64_t safe_at, int64_t tail_at)
{
	struct str safe, tail;

	if (!safe_at)
		return;
	str_init(&safe, 0);
	str_init(&tail, 0);
	text_time(&safe, safe_at);
	text_time(&tail, tail_at);
	if (!drain->negative)
		print(stdout, N_("Caches that keep to the TTL have lost the old set at %s: old hosts may be retired then."), safe.s);
	else if (drain->assumed)
		print(stdout,
			N_("Caches have forgotten that there was no MX record at %s, if they hold that for 3 hours: the zone does not say for how long."),
			safe.s);
	else
		print(stdout, N_("Caches that keep to the negative TTL have forgotten that there was no MX record at %s."), safe.s);
	print(stdout, N_("Resolvers that hold answers longer than their TTL may have the old one until %s (assumed)."), tail.s);
	str_release(&safe);
	str_release(&tail);
}
