/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dns.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/dns_private.h"
#include "base/banned.h"

#define FLAG_TC 0x02 /* both of byte 2 */
#define FLAG_CD 0x10 /* of byte 3 */
#define IDS 64

const struct dns_endpoint dns_unchecked = { .port = 0 };

struct dns {
	struct loop *loop;
	struct dns_endpoint resolver;
	char *anchor_file;
	struct dns_channels channels;
	struct dns_query *queries; /* all that live */
	uint16_t id[IDS];          /* from the system, not used yet */
	struct str message;        /* room for one */
	size_t n_id;
};

struct dns_query {
	struct dns *dns;
	struct dns_query *next, **at; /* *at is this one */
	struct loop_handle *deadline, *delivery;
	struct dns_then then;
	struct dns_question question;
	struct dns_endpoint to;
	bool to_resolver, unchecked;
	uint32_t timeout_ms;
	bool over_network; /* a channel holds it: it is freed when that lets go */
	bool over_tcp;
	bool dead; /* nobody waits any more */
	bool delivered;
	struct dns_told *told;
	struct dns_flight flight;
};

/* ---- delivery: always from the loop ---- */

static void link_query(struct dns_query *query)
{
	struct dns_query **first = &query->dns->queries;

	query->next = *first;
	query->at = first;
	if (query->next)
		query->next->at = &query->next;
	*first = query;
}

static void unlink_query(struct dns_query *query)
{
	*query->at = query->next;
	if (query->next)
		query->next->at = query->at;
}

static void release(struct dns_query *query)
{
	loop_cancel(query->deadline);
	loop_cancel(query->delivery);
	query->deadline = query->delivery = NULL;
	query->dead = true;
	if (query->over_network)
		return;
	unlink_query(query);
	dns_told_release(query->told);
	free(query);
}

static void deliver(void *data)
{
	struct dns_query *query = data;
	struct dns_reply reply = dns_told_reply(query->told);
	struct dns_then then = query->then;

	query->delivery = NULL;
	query->delivered = true;
	then.fn(then.data, &reply);
	release(query);
}

static void deliver_soon(struct dns_query *query, struct dns_told *told)
{
	dns_told_release(query->told);
	query->told = told;
	if (!query->delivery)
		query->delivery = loop_after(query->dns->loop, 0, deliver, query);
}

/* The deadline. A server that is asked over TCP has answered over UDP before, with a truncated message: it can be reached. */
static void too_late(void *data)
{
	struct dns_query *query = data;

	query->deadline = NULL;
	deliver_soon(query, dns_told_new(query->over_tcp ? ANSWER_BROKEN : ANSWER_TIMEOUT, NULL, 0));
}

void dns_cancel(struct dns_query *query)
{
	if (query && !query->delivered)
		release(query);
}

/* ---- asking ---- */

static void send_query(struct dns_query *query, bool tcp);

static void landed(void *data, struct dns_told *told)
{
	struct dns_query *query = data;
	bool truncated = told && !query->over_tcp && told->len && (told->bytes[2] & FLAG_TC);

	query->over_network = false;
	if (told && query->over_tcp && told->failed != ANSWER_DATA) {
		dns_told_release(told);
		told = dns_told_new(ANSWER_BROKEN, NULL, 0);
	}
	if (told && !query->dead && !query->delivery && !truncated) {
		deliver_soon(query, told);
		return;
	}
	dns_told_release(told);
	if (!told || query->dead)
		release(query);
	else if (!query->delivery)
		send_query(query, true);
}

static unsigned next_id(struct dns *dns)
{
	if (!dns->n_id) {
		loop_random_bytes(dns->id, sizeof(dns->id));
		dns->n_id = IDS;
	}
	return dns->id[--dns->n_id];
}

/* Sends the question; UDP and TCP each have the whole time. */
static void send_query(struct dns_query *query, bool tcp)
{
	struct dns *dns = query->dns;
	struct channel *channel = dns_channel(&dns->channels, query->to_resolver ? &dns->resolver : &query->to, tcp, query->timeout_ms);

	if (!channel) {
		deliver_soon(query, dns_told_new(ANSWER_UNREACHABLE, NULL, 0));
		return;
	}
	loop_cancel(query->deadline);
	query->deadline = loop_after(dns->loop, query->timeout_ms, too_late, query);
	query->over_network = true;
	query->over_tcp = tcp;
	str_clear(&dns->message);
	dnswire_build_query(&query->question, next_id(dns), query->to_resolver, true, &dns->message);
	if (query->unchecked)
		dns->message.s[3] |= FLAG_CD;
	query->flight = (struct dns_flight){ .fn = landed, .data = query };
	dns_channel_send(channel, &dns->message, &query->flight);
}

struct dns_query *dns_ask(
	struct dns *dns, const struct dns_endpoint *to, const struct dns_question *question, uint32_t timeout_ms, struct dns_then then)
{
	struct dns_query *query = mem_alloc(sizeof(*query));

	*query = (struct dns_query){
		.dns = dns,
		.then = then,
		.question = *question,
		.to_resolver = !to || to == &dns_unchecked,
		.unchecked = to == &dns_unchecked,
		.timeout_ms = timeout_ms,
	};
	if (!query->to_resolver)
		query->to = *to;
	link_query(query);
	send_query(query, false);
	return query;
}

/* ---- life ---- */

struct dns *dns_new(struct loop *loop, const struct dns_endpoint *resolver, const char *anchor_file)
{
	struct dns *dns = mem_alloc(sizeof(*dns));

	dns->loop = dns->channels.loop = loop;
	str_init(&dns->message, 0);
	if (resolver)
		dns->resolver = *resolver;
	dns->anchor_file = mem_text(anchor_file && *anchor_file ? anchor_file : NULL);
	return dns;
}

struct loop *dns_loop(const struct dns *dns)
{
	return dns->loop;
}

const char *dns_anchor_file(const struct dns *dns)
{
	return dns->anchor_file;
}

void dns_refresh(struct dns *dns)
{
	dns_channels_retire(&dns->channels);
}

void dns_free(struct dns *dns)
{
	if (!dns)
		return;
	dns_channels_free(&dns->channels);
	while (dns->queries)
		release(dns->queries);
	str_release(&dns->message);
	free(dns->anchor_file);
	free(dns);
}
