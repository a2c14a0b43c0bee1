/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Validation by libunbound on our loop. The keys of the chain are asked for first, side by side and through the survey's
 * cache; libunbound then finds its answers there, by way of the forwarder. It has no deadline of its own, takes a resolver
 * that strips signatures for an attack, and answers for some names (test., home.arpa. ...) by itself: so we watch the
 * time, look at the anchor's keys first, and believe nothing that it did not ask for. */
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

struct dns_validator {
	struct dns_cache *cache; /* whose answers it goes by */
	struct ub_ctx *ctx;
	struct forward *forward;
	struct dname anchor; /* the name that the first anchor stands at */
	struct dns_validation *running;
};

struct dns_validation {
	struct dns_validator *validator;
	struct dns_cache *cache;
	struct dns_validation *next, **at; /* *at is this one */
	struct loop_handle *deadline, *delivery;
	struct dns_question question;
	dns_validated_fn fn;
	void *data;
	struct dns_wait *probe;
	int ub_id; /* 0: libunbound does not hold it */
	enum dnssec dnssec;
	const char *reason; /* points into why, or a constant */
	char why[FACTS_REASON];
};

/* ---- delivery ---- */

static void let_go(struct dns_validation *validation)
{
	dns_cache_cancel(validation->probe);
	validation->probe = NULL;
	if (validation->ub_id)
		ub_cancel(validation->validator->ctx, validation->ub_id);
	validation->ub_id = 0;
}

static void finish(struct dns_validation *validation)
{
	struct dns_validator *validator = validation->validator;

	let_go(validation);
	*validation->at = validation->next;
	if (validation->next)
		validation->next->at = validation->at;
	if (!validator->running && validator->forward)
		forward_listen(validator->forward, false);
	loop_cancel(validation->deadline);
	loop_cancel(validation->delivery);
	free(validation);
}

void dns_validation_cancel(struct dns_validation *validation)
{
	if (validation)
		finish(validation);
}

static void deliver(void *data)
{
	struct dns_validation *validation = data;
	const struct dns_validation told = *validation;
	char why[FACTS_REASON];
	const char *reason = told.reason;

	if (reason == validation->why) {
		memcpy(why, validation->why, sizeof(why));
		reason = why;
	}
	validation->delivery = NULL;
	finish(validation);
	told.fn(told.data, told.dnssec, reason); /* may free the cache */
}

static void deliver_soon(struct dns_validation *validation, enum dnssec dnssec, const char *reason)
{
	validation->dnssec = dnssec;
	validation->reason = reason;
	if (!validation->delivery)
		validation->delivery = loop_after(dns_loop(validation->cache->dns), 0, deliver, validation);
}

static void too_late(void *data)
{
	struct dns_validation *validation = data;

	validation->deadline = NULL;
	let_go(validation);
	deliver_soon(validation, DNSSEC_UNCHECKED, N_("validation did not end in time"));
}

/* ---- libunbound ---- */

/* The packet's own rcode: the callback's is 0 for NXDOMAIN too. */
static int packet_rcode(const void *packet, int len)
{
	return len >= 12 ? ((const uint8_t *)packet)[3] & 15 : 2;
}

/* Names that a resolver may answer for by itself: an answer without proof is no attack. */
static bool is_special(const struct dname *name)
{
	static const char *const tops[] = { "test", "localhost", "invalid", "onion", "local", "internal", "alt", "home.arpa" };
	struct dname top;

	for (size_t i = 0; i < sizeof(tops) / sizeof(*tops); i++)
		if (dname_parse(&top, tops[i], NULL) && dname_under(name, &top))
			return true;
	return false;
}

static void resolved(void *data, int rcode, void *packet, int len, int sec, char *why_bogus, int limited)
{
	struct dns_validation *validation = data;
	const struct forward *forward = validation->validator->forward;

	(void)limited;
	validation->ub_id = 0;
	if (!forward_was_asked(forward, &validation->question)) {
		deliver_soon(validation, DNSSEC_UNCHECKED, N_("the validator has an answer of its own for this name, and asked nobody"));
	} else if (forward_failed(forward) && (sec == 1 || rcode == 2)) {
		deliver_soon(validation, DNSSEC_UNCHECKED, N_("the resolver gave no answer for a part of the chain of trust"));
	} else if (sec == 1 && is_special(&validation->question.name)) {
		deliver_soon(
			validation, DNSSEC_UNCHECKED, N_("resolvers answer for this name by themselves, without signatures (RFC 6761)"));
	} else if (sec == 1) {
		snprintf(validation->why, sizeof(validation->why), "%s", why_bogus ? why_bogus : "");
		deliver_soon(validation, DNSSEC_BOGUS, validation->why);
	} else if (rcode == 2 || packet_rcode(packet, len) == 2) {
		deliver_soon(validation, DNSSEC_UNCHECKED, N_("the lookup failed, so there was nothing to validate"));
	} else {
		deliver_soon(validation, sec == 2 ? DNSSEC_SECURE : DNSSEC_INSECURE, NULL);
	}
}

