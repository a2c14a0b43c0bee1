/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dns.h"

#include <ares.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "io/dns_own.h"
#include "base/banned.h"

#define TRIES 3
#define SOCKETS 16 /* of one channel: a UDP and a TCP one for each server */

/* One c-ares channel for each server that is asked: its own ports, its own retries. */
struct channel {
	struct channel *next;
	struct dns *dns;
	struct dns_endpoint to;
	ares_channel ares;
	unsigned asking;
	bool retired; /* by dns_refresh(): freed when idle, never asked again */
	struct loop_handle *timer;
	struct socket_watch {
		struct channel *channel;
		int fd;
		struct loop_handle *readable, *writable;
	} socket[SOCKETS];
};

/* ---- endpoints ---- */

static bool parse_port(const char *text, uint16_t *port)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value == 0 || value > 65535)
		return false;
	*port = (uint16_t)value;
	return true;
}

static bool parse_parts(struct dns_endpoint *endpoint, const char *text)
{
	char host[ADDR_TEXT_MAX + 2];
	const char *end, *colon = strrchr(text, ':');
	size_t len;

	if (addr_parse(&endpoint->addr, text))
		return true;
	if (*text == '[') {
		end = strchr(++text, ']');
		colon = end ? end + 1 : NULL;
		if (!end || (*colon && *colon != ':'))
			return false;
	} else {
		end = colon;
	}
	if (!end || (len = (size_t)(end - text)) >= sizeof(host))
		return false;
	memcpy(host, text, len);
	host[len] = 0;
	if (*colon && !parse_port(colon + 1, &endpoint->port))
		return false;
	return addr_parse(&endpoint->addr, host);
}

bool dns_endpoint_parse(struct dns_endpoint *endpoint, const char *text, struct err *err)
{
	struct dns_endpoint got = {0};

	if (parse_parts(&got, text)) {
		*endpoint = got;
		return true;
	}
	err_set(err, ERR_USAGE, N_("not the address of a server: %s"), text);
	err_hint(err, N_("Write it as 192.0.2.53, 192.0.2.53:5300 or [2001:db8::53]:5300."));
	return false;
}

void dns_endpoint_text(const struct dns_endpoint *endpoint, struct str *out)
{
	char addr[ADDR_TEXT_MAX];
	bool brackets = endpoint->addr.family == 6 && endpoint->port;

	if (!endpoint->addr.family)
		return;
	str_addf(out, brackets ? "[%s]" : "%s", addr_text(&endpoint->addr, addr));
	if (endpoint->port)
		str_addf(out, ":%u", (unsigned)endpoint->port);
}

/* ---- delivery: always from the loop ---- */

static void release(struct dns_query *query)
{
	loop_cancel(query->deadline);
	loop_cancel(query->delivery);
	query->deadline = query->delivery = NULL;
	query->dead = true;
	if (query->over_network)
		return;
	dns_answer_release(&query->answer);
	free(query);
}

static void deliver(void *data)
{
	struct dns_query *query = data;
	struct dns_reply reply = {query->failed, query->failed == ANSWER_DATA ? &query->answer : NULL};
	struct dns_then then = query->then;

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
	if (!query || query->delivered)
		return;
	if (query->validated)
		validate_cancel(query);
	else
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
	struct timeval most = {.tv_sec = 3600}, wait;

	loop_cancel(channel->timer);
	channel->timer = NULL;
	if (!channel->asking)
		return;
	wait = *ares_timeout(channel->ares, &most, &wait);
	channel->timer = loop_after(channel->dns->loop, (uint64_t)wait.tv_sec * 1000 + (uint64_t)wait.tv_usec / 1000 + 1,
				    timer_fired, channel);
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
	*room = (struct socket_watch){.channel = channel, .fd = fd};
	watch_one(channel->dns->loop, room, read, write);
}

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

static struct channel *channel_new(struct dns *dns, const struct dns_endpoint *to, uint32_t timeout_ms)
{
	struct channel *channel = mem_alloc(sizeof(*channel));
	struct ares_options options = {
		/* NOCHECKRESP: a refusal is an answer, to be told as it is. NOALIASES, NOSEARCH: names are asked as given. */
		.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOALIASES | ARES_FLAG_NOSEARCH,
		.timeout = (int)(timeout_ms / 4 ? timeout_ms / 4 : 1),	/* ms; doubles with each try */
		.tries = TRIES,
		.sock_state_cb = socket_state,
		.sock_state_cb_data = channel,
	};

	channel->dns = dns;
	channel->to = *to;
	if (ares_init_options(&channel->ares, &options,
			      ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB) != ARES_SUCCESS) {
		free(channel);
		return NULL;
	}
	channel->next = dns->channels;
	dns->channels = channel;
	if (set_server(channel->ares, to))
		return channel;
	channel_free(channel);
	return NULL;
}

static struct channel *channel_for(struct dns *dns, const struct dns_endpoint *to, uint32_t timeout_ms)
{
	for (struct channel *channel = dns->channels; channel; channel = channel->next)
		if (!channel->retired && channel->to.port == to->port && addr_equal(&channel->to.addr, &to->addr))
			return channel;
	return channel_new(dns, to, timeout_ms);
}

/* ---- asking ---- */

struct flight {
	struct dns_query *query;
	struct channel *channel;
};

static enum answer outcome(struct dns_query *query, int status, const unsigned char *bytes, int len)
{
	if (status == ARES_ETIMEOUT)
		return ANSWER_TIMEOUT;
	if (status != ARES_SUCCESS || !bytes || len < 0)
		return status == ARES_EBADRESP ? ANSWER_BROKEN : ANSWER_UNREACHABLE;
	return dnswire_parse(bytes, (size_t)len, &query->answer) ? ANSWER_DATA : ANSWER_BROKEN;
}

static void landed(void *data, int status, int timeouts, unsigned char *bytes, int len)
{
	struct flight *flight = data;
	struct dns_query *query = flight->query;

	(void)timeouts;
	flight->channel->asking--;
	free(flight);
	query->over_network = false;
	if (query->dead || status == ARES_EDESTRUCTION)
		release(query);
	else if (!query->delivery)
		deliver_soon(query, outcome(query, status, bytes, len));
}

struct dns_query *dns_ask(struct dns *dns, const struct dns_endpoint *to, const struct dns_question *question,
			  uint32_t timeout_ms, struct dns_then then)
{
	struct dns_query *query = mem_alloc(sizeof(*query));
	struct channel *channel;
	struct flight *flight;
	struct str bytes;

	*query = (struct dns_query){.dns = dns, .then = then, .question = *question};
	channel = channel_for(dns, to ? to : &dns->resolver, timeout_ms);
	if (!channel) {
		deliver_soon(query, ANSWER_UNREACHABLE);
		return query;
	}
	query->deadline = loop_after(dns->loop, timeout_ms, too_late, query);
	query->over_network = true;
	flight = mem_alloc(sizeof(*flight));
	*flight = (struct flight){query, channel};
	channel->asking++;
	str_init(&bytes, 0);
	dnswire_build_query(question, (unsigned)(loop_random() & 0xffff), to == NULL, true, &bytes);
	ares_send(channel->ares, (const unsigned char *)bytes.s, (int)bytes.len, landed, flight);
	str_release(&bytes);
	set_timer(channel);
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
	validator_free(dns->validator);
	while (dns->channels)
		channel_free(dns->channels);
	free(dns->anchor_file);
	free(dns);
}
