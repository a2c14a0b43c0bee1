/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dns.h"

#include <ares.h>
#include <stdlib.h>
#include <sys/time.h>

#include "base/mem.h"
#include "io/dns_private.h"
#include "base/banned.h"

#define TRIES 4       /* over UDP: each waits twice as long as the one before */
#define TRY_SHARES 15 /* of the time, 1 + 2 + 4 + 8 */
#define HEADER_LEN 12
#define FLAG_TC 0x02 /* both of byte 2 */
#define FLAG_CD 0x10 /* of byte 3 */
#define SOCKETS 16   /* of one channel: a UDP and a TCP one for each server */

const struct dns_endpoint dns_unchecked = { .port = 0 };

struct dns {
	struct loop *loop;
	struct dns_endpoint resolver;
	char *anchor_file;
	struct channel *channels;
	struct dns_query *queries; /* all that live */
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
	bool over_network; /* c-ares holds it: it is freed when c-ares lets go */
	bool dead;         /* nobody waits any more */
	bool delivered;
	enum answer failed;
	struct dns_answer answer;
	struct str bytes; /* of the answer */
};

/* c-ares channels, one over UDP and one over TCP for each server that is asked in a given time: its own ports, its own retries. */
struct channel {
	struct channel *next;
	struct dns *dns;
	struct dns_endpoint to;
	bool tcp;
	uint32_t timeout_ms;
	ares_channel ares;
	unsigned asking;
	bool retired; /* by dns_refresh(): never asked again */
	struct loop_handle *timer;
	struct socket_watch {
		struct channel *channel;
		int fd;
		struct loop_handle *readable, *writable;
	} socket[SOCKETS];
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
	dns_answer_release(&query->answer);
	str_release(&query->bytes);
	free(query);
}

static void deliver(void *data)
{
	struct dns_query *query = data;
	struct dns_reply reply = { .failed = query->failed };
	struct dns_then then = query->then;

	if (query->failed == ANSWER_DATA)
		reply = (struct dns_reply){ ANSWER_DATA, &query->answer, (const uint8_t *)query->bytes.s, query->bytes.len };
	query->delivery = NULL;
	query->delivered = true;
	then.fn(then.data, &reply);
	release(query);
}

static void deliver_soon(struct dns_query *query, enum answer failed)
{
	query->failed = failed;
	if (!query->delivery)
		query->delivery = loop_after(query->dns->loop, 0, deliver, query);
}

static void too_late(void *data)
{
	struct dns_query *query = data;

	query->deadline = NULL;
	deliver_soon(query, ANSWER_TIMEOUT);
}

void dns_cancel(struct dns_query *query)
{
	if (query && !query->delivered)
		release(query);
}

/* ---- c-ares on the loop ---- */

static void set_timer(struct channel *channel);

static void process(struct channel *channel, int readable, int writable)
{
	ares_process_fd(channel->ares, readable, writable);
	set_timer(channel);
}

