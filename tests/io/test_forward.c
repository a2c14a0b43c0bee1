/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The validator's way to the resolver, byte by byte: the test is both the validator and the resolver. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/dns_private.h"

#define PLENTY_MS 60000 /* so long that nothing is late, however slow the machine */
#define SILENT_MS 150   /* of a resolver that keeps silent */
#define QUIET_MS 20     /* for what must not be answered */
#define CD 0x10

struct desk {
	struct loop *loop;
	struct dns *dns;
	struct dns_cache *cache;
	struct forward *forward;
	int resolver, validator;
	struct loop_handle *asked, *answered, *late;
	unsigned questions, unchecked; /* that the resolver got; of them with the CD bit */
	struct dns_cache *leaves;      /* at the next question, which the resolver does not answer */
	uint8_t got[600];
	ssize_t n_got;
};

static int udp(unsigned *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

/* By the first letter of the name: nothing comes, it is refused always, or but for who does not validate, or there is nothing. */
static void resolve(void *data)
{
	struct desk *desk = data;
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	uint8_t packet[600];
	ssize_t n = recvfrom(desk->resolver, packet, sizeof(packet), 0, (struct sockaddr *)&from, &len);
	bool unchecked = packet[3] & CD;
	char first = (char)packet[13];

	assert_true(n > 17);
	desk->questions++;
	desk->unchecked += unchecked;
	if (desk->leaves) {
		forward_leave(desk->forward, desk->leaves);
		dns_cache_free(desk->leaves);
		desk->leaves = NULL;
		return;
	}
	if (first == 's')
		return;
	packet[2] |= 0x80;
	packet[3] = (uint8_t)(0x80 | (unchecked ? CD : 0) | (first == 'f' || (first == 'b' && !unchecked) ? 2 : 0));
	sendto(desk->resolver, packet, (size_t)n, 0, (struct sockaddr *)&from, len);
}

static void came(void *data)
{
	struct desk *desk = data;

	desk->n_got = recv(desk->validator, desk->got, sizeof(desk->got), 0);
	loop_stop(desk->loop);
}

static void nothing_came(void *data)
{
	struct desk *desk = data;

	desk->late = NULL;
	loop_stop(desk->loop);
}

/* What comes back within that time, in got. */
static void send_packet(struct desk *desk, const uint8_t *packet, size_t len, uint64_t ms)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)forward_port(desk->forward))
	};

	desk->n_got = -1;
	assert_int_equal(sendto(desk->validator, packet, len, 0, (struct sockaddr *)&to, sizeof(to)), len);
	desk->late = loop_after(desk->loop, ms, nothing_came, desk);
	loop_run(desk->loop);
	loop_cancel(desk->late);
	desk->late = NULL;
}

/* MX of NAME.example, with EDNS. */
static size_t question(uint8_t packet[64], char name, uint8_t flags)
{
	static const uint8_t tail[] = { 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 15, 0, 1, /* OPT */ 0, 0, 41, 4, 208, 0, 0, 128, 0, 0,
		0 };
	uint8_t head[] = { 0xbe, 0xef, 0x01, flags, 0, 1, 0, 0, 0, 0, 0, 1, 1, (uint8_t)name };

	memcpy(packet, head, sizeof(head));
	memcpy(packet + sizeof(head), tail, sizeof(tail));
	return sizeof(head) + sizeof(tail);
}

static void open_forward(struct desk *desk, uint32_t timeout_ms)
{
	desk->cache = dns_cache_new(desk->dns, timeout_ms);
	desk->forward = forward_new(desk->cache);
	assert_non_null(desk->forward);
	forward_listen(desk->forward, true);
}

static void close_forward(struct desk *desk)
{
	forward_free(desk->forward);
	dns_cache_free(desk->cache);
}

static int set_up(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	struct dns_endpoint to = { 0 };
	unsigned port, own;

	desk->loop = loop_new();
	desk->resolver = udp(&port);
	desk->validator = udp(&own);
	assert_true(addr_parse(&to.addr, "127.0.0.1"));
	to.port = (uint16_t)port;
	desk->dns = dns_new(desk->loop, &to, NULL);
	open_forward(desk, PLENTY_MS);
	desk->asked = loop_readable(desk->loop, desk->resolver, resolve, desk);
	desk->answered = loop_readable(desk->loop, desk->validator, came, desk);
	*state = desk;
	return 0;
}

static int tear_down(void **state)
{
	struct desk *desk = *state;

	close_forward(desk);
	dns_free(desk->dns);
	loop_cancel(desk->asked);
	loop_cancel(desk->answered);
	loop_free(desk->loop);
	close(desk->resolver);
	close(desk->validator);
	free(desk);
	return 0;
}

static struct dns_question as_question(const char *name, enum dns_type type)
{
	struct dns_question question = { .type = type };

	assert_true(dname_parse(&question.name, name, NULL));
	return question;
}

