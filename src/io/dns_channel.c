/* SPDX-License-Identifier: GPL-3.0-or-later */
/* c-ares on the loop: one channel for each way to a server, with ports and retries of its own. */
#include <ares.h>
#include <stdlib.h>
#include <sys/time.h>

#include "base/mem.h"
#include "io/dns_private.h"
#include "base/banned.h"

#define TRIES 4       /* over UDP: each waits twice as long as the one before */
#define TRY_SHARES 15 /* of the time, 1 + 2 + 4 + 8 */
#define SOCKETS 16    /* of one channel: a UDP and a TCP one for each server */
#define PORT_ASKS 250 /* questions from one port: then comes another, which nobody can have found out yet (RFC 5452) */

/* c-ares reads the files of the system's resolver, unless all of this is chosen. */
#define NO_FILES (ARES_OPT_NDOTS | ARES_OPT_SERVERS | ARES_OPT_DOMAINS | ARES_OPT_LOOKUPS | ARES_OPT_SORTLIST)

/* c-ares channels, one over UDP and one over TCP for each server that is asked in a given time: its own ports, its own retries. */
struct channel {
	struct channel *next;
	struct dns_channels *all;
	struct dns_endpoint to;
	bool tcp;
	uint32_t timeout_ms, first_ms; /* of a question; of its first try */
	ares_channel ares;
	unsigned asking, asked;
	bool retired; /* never asked again */
	bool routed;  /* there was a route to it */
	struct loop_handle *timer;
	uint64_t timer_ms; /* when it comes */
	struct socket_watch {
		struct channel *channel;
		int fd;
		struct loop_handle *readable, *writable;
	} socket[SOCKETS];
};

/* ---- c-ares on the loop ---- */

static void timer_fired(void *data);

/* Sets the timer, unless it comes early enough. An early timer finds nothing to do, which costs less than moving it with each question. */
static void timer_before(struct channel *channel, uint64_t ms)
{
	if (channel->timer && channel->timer_ms <= ms)
		return;
	loop_cancel(channel->timer);
	channel->timer_ms = ms;
	channel->timer = loop_after(channel->all->loop, ms - loop_coarse_ms() + 1, timer_fired, channel);
}

static void channel_free(struct channel *channel);

/* False: nothing is asked any more, and a channel that is not to be asked again is gone. */
static bool process(struct channel *channel, int readable, int writable)
{
	ares_process_fd(channel->ares, readable, writable);
	if (channel->asking)
		return true;
	loop_cancel(channel->timer);
	channel->timer = NULL;
	if (channel->retired)
		channel_free(channel);
	return false;
}

static void timer_fired(void *data)
{
	struct channel *channel = data;
	struct timeval most = { .tv_sec = 3600 }, wait;

	channel->timer = NULL;
	if (!process(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD))
		return;
	wait = *ares_timeout(channel->ares, &most, &wait);
	timer_before(channel, loop_coarse_ms() + (uint64_t)wait.tv_sec * 1000 + (uint64_t)wait.tv_usec / 1000);
}

/* Some c-ares takes one datagram at a time, of many that came. */
static void readable(void *data)
{
	struct socket_watch *watch = data;
	struct channel *channel = watch->channel;
	unsigned left = 0, before;
	int fd = watch->fd;

	do {
		before = left;
		if (!process(channel, fd, ARES_SOCKET_BAD))
			return;
		left = channel->tcp ? 0 : dns_post_left(channel->all->post, fd);
	} while (left && left != before);
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
			watch_one(channel->all->loop, watch, read, write);
			return;
		}
		if (!used && !room)
			room = watch;
	}
	if (!room)
		return;
	*room = (struct socket_watch){ .channel = channel, .fd = fd };
	watch_one(channel->all->loop, room, read, write);
}

/* ---- channels ---- */

