/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the targets' addresses lead back to, and whether the domains that the targets lie in are anybody's. */
#include "base/i18n.h"
#include "check/checks.h"
#include "check/rules.h"
#include "base/banned.h"

static void ptr_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct host_facts *host, struct findings *out)
{
	char text[DNAME_TEXT_MAX], address[ADDR_TEXT_MAX];

	for (size_t i = 0; i < host->n_addr; i++) {
		const struct ptr_facts *ptr = facts_ptr(in->facts, &host->addr[i]);

		if (ptr && (ptr->ptr == ANSWER_NXDOMAIN || ptr->ptr == ANSWER_NODATA))
			msg_set(&findings_add(out, check, mx)->text, N_("the address %s of %s has no name (PTR)"),
				addr_text(&host->addr[i], address), mx_host_show(mx, text));
	}
}

static void ptr_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	if (!set_hoster(in) && !set_is_example(in))
		each_host(check, in, ptr_host, out);
}

const struct check check_no_ptr = {
	.id = "no-ptr",
	.level = LEVEL_NOTICE,
	.title = N_("A server's address should have a name"),
	.why = N_(
		"It does not matter for taking mail. Where the server sends too, many receivers refuse what comes from an address without a name."),
	.reference = "RFC 1912 §2.1",
	.needs = NEEDS_HOSTS | NEEDS_PTR,
	.run = ptr_run,
};

static void back_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct host_facts *host, struct findings *out)
{
	char text[DNAME_TEXT_MAX], address[ADDR_TEXT_MAX], name[DNAME_TEXT_MAX];

	for (size_t i = 0; i < host->n_addr; i++) {
		const struct ptr_facts *ptr = facts_ptr(in->facts, &host->addr[i]);

		if (ptr && ptr->ptr == ANSWER_DATA && ptr->n && !ptr->more && ptr->back == FACT_NO)
			msg_set(&findings_add(out, check, mx)->text,
				N_("the address %s of %s is named %s, which does not have this address"),
				addr_text(&host->addr[i], address), mx_host_show(mx, text), dname_show(&ptr->name[0], name));
	}
}

static void back_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	if (!set_hoster(in) && !set_is_example(in))
		each_host(check, in, back_host, out);
}

const struct check check_fcrdns = {
	.id = "fcrdns",
	.level = LEVEL_NOTICE,
	.title = N_("The name of a server's address should lead back to it"),
	.why = N_(
		"It does not matter for taking mail. Where the server sends too, receivers trust a name only that has the address in turn; it need not be the MX name."),
	.reference = "RFC 1912 §2.1",
	.needs = NEEDS_HOSTS | NEEDS_PTR,
	.run = back_run,
};

/* What is registered below a mail domain that is a public suffix, is its own to give. */
bool target_is_dangling(const struct check_input *in, const struct mx *mx)
{
	const struct registered_facts *registered = target_is_name(mx) ? facts_registered(in->facts, &mx->host) : NULL;

	return registered && registered->exists == FACT_NO && !dname_under(&registered->name, in->domain);
}

static void dangling_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX], name[DNAME_TEXT_MAX];

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		struct finding *finding;

		if (!target_is_first(in, i) || !target_is_dangling(in, mx))
			continue;
		finding = findings_add(out, check, mx);
		msg_set(&finding->text,
			N_("%s lies in %s, which is not in the DNS: if nobody has registered it, whoever does gets the mail"),
			mx_host_show(mx, text), dname_show(&facts_registered(in->facts, &mx->host)->name, name));
		finding_fix_remove(finding, in);
	}
}

const struct check check_dangling = {
	.id = "dangling",
	.level = LEVEL_ERROR,
	.title = N_("A target's domain must belong to somebody"),
	.why = N_(
		"A domain that has run out, or was mistyped, anybody can register, put a mail server there, and read what senders bring. One that is registered without name servers is not in the DNS either."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_TARGET_ZONES,
	.run = dangling_run,
};
