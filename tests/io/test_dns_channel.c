/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes over the network to a resolver, packet by packet: the test is the resolver. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/dns_cache.h"

#define PLENTY_MS 60000 /* so long that nothing is late, however slow the machine */
#define TRIED_MS 600    /* the fourth try comes at 7/15 of it */
#define COARSE 50       /* ms that timers may be early by */
#define ASKS 260        /* at once: ten more than a port serves */
#define AT_ONCE 40      /* of one port, and few enough for its buffer with what stands between the answers */

struct desk {
	struct loop *loop;
	struct dns *dns;
	int fd;
	struct loop_handle *asked;
	struct dns_endpoint at;
	unsigned keeps_still;           /* so many packets more */
	unsigned packets, told, wanted; /* told: of replies; the loop stops at the one that is wanted */
	unsigned answered;              /* of told */
	enum answer failed;
	uint16_t id[ASKS], port[ASKS];
	uint8_t last[600];
	size_t n_last;
	bool denies, truncates; /* denies: by an SOA record */
	bool babbles;           /* before each answer: nothing, one byte, the question itself */
	uint8_t rcode, soa_ttl_s, soa_minimum_s;
	struct dns_query *query; /* cancelled at this packet */
	unsigned cancels_at;
};

static void came(void *data, const struct dns_reply *reply)
{
	struct desk *desk = data;

	desk->failed = reply->failed;
	desk->answered += reply->answer && reply->answer->is_response;
	if (++desk->told == desk->wanted)
		loop_stop(desk->loop);
}

/* In the place of the question's OPT record: the root's SOA record, under the name of the question. */
static void deny(struct desk *desk)
{
	const uint8_t soa[] = { 0xc0, 12, 0, 6, 0, 1, 0, 0, 0, desk->soa_ttl_s, 0, 22, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4,
		0, 0, 0, desk->soa_minimum_s };

	desk->last[3] = desk->rcode;
	desk->last[9] = 1;
	desk->last[11] = 0;
	memcpy(desk->last + desk->n_last - 11, soa, sizeof soa);
	desk->n_last += sizeof soa - 11;
}

/* Says that there is nothing, or nothing. */
static void serve(void *data)
{
	struct desk *desk = data;
	struct sockaddr_in from;
	socklen_t len = sizeof from;
	ssize_t n = recvfrom(desk->fd, desk->last, sizeof desk->last, 0, (struct sockaddr *)&from, &len);

	assert_true(n > 12);
	desk->n_last = (size_t)n;
	if (desk->packets < ASKS) {
		desk->id[desk->packets] = (uint16_t)(desk->last[0] << 8 | desk->last[1]);
		desk->port[desk->packets] = ntohs(from.sin_port);
	}
	if (++desk->packets == desk->cancels_at) {
		dns_cancel(desk->query);
		loop_stop(desk->loop);
	}
	if (desk->keeps_still) {
		desk->keeps_still--;
		return;
	}
	for (size_t i = 0; desk->babbles && i < 3; i++)
		sendto(desk->fd, desk->last, i < 2 ? i : desk->n_last, 0, (struct sockaddr *)&from, len);
	if (desk->denies)
		deny(desk);
	desk->last[2] |= desk->truncates ? 0x82 : 0x80;
	sendto(desk->fd, desk->last, desk->n_last, 0, (struct sockaddr *)&from, len);
	desk->last[2] &= 0x7d;
}

static struct dns_query *ask(struct desk *desk, const struct dns_endpoint *to, const char *name, uint32_t timeout_ms)
{
	struct dns_question question = { .type = DNS_MX };

	assert_true(dname_parse(&question.name, name, NULL));
	return dns_ask(desk->dns, to, &question, timeout_ms, (struct dns_then){ came, desk });
}

/* Until there were so many replies. */
static void run(struct desk *desk, unsigned replies)
{
	desk->wanted = replies;
	loop_run(desk->loop);
	assert_int_equal(desk->told, replies);
}