static void channel_free(struct channel *channel)
{
	struct channel **at = &channel->all->first;

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

static struct channel *channel_new(struct dns_channels *all, const struct dns_endpoint *to, bool tcp, uint32_t timeout_ms)
{
	struct channel *channel = mem_alloc(sizeof(*channel));
	uint32_t first_ms = tcp ? timeout_ms : timeout_ms / TRY_SHARES;
	char lookups[] = "b";
	struct ares_options options = {
		/* NOCHECKRESP: a refusal is an answer, to be told as it is. NOALIASES, NOSEARCH: names are asked as given. IGNTC:
		 * c-ares would give TCP no more time than one try over UDP has. */
		.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOALIASES | ARES_FLAG_NOSEARCH | ARES_FLAG_EDNS |
			 (tcp ? ARES_FLAG_USEVC : ARES_FLAG_IGNTC),
		.timeout = (int)(first_ms ? first_ms : 1),
		.tries = TRIES,
		.ednspsz = DNS_EDNS_BYTES,
		.ndots = 1,
		.lookups = lookups,
		.sock_state_cb = socket_state,
		.sock_state_cb_data = channel,
	};
	const int chosen = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_STATE_CB |
			   (to->addr.family ? NO_FILES : 0);

	channel->all = all;
	channel->to = *to;
	channel->tcp = tcp;
	channel->timeout_ms = timeout_ms;
	channel->first_ms = first_ms;
	if (ares_init_options(&channel->ares, &options, chosen) != ARES_SUCCESS) {
		free(channel);
		return NULL;
	}
	if (!tcp && !all->post)
		all->post = dns_post_new(all->loop);
	dns_use_sockets(channel->ares, tcp ? NULL : all->post);
	channel->next = all->first;
	all->first = channel;
	if (set_server(channel->ares, to))
		return channel;
	channel_free(channel);
	return NULL;
}

static void retire(struct channel *channel)
{
	channel->retired = true;
	if (!channel->asking)
		channel_free(channel);
}

static struct channel *find(const struct dns_channels *all, const struct dns_endpoint *to, bool tcp, uint32_t timeout_ms)
{
	struct channel *channel = all->first;

	while (channel && (channel->retired || channel->tcp != tcp || channel->timeout_ms != timeout_ms || channel->to.port != to->port ||
				  !addr_equal(&channel->to.addr, &to->addr)))
		channel = channel->next;
	return channel;
}

struct channel *dns_channel(struct dns_channels *all, const struct dns_endpoint *to, bool tcp, uint32_t timeout_ms)
{
	struct channel *channel = find(all, to, tcp, timeout_ms);

	if (channel && channel->asked >= PORT_ASKS) {
		retire(channel);
		channel = NULL;
	}
	if (!channel)
		channel = channel_new(all, to, tcp, timeout_ms);
	if (channel && !channel->routed)
		channel->routed = dns_has_route(&to->addr);
	return channel && channel->routed ? channel : NULL;
}

void dns_channels_retire(struct dns_channels *all)
{
	struct channel *next;

	for (struct channel *channel = all->first; channel; channel = next) {
		next = channel->next;
		retire(channel);
	}
}

void dns_channels_free(struct dns_channels *all)
{
	while (all->first)
		channel_free(all->first);
	dns_post_free(all->post);
	all->post = NULL;
}

/* ---- sending ---- */

static void landed(void *data, int status, int timeouts, unsigned char *bytes, int len)
{
	const struct dns_flight *flight = data;
	struct dns_told *told = NULL;

	(void)timeouts;
	flight->channel->asking--;
	if (status == ARES_SUCCESS && bytes && len > 0)
		told = dns_told_new(ANSWER_DATA, bytes, (size_t)len);
	else if (status != ARES_EDESTRUCTION)
		told = dns_told_new(status == ARES_ETIMEOUT   ? ANSWER_TIMEOUT
				    : status == ARES_EBADRESP ? ANSWER_BROKEN
							      : ANSWER_UNREACHABLE,
			NULL, 0);
	flight->fn(flight->data, told);
}

void dns_channel_send(struct channel *channel, const struct str *message, struct dns_flight *flight)
{
	flight->channel = channel;
	channel->asked++;
	channel->asking++;
	ares_send(channel->ares, (const unsigned char *)message->s, (int)message->len, landed, flight);
	if (channel->asking)
		timer_before(channel, loop_coarse_ms() + channel->first_ms);
}