static void resolve(struct dns_validation *validation)
{
	struct ub_ctx *ctx = validation->validator->ctx;
	struct dname above = validation->question.name;
	char name[DNAME_TEXT_MAX];

	do /* the validator's own answers for names that it takes for local */
		ub_ctx_zone_remove(ctx, dname_text_dot(&above, name));
	while (dname_parent(&above, &above) && !dname_is_root(&above));
	dname_text_dot(&validation->question.name, name);
	if (ub_resolve_event(ctx, name, (int)validation->question.type, 1, validation, resolved, &validation->ub_id) != 0)
		deliver_soon(validation, DNSSEC_UNCHECKED, N_("the validator could not ask"));
	else if (validation->delivery)
		validation->ub_id = 0; /* it called back at once */
}

static void probed(void *data, const struct dns_reply *reply)
{
	struct dns_validation *validation = data;

	validation->probe = NULL;
	if (reply->failed != ANSWER_DATA)
		deliver_soon(validation, DNSSEC_UNCHECKED, N_("the resolver did not answer the question for the trust anchor's key"));
	else if (!reply->answer->has_rrsig)
		deliver_soon(validation, DNSSEC_UNCHECKED, N_("the resolver strips DNSSEC signatures: it cannot be validated from here"));
	else
		resolve(validation);
}

/* Keys and delegations of every name between the anchor and the question: what the chain may need, in one trip. */
static void fetch_chain(struct dns_cache *cache, const struct dname *anchor, const struct dname *name)
{
	struct dname above = *name;

	for (; dname_under(&above, anchor) && !dname_equal(&above, anchor); dname_parent(&above, &above)) {
		dns_cache_fetch(cache, &dns_unchecked, &(struct dns_question){ above, DNS_DS });
		dns_cache_fetch(cache, &dns_unchecked, &(struct dns_question){ above, DNS_DNSKEY });
	}
}

/* The owner of the first anchor in a file of DNSKEY or DS lines. */
static bool anchor_name(const char *path, struct dname *name)
{
	char owner[DNAME_TEXT_MAX];
	struct str text;
	bool found = false;

	str_init(&text, ANCHOR_MAX);
	if (store_read_trusted(path, ANCHOR_MAX, &text, NULL)) {
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

static struct ub_ctx *context(struct dns_cache *cache, const struct forward *forward, const char *anchor)
{
	struct ub_ctx *ctx = ub_ctx_create_event(loop_base(dns_loop(cache->dns)));
	char at[ADDR_TEXT_MAX];

	if (!ctx)
		return NULL;
	snprintf(at, sizeof(at), "127.0.0.1@%u", forward_port(forward));
	ub_ctx_set_option(ctx, "trust-anchor-signaling:", "no");
	if (!ub_ctx_set_fwd(ctx, at) && !ub_ctx_add_ta_file(ctx, anchor))
		return ctx;
	ub_ctx_delete(ctx);
	return NULL;
}

/* NULL, or why nothing can be validated. */
static const char *open_validator(struct dns_validator *validator)
{
	const char *own = dns_anchor_file(validator->cache->dns), *anchor = own ? own : SYSTEM_ANCHOR;

	if (validator->ctx)
		return NULL;
	if (!anchor_name(anchor, &validator->anchor))
		return own ? N_("anchor_file holds no trust anchor, or is not a file of yours or root's that nobody else may write")
			   : N_("there is no trust anchor on this machine (package dns-root-data, or anchor_file in the configuration)");
	if (!validator->forward)
		validator->forward = forward_new(validator->cache);
	if (validator->forward)
		validator->ctx = context(validator->cache, validator->forward, anchor);
	return validator->ctx ? NULL : N_("the validator could not be set up");
}

struct dns_validator *dns_validator_new(struct dns_cache *cache)
{
	struct dns_validator *validator = mem_alloc(sizeof(*validator));

	validator->cache = cache;
	return validator;
}

void dns_validator_free(struct dns_validator *validator)
{
	if (!validator)
		return;
	while (validator->running)
		finish(validator->running);
	if (validator->ctx)
		ub_ctx_delete(validator->ctx);
	forward_free(validator->forward);
	free(validator);
}

static struct dns_validation *begin(struct dns_validator *validator, struct dns_cache *cache, uint32_t timeout_ms)
{
	struct dns_validation *validation = mem_alloc(sizeof(*validation));

	*validation =
		(struct dns_validation){ .validator = validator, .cache = cache, .next = validator->running, .at = &validator->running };
	if (validation->next)
		validation->next->at = &validation->next;
	validator->running = validation;
	validation->deadline = loop_after(dns_loop(cache->dns), timeout_ms, too_late, validation);
	return validation;
}

struct dns_validation *dns_validate(
	struct dns_cache *cache, const struct dns_question *question, uint32_t timeout_ms, dns_validated_fn fn, void *data)
{
	struct dns_validator *validator = cache->validator ? cache->validator : (cache->validator = dns_validator_new(cache));
	struct dns_validation *validation = begin(validator, cache, timeout_ms);
	const char *missing = open_validator(validator);
	struct dns_question probe;

	validation->question = *question;
	validation->fn = fn;
	validation->data = data;
	if (missing) {
		deliver_soon(validation, DNSSEC_UNCHECKED, missing);
		return validation;
	}
	probe = (struct dns_question){ validator->anchor, DNS_DNSKEY };
	forward_listen(validator->forward, true);
	validation->probe = dns_cache_ask(cache, &dns_unchecked, &probe, (struct dns_then){ probed, validation });
	dns_cache_fetch(cache, NULL, question);
	fetch_chain(cache, &validator->anchor, &question->name);
	return validation;
}
