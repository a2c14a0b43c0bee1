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
	struct msg msg;

	if (!safe_at)
		return;
	drain_msg(drain, safe_at, &msg);
	print_msg(stdout, &msg);
	drain_tail_msg(tail_at, &msg);
	print_msg(stdout, &msg);
}