static void timer_fired(void *data)
{
	struct channel *channel = data;

	channel->timer = NULL;
	process(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

static void set_timer(struct channel *channel)
{
	struct timeval most = { .tv_sec = 3600 }, wait;

	loop_cancel(channel->timer);
	channel->timer = NULL;
	if (!channel->asking)
		return;
	wait = *ares_timeout(channel->ares, &most, &wait);
	channel->timer =
		loop_after(channel->dns->loop, (uint64_t)wait.tv_sec * 1000 + (uint64_t)wait.tv_usec / 1000 + 1, timer_fired, channel);
}

static void readable(void *data)
{
	struct socket_watch *watch = data;

	process(watch->channel, watch->fd, ARES_SOCKET_BAD);
}

static void writable(void *data)
{
	struct socket_watch *watch = data;

	process(watch->channel, ARES_SOCKET_BAD, watch->fd);
}

static void watch_one(struct loop *loop, struct socket_watch *watch, bool read, bool write)
{
	if (read && !watch->readable)
		watch->readable = loop_readable(loop, watch->fd, readable, watch);
	if (write && !watch->writable)
		watch->writable = loop_writable(loop, watch->fd, writable, watch);
	if (!read) {
		loop_cancel(watch->readable);
		watch->readable = NULL;
	}
	if (!write) {
		loop_cancel(watch->writable);
		watch->writable = NULL;
	}
}

static void socket_state(void *data, ares_socket_t fd, int read, int write)
{
	struct channel *channel = data;
	struct socket_watch *room = NULL;

	for (size_t i = 0; i < SOCKETS; i++) {
		struct socket_watch *watch = &channel->socket[i];
		bool used = watch->readable || watch->writable;
		if (used && watch->fd == fd) {
			watch_one(channel->dns->loop, watch, read, write);
			return;
		}
		if (!used && !room)
			room = watch;
	}
	if (!room)
		return;
	*room = (struct socket_watch){ .channel = channel, .fd = fd };
	watch_one(channel->dns->loop, room, read, write);
}

/* ---- channels ---- */

static void channel_free(struct channel *channel)
{
	struct channel **at = &channel->dns->channels;

	while (*at != channel)
		at = &(*at)->next;
	*at = channel->next;
	ares_destroy(channel->ares);
	loop_cancel(channel->timer);
	free(channel);
}

static bool set_server(ares_channel ares, const struct dns_endpoint *to)
{
	struct dns_endpoint full = *to;
	struct str text;
	bool ok;

	if (!to->addr.family)
		return true;
	if (!full.port)
		full.port = 53;
	str_init(&text, 0);
	dns_endpoint_text(&full, &text);
	ok = ares_set_servers_ports_csv(ares, text.s) == ARES_SUCCESS;
	str_release(&text);
	return ok;
}

static struct channel *channel_new(const struct dns_query *query, const struct dns_endpoint *to, bool tcp)
{
	struct dns *dns = query->dns;
	struct channel *channel = mem_alloc(sizeof(*channel));
	uint32_t first_ms = tcp ? query->timeout_ms : query->timeout_ms / TRY_SHARES;
	struct ares_options options = {
		/* NOCHECKRESP: a refusal is an answer, to be told as it is. NOALIASES, NOSEARCH: names are asked as given. IGNTC:
		 * c-ares would give TCP no more time than one try over UDP has. */
		.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOALIASES | ARES_FLAG_NOSEARCH | ARES_FLAG_EDNS |
			 (tcp ? ARES_FLAG_USEVC : ARES_FLAG_IGNTC),
		.timeout = (int)(first_ms ? first_ms : 1),
		.tries = TRIES,
		.ednspsz = DNS_EDNS_BYTES,
		.sock_state_cb = socket_state,
		.sock_state_cb_data = channel,
	};
	const int chosen = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_STATE_CB;

	channel->dns = dns;
	channel->to = *to;
	channel->tcp = tcp;
	channel->timeout_ms = query->timeout_ms;
	if (ares_init_options(&channel->ares, &options, chosen) != ARES_SUCCESS) {
		free(channel);
		return NULL;
	}
	dns_use_sockets(channel->ares);
	channel->next = dns->channels;
	dns->channels = channel;
	if (set_server(channel->ares, to))
		return channel;
	channel_free(channel);
	return NULL;
}

static struct channel *channel_for(const struct dns_query *query, bool tcp)
{
	const struct dns_endpoint *to = query->to_resolver ? &query->dns->resolver : &query->to;

	for (struct channel *channel = query->dns->channels; channel; channel = channel->next)
		if (!channel->retired && channel->tcp == tcp && channel->timeout_ms == query->timeout_ms && channel->to.port == to->port &&
			addr_equal(&channel->to.addr, &to->addr))
			return channel;
	return channel_new(query, to, tcp);
}

/* ---- asking ---- */

struct flight {
	struct dns_query *query;
	struct channel *channel;
};

static void send_query(struct dns_query *query, bool tcp);

static enum answer outcome(struct dns_query *query, int status, const unsigned char *bytes, int len)
{
	if (status == ARES_ETIMEOUT)
		return ANSWER_TIMEOUT;
	if (status != ARES_SUCCESS || !bytes || len < 0)
		return status == ARES_EBADRESP ? ANSWER_BROKEN : ANSWER_UNREACHABLE;
	str_add_bytes(&query->bytes, bytes, (size_t)len);
	return dnswire_parse(bytes, (size_t)len, &query->answer) ? ANSWER_DATA : ANSWER_BROKEN;
}

static void landed(void *data, int status, int timeouts, unsigned char *bytes, int len)
{
	struct flight *flight = data;
	struct dns_query *query = flight->query;
	bool truncated = !flight->channel->tcp && status == ARES_SUCCESS && len >= HEADER_LEN && (bytes[2] & FLAG_TC);

	(void)timeouts;
	flight->channel->asking--;
	free(flight);
	query->over_network = false;
	if (query->dead || status == ARES_EDESTRUCTION)
		release(query);
	else if (!query->delivery && truncated)
		send_query(query, true);
	else if (!query->delivery)
		deliver_soon(query, outcome(query, status, bytes, len));
}

/* Each way has the whole time. */
static void send_query(struct dns_query *query, bool tcp)
{
	struct channel *channel = channel_for(query, tcp);
	struct flight *flight;
	struct str bytes;

	if (!channel || !dns_has_route(&channel->to.addr)) {
		deliver_soon(query, ANSWER_UNREACHABLE);
		return;
	}
	loop_cancel(query->deadline);
	query->deadline = loop_after(query->dns->loop, query->timeout_ms, too_late, query);
	query->over_network = true;
	flight = mem_alloc(sizeof(*flight));
	*flight = (struct flight){ query, channel };
	channel->asking++;
	str_init(&bytes, 0);
	dnswire_build_query(&query->question, (unsigned)(loop_random() & 0xffff), query->to_resolver, true, &bytes);
	if (query->unchecked)
		bytes.s[3] |= FLAG_CD;
	ares_send(channel->ares, (const unsigned char *)bytes.s, (int)bytes.len, landed, flight);
	str_release(&bytes);
	set_timer(channel);
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
	str_init(&query->bytes, 0);
	link_query(query);
	send_query(query, false);
	return query;
}

/* ---- life ---- */

struct dns *dns_new(struct loop *loop, const struct dns_endpoint *resolver, const char *anchor_file)
{
	struct dns *dns = mem_alloc(sizeof(*dns));

	dns->loop = loop;
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
	struct channel *next;

	for (struct channel *channel = dns->channels; channel; channel = next) {
		next = channel->next;
		if (channel->asking)
			channel->retired = true;
		else
			channel_free(channel);
	}
}

void dns_free(struct dns *dns)
{
	if (!dns)
		return;
	while (dns->channels)
		channel_free(dns->channels);
	while (dns->queries)
		release(dns->queries);
	free(dns->anchor_file);
	free(dns);
}
