/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Validation by libunbound on our loop. The question and the keys of its chain are asked for first, side by side and through
 * the survey's cache; libunbound then finds its answers there, by way of the forwarder. It has no deadline of its own, takes
 * a resolver that strips signatures and one that fails for attacks, and answers for some names (test., home.arpa. ...) by
 * itself: so we watch the time, look at the anchor's keys first, know what failed, and take its own zones away. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unbound.h>
#include <unbound-event.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "io/dns_private.h"
#include "base/banned.h"

#define TURNS 100 /* of a validator that is lent: more at a time would wait for the processor until their time is up */
#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)

struct list {
	struct dns_validation *first, **last;
	size_t n;
};

struct dns_validator {
	struct dns_cache *cache; /* whose answers it goes by */
	struct ub_ctx *ctx;
	struct forward *forward;
	struct dname anchor; /* the name that the first anchor stands at */
	bool opened;
	const char *missing; /* why nothing can be validated; NULL: it can */
	struct list running, waiting;
};

struct dns_validation {
	struct dns_validator *validator;
	struct dns_cache *cache;
	struct list *list;                 /* that it is in */
	struct dns_validation *next, **at; /* *at is this one */
	uint32_t timeout_ms;
	struct loop_handle *deadline, *delivery;
	struct dns_question question;
	dns_validated_fn fn;
	void *data;
	struct dns_wait *wait;   /* for the anchor's keys, then for the answer */
	struct dns_told *answer; /* to the question; NULL: not yet */
	int ub_id;               /* 0: libunbound does not hold it */
	enum dnssec dnssec;
	const char *reason; /* points into why, or a constant */
	char why[FACTS_REASON];
};

/* ---- lists ---- */

static void list_init(struct list *list)
{
	list->first = NULL;
	list->last = &list->first;
	list->n = 0;
}

static void append(struct list *list, struct dns_validation *validation)
{
	validation->list = list;
	validation->next = NULL;
	validation->at = list->last;
	*validation->at = validation;
	list->last = &validation->next;
	list->n++;
}

static void take_out(struct dns_validation *validation)
{
	struct list *list = validation->list;

	*validation->at = validation->next;
	if (validation->next)
		validation->next->at = validation->at;
	else
		list->last = validation->at;
	list->n--;
}

/* ---- delivery ---- */

static void next_turn(struct dns_validator *validator);

static void let_go(struct dns_validation *validation)
{
	dns_cache_cancel(validation->wait);
	validation->wait = NULL;
	if (validation->ub_id)
		ub_cancel(validation->validator->ctx, validation->ub_id);
	validation->ub_id = 0;
}