/* Recursion is asked for at a resolver alone, and unchecked data where that is wanted; DNSSEC and 1232 bytes always. */
static void packet__is_as_the_question_wants_it(void **state)
{
	static const uint8_t wanted[] = { 0, 1, 0, 0, 0, 0, 0, 1, 1, 'a', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 15, 0, 1, /* OPT */ 0,
		0, 41, 4, 208, 0, 0, 128, 0, 0, 0 };
	struct desk *desk = *state;
	const struct {
		const struct dns_endpoint *to;
		uint8_t flags[2];
	} rows[] = {
		{ NULL, { 0x01, 0 } },
		{ &dns_unchecked, { 0x01, 0x10 } },
		{ &desk->at, { 0, 0 } },
	};

	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		ask(desk, rows[i].to, "a.example", PLENTY_MS);
		assert_int_equal(desk->told, i);
		run(desk, i + 1);
		assert_int_equal(desk->failed, ANSWER_DATA);
		assert_int_equal(desk->n_last, 4 + sizeof wanted);
		assert_memory_equal(desk->last + 2, rows[i].flags, 2);
		assert_memory_equal(desk->last + 4, wanted, sizeof wanted);
	}
	assert_int_equal(desk->packets, 3);
}

/* Nobody can have found out yet what comes next: neither the ids, of which some may be alike by chance, nor the port. */
static void questions__have_ids_by_chance__and_a_port_for_250(void **state)
{
	struct desk *desk = *state;
	unsigned alike = 0;

	for (unsigned i = 0; i < ASKS; i++)
		ask(desk, NULL, "a.example", PLENTY_MS);
	run(desk, ASKS);
	assert_int_equal(desk->packets, ASKS);
	for (unsigned i = 0; i < ASKS; i++) {
		for (unsigned k = 0; k < i; k++)
			alike += desk->id[k] == desk->id[i];
		assert_int_equal(desk->port[i], desk->port[i / 250 * 250]);
	}
	assert_true(alike < 30); /* one is to be expected */
	assert_true(desk->port[0] != desk->port[250]);
}

/* More than one call to the system takes; what is no answer ends none. */
static void answers__are_found__among_other_packets(void **state)
{
	struct desk *desk = *state;

	desk->babbles = true;
	for (unsigned i = 0; i < AT_ONCE; i++)
		ask(desk, NULL, "a.example", PLENTY_MS);
	run(desk, AT_ONCE);
	assert_int_equal(desk->packets, AT_ONCE);
	assert_int_equal(desk->answered, AT_ONCE);
}

/* Questions that leave together are refused one and all, and none waits for its time. */
static void refusal__is_heard__by_all_that_were_sent(void **state)
{
	struct desk *desk = *state;
	struct dns_endpoint nobody = desk->at;
	uint64_t began = loop_ms();
	unsigned told = 0;

	assert_true(addr_parse(&nobody.addr, "127.0.0.2"));
	for (unsigned n = 2; n <= AT_ONCE; n += AT_ONCE - 2) {
		for (unsigned i = 0; i < n; i++)
			ask(desk, &nobody, "a.example", PLENTY_MS);
		while (n > told) {
			run(desk, ++told);
			assert_int_equal(desk->failed, ANSWER_UNREACHABLE);
		}
		told = desk->told = 0;
	}
	assert_in_range(loop_ms() - began, 0, PLENTY_MS / 15 - COARSE); /* the first try's time */
}

static void refresh__takes_another_port__and_what_is_asked_is_answered(void **state)
{
	struct desk *desk = *state;

	ask(desk, NULL, "a.example", PLENTY_MS);
	dns_refresh(desk->dns);
	ask(desk, NULL, "b.example", PLENTY_MS);
	ask(desk, NULL, "c.example", PLENTY_MS);
	run(desk, 3);
	assert_true(desk->port[0] != desk->port[1] && desk->port[1] == desk->port[2]);
	dns_refresh(desk->dns);
	ask(desk, NULL, "a.example", PLENTY_MS);
	run(desk, 4);
}

/* In another time than others' there are other tries, so another port. */
static void question__is_asked__four_times(void **state)
{
	struct desk *desk = *state;
	uint64_t began = loop_ms();

	desk->keeps_still = 3;
	ask(desk, NULL, "a.example", TRIED_MS);
	run(desk, 1);
	assert_int_equal(desk->packets, 4);
	assert_int_equal(desk->failed, ANSWER_DATA);
	assert_in_range(loop_ms() - began, TRIED_MS / 15 * 7 - COARSE, PLENTY_MS);
	for (unsigned i = 1; i < 4; i++) /* the same question */
		assert_int_equal(desk->id[i], desk->id[0]);
	ask(desk, NULL, "a.example", PLENTY_MS);
	run(desk, 2);
	assert_true(desk->port[4] != desk->port[3]);
}

