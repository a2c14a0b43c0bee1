/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dns.h"

#include <ares.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/dns_private.h"
#include "base/banned.h"

#define TRIES 3
#define TRY_SHARES 7 /* of the time, 1 + 2 + 4: each try waits twice as long */
#define HEADER_LEN 12
#define FLAG_QR 0x80
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

/* ---- delivery: always from the loop ---- */

void dns_query_link(struct dns_query *query)
{
	struct dns_query **first = &query->dns->queries;

	query->next = *first;
	query->at = first;
	if (query->next)
		query->next->at = &query->next;
	*first = query;
}

void dns_query_unlink(struct dns_query *query)
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
	dns_query_unlink(query);
	dns_answer_release(&query->answer);
	free(query);
}

static void deliver(void *data)
{
	struct dns_query *query = data;
	struct dns_reply reply = { query->failed, query->failed == ANSWER_DATA ? &query->answer : NULL };
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

/* ---- sockets: c-ares checks id, question and source, but takes a question thrown back for an answer ---- */

static ares_socket_t open_socket(int family, int type, int protocol, void *data)
{
	(void)data;
	return socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
}

static int close_socket(ares_socket_t fd, void *data)
{
	(void)data;
	return close(fd);
}

static int connect_socket(ares_socket_t fd, const struct sockaddr *to, ares_socklen_t len, void *data)
{
	(void)data;
	return connect(fd, to, len);
}

static ares_ssize_t receive(
	ares_socket_t fd, void *bytes, size_t size, int flags, struct sockaddr *from, ares_socklen_t *from_len, void *data)
{
	const uint8_t *packet = bytes;
	ares_ssize_t n;

	(void)data;
	do
		n = recvfrom(fd, bytes, size, flags, from, from_len);
	while (from && n >= 0 && (n < HEADER_LEN || !(packet[2] & FLAG_QR)));
	return n;
}

static ares_ssize_t send_pieces(ares_socket_t fd, const struct iovec *pieces, int n, void *data)
{
	struct iovec *copy = mem_copy(pieces, (size_t)n * sizeof(*pieces));
	struct msghdr message = { .msg_iov = copy, .msg_iovlen = (size_t)n };
	ares_ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);

	(void)data;
	free(copy);
	return sent;
}

static const struct ares_socket_functions socket_functions = {
	open_socket,
	close_socket,
	connect_socket,
	receive,
	send_pieces,
};

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

static struct channel *channel_new(struct dns *dns, const struct dns_endpoint *to, uint32_t timeout_ms)
{
	struct channel *channel = mem_alloc(sizeof(*channel));
	struct ares_options options = {
		/* NOCHECKRESP: a refusal is an answer, to be told as it is. NOALIASES, NOSEARCH: names are asked as given. */
		.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOALIASES | ARES_FLAG_NOSEARCH,
		.timeout = (int)(timeout_ms / TRY_SHARES ? timeout_ms / TRY_SHARES : 1),
		.tries = TRIES,
		.sock_state_cb = socket_state,
		.sock_state_cb_data = channel,
	};

	channel->dns = dns;
	channel->to = *to;
	if (ares_init_options(&channel->ares, &options, ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB) !=
		ARES_SUCCESS) {
		free(channel);
		return NULL;
	}
	ares_set_socket_functions(channel->ares, &socket_functions, NULL);
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

struct dns_query *dns_ask(
	struct dns *dns, const struct dns_endpoint *to, const struct dns_question *question, uint32_t timeout_ms, struct dns_then then)
{
	struct dns_query *query = mem_alloc(sizeof(*query));
	struct channel *channel;
	struct flight *flight;
	struct str bytes;

	*query = (struct dns_query){ .dns = dns, .then = then, .question = *question };
	dns_query_link(query);
	channel = channel_for(dns, to ? to : &dns->resolver, timeout_ms);
	if (!channel) {
		deliver_soon(query, ANSWER_UNREACHABLE);
		return query;
	}
	query->deadline = loop_after(dns->loop, timeout_ms, too_late, query);
	query->over_network = true;
	flight = mem_alloc(sizeof(*flight));
	*flight = (struct flight){ query, channel };
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
	bool validating = false;

	for (const struct dns_query *query = dns->queries; query; query = query->next)
		validating |= query->validated != NULL;
	if (!validating) {
		validator_free(dns->validator);
		dns->validator = NULL;
	}
	for (struct channel *channel = dns->channels; channel; channel = next) {
		next = channel->next;
		if (channel->asking)
			channel->retired = true;
		else
			channel_free(channel);
	}
}

/* A validating query cancels the asking one that it waits for: so they go first. */
static void cancel_validating(struct dns *dns)
{
	struct dns_query *query = dns->queries;

	while (query) {
		if (query->validated) {
			validate_cancel(query);
			query = dns->queries;
		} else {
			query = query->next;
		}
	}
}

void dns_free(struct dns *dns)
{
	if (!dns)
		return;
	cancel_validating(dns);
	validator_free(dns->validator);
	while (dns->channels)
		channel_free(dns->channels);
	while (dns->queries)
		release(dns->queries);
	free(dns->anchor_file);
	free(dns);
}
