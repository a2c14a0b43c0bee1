/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses of the targets on block lists, where some are configured. */
#include "base/i18n.h"
#include "check/checks.h"
#include "check/rules.h"
#include "base/banned.h"

static void tell_listed(const struct check *check, const struct check_input *in, const struct mx *mx, struct findings *out)
{
	const struct host_facts *host = facts_host(in->facts, &mx->host);
	char name[DNAME_TEXT_MAX], addr[ADDR_TEXT_MAX], code[ADDR_TEXT_MAX];

	for (size_t i = 0; host && i < in->facts->n_listed; i++) {
		const struct listed_facts *row = &in->facts->listed[i];

		for (size_t k = 0; row->listed == FACT_YES && k < host->n_addr; k++)
			if (addr_equal(&host->addr[k], &row->addr))
				msg_set(&findings_add(out, check, mx)->text, N_("the address %s of %s is on the block list %s (%s)"),
					addr_text(&row->addr, addr), mx_host_show(mx, name), row->list, addr_text(&row->code, code));
	}
}

static void dnsbl_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	for (size_t i = 0; i < in->set->n; i++)
		if (record_is_new(in, i))
			tell_listed(check, in, &in->set->mx[i], out);
}

const struct check check_dnsbl = {
	.id = "dnsbl",
	.level = LEVEL_NOTICE,
	.title = N_("No address of a target should be on a block list"),
	.why = N_(
		"Senders do not ask block lists about where they deliver to; but mail that the same machine sends is refused by those who do, bounces and forwarded mail too."),
	.reference = "RFC 5782 §2.1",
	.needs = NEEDS_HOSTS | NEEDS_DNSBL,
	.run = dnsbl_run,
};
