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
	uint32_t ttl_s; /* of the first record */
};

static void came(void *data, const struct dns_reply *reply)
{
	struct seen *seen = data;

	seen->calls++;
	seen->failed = reply->failed;
	seen->records = reply->answer ? reply->answer->n : 0;
	seen->bytes = reply->len;
	seen->ttl_s = seen->records ? reply->answer->record[0].ttl_s : 0;
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

/* ---- a cache behind those of several surveys ---- */

static struct dns_cache *before(struct world *world, struct dns_cache *shared)
{
	struct dns_cache *cache = dns_cache_new(world->dns, TIMEOUT_MS);
	struct dname own;

	assert_true(dname_parse(&own, "exempel.com", NULL));
	dns_cache_share(cache, shared, &own);
	return cache;
}

/* Asks as a survey of exempel.com of its own; how often the server was asked. */
static size_t asked_by_a_new(struct world *world, struct dns_cache *shared, const char *name, struct seen *seen)
{
	struct dns_cache *cache = before(world, shared);

	asked(world);
	ask(cache, name, DNS_MX, seen);
	loop_run(world->loop);
	assert_int_equal(seen->calls, 1);
	dns_cache_free(cache);
	return asked(world);
}

static void shared__is_asked__for_what_others_have_asked(void **state)
{
	struct world *world = *state;
	struct dns_cache *shared = dns_cache_new_shared(world->dns, TIMEOUT_MS), *direct;
	struct dns_endpoint to = { .port = (uint16_t)world->liar.port };
	struct dns_question mx = question("exempel.net", DNS_MX);
	struct seen seen;

	assert_int_equal(asked_by_a_new(world, shared, "exempel.net", &seen), 1);
	assert_int_equal(seen.records, 1);
	assert_int_equal(seen.ttl_s, 3600);
	assert_int_equal(asked_by_a_new(world, shared, "exempel.net", &seen), 0);
	assert_int_equal(seen.failed, ANSWER_DATA);
	assert_int_equal(seen.records, 1);
	for (int i = 0; i < 2; i++) /* what the survey is about, each asks for itself */
		assert_int_equal(asked_by_a_new(world, shared, i ? "exempel.com" : "nyheter.exempel.com", &seen), 1);
	assert_int_equal(asked_by_a_new(world, shared, "exempel.com", &seen), 1);
	assert_true(addr_parse(&to.addr, "127.0.0.1"));
	direct = before(world, shared);
	dns_cache_ask(direct, &to, &mx, (struct dns_then){ came, &seen }); /* a server's own word */
	loop_run(world->loop);
	assert_int_equal(asked(world), 1);
	dns_cache_ask(direct, &dns_unchecked, &mx, (struct dns_then){ came, &seen }); /* another question of the resolver */
	loop_run(world->loop);
	assert_int_equal(asked(world), 1);
	dns_cache_free(direct);
	dns_cache_forget(NULL);
	dns_cache_forget(shared);
	assert_int_equal(asked_by_a_new(world, shared, "exempel.net", &seen), 1);
	dns_cache_free(shared);
}

static void shared__keeps__no_failure(void **state)
{
	static const char *const names[] = { "servfail.lie.exempel.com", "nodata.lie.exempel.com", "refused.lie.exempel.com" };
	struct world *world = *state;
	struct dns_cache *shared = dns_cache_new_shared(world->dns, TIMEOUT_MS);
	struct seen seen;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct dns_question mx = question(names[i], DNS_MX);

		for (int k = 0; k < 2; k++) {
			asked(world);
			ask(shared, names[i], DNS_MX, &seen);
			loop_run(world->loop);
			assert_int_equal(seen.records, 0);
			assert_true(asked(world) > 0);
			assert_false(dns_cache_knows(shared, NULL, &mx));
		}
	}
	dns_cache_free(shared);
}

/* Nobody waits for it any more: whoever asks next begins anew. */
static void shared__drops__what_was_cancelled(void **state)
{
	struct world *world = *state;
	struct dns_cache *shared = dns_cache_new_shared(world->dns, TIMEOUT_MS), *one = before(world, shared), *two = before(world, shared);
	struct dns_question mx = question("exempel.net", DNS_MX);
	struct seen seen[2];

	ask(one, "exempel.net", DNS_MX, &seen[0]);
	ask(two, "exempel.net", DNS_MX, &seen[1]);
	dns_cache_free(one);
	assert_true(dns_cache_knows(shared, NULL, &mx)); /* the other waits still */
	loop_run(world->loop);
	assert_int_equal(seen[0].calls, 0);
	assert_int_equal(seen[1].records, 1);
	assert_true(dns_cache_knows(shared, NULL, &mx));
	dns_cache_free(two);
	dns_cache_forget(shared);
	assert_false(dns_cache_knows(shared, NULL, &mx));
	one = before(world, shared);
	ask(one, "exempel.net", DNS_MX, &seen[0]);
	assert_true(dns_cache_knows(shared, NULL, &mx));
	dns_cache_forget(shared); /* what is under way goes on */
	assert_true(dns_cache_knows(shared, NULL, &mx));
	dns_cache_free(one);
	assert_false(dns_cache_knows(shared, NULL, &mx));
	dns_cache_free(shared);
}

static void shared__counts__ttls_down(void **state)
{
	struct world *world = *state;
	struct dns_cache *shared = dns_cache_new_shared(world->dns, TIMEOUT_MS), *own = dns_cache_new(world->dns, TIMEOUT_MS);
	struct seen seen;

	asked_by_a_new(world, shared, "exempel.net", &seen);
	ask(own, "exempel.net", DNS_MX, &seen);
	loop_run(world->loop);
	usleep(1100000);
	assert_int_equal(asked_by_a_new(world, shared, "exempel.net", &seen), 0);
	assert_in_range(seen.ttl_s, 3590, 3599);
	ask(own, "exempel.net", DNS_MX, &seen); /* of one survey: as it was */
	loop_run(world->loop);
	assert_int_equal(seen.ttl_s, 3600);
	dns_cache_free(own);
	dns_cache_free(shared);
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
		cmocka_unit_test(shared__is_asked__for_what_others_have_asked),
		cmocka_unit_test(shared__keeps__no_failure),
		cmocka_unit_test(shared__drops__what_was_cancelled),
		cmocka_unit_test(shared__counts__ttls_down),
	};
	return cmocka_run_group_tests_name("dns_cache", tests, set_up, tear_down);
}
