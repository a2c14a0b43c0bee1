/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Validation by libunbound on our loop, through the resolver. It has no deadline of its own, and takes a resolver that strips
 * signatures for an attack: so we watch the time, and probe the resolver first (facts: performance, section 1). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unbound.h>
#include <unbound-event.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "io/dns_private.h"
#include "io/store.h"
#include "base/banned.h"

#define SYSTEM_ANCHOR "/usr/share/dns/root.key"
#define ANCHOR_MAX ((size_t)1 << 20)

struct validator {
	struct ub_ctx *ctx;
	struct dname anchor; /* the name that the first anchor stands at */
	bool probed, strips;
};

/* ---- delivery ---- */

static void finish(struct dns_query *query)
{
	loop_cancel(query->deadline);
	loop_cancel(query->delivery);
	dns_query_unlink(query);
	free(query);
}

static void deliver(void *data)
{
	struct dns_query *query = data;

	query->delivery = NULL;
	query->delivered = true;
	query->validated(query->data, query->dnssec, query->reason);
	finish(query);
}

static void deliver_soon(struct dns_query *query, enum dnssec dnssec, const char *reason)
{
	query->dnssec = dnssec;
	query->reason = reason;
	if (!query->delivery)
		query->delivery = loop_after(query->dns->loop, 0, deliver, query);
}

static void let_go(struct dns_query *query)
{
	dns_cancel(query->probe);
	query->probe = NULL;
	if (query->ub_id)
		ub_cancel(query->dns->validator->ctx, query->ub_id);
	query->ub_id = 0;
}

void validate_cancel(struct dns_query *query)
{
	let_go(query);
	finish(query);
}

static void too_late(void *data)
{
	struct dns_query *query = data;

	query->deadline = NULL;
	let_go(query);
	deliver_soon(query, DNSSEC_UNCHECKED, N_("validation did not end in time"));
}

/* ---- libunbound ---- */

/* The packet's own rcode: the callback's is 0 for NXDOMAIN too. */
static int packet_rcode(const void *packet, int len)
{
	return len >= 12 ? ((const uint8_t *)packet)[3] & 15 : 2;
}

static void resolved(void *data, int rcode, void *packet, int len, int sec, char *why_bogus, int limited)
{
	struct dns_query *query = data;

	(void)limited;
	query->ub_id = 0;
	if (sec == 1) {
		snprintf(query->why, sizeof(query->why), "%s", why_bogus ? why_bogus : "");
		deliver_soon(query, DNSSEC_BOGUS, query->why);
	} else if (rcode == 2 || packet_rcode(packet, len) == 2) {
		deliver_soon(query, DNSSEC_UNCHECKED, N_("the lookup failed, so there was nothing to validate"));
	} else {
		deliver_soon(query, sec == 2 ? DNSSEC_SECURE : DNSSEC_INSECURE, NULL);
	}
}

static void resolve(struct dns_query *query)
{
	char name[DNAME_TEXT_MAX];

	dname_text_dot(&query->question.name, name);
	if (ub_resolve_event(query->dns->validator->ctx, name, (int)query->question.type, 1, query, resolved, &query->ub_id) != 0)
		deliver_soon(query, DNSSEC_UNCHECKED, N_("the validator could not ask"));
	else if (query->delivery)
		query->ub_id = 0; /* it called back at once */
}

static void probed(void *data, const struct dns_reply *reply)
{
	struct dns_query *query = data;
	struct validator *validator = query->dns->validator;

	query->probe = NULL;
	if (reply->failed != ANSWER_DATA) {
		deliver_soon(query, DNSSEC_UNCHECKED, N_("the resolver did not answer the question for the trust anchor's key"));
		return;
	}
	validator->probed = true;
	validator->strips = !reply->answer->has_rrsig;
	if (validator->strips)
		deliver_soon(query, DNSSEC_UNCHECKED, N_("the resolver strips DNSSEC signatures: it cannot be validated from here"));
	else
		resolve(query);
}

/* The owner of the first anchor in a file of DNSKEY or DS lines. */
static bool anchor_name(const char *path, struct dname *name)
{
	char owner[DNAME_TEXT_MAX];
	struct str text;
	bool found = false;

	str_init(&text, ANCHOR_MAX);
	if (store_read_file(path, ANCHOR_MAX, &text, NULL)) {
		for (char *line = text.s; line && !found; line = strchr(line, '\n')) {
			line += *line == '\n';
			size_t len = strcspn(line, " \t\n");
			if (*line == ';' || *line == '#' || !len || len >= sizeof(owner))
				continue;
			memcpy(owner, line, len);
			owner[len] = 0;
			found = dname_parse(name, owner, NULL);
		}
	}
	str_release(&text);
	return found;
}

static struct ub_ctx *context(struct dns *dns, const char *anchor)
{
	struct ub_ctx *ctx = ub_ctx_create_event(loop_base(dns->loop));
	struct dns_endpoint to = dns->resolver;
	char addr[ADDR_TEXT_MAX], at[ADDR_TEXT_MAX + 8];
	int bad;

	if (!ctx)
		return NULL;
	if (to.addr.family) {
		snprintf(at, sizeof(at), "%s@%u", addr_text(&to.addr, addr), to.port ? (unsigned)to.port : 53u);
		bad = ub_ctx_set_fwd(ctx, at);
	} else {
		bad = ub_ctx_resolvconf(ctx, NULL);
	}
	if (!bad && !ub_ctx_add_ta_file(ctx, anchor))
		return ctx;
	ub_ctx_delete(ctx);
	return NULL;
}

static const char *open_validator(struct dns *dns)
{
	const char *anchor = dns->anchor_file ? dns->anchor_file : SYSTEM_ANCHOR;
	struct validator *validator;
	struct dname name;

	if (dns->validator)
		return NULL;
	if (!anchor_name(anchor, &name))
		return N_("there is no trust anchor on this machine (package dns-root-data, or anchor_file in the configuration)");
	validator = mem_alloc(sizeof(*validator));
	validator->anchor = name;
	validator->ctx = context(dns, anchor);
	if (!validator->ctx) {
		free(validator);
		return N_("the validator could not be set up");
	}
	dns->validator = validator;
	return NULL;
}

void validator_free(struct validator *validator)
{
	if (validator)
		ub_ctx_delete(validator->ctx);
	free(validator);
}

struct dns_query *dns_validate(struct dns *dns, const struct dns_question *question, uint32_t timeout_ms, dns_validated_fn fn, void *data)
{
	struct dns_query *query = mem_alloc(sizeof(*query));
	const char *missing = open_validator(dns);

	*query = (struct dns_query){ .dns = dns, .question = *question, .validated = fn, .data = data };
	dns_query_link(query);
	query->deadline = loop_after(dns->loop, timeout_ms, too_late, query);
	if (missing)
		deliver_soon(query, DNSSEC_UNCHECKED, missing);
	else if (dns->validator->probed && dns->validator->strips)
		deliver_soon(query, DNSSEC_UNCHECKED, N_("the resolver strips DNSSEC signatures: it cannot be validated from here"));
	else if (dns->validator->probed)
		resolve(query);
	else
		query->probe = dns_ask(dns, NULL, &(struct dns_question){ dns->validator->anchor, DNS_DNSKEY }, timeout_ms,
			(struct dns_then){ probed, query });
	return query;
}