static void silence__ends__with_the_time_and_not_before(void **state)
{
	struct desk *desk = *state;
	uint64_t began = loop_ms();

	desk->keeps_still = 100;
	ask(desk, NULL, "a.example", 150);
	run(desk, 1);
	assert_int_equal(desk->failed, ANSWER_TIMEOUT);
	assert_in_range(loop_ms() - began, 150 - COARSE, PLENTY_MS);
}

static void cancelled__question__is_told_nothing(void **state)
{
	struct desk *desk = *state;

	desk->cancels_at = 1;
	desk->query = ask(desk, NULL, "a.example", PLENTY_MS);
	loop_run(desk->loop);
	assert_int_equal(desk->packets, 1);
	assert_int_equal(desk->told, 0);
}

/* Where no packet could go, none is waited for: a broadcast is refused, and so is an address that lacks its interface. */
static void route__is_missing__to_what_the_system_refuses(void **state)
{
	static const char *const without[] = { "255.255.255.255", "fe80::1" };
	struct desk *desk = *state;
	struct dns_endpoint to = { 0 };

	for (unsigned i = 0; i < 2; i++) {
		assert_true(addr_parse(&to.addr, without[i]));
		assert_false(dns_has_route(&to.addr));
		ask(desk, &to, "a.example", PLENTY_MS);
		assert_int_equal(desk->told, i);
		run(desk, i + 1);
		assert_int_equal(desk->failed, ANSWER_UNREACHABLE);
	}
	assert_int_equal(desk->packets, 0);
	assert_true(dns_has_route(&desk->at.addr));
}

/* Nobody listens over TCP, at another port and at another address: each way is one of its own. */
static void ways__are_not_mixed_up(void **state)
{
	struct desk *desk = *state;
	struct dns_endpoint elsewhere[] = { desk->at, desk->at };
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	close(fd);
	elsewhere[0].port = ntohs(at.sin_port);
	assert_true(addr_parse(&elsewhere[1].addr, "127.0.0.2"));
	desk->truncates = true;
	for (unsigned i = 0; i < 6; i++) {
		ask(desk, i == 3 || i == 5 ? &elsewhere[i / 4] : i == 4 ? &desk->at : NULL, "a.example", PLENTY_MS);
		run(desk, i + 1);
		/* who was cut off is there */
		assert_int_equal(desk->failed, i == 0 ? ANSWER_BROKEN : i == 3 || i == 5 ? ANSWER_UNREACHABLE : ANSWER_DATA);
		desk->truncates = false;
	}
	assert_int_equal(desk->packets, 4);
}

/* What was asked is forgotten, and takes no memory. */
static void forgotten__answers__leave_nothing(void **state)
{
	struct desk *desk = *state;
	struct dns_question question = { .type = DNS_MX };
	size_t held = 0;
	char name[20];

	desk->denies = true;
	desk->soa_ttl_s = desk->soa_minimum_s = 200;
	for (unsigned round = 0; round < 20; round++) {
		struct dns_cache *shared = dns_cache_new_shared(desk->dns, PLENTY_MS);

		for (unsigned i = 0; i < 40; i++) {
			snprintf(name, sizeof name, "n%u.example", i);
			assert_true(dname_parse(&question.name, name, NULL));
			dns_cache_ask(shared, NULL, &question, (struct dns_then){ came, desk });
		}
		run(desk, 40 * (round + 1));
		assert_true(dns_cache_knows(shared, NULL, &question));
		if (round % 2)
			dns_cache_forget(shared);
		for (unsigned i = 0; i < 40; i++) {
			snprintf(name, sizeof name, "n%u.example", i);
			assert_true(dname_parse(&question.name, name, NULL));
			assert_int_equal(dns_cache_knows(shared, NULL, &question), round % 2 == 0);
		}
		dns_cache_free(shared);
		if (round == 15)
			held = mallinfo2().uordblks;
	}
	assert_in_range(mallinfo2().uordblks, 0, held + 6000); /* c-ares keeps a little of its own */
}

