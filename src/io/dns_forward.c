/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The validator's way to the resolver: through the caches of surveys, so that it waits for no question that was asked already. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/dns_private.h"
#include "wire/dnsupdate.h"
#include "base/banned.h"

#define PACKET_MAX 512 /* of a question */
#define FLAG_QR 0x80   /* byte 2 */
#define FLAG_CD 0x10   /* byte 3 */
#define FAILED_S 180   /* the validator holds on to a key that it did not get for a minute, and to what follows from it for another */
#define PLACES ((uint32_t)1 << 16)

struct forwarded { /* one packet of the validator */
	struct forward *forward;
	struct dns_cache *cache; /* that it is asked through */
	struct forwarded *next;
	struct dns_wait *wait;
	struct sockaddr_in from;
	struct dns_question question;
	bool wants_unchecked;          /* the packet has the CD bit */
	const struct dns_endpoint *to; /* NULL or &dns_unchecked */
	size_t len;
	uint8_t packet[PACKET_MAX];
};

struct forward {
	struct dns_cache *cache;
	int fd;
	unsigned port;
	struct loop_handle *readable;
	struct forwarded *running;
	struct dns_cache *guests;
	/* When a question failed last, in two places of the table for each, so that it does not grow. Two questions seldom share both, and
	 * then one that did not fail counts as if it had. NULL: none failed. */
	uint32_t *failed_s;
};

unsigned forward_port(const struct forward *forward)
{
	return forward->port;
}

static uint32_t now_s(void)
{
	return (uint32_t)(loop_coarse_ms() / 1000) + 1;
}

static void note_failed(struct forward *forward, const struct dns_question *question)
{
	uint32_t hash = dns_question_hash(question);

	if (!forward->failed_s)
		forward->failed_s = mem_alloc(PLACES * sizeof(*forward->failed_s));
	forward->failed_s[hash % PLACES] = forward->failed_s[hash / PLACES] = now_s();
}

static bool is_recent(uint32_t at_s)
{
	return at_s && now_s() - at_s <= FAILED_S;
}

bool forward_failed(const struct forward *forward, const struct dns_question *question)
{
	uint32_t hash = dns_question_hash(question);

	return forward->failed_s && is_recent(forward->failed_s[hash % PLACES]) && is_recent(forward->failed_s[hash / PLACES]);
}

/* ---- answering ---- */

static void end(struct forwarded *one)
{
	struct forwarded **at = &one->forward->running;

	while (*at != one)
		at = &(*at)->next;
	*at = one->next;
	dns_cache_cancel(one->wait);
	free(one);
}

/* The bytes that came, under the validator's own id and CD bit. */
static void send_back(struct forwarded *one, const void *bytes, size_t len)
{
	uint8_t *copy = mem_copy(bytes, len);

	memcpy(copy, one->packet, 2);
	copy[3] = (uint8_t)((copy[3] & ~FLAG_CD) | (one->packet[3] & FLAG_CD));
	(void)!sendto(one->forward->fd, copy, len, 0, (const struct sockaddr *)&one->from, sizeof(one->from));
	free(copy);
}

/* Tells the validator at once that nothing came, so that it does not wait and ask again. */
static void send_failure(struct forwarded *one)
{
	size_t len = DNS_HEADER_LEN + one->question.name.len + 4;
	uint8_t packet[PACKET_MAX];

	memcpy(packet, one->packet, len);
	packet[2] |= FLAG_QR;
	packet[3] = (uint8_t)(FLAG_QR | RCODE_SERVFAIL); /* RA */
	memset(packet + 6, 0, 6);
	send_back(one, packet, len);
}

static void ask(struct forwarded *one);

static void answered(void *data, const struct dns_reply *reply)
{
	struct forwarded *one = data;
	bool good = reply->answer && reply->answer->rcode != RCODE_SERVFAIL;

	one->wait = NULL;
	if (!good && reply->answer && !one->to) {
		one->to = &dns_unchecked; /* a resolver that validates refuses what is bogus: ask for it as it is */
		ask(one);
		return;
	}
	if (!good)
		note_failed(one->forward, &one->question);
	if (reply->answer && reply->len >= DNS_HEADER_LEN)
		send_back(one, reply->bytes, reply->len);
	else
		send_failure(one);
	end(one);
}