static void finish(struct dns_validation *validation)
{
	struct dns_validator *validator = validation->validator;

	let_go(validation);
	take_out(validation);
	next_turn(validator);
	if (!validator->running.n && validator->forward)
		forward_listen(validator->forward, false);
	loop_cancel(validation->deadline);
	loop_cancel(validation->delivery);
	dns_told_release(validation->answer);
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

static bool keys_failed(const struct dns_validator *validator, const struct dname *name)
{
	struct dname above = *name;

	do
		if (forward_failed(validator->forward, &(struct dns_question){ above, DNS_DS }) ||
			forward_failed(validator->forward, &(struct dns_question){ above, DNS_DNSKEY }))
			return true;
	while (!dname_equal(&above, &validator->anchor) && dname_parent(&above, &above));
	return false;
}

/* Did something fail that the proof of this answer, or of what an alias in it leads to, needs? What failed for others is not looked at. */
static bool proof_failed(const struct dns_validation *validation)
{
	const struct dns_validator *validator = validation->validator;
	const struct dns_question *question = &validation->question;
	const struct dns_answer *answer = &validation->answer->answer;

	if (forward_failed(validator->forward, question) || keys_failed(validator, &question->name))
		return true;
	for (size_t i = 0; i < answer->n; i++) {
		const struct dname *target = &answer->record[i].target;

		if (answer->record[i].type == DNS_CNAME &&
			(forward_failed(validator->forward, &(struct dns_question){ *target, question->type }) ||
				keys_failed(validator, target)))
			return true;
	}
	return false;
}

static void resolved(void *data, int rcode, void *packet, int len, int sec, char *why_bogus, int limited)
{
	struct dns_validation *validation = data;

	(void)limited;
	validation->ub_id = 0;
	if ((sec == 1 || rcode == 2) && proof_failed(validation)) {
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

/* Takes away what the validator would answer by itself for names that it takes for local. */
static bool takes_no_name_for_local(struct ub_ctx *ctx, const struct dname *name)
{
	struct dname above = *name;
	char text[DNAME_TEXT_MAX];

	do
		if (ub_ctx_zone_remove(ctx, dname_text_dot(&above, text)) != 0)
			return false;
	while (dname_parent(&above, &above) && !dname_is_root(&above));
	return true;
}

static void answered(void *data, const struct dns_reply *reply)
{
	struct dns_validation *validation = data;
	struct ub_ctx *ctx = validation->validator->ctx;
	char name[DNAME_TEXT_MAX];

	validation->wait = NULL;
	if (reply->failed != ANSWER_DATA) {
		deliver_soon(validation, DNSSEC_UNCHECKED, N_("the lookup failed, so there was nothing to validate"));
		return;
	}
	validation->answer = dns_told_hold(reply->told);
	dname_text_dot(&validation->question.name, name);
	if (!takes_no_name_for_local(ctx, &validation->question.name) ||
		ub_resolve_event(ctx, name, (int)validation->question.type, 1, validation, resolved, &validation->ub_id) != 0)
		deliver_soon(validation, DNSSEC_UNCHECKED, N_("the validator could not ask"));
	else if (validation->delivery)
		validation->ub_id = 0; /* it called back at once */
}

static void probed(void *data, const struct dns_reply *reply)
{
	struct dns_validation *validation = data;
	struct dns_then then = { answered, validation };

	validation->wait = NULL;
	if (reply->failed != ANSWER_DATA)
		deliver_soon(validation, DNSSEC_UNCHECKED, N_("the resolver did not answer the question for the trust anchor's key"));
	else if (!reply->answer->has_rrsig)
		deliver_soon(validation, DNSSEC_UNCHECKED, N_("the resolver strips DNSSEC signatures: it cannot be validated from here"));
	else
		validation->wait = dns_cache_ask(validation->cache, NULL, &validation->question, then);
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

static struct ub_ctx *context(struct dns_validator *validator, const char *anchor)
{
	static const struct {
		const char *option, *value;
	} set[] = {
		{ "trust-anchor-signaling:", "no" },
		{ "aggressive-nsec:", "no" }, /* what was proved for one name answers for no other */
		{ "outgoing-range:", "256" }, /* questions at a time: the forwarder's socket has room for so many */
		{ "infra-cache-min-rtt:",
			"10000" }, /* the forwarder answers always: nothing is asked twice, and it is never taken for dead */
		{ "cache-max-ttl:", TEXT(DNS_SHARED_S) },
		{ "msg-cache-size:", "4m" },
		{ "rrset-cache-size:", "8m" },
		{ "key-cache-size:", "4m" },
	};
	struct ub_ctx *ctx = ub_ctx_create_event(loop_base(dns_loop(validator->cache->dns)));
	char at[ADDR_TEXT_MAX];

	if (!ctx)
		return NULL;
	snprintf(at, sizeof(at), "127.0.0.1@%u", forward_port(validator->forward));
	for (size_t i = 0; i < sizeof(set) / sizeof(*set); i++)
		ub_ctx_set_option(ctx, set[i].option, set[i].value);
	if (!ub_ctx_set_fwd(ctx, at) && !ub_ctx_add_ta_file(ctx, anchor))
		return ctx;
	ub_ctx_delete(ctx);
	return NULL;
}

/* NULL, or why nothing can be validated. */
static const char *open_validator(struct dns_validator *validator)
{
	const char *anchor, *missing = dns_anchor(validator->cache->dns, &anchor, &validator->anchor);

	if (missing)
		return missing;
	validator->forward = forward_new(validator->cache);
	if (validator->forward)
		validator->ctx = context(validator, anchor);
	return validator->ctx ? NULL : N_("the validator could not be set up");
}

/* ---- validators ---- */

struct dns_validator *dns_validator_new(struct dns_cache *shared)
{
	struct dns_validator *validator = mem_alloc(sizeof(*validator));

	validator->cache = shared;
	list_init(&validator->running);
	list_init(&validator->waiting);
	return validator;
}

void dns_validator_free(struct dns_validator *validator)
{
	if (!validator)
		return;
	while (validator->waiting.first)
		finish(validator->waiting.first);
	while (validator->running.first)
		finish(validator->running.first);
	if (validator->ctx)
		ub_ctx_delete(validator->ctx);
	forward_free(validator->forward);
	free(validator);
}

void dns_cache_lend(struct dns_cache *cache, struct dns_validator *validator)
{
	cache->validator = validator;
}

static bool is_lent(const struct dns_cache *cache)
{
	return cache->validator->cache != cache;
}

static void finish_those_of(const struct dns_cache *cache, const struct list *list)
{
	for (struct dns_validation *one = list->first, *next; one; one = next) {
		next = one->next;
		if (one->cache == cache)
			finish(one);
	}
}

void dns_validations_end(struct dns_cache *cache)
{
	struct dns_validator *validator = cache->validator;

	if (!validator)
		return;
	if (!is_lent(cache)) {
		dns_validator_free(validator);
		return;
	}
	finish_those_of(cache, &validator->waiting);
	finish_those_of(cache, &validator->running);
	if (cache->is_guest)
		forward_leave(validator->forward, cache);
}

/* ---- validations ---- */

static void begin(struct dns_validation *validation)
{
	struct dns_validator *validator = validation->validator;
	struct dns_cache *cache = validation->cache;
	struct dns_question probe = { validator->anchor, DNS_DNSKEY };

	append(&validator->running, validation);
	validation->deadline = loop_after(dns_loop(cache->dns), validation->timeout_ms, too_late, validation);
	if (validator->missing) {
		deliver_soon(validation, DNSSEC_UNCHECKED, validator->missing);
		return;
	}
	forward_listen(validator->forward, true);
	validation->wait = dns_cache_ask(cache, &dns_unchecked, &probe, (struct dns_then){ probed, validation });
	dns_cache_fetch(cache, NULL, &validation->question);
	if (!is_lent(cache)) /* else what is side by side are the names, and each asks for no more than its proof needs */
		fetch_chain(cache, &validator->anchor, &validation->question.name);
}

static void next_turn(struct dns_validator *validator)
{
	struct dns_validation *next = validator->waiting.first;

	if (!next || validator->running.n >= TURNS)
		return;
	take_out(next);
	begin(next);
}

static void prepare(struct dns_cache *cache)
{
	struct dns_validator *validator;

	if (!cache->validator)
		cache->validator = dns_validator_new(cache);
	validator = cache->validator;
	if (!validator->opened)
		validator->missing = open_validator(validator);
	validator->opened = true;
	if (validator->missing || cache->is_guest || !is_lent(cache))
		return;
	forward_join(validator->forward, cache);
	cache->is_guest = true;
}

struct dns_validation *dns_validate(
	struct dns_cache *cache, const struct dns_question *question, uint32_t timeout_ms, dns_validated_fn fn, void *data)
{
	struct dns_validation *validation = mem_alloc(sizeof(*validation));

	prepare(cache);
	validation->validator = cache->validator;
	validation->cache = cache;
	validation->question = *question;
	validation->timeout_ms = timeout_ms;
	validation->fn = fn;
	validation->data = data;
	if (is_lent(cache) && cache->validator->running.n >= TURNS)
		append(&cache->validator->waiting, validation);
	else
		begin(validation);
	return validation;
}