static void answer__comes_back__under_the_askers_id_and_bit(void **state)
{
	static const struct {
		char name;
		uint8_t flags;
		uint8_t rcode, bit;
		unsigned questions, unchecked; /* that this one led to */
		bool failed;
	} rows[] = {
		{ 'j', 0, 0, 0, 1, 0, false }, { 'k', CD, 0, CD, 1, 1, false },
		{ 'j', CD, 0, CD, 0, 0, false },                              /* it was asked as senders do: not once more */
		{ 'k', 0, 0, 0, 1, 0, false }, { 'b', 0, 0, 0, 2, 1, false }, /* bogus: seen as it is */
		{ 'f', CD, 2, CD, 1, 1, true }, { 'f', 0, 2, 0, 1, 0, true }, /* without the check it is known already */
	};
	struct desk *desk = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint8_t packet[64];
		size_t len = question(packet, rows[i].name, rows[i].flags);
		char name[] = { rows[i].name, '\0' }, whole[16];
		struct dns_question asked, other;

		desk->questions = desk->unchecked = 0;
		snprintf(whole, sizeof(whole), "%s.example", name);
		send_packet(desk, packet, len, PLENTY_MS);
		assert_true(desk->n_got >= 12);
		assert_memory_equal(desk->got, packet, 2);
		assert_int_equal(desk->got[2] & 0x80, 0x80);
		assert_int_equal(desk->got[3] & 15, rows[i].rcode);
		assert_int_equal(desk->got[3] & CD, rows[i].bit);
		assert_int_equal(desk->questions, rows[i].questions);
		assert_int_equal(desk->unchecked, rows[i].unchecked);
		asked = as_question(whole, DNS_MX);
		other = as_question(whole, DNS_A);
		assert_int_equal(forward_failed(desk->forward, &asked), rows[i].failed);
		assert_false(forward_failed(desk->forward, &other));
	}
}

/* So that the validator does not wait and ask again. */
static void silence__is_said__as_a_failure(void **state)
{
	struct desk *desk = *state;
	uint8_t packet[64], wanted[64];
	size_t len = question(packet, 's', CD);
	struct dns_question asked = as_question("s.example", DNS_MX);

	close_forward(desk);
	open_forward(desk, SILENT_MS);
	question(wanted, 's', 0x82); /* RA, SERVFAIL */
	wanted[2] = 0x81;
	wanted[11] = 0; /* the question alone */
	send_packet(desk, packet, len, PLENTY_MS);
	assert_int_equal(desk->n_got, len - 11);
	packet[3] = desk->got[3];
	assert_int_equal(desk->got[3] & ~CD, 0x82);
	wanted[3] = desk->got[3];
	assert_memory_equal(desk->got, wanted, len - 11);
	assert_true(forward_failed(desk->forward, &asked));
}

/* Of a survey whose validator it is: what it is about is asked for through its cache, and through the other once it has left. */
static void guest__answers__for_its_own_names_while_it_stays(void **state)
{
	struct desk *desk = *state;
	struct dns_question own = as_question("g.example", DNS_MX), other = as_question("j.example", DNS_MX);
	struct dns_cache *guest = dns_cache_new(desk->dns, PLENTY_MS);
	uint8_t packet[64];

	dns_cache_share(guest, desk->cache, &own.name);
	forward_join(desk->forward, guest);
	send_packet(desk, packet, question(packet, 'j', 0), PLENTY_MS);
	send_packet(desk, packet, question(packet, 'g', 0), PLENTY_MS);
	assert_int_equal(desk->questions, 2);
	assert_true(dns_cache_knows(desk->cache, NULL, &other) && !dns_cache_knows(desk->cache, NULL, &own));
	assert_true(dns_cache_knows(guest, NULL, &own) && !dns_cache_knows(guest, NULL, &other));
	send_packet(desk, packet, question(packet, 'g', CD), PLENTY_MS); /* known */
	assert_int_equal(desk->questions, 2);
	forward_leave(desk->forward, guest);
	dns_cache_free(guest);
	desk->leaves = guest = dns_cache_new(desk->dns, PLENTY_MS);
	dns_cache_share(guest, desk->cache, &own.name);
	forward_join(desk->forward, guest);
	send_packet(desk, packet, question(packet, 'g', 0), PLENTY_MS); /* asked twice, answered once */
	assert_int_equal(desk->questions, 4);
	assert_true(desk->n_got >= 12 && !desk->leaves);
	assert_true(dns_cache_knows(desk->cache, NULL, &own));
}

static void packet__that_is_no_question__is_dropped(void **state)
{
	static const struct {
		size_t at, len; /* one byte is another; len 0: as long as it is */
		uint8_t value;
	} rows[] = {
		{ 2, 0, 0x81 },  /* an answer */
		{ 4, 0, 1 },     /* 257 questions */
		{ 5, 0, 0 },     /* none */
		{ 5, 0, 2 },     /* two */
		{ 0, 11, 0xbe }, /* cut within the header */
		{ 0, 12, 0xbe }, /* behind it */
		{ 0, 22, 0xbe }, /* within the name */
		{ 0, 26, 0xbe }, /* within the type and class */
		{ 14, 0, 64 },   /* a label too long */
		{ 14, 0, 192 },  /* compressed */
	};
	struct desk *desk = *state;
	uint8_t packet[64];
	size_t len;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		len = question(packet, 'j', 0);
		packet[rows[i].at] = rows[i].value;
		send_packet(desk, packet, rows[i].len ? rows[i].len : len, QUIET_MS);
		if (desk->n_got != -1 || desk->questions)
			fail_msg("row %zu was taken", i);
	}
	len = question(packet, 'j', 0);
	send_packet(desk, packet, 27, PLENTY_MS); /* as short as it may be */
	assert_true(desk->n_got >= 12);
	forward_listen(desk->forward, false);
	send_packet(desk, packet, len, QUIET_MS);
	assert_int_equal(desk->n_got, -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(answer__comes_back__under_the_askers_id_and_bit),
		TEST(guest__answers__for_its_own_names_while_it_stays),
		TEST(silence__is_said__as_a_failure),
		TEST(packet__that_is_no_question__is_dropped),
	};

	return cmocka_run_group_tests_name("forward", tests, NULL, NULL);
}
