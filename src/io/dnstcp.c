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

struct dnstcp {
	struct loop *loop;
	struct dnstcp_then then;
	char *endpoint;
	int fd;
	struct loop_handle *ready, *timer; /* to be written to first, then to be read */
	struct str out, in;                /* with their prefixes */
	size_t n_out;
	struct err err; /* known before anything was sent */
};

static void release(struct dnstcp *dnstcp)
{
	loop_cancel(dnstcp->ready);
	loop_cancel(dnstcp->timer);
	if (dnstcp->fd >= 0)
		close(dnstcp->fd);
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

static bool is_whole(const struct str *in)
{
	const uint8_t *bytes = (const uint8_t *)in->s;

	return in->len >= PREFIX && in->len >= PREFIX + ((size_t)bytes[0] << 8 | bytes[1]);
}

static void deliver(struct dnstcp *dnstcp)
{
	const uint8_t *bytes = (const uint8_t *)dnstcp->in.s;
	struct str answer;

	str_init(&answer, 0);
	str_add_bytes(&answer, bytes + PREFIX, (size_t)bytes[0] << 8 | bytes[1]);
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
	} else if (n == 0) {
		err_set(&err, ERR_NETWORK, N_("%s closed the connection without a whole answer"), dnstcp->endpoint);
		fail(dnstcp, &err);
	} else if (n < 0 && !is_nothing_yet(errno)) {
		fail_errno(dnstcp, errno);
	}
}

static void writable(void *data)
{
	struct dnstcp *dnstcp = data;
	ssize_t n = send(dnstcp->fd, dnstcp->out.s + dnstcp->n_out, dnstcp->out.len - dnstcp->n_out, MSG_NOSIGNAL);

	if (n < 0 && !is_nothing_yet(errno)) {
		fail_errno(dnstcp, errno);
		return;
	}
	dnstcp->n_out += n > 0 ? (size_t)n : 0;
	if (dnstcp->n_out < dnstcp->out.len)
		return;
	loop_cancel(dnstcp->ready);
	dnstcp->ready = loop_readable(dnstcp->loop, dnstcp->fd, readable, dnstcp);
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
static bool begin(struct dnstcp *dnstcp, const struct dns_endpoint *to)
{
	struct sockaddr_storage address;
	socklen_t len = address_of(to, &address);

	dnstcp->fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (dnstcp->fd < 0 || (connect(dnstcp->fd, (const struct sockaddr *)&address, len) != 0 && errno != EINPROGRESS))
		return false;
	dnstcp->ready = loop_writable(dnstcp->loop, dnstcp->fd, writable, dnstcp);
	return true;
}

struct dnstcp *dnstcp_send(struct loop *loop, const char *endpoint, const struct str *message, uint32_t timeout_ms, struct dnstcp_then then)
{
	struct dnstcp *dnstcp = mem_alloc(sizeof(*dnstcp));
	struct dns_endpoint to = { 0 };

	*dnstcp = (struct dnstcp){ .loop = loop, .then = then, .endpoint = mem_text(endpoint), .fd = -1 };
	str_init(&dnstcp->out, PREFIX + UINT16_MAX);
	str_init(&dnstcp->in, 2 * (PREFIX + UINT16_MAX));
	str_add_char(&dnstcp->out, (char)(message->len >> 8 & 0xff));
	str_add_char(&dnstcp->out, (char)(message->len & 0xff));
	str_add_bytes(&dnstcp->out, message->s, message->len);
	if (dnstcp->out.overflow)
		err_set(&dnstcp->err, ERR_REFUSED, N_("the message for %s is longer than a DNS message can be"), endpoint);
	else if (dns_endpoint_parse(&to, endpoint, &dnstcp->err) && !begin(dnstcp, &to))
		err_set(&dnstcp->err, ERR_NETWORK, N_("no answer from %s: %s"), endpoint, strerror(errno));
	if (dnstcp->err.code)
		dnstcp->timer = loop_after(loop, 0, never_sent, dnstcp);
	else
		dnstcp->timer = loop_after(loop, timeout_ms ? timeout_ms : DNS_TIMEOUT_MS, too_late, dnstcp);
	return dnstcp;
}
