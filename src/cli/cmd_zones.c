/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/account.h"
#include "base/i18n.h"
#include "cli/commands.h"
#include "cli/print.h"
#include "cli/subject.h"
#include "base/banned.h"

static json_t *zone_json(const struct account_zone *zone)
{
	return json_pack("{s:o, s:o, s:o, s:b, s:n}", "zone", json_text(zone->name), "id", json_text(zone->id), "note",
		json_text(zone->note), "secondary", zone->secondary, "records");
}

static void print_zones(const struct call *call, const char *name, struct account *account)
{
	json_t *list = call->json ? json_array() : NULL;
	struct account_zone zone;
	struct table table;
	size_t at = 0;

	table_init(&table, 3, 0);
	while (account_zone(account, &at, &zone)) {
		if (list) {
			json_array_append_new(list, zone_json(&zone));
			continue;
		}
		table_add(&table, zone.name);
		table_add(&table, zone.id ? zone.id : "");
		table_add(&table, zone.secondary ? _("secondary") : zone.note ? zone.note : "");
	}
	table_print(&table, stdout, "");
	if (list)
		print_json(json_pack("{s:o, s:o}", "account", json_text(name), "zones", list));
}

static int run(struct call *call, struct err *err)
{
	struct provider_account known = { 0 };
	struct account *account;
	struct dname none;

	dname_root(&none);
	if (!app_account(&call->app, &none, call->operand[0], &known, err))
		return -1;
	account = subject_zones(call, &known, err);
	if (!account)
		return -1;
	print_zones(call, known.name, account);
	return 0;
}

const struct command cmd_zones = {
	.name = "zones",
	.operands = "ACCOUNT",
	.min = 1,
	.flags = NEEDS_APP,
	.help = N_("list the zones of an account"),
	.text = N_("Asks the provider for all zones that the account's key may see, page by page. A line each: the name, the provider's id "
		   "where it is another, and what tells the zone from others.\n\n"
		   "Where a provider gives no such list, that is said, and nothing is printed."),
	.run = run,
};
