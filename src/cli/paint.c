/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/paint.h"

#include <langinfo.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/print.h"
#include "core/ladder.h"
#include "show/outcome.h"
#include "base/banned.h"

#define BAR 12

bool paint_ascii(const struct call *call)
{
	return call_has(call, "--ascii") || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

static void add_escaped(struct str *out, const char *text)
{
	text_escape(out, text, strlen(text));
}

void paint_name(struct str *out, const struct dname *name)
{
	char text[DNAME_TEXT_MAX];

	add_escaped(out, dname_show(name, text));
}

void paint_mx(struct str *out, const struct mx *mx)
{
	char text[DNAME_TEXT_MAX];

	add_escaped(out, mx_host_show(mx, text));
}

double paint_record_share(const struct sim_result *result, const struct mxset *set, size_t at)
{
	const struct sim_share *row = result->first.share;
	const struct mx *mx = &set->mx[at];
	size_t n = result->first.n;

	/* The rows of a result stand as its set's records do. */
	for (size_t i = at < n ? at : 0, looked = 0; looked < n; i = (i + 1) % n, looked++)
		if (row[i].preference == mx->preference && dname_equal(&row[i].host, &mx->host))
			return row[i].share;
	return -1;
}

static void bar(struct str *out, double share, bool ascii)
{
	int full = (int)(share * BAR + 0.5);

	if (share < 0)
		return;
	if (full == 0)
		str_add(out, ascii ? "." : "·");
	for (int i = 0; i < full; i++)
		str_add(out, ascii ? "#" : "█");
}

static const char *joint(const struct rung *rung, size_t i, bool ascii)
{
	if (rung->n == 1)
		return ascii ? "-" : "─";
	if (i == rung->first)
		return ascii ? "+" : "┬";
	if (i == rung->first + rung->n - 1)
		return ascii ? "`" : "└";
	return ascii ? "|" : "├";
}

static void addresses(struct str *out, const struct mx *mx, const struct facts *facts)
{
	const struct host_facts *host = mx->host.len > 1 ? facts_host(facts, &mx->host) : NULL;
	char text[ADDR_TEXT_MAX];

	if (dname_is_root(&mx->host)) {
		add_escaped(out, _("null MX: no mail is taken"));
		return;
	}
	if (!host)
		return;
	for (size_t i = 0; i < host->n_alias; i++) {
		str_add(out, i ? " > " : "> ");
		paint_name(out, &host->alias[i]);
	}
	for (size_t i = 0; i < host->n_addr; i++)
		str_addf(out, "%s%s", out->len ? "  " : "", addr_text(&host->addr[i], text));
	if (host->n_addr == 0)
		str_addf(out, "%s%s", out->len ? "  " : "", gettext(answer_name(host->a)));
}

void paint_ladder(const struct mxset *set, const struct facts *facts, const struct sim_result *result, bool ascii)
{
	struct ladder ladder = { 0 };
	struct table table;

	ladder_build(&ladder, set);
	table_init(&table, 6, 1u << 0 | 1u << 3);
	for (size_t r = 0; r < ladder.n; r++) {
		for (size_t i = ladder.rung[r].first; i < ladder.rung[r].first + ladder.rung[r].n; i++) {
			double share = paint_record_share(result, set, i);
			struct str *cell = table_cell(&table);

			if (i == ladder.rung[r].first)
				str_addf(cell, "%lu", (unsigned long)ladder.rung[r].preference);
			str_add(table_cell(&table), joint(&ladder.rung[r], i, ascii));
			paint_mx(table_cell(&table), &set->mx[i]);
			cell = table_cell(&table);
			if (share >= 0)
				outcome_share(cell, share);
			bar(table_cell(&table), share, ascii);
			addresses(table_cell(&table), &set->mx[i], facts);
		}
	}
	table_print(&table, stdout, " ");
	ladder_release(&ladder);
}

void paint_ttl(struct str *out, uint32_t ttl_s)
{
	if (ttl_s == MX_TTL_UNKNOWN)
		str_add(out, _("not known"));
	else
		str_addf(out, "%lu", (unsigned long)ttl_s);
}

void paint_records(const struct dname *owner, const struct mxset *set)
{
	struct table table;

	table_init(&table, 5, 1u << 2 | 1u << 4);
	table_add(&table, _("Name"));
	table_add(&table, _("Type"));
	table_add(&table, _("Preference"));
	table_add(&table, _("Value"));
	table_add(&table, _("TTL"));
	for (size_t i = 0; i < set->n; i++) {
		paint_name(table_cell(&table), owner);
		table_add(&table, "MX");
		str_addf(table_cell(&table), "%lu", (unsigned long)set->mx[i].preference);
		paint_mx(table_cell(&table), &set->mx[i]);
		paint_ttl(table_cell(&table), set->ttl_s);
	}
	table_print(&table, stdout, " ");
}
