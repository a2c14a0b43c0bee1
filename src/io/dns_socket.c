/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sockets for c-ares, which checks id, question and source, but takes a question thrown back for an answer. Over UDP, datagrams come and
 * go together, by one call to the system for many. The first of a turn of the loop goes out at once, so that c-ares hears where none
 * can; one of the others that cannot is lost like one on the way.
 */
#include <ares.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/dns_private.h"
#include "base/banned.h"

#define FLAG_QR 0x80
#define TOGETHER 16   /* datagrams of one call; more would let the server wait */
#define OUT_BYTES 320 /* a question takes 282 */
#define IN_BYTES 4097 /* as c-ares takes them */

struct datagram {
	struct sockaddr_storage from;
	struct iovec piece;
	uint8_t bytes[IN_BYTES];
};

struct dns_post {
	struct loop *loop;
	struct loop_handle *turn; /* not over yet, and something was sent in it */
	int out_fd, in_fd;
	unsigned n_out, n_in, next_in;
	struct mmsghdr out_head[TOGETHER], in_head[TOGETHER];
	struct iovec out_piece[TOGETHER];
	uint8_t out[TOGETHER][OUT_BYTES];
	struct datagram in[TOGETHER];
};

struct dns_post *dns_post_new(struct loop *loop)
{
	struct dns_post *post = mem_alloc(sizeof(*post));

	post->loop = loop;
	for (size_t i = 0; i < TOGETHER; i++) {
		post->out_piece[i].iov_base = post->out[i];
		post->out_head[i].msg_hdr = (struct msghdr){ .msg_iov = &post->out_piece[i], .msg_iovlen = 1 };
		post->in[i].piece = (struct iovec){ .iov_base = post->in[i].bytes, .iov_len = IN_BYTES };
		post->in_head[i].msg_hdr = (struct msghdr){ .msg_name = &post->in[i].from, .msg_iov = &post->in[i].piece, .msg_iovlen = 1 };
	}
	return post;
}

void dns_post_free(struct dns_post *post)
{
	if (!post)
		return;
	loop_cancel(post->turn);
	free(post);
}

/* ---- out ---- */

/* A failure may tell of a datagram before (ICMP): what met it is tried once more. */
static void send_out(struct dns_post *post)
{
	unsigned at = 0, failures = 0;

	while (at < post->n_out) {
		int n = sendmmsg(post->out_fd, post->out_head + at, post->n_out - at, MSG_NOSIGNAL);

		at += n > 0 ? (unsigned)n : failures;
		failures = n > 0 || failures ? 0 : 1;
	}
	post->n_out = 0;
}

static void turn_ends(void *data)
{
	struct dns_post *post = data;

	post->turn = NULL;
	send_out(post);
}

static ares_ssize_t send_later(struct dns_post *post, int fd, const struct iovec *piece)
{
	if (post->n_out == TOGETHER || post->out_fd != fd)
		send_out(post);
	post->out_fd = fd;
	memcpy(post->out[post->n_out], piece->iov_base, piece->iov_len);
	post->out_piece[post->n_out++].iov_len = piece->iov_len;
	return (ares_ssize_t)piece->iov_len;
}

static ares_ssize_t send_pieces(ares_socket_t fd, const struct iovec *pieces, int n, void *data)
{
	struct dns_post *post = data;
	struct iovec *copy;
	struct msghdr message = { .msg_iovlen = (size_t)n };
	ares_ssize_t sent;

	if (n == 1 && post && post->turn && pieces->iov_len <= OUT_BYTES)
		return send_later(post, fd, pieces);
	if (n == 1) {
		sent = send(fd, pieces->iov_base, pieces->iov_len, MSG_NOSIGNAL);
		if (post && !post->turn && sent >= 0)
			post->turn = loop_after(post->loop, 0, turn_ends, post);
		return sent;
	}
	copy = mem_copy(pieces, (size_t)n * sizeof(*pieces));
	message.msg_iov = copy;
	sent = sendmsg(fd, &message, MSG_NOSIGNAL);
	free(copy);
	return sent;
}

/* ---- in ---- */

unsigned dns_post_left(const struct dns_post *post, int fd)
{
	return post->in_fd == fd ? post->n_in - post->next_in : 0;
}

/* Fewer than there is room for were all: that is said without asking the system. */
static bool take_in(struct dns_post *post, int fd)
{
	bool all = post->in_fd == fd && post->n_in > 0 && post->n_in < TOGETHER;
	int n;

	post->in_fd = fd;
	post->n_in = post->next_in = 0;
	if (all) {
		errno = EAGAIN;
		return false;
	}
	for (size_t i = 0; i < TOGETHER; i++)
		post->in_head[i].msg_hdr.msg_namelen = sizeof(post->in[i].from);
	n = recvmmsg(fd, post->in_head, TOGETHER, 0, NULL);
	post->n_in = n > 0 ? (unsigned)n : 0;
	return n > 0;
}

/* The next datagram that is an answer; what else came is passed over. */
static ares_ssize_t receive(
	ares_socket_t fd, void *bytes, size_t size, int flags, struct sockaddr *from, ares_socklen_t *from_len, void *data)
{
	struct dns_post *post = data;

	if (!post)
		return recvfrom(fd, bytes, size, flags, from, from_len);
	while (dns_post_left(post, fd) || take_in(post, fd)) {
		const struct mmsghdr *head = &post->in_head[post->next_in];
		const struct datagram *in = &post->in[post->next_in++];
		size_t len = head->msg_len < size ? head->msg_len : size;

		if (len < DNS_HEADER_LEN || !(in->bytes[2] & FLAG_QR))
			continue;
		memcpy(bytes, in->bytes, len);
		if (from && head->msg_hdr.msg_namelen <= *from_len)
			memcpy(from, &in->from, head->msg_hdr.msg_namelen);
		if (from_len)
			*from_len = head->msg_hdr.msg_namelen;
		return (ares_ssize_t)len;
	}
	return -1;
}

/* ---- all else ---- */

static ares_socket_t open_socket(int family, int type, int protocol, void *data)
{
	(void)data;
	return socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
}

static int close_socket(ares_socket_t fd, void *data)
{
	struct dns_post *post = data;

	if (post && post->out_fd == fd)
		post->n_out = 0;
	if (post && post->in_fd == fd)
		post->n_in = post->next_in = 0;
	return close(fd);
}

static int connect_socket(ares_socket_t fd, const struct sockaddr *to, ares_socklen_t len, void *data)
{
	(void)data;
	return connect(fd, to, len);
}

static const struct ares_socket_functions socket_functions = {
	open_socket,
	close_socket,
	connect_socket,
	receive,
	send_pieces,
};

void dns_use_sockets(void *ares, struct dns_post *post)
{
	ares_set_socket_functions(ares, &socket_functions, post);
}
