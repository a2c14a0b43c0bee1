/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "io/dns_cache.h"
#include "serve.h"

#define TIMEOUT_MS 60000 /* so long that no question is asked again, however slow the machine */
#define SHORT_MS 300

struct world {
	struct serve liar;
	struct loop *loop;
	struct dns *dns;
	char log[64];
};

struct seen {
	unsigned calls;
	enum answer failed;
	size_t records, bytes;
};

static void came(void *data, const struct dns_reply *reply)
{
	struct seen *seen = data;

	seen->calls++;
	seen->failed = reply->failed;
	seen->records = reply->answer ? reply->answer->n : 0;
	seen->bytes = reply->len;
}

static struct dns_question question(const char *name, enum dns_type type)
{
	struct dns_question question = { .type = type };

	assert_true(dname_parse(&question.name, name, NULL));
	return question;
}

/* How often the server was asked since the last look. */
static size_t asked(struct world *world)
{
	FILE *file = fopen(world->log, "r+");
	size_t n = 0;
	int c;

	assert_non_null(file);
	while ((c = fgetc(file)) != EOF)
		n += c == '\n';
	assert_int_equal(ftruncate(fileno(file), 0), 0);
	fclose(file);
	return n;
}

static struct dns_wait *ask(struct dns_cache *cache, const char *name, enum dns_type type, struct seen *seen)
{
	struct dns_question wanted = question(name, type);
	struct dns_wait *wait;

	memset(seen, 0, sizeof(*seen));
	wait = dns_cache_ask(cache, NULL, &wanted, (struct dns_then){ came, seen });
	assert_int_equal(seen->calls, 0); /* never from within the call */
	return wait;
}

static void ask__sends_each_question_once(void **state)
{
	struct world *world = *state;
	struct dns_cache *cache = dns_cache_new(world->dns, TIMEOUT_MS);
	struct dns_question mx = question("exempel.com", DNS_MX), txt = question("exempel.com", DNS_TXT);
	struct seen seen[4];

	asked(world);
	ask(cache, "exempel.com", DNS_MX, &seen[0]);
	ask(cache, "EXEMPEL.com", DNS_MX, &seen[1]); /* joins */
	ask(cache, "exempel.com", DNS_NS, &seen[2]);
	loop_run(world->loop);
	ask(cache, "exempel.com", DNS_MX, &seen[3]); /* is kept */
	loop_run(world->loop);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(seen[i].calls, 1);
		assert_int_equal(seen[i].failed, ANSWER_DATA);
		assert_true(seen[i].bytes > 12);
	}
	assert_int_equal(seen[0].records, 3);
	assert_int_equal(seen[1].records, 3);
	assert_int_equal(seen[3].records, 3);
	assert_int_equal(asked(world), 2);
	assert_true(dns_cache_knows(cache, NULL, &mx));
	assert_false(dns_cache_knows(cache, &dns_unchecked, &mx)); /* told not to validate: another question */
	assert_false(dns_cache_knows(cache, NULL, &txt));
	dns_cache_free(cache);
}

/* Another survey has another cache: nothing that was seen before it is taken for now. */
static void ask__asks_again__in_a_new_cache(void **state)
{
	struct world *world = *state;
	struct seen seen;

	asked(world);
	for (int i = 0; i < 2; i++) {
		struct dns_cache *cache = dns_cache_new(world->dns, TIMEOUT_MS);

		ask(cache, "exempel.com", DNS_MX, &seen);
		loop_run(world->loop);
		assert_int_equal(seen.records, 3);
		dns_cache_free(cache);
	}
	assert_int_equal(asked(world), 2);
}

static void ask__keeps_a_failure_too(void **state)
{
	struct world *world = *state;
	struct dns_cache *cache = dns_cache_new(world->dns, SHORT_MS);
	struct seen seen[2];
	uint64_t began = loop_ms();
	size_t first;

	asked(world);
	ask(cache, "silent.lie.exempel.com", DNS_MX, &seen[0]);
	loop_run(world->loop);
	first = asked(world);
	ask(cache, "silent.lie.exempel.com", DNS_MX, &seen[1]);
	loop_run(world->loop);
	assert_int_equal(seen[0].failed, ANSWER_TIMEOUT);
	assert_int_equal(seen[1].failed, ANSWER_TIMEOUT);
	assert_true(first > 1); /* in its own time, though others of the same server have more */
	assert_true(loop_ms() - began < TIMEOUT_MS / 4);
	assert_int_equal(asked(world), 0);
	dns_cache_free(cache);
}

static void fetch__is_joined_later(void **state)
{
	struct world *world = *state;
	struct dns_cache *cache = dns_cache_new(world->dns, TIMEOUT_MS);
	struct dns_question mx = question("exempel.com", DNS_MX);
	struct seen seen;

	asked(world);
	dns_cache_fetch(cache, NULL, &mx);
	dns_cache_fetch(cache, NULL, &mx);
	ask(cache, "exempel.com", DNS_MX, &seen);
	loop_run(world->loop);
	assert_int_equal(seen.records, 3);
	assert_int_equal(asked(world), 1);
	dns_cache_free(cache);
}

/* Cancelled before, and after the answer came but was not told; freed with the cache. */
static void cancel__keeps_the_callback_from_coming(void **state)
{
	struct world *world = *state;
	struct dns_cache *cache = dns_cache_new(world->dns, TIMEOUT_MS);
	struct seen seen[4];

	dns_cache_cancel(ask(cache, "exempel.com", DNS_MX, &seen[0]));
	dns_cache_cancel(NULL);
	ask(cache, "exempel.com", DNS_MX, &seen[1]);
	loop_run(world->loop);
	dns_cache_cancel(ask(cache, "exempel.com", DNS_MX, &seen[2]));
	ask(cache, "exempel.com", DNS_MX, &seen[3]);
	dns_cache_free(cache);
	dns_cache_free(NULL);
	loop_run(world->loop);
	assert_int_equal(seen[0].calls, 0);
	assert_int_equal(seen[1].calls, 1);
	assert_int_equal(seen[2].calls, 0);
	assert_int_equal(seen[3].calls, 0);
}

static int set_up(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	struct dns_endpoint to = { 0 };
	char data[512];
	int fd;

	strcpy(world->log, "/tmp/test_dns_cache.XXXXXX");
	fd = mkstemp(world->log);
	if (fd < 0 || !serve_start(&world->liar,
			      (const char *[]){ "liar.py", "--state", serve_path("exempel.json", data), "--log", world->log, NULL }))
		return -1;
	close(fd);
	assert_true(addr_parse(&to.addr, "127.0.0.1"));
	to.port = (uint16_t)world->liar.port;
	world->loop = loop_new();
	world->dns = dns_new(world->loop, &to, NULL);
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	dns_free(world->dns);
	loop_free(world->loop);
	serve_stop(&world->liar);
	unlink(world->log);
	free(world);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ask__sends_each_question_once),
		cmocka_unit_test(ask__asks_again__in_a_new_cache),
		cmocka_unit_test(ask__keeps_a_failure_too),
		cmocka_unit_test(fetch__is_joined_later),
		cmocka_unit_test(cancel__keeps_the_callback_from_coming),
	};
	return cmocka_run_group_tests_name("dns_cache", tests, set_up, tear_down);
}
