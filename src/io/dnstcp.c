/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dnstcp.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

#define PORT 53
#define PREFIX 2 /* the message's length before it */

#define KEPT_MOST 8

struct kept {
	int fd;
	uint64_t until_ms;
	char *endpoint;
};
struct dnstcp_pool {
	struct loop *loop;
	uint32_t idle_ms;
	size_t n;
	struct kept kept[KEPT_MOST]; /* the oldest first */
	struct loop_handle *timer;
};

struct dnstcp {
	struct dnstcp_pool *pool;
	struct loop *loop;
	struct dnstcp_then then;
	char *endpoint;
	struct dns_endpoint to;
	int fd;
	bool again;                        /* the connection had an answer before */
	struct loop_handle *ready, *timer; /* to be written to first, then to be read */
	struct str out, in;                /* with their prefixes */
	size_t n_out;
	struct err err; /* known before anything was sent */
};

/* ---- kept connections ---- */

static void close_old(void *data);

static void wait_for_oldest(struct dnstcp_pool *pool)
{
	uint64_t now = loop_ms();

	if (pool->n && !pool->timer)
		pool->timer = loop_after(pool->loop, pool->kept[0].until_ms > now ? pool->kept[0].until_ms - now : 1, close_old, pool);
}

static struct kept take_out(struct dnstcp_pool *pool, size_t i)
{
	struct kept kept = pool->kept[i];

	memmove(pool->kept + i, pool->kept + i + 1, (--pool->n - i) * sizeof kept);
	return kept;
}

static void close_kept(struct dnstcp_pool *pool, size_t i)
{
	struct kept kept = take_out(pool, i);

	close(kept.fd);
	free(kept.endpoint);
}

static void close_old(void *data)
{
	struct dnstcp_pool *pool = data;

	pool->timer = NULL;
	while (pool->n && pool->kept[0].until_ms <= loop_ms())
		close_kept(pool, 0);
	wait_for_oldest(pool);
}

static void keep(struct dnstcp *dnstcp)
{
	struct dnstcp_pool *pool = dnstcp->pool;

	if (pool->n == KEPT_MOST)
		close_kept(pool, 0);
	pool->kept[pool->n++] = (struct kept){ dnstcp->fd, loop_ms() + pool->idle_ms, mem_text(dnstcp->endpoint) };
	dnstcp->fd = -1;
	wait_for_oldest(pool);
}

/* A kept connection to the server, or -1. One that the server has closed, or has sent something on, is of no use. */
static int take_kept(struct dnstcp_pool *pool, const char *endpoint)
{
	for (size_t i = pool->n; i-- > 0;) {
		char byte;

		if (strcmp(pool->kept[i].endpoint, endpoint) != 0)
			continue;
		if (recv(pool->kept[i].fd, &byte, 1, MSG_PEEK) >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) {
			close_kept(pool, i);
			continue;
		}

		struct kept kept = take_out(pool, i);
		free(kept.endpoint);
		return kept.fd;
	}
	return -1;
}

struct dnstcp_pool *dnstcp_pool_new(struct loop *loop, uint32_t idle_ms)
{
	struct dnstcp_pool *pool = mem_alloc(sizeof *pool);

	pool->loop = loop;
	pool->idle_ms = idle_ms;
	return pool;
}

void dnstcp_pool_free(struct dnstcp_pool *pool)
{
	if (!pool)
		return;
	while (pool->n)
		close_kept(pool, 0);
	loop_cancel(pool->timer);
	free(pool);
}

/* ---- a message ---- */

static void hang_up(struct dnstcp *dnstcp)
{
	loop_cancel(dnstcp->ready);
	dnstcp->ready = NULL;
	if (dnstcp->fd >= 0)
		close(dnstcp->fd);
	dnstcp->fd = -1;
}

static void release(struct dnstcp *dnstcp)
{
	hang_up(dnstcp);
	loop_cancel(dnstcp->timer);
	str_release(&dnstcp->out);
	str_release(&dnstcp->in);
	free(dnstcp->endpoint);
	free(dnstcp);
}