/* As long as both the record and its zone say; a failure is no answer for others. */
static void denial__is_shared__as_long_as_its_zone_says(void **state)
{
	static const struct {
		uint8_t rcode, ttl_s, minimum_s;
		bool kept;
	} rows[] = { { 0, 200, 200, true }, { 3, 200, 200, true }, { 0, 0, 200, false }, { 0, 200, 0, false }, { 2, 200, 200, false },
		{ 5, 200, 200, false } };
	struct desk *desk = *state;

	desk->denies = true;
	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct dns_cache *shared = dns_cache_new_shared(desk->dns, PLENTY_MS);
		struct dns_question question = { .type = DNS_MX };

		desk->rcode = rows[i].rcode;
		desk->soa_ttl_s = rows[i].ttl_s;
		desk->soa_minimum_s = rows[i].minimum_s;
		assert_true(dname_parse(&question.name, "a.example", NULL));
		assert_int_equal(dns_cache_ends_ms(shared, &question), 0);
		dns_cache_ask(shared, NULL, &question, (struct dns_then){ came, desk });
		assert_int_equal(dns_cache_ends_ms(shared, &question), 0); /* not yet */
		run(desk, i + 1);
		if ((dns_cache_ends_ms(shared, &question) > loop_ms() + 190000) != rows[i].kept ||
			dns_cache_knows(shared, NULL, &question) != rows[i].kept)
			fail_msg("row %u", i);
		dns_cache_free(shared);
	}
}

/* More than its table has places at first. */
static void cache__finds__each_of_many_again(void **state)
{
	struct desk *desk = *state;
	struct dns_cache *cache = dns_cache_new(desk->dns, PLENTY_MS);
	struct dns_question question[100];
	char name[20];

	for (unsigned i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "n%u.example", i);
		question[i] = (struct dns_question){ .type = DNS_MX };
		assert_true(dname_parse(&question[i].name, name, NULL));
		dns_cache_ask(cache, NULL, &question[i], (struct dns_then){ came, desk });
		for (unsigned k = 0; k <= i; k++)
			assert_true(dns_cache_knows(cache, NULL, &question[k]));
	}
	run(desk, 100);
	for (unsigned i = 0; i < 100; i++)
		dns_cache_ask(cache, NULL, &question[i], (struct dns_then){ came, desk });
	run(desk, 200);
	assert_int_equal(desk->packets, 100);
	dns_cache_free(cache);
}

static int set_up(void **state)
{
	struct desk *desk = calloc(1, sizeof *desk);
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	int room = 212992; /* for all packets at once */

	desk->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	setsockopt(desk->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
	assert_int_equal(bind(desk->fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(getsockname(desk->fd, (struct sockaddr *)&at, &len), 0);
	assert_true(addr_parse(&desk->at.addr, "127.0.0.1"));
	desk->at.port = ntohs(at.sin_port);
	desk->loop = loop_new();
	desk->dns = dns_new(desk->loop, &desk->at, NULL);
	desk->asked = loop_readable(desk->loop, desk->fd, serve, desk);
	*state = desk;
	return 0;
}

static int tear_down(void **state)
{
	struct desk *desk = *state;

	loop_cancel(desk->asked);
	loop_run(desk->loop); /* it ends: nothing is waited for any more */
	dns_free(desk->dns);
	dns_free(NULL);
	loop_free(desk->loop);
	close(desk->fd);
	free(desk);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(packet__is_as_the_question_wants_it),
		TEST(questions__have_ids_by_chance__and_a_port_for_250),
		TEST(answers__are_found__among_other_packets),
		TEST(refusal__is_heard__by_all_that_were_sent),
		TEST(refresh__takes_another_port__and_what_is_asked_is_answered),
		TEST(question__is_asked__four_times),
		TEST(silence__ends__with_the_time_and_not_before),
		TEST(cancelled__question__is_told_nothing),
		TEST(ways__are_not_mixed_up),
		TEST(forgotten__answers__leave_nothing),
		TEST(denial__is_shared__as_long_as_its_zone_says),
		TEST(cache__finds__each_of_many_again),
		TEST(route__is_missing__to_what_the_system_refuses),
	};

	return cmocka_run_group_tests_name("dns_channel", tests, NULL, NULL);
}
