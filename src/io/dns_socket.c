/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets for c-ares, which checks id, question and source, but takes a question thrown back for an answer. */
#include <ares.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/dns_private.h"
#include "base/banned.h"

#define FLAG_QR 0x80

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
	while (from && n >= 0 && (n < DNS_HEADER_LEN || !(packet[2] & FLAG_QR)));
	return n;
}

static ares_ssize_t send_pieces(ares_socket_t fd, const struct iovec *pieces, int n, void *data)
{
	struct iovec *copy;
	struct msghdr message = { .msg_iovlen = (size_t)n };
	ares_ssize_t sent;

	(void)data;
	if (n == 1)
		return send(fd, pieces->iov_base, pieces->iov_len, MSG_NOSIGNAL);
	copy = mem_copy(pieces, (size_t)n * sizeof(*pieces));
	message.msg_iov = copy;
	sent = sendmsg(fd, &message, MSG_NOSIGNAL);
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

void dns_use_sockets(void *ares)
{
	ares_set_socket_functions(ares, &socket_functions, NULL);
}