void dnstcp_cancel(struct dnstcp *dnstcp)
{
	if (dnstcp)
		release(dnstcp);
}

static void fail(struct dnstcp *dnstcp, const struct err *err)
{
	dnstcp->then.fn(dnstcp->then.data, NULL, err, dnstcp->n_out > 0);
	release(dnstcp);
}

static void fail_errno(struct dnstcp *dnstcp, int number)
{
	struct err err = { 0 };

	err_set(&err, ERR_NETWORK, N_("no answer from %s: %s"), dnstcp->endpoint, strerror(number));
	fail(dnstcp, &err);
}

static void too_late(void *data)
{
	struct dnstcp *dnstcp = data;
	struct err err = { 0 };

	dnstcp->timer = NULL;
	err_set(&err, ERR_NETWORK, N_("no answer from %s in time"), dnstcp->endpoint);
	fail(dnstcp, &err);
}

static void never_sent(void *data)
{
	struct dnstcp *dnstcp = data;

	dnstcp->timer = NULL;
	fail(dnstcp, &dnstcp->err);
}

static bool connect_to(struct dnstcp *dnstcp);

/* Asks once more on a new connection, where a kept one gave no answer. */
static bool ask_anew(struct dnstcp *dnstcp)
{
	if (!dnstcp->again || dnstcp->in.len)
		return false;
	hang_up(dnstcp);
	dnstcp->again = false;
	dnstcp->n_out = 0;
	return connect_to(dnstcp);
}

static bool is_whole(const struct str *in)
{
	const uint8_t *bytes = (const uint8_t *)in->s;

	return in->len >= PREFIX && in->len >= PREFIX + ((size_t)bytes[0] << 8 | bytes[1]);
}

static void deliver(struct dnstcp *dnstcp)
{
	const uint8_t *bytes = (const uint8_t *)dnstcp->in.s;
	size_t len = (size_t)bytes[0] << 8 | bytes[1];
	struct str answer;

	str_init(&answer, 0);
	str_add_bytes(&answer, bytes + PREFIX, len);
	loop_cancel(dnstcp->ready);
	dnstcp->ready = NULL;
	if (dnstcp->in.len == PREFIX + len)
		keep(dnstcp);
	dnstcp->then.fn(dnstcp->then.data, &answer, NULL, true);
	str_release(&answer);
	release(dnstcp);
}

static bool is_nothing_yet(int number)
{
	return number == EAGAIN || number == EWOULDBLOCK || number == EINTR;
}

static void readable(void *data)
{
	struct dnstcp *dnstcp = data;
	struct err err = { 0 };
	char bytes[4096];
	ssize_t n = recv(dnstcp->fd, bytes, sizeof bytes, 0);

	if (n > 0)
		str_add_bytes(&dnstcp->in, bytes, (size_t)n);
	if (is_whole(&dnstcp->in)) {
		deliver(dnstcp);
	} else if (n > 0 || (n < 0 && is_nothing_yet(errno)) || ask_anew(dnstcp)) {
		return;
	} else if (n == 0) {
		err_set(&err, ERR_NETWORK, N_("%s closed the connection without a whole answer"), dnstcp->endpoint);
		fail(dnstcp, &err);
	} else {
		fail_errno(dnstcp, errno);
	}
}

static void writable(void *data);

/* Writes as much as goes; then waits for the answer, or for room to write the rest. A failure is told by errno. */
static void write_more(struct dnstcp *dnstcp)
{
	ssize_t n = send(dnstcp->fd, dnstcp->out.s + dnstcp->n_out, dnstcp->out.len - dnstcp->n_out, MSG_NOSIGNAL);
	int failure = n < 0 && !is_nothing_yet(errno) ? errno : 0;

	dnstcp->n_out += n > 0 ? (size_t)n : 0;
	if (!failure && dnstcp->n_out < dnstcp->out.len && dnstcp->ready)
		return;
	loop_cancel(dnstcp->ready);
	dnstcp->ready = NULL;
	if (!failure && dnstcp->n_out < dnstcp->out.len)
		dnstcp->ready = loop_writable(dnstcp->loop, dnstcp->fd, writable, dnstcp);
	else if (!failure)
		dnstcp->ready = loop_readable(dnstcp->loop, dnstcp->fd, readable, dnstcp);
	errno = failure;
}