static void ask(struct forwarded *one)
{
	one->wait = dns_cache_ask(one->cache, one->to, &one->question, (struct dns_then){ answered, one });
}

/* ---- reading ---- */

/* One question, uncompressed, as a validator sends it. */
static bool read_question(struct forwarded *one)
{
	const uint8_t *packet = one->packet;
	size_t at = DNS_HEADER_LEN;

	if (one->len < DNS_HEADER_LEN || packet[2] & FLAG_QR || packet[4] || packet[5] != 1)
		return false;
	while (at < one->len && packet[at] != 0)
		at += 1u + packet[at];
	if (at + 5 > one->len || !dname_from_wire(&one->question.name, packet + DNS_HEADER_LEN, at + 1 - DNS_HEADER_LEN))
		return false;
	one->question.type = (enum dns_type)(packet[at + 1] << 8 | packet[at + 2]);
	one->wants_unchecked = packet[3] & FLAG_CD;
	return true;
}

/* A guest answers for what its survey is about. */
static struct dns_cache *cache_for(const struct forward *forward, const struct dname *name)
{
	struct dns_cache *guest = forward->guests;

	while (guest && !dname_under(name, &guest->own))
		guest = guest->next_guest;
	return guest ? guest : forward->cache;
}

static void take(struct forward *forward, struct forwarded *one)
{
	one->forward = forward;
	one->next = forward->running;
	forward->running = one;
	one->cache = cache_for(forward, &one->question.name);
	/* What the survey asks as senders do is not asked a second time with the CD bit. */
	one->to = one->wants_unchecked && !dns_cache_knows(one->cache, NULL, &one->question) ? &dns_unchecked : NULL;
	ask(one);
}

static void readable(void *data)
{
	struct forward *forward = data;

	for (;;) {
		struct forwarded *one = mem_alloc(sizeof(*one));
		socklen_t from_len = sizeof(one->from);
		ssize_t n = recvfrom(forward->fd, one->packet, sizeof(one->packet), 0, (struct sockaddr *)&one->from, &from_len);

		if (n < 0) {
			free(one);
			return;
		}
		one->len = (size_t)n;
		if (one->from.sin_addr.s_addr == htonl(INADDR_LOOPBACK) && read_question(one))
			take(forward, one);
		else
			free(one);
	}
}

/* ---- guests ---- */

void forward_join(struct forward *forward, struct dns_cache *guest)
{
	guest->next_guest = forward->guests;
	forward->guests = guest;
}

void forward_leave(struct forward *forward, struct dns_cache *guest)
{
	struct dns_cache **at = &forward->guests;

	while (*at && *at != guest)
		at = &(*at)->next_guest;
	if (*at)
		*at = guest->next_guest;
	for (struct forwarded *one = forward->running; one; one = one->next)
		if (one->cache == guest) {
			dns_cache_cancel(one->wait);
			one->cache = forward->cache;
			ask(one);
		}
}

/* ---- life ---- */

struct forward *forward_new(struct dns_cache *cache)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	struct forward *forward;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return NULL;
	if (bind(fd, (const struct sockaddr *)&at, sizeof(at)) != 0 || getsockname(fd, (struct sockaddr *)&at, &len) != 0) {
		close(fd);
		return NULL;
	}
	forward = mem_alloc(sizeof(*forward));
	forward->cache = cache;
	forward->fd = fd;
	forward->port = ntohs(at.sin_port);
	return forward;
}

void forward_listen(struct forward *forward, bool on)
{
	if (on && !forward->readable)
		forward->readable = loop_readable(dns_loop(forward->cache->dns), forward->fd, readable, forward);
	if (on)
		return;
	loop_cancel(forward->readable);
	forward->readable = NULL;
}

void forward_free(struct forward *forward)
{
	if (!forward)
		return;
	while (forward->running)
		end(forward->running);
	loop_cancel(forward->readable);
	close(forward->fd);
	free(forward->failed_s);
	free(forward);
}