static void writable(void *data)
{
	struct dnstcp *dnstcp = data;

	write_more(dnstcp);
	if (!dnstcp->ready && !ask_anew(dnstcp))
		fail_errno(dnstcp, errno);
}

static socklen_t address_of(const struct dns_endpoint *to, struct sockaddr_storage *out)
{
	struct sockaddr_in *in4 = (struct sockaddr_in *)out;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
	uint16_t port = htons(to->port ? to->port : PORT);

	*out = (struct sockaddr_storage){ .ss_family = to->addr.family == 4 ? AF_INET : AF_INET6 };
	if (to->addr.family == 4) {
		in4->sin_port = port;
		memcpy(&in4->sin_addr, to->addr.bytes, sizeof in4->sin_addr);
		return sizeof *in4;
	}
	in6->sin6_port = port;
	memcpy(&in6->sin6_addr, to->addr.bytes, sizeof in6->sin6_addr);
	return sizeof *in6;
}

/* What fails at once is told by errno. */
static bool connect_to(struct dnstcp *dnstcp)
{
	struct sockaddr_storage address;
	socklen_t len = address_of(&dnstcp->to, &address);

	dnstcp->fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (dnstcp->fd < 0 || (connect(dnstcp->fd, (const struct sockaddr *)&address, len) != 0 && errno != EINPROGRESS))
		return false;
	dnstcp->ready = loop_writable(dnstcp->loop, dnstcp->fd, writable, dnstcp);
	return true;
}

static bool begin(struct dnstcp *dnstcp, bool changes)
{
	dnstcp->fd = changes ? -1 : take_kept(dnstcp->pool, dnstcp->endpoint);
	dnstcp->again = dnstcp->fd >= 0;
	if (!dnstcp->again)
		return connect_to(dnstcp);
	write_more(dnstcp);
	return dnstcp->ready || ask_anew(dnstcp);
}

struct dnstcp *dnstcp_send(struct dnstcp_pool *pool, const struct dnstcp_message *message, struct dnstcp_then then)
{
	struct dnstcp *dnstcp = mem_alloc(sizeof(*dnstcp));
	size_t len = message->bytes->len;

	*dnstcp = (struct dnstcp){ .pool = pool, .loop = pool->loop, .then = then, .endpoint = mem_text(message->endpoint), .fd = -1 };
	str_init(&dnstcp->out, PREFIX + UINT16_MAX);
	str_init(&dnstcp->in, 2 * (PREFIX + UINT16_MAX));
	str_add_char(&dnstcp->out, (char)(len >> 8 & 0xff));
	str_add_char(&dnstcp->out, (char)(len & 0xff));
	str_add_bytes(&dnstcp->out, message->bytes->s, len);
	if (dnstcp->out.overflow)
		err_set(&dnstcp->err, ERR_REFUSED, N_("the message for %s is longer than a DNS message can be"), message->endpoint);
	else if (dns_endpoint_parse(&dnstcp->to, message->endpoint, &dnstcp->err) && !begin(dnstcp, message->changes))
		err_set(&dnstcp->err, ERR_NETWORK, N_("no answer from %s: %s"), message->endpoint, strerror(errno));
	if (dnstcp->err.code)
		dnstcp->timer = loop_after(pool->loop, 0, never_sent, dnstcp);
	else
		dnstcp->timer = loop_after(pool->loop, message->timeout_ms ? message->timeout_ms : DNS_TIMEOUT_MS, too_late, dnstcp);
	return dnstcp;
}
