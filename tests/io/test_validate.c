/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dlfcn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <sys/stat.h>
#include <unbound-event.h>
#include <cmocka.h>

#include "io/dns_cache.h"
#include "io/store.h"
#include "serve.h"

#define TIMEOUT_MS 5000
#define EXIT_SKIPPED 77

static unsigned contexts; /* of libunbound, since the program began */

struct ub_ctx *ub_ctx_create_event(struct event_base *base)
{
	struct ub_ctx *(*theirs)(struct event_base * base);

	*(void **)&theirs = dlsym(RTLD_NEXT, "ub_ctx_create_event");
	contexts++;
	return theirs(base);
}

struct seen {
	unsigned calls;
	enum dnssec dnssec;
	char reason[FACTS_REASON];
};

static void came(void *data, enum dnssec dnssec, const char *reason)
{
	struct seen *seen = data;

	seen->calls++;
	seen->dnssec = dnssec;
	snprintf(seen->reason, sizeof(seen->reason), "%s", reason ? reason : "");
}

static struct dns_endpoint at_port(int port)
{
	struct dns_endpoint to = { .port = (uint16_t)port };

	assert_true(addr_parse(&to.addr, "127.0.0.1"));
	return to;
}

static const struct name {
	const char *name;
	enum dnssec dnssec;
} names[] = {
	{ "saker.exempel.org", DNSSEC_SECURE },
	{ "nobody.saker.exempel.org", DNSSEC_SECURE },
	{ "osignerad.exempel.org", DNSSEC_INSECURE },
	{ "trasig.exempel.org", DNSSEC_BOGUS },
	{ "gammal.exempel.org", DNSSEC_BOGUS },
	{ "stum.exempel.org", DNSSEC_UNCHECKED },
	{ "lam.exempel.org", DNSSEC_UNCHECKED },
	/* answered by libunbound itself, as insecure, unless it is kept from that; the resolver here does so too */
	{ "post.test", DNSSEC_UNCHECKED },
	{ "post.home.arpa", DNSSEC_UNCHECKED },
};
#define NAMES (sizeof(names) / sizeof(*names))
#define OWN (NAMES - 2) /* where those begin */
#define EACH 12         /* guests of a name: together more than have their turn at once */

static void validate_all(struct loop *loop, struct dns_cache *cache, struct seen seen[NAMES])
{
	for (size_t i = 0; i < NAMES; i++) {
		struct dns_question question = { .type = DNS_MX };

		memset(&seen[i], 0, sizeof(seen[i]));
		assert_true(dname_parse(&question.name, names[i].name, NULL));
		dns_validate(cache, &question, TIMEOUT_MS, came, &seen[i]);
		assert_int_equal(seen[i].calls, 0);
	}
	loop_run(loop);
	for (size_t i = 0; i < NAMES; i++)
		assert_int_equal(seen[i].calls, 1);
}

static struct dns *open_dns(struct loop *loop, const struct serve *rig, int port)
{
	struct dns_endpoint to = at_port(port);
	char anchor[300];

	snprintf(anchor, sizeof(anchor), "%s/anchor", rig->dir);
	return dns_new(loop, &to, anchor);
}

static void dns_validate__tells_secure_insecure_and_bogus__apart(void **state)
{
	const struct serve *rig = *state;
	struct loop *loop = loop_new();
	struct dns *dns = open_dns(loop, rig, rig->port);
	struct seen seen[NAMES];

	for (int round = 0; round < 2; round++) { /* the second from scratch */
		struct dns_cache *cache = dns_cache_new(dns, TIMEOUT_MS);

		validate_all(loop, cache, seen);
		for (size_t i = 0; i < NAMES; i++) {
			assert_int_equal(seen[i].dnssec, names[i].dnssec);
			assert_int_equal(seen[i].reason[0] != 0, names[i].dnssec == DNSSEC_BOGUS || names[i].dnssec == DNSSEC_UNCHECKED);
		}
		assert_non_null(strstr(seen[OWN].reason, "RFC 6761"));
		dns_cache_free(cache);
	}
	dns_free(dns);
	loop_free(loop);
}

struct guest {
	struct dns_cache *cache;
	struct seen seen;
};

static void come_and_go(void *data)
{
	struct guest *guest = data;

	dns_cache_free(guest->cache);
	guest->cache = NULL;
}

/* One cache a name, as an audit has them, all at once. Every third leaves before the answer, at the beginning or a little later. */
static void validate_as_guests(struct loop *loop, struct dns *dns, struct dns_cache *shared, struct dns_validator *validator)
{
	struct guest guest[EACH * NAMES] = { 0 };

	for (size_t i = 0; i < EACH * NAMES; i++) {
		struct dns_question question = { .type = DNS_MX };

		assert_true(dname_parse(&question.name, names[i / EACH].name, NULL));
		guest[i].cache = dns_cache_new(dns, TIMEOUT_MS);
		dns_cache_share(guest[i].cache, shared, &question.name);
		dns_cache_lend(guest[i].cache, validator);
		dns_validate(guest[i].cache, &question, TIMEOUT_MS, came, &guest[i].seen);
		if (i % 3 == 0)
			loop_after(loop, i % 2 ? 0 : i, come_and_go, &guest[i]);
	}
	loop_run(loop);
	for (size_t i = 0; i < EACH * NAMES; i++) {
		if (guest[i].cache) {
			assert_int_equal(guest[i].seen.calls, 1);
			assert_int_equal(guest[i].seen.dnssec, names[i / EACH].dnssec);
		}
		dns_cache_free(guest[i].cache);
	}
}

/* What a survey is about is asked once, by its own cache. */
static bool asks_the_shared_one(struct loop *loop, struct dns *dns, struct dns_cache *shared, struct dns_validator *validator)
{
	struct dns_cache *cache = dns_cache_new(dns, TIMEOUT_MS);
	struct dns_question question = { .type = DNS_MX };
	struct seen seen = { 0 };
	bool asks;

	assert_true(dname_parse(&question.name, "saker.exempel.org", NULL));
	dns_cache_share(cache, shared, &question.name);
	dns_cache_lend(cache, validator);
	dns_validate(cache, &question, TIMEOUT_MS, came, &seen);
	loop_run(loop);
	assert_int_equal(seen.dnssec, DNSSEC_SECURE);
	asks = dns_cache_knows(shared, NULL, &question) || dns_cache_knows(shared, &dns_unchecked, &question);
	question.type = DNS_DNSKEY;
	asks |= dns_cache_knows(shared, &dns_unchecked, &question);
	dns_cache_free(cache);
	return asks;
}

/* What fails for one of them is not put down to another, and all of it is one validator's work. */
static void validator__that_is_lent__proves_for_many(void **state)
{
	const struct serve *rig = *state;
	struct loop *loop = loop_new();
	struct dns *dns = open_dns(loop, rig, rig->port);
	struct dns_cache *shared = dns_cache_new_shared(dns, TIMEOUT_MS);
	struct dns_validator *validator = dns_validator_new(shared);
	unsigned before = contexts;

	assert_false(asks_the_shared_one(loop, dns, shared, validator));
	for (int round = 0; round < 3; round++)
		validate_as_guests(loop, dns, shared, validator);
	assert_int_equal(contexts - before, 1);
	dns_validator_free(validator);
	dns_cache_free(shared);
	dns_free(dns);
	loop_free(loop);
}

/* Where none is lent, what was proved for one is proved anew for the next. */
static void cache__that_is_lent_none__has_its_own(void **state)
{
	const struct serve *rig = *state;
	struct loop *loop = loop_new();
	struct dns *dns = open_dns(loop, rig, rig->port);
	unsigned before = contexts;

	for (int round = 0; round < 2; round++) {
		struct dns_cache *cache = dns_cache_new(dns, TIMEOUT_MS);

		validate_all(loop, cache, (struct seen[NAMES]){ { 0 } });
		dns_cache_free(cache);
	}
	assert_int_equal(contexts - before, 2);
	dns_free(dns);
	loop_free(loop);
}

static void dns_validate__cannot_tell__through_a_resolver_that_strips(void **state)
{
	const struct serve *rig = *state;
	struct loop *loop = loop_new();
	struct dns *dns = open_dns(loop, rig, rig->strip);
	struct dns_cache *cache = dns_cache_new(dns, TIMEOUT_MS);
	struct seen seen[NAMES];

	validate_all(loop, cache, seen);
	for (size_t i = 0; i < NAMES; i++) {
		assert_int_equal(seen[i].dnssec, DNSSEC_UNCHECKED);
		assert_non_null(strstr(seen[i].reason, "strips"));
	}
	dns_cache_free(cache);
	dns_free(dns);
	loop_free(loop);
}

/* An anchor is obeyed: one that is not there, is damaged, holds none or may be written by anybody is none. */
static void dns_validate__cannot_tell__without_an_anchor(void **state)
{
	static const char *const text[] = { NULL, "", "; nothing\n", ". IN DS 1 8 2 00\n\0", ". IN DS 1 8 2 00\n" };
	const struct serve *rig = *state;
	char path[300];

	snprintf(path, sizeof(path), "%s/other-anchor", rig->dir);
	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++) {
		struct loop *loop = loop_new();
		struct dns_endpoint to = at_port(rig->port);
		struct dns *dns = dns_new(loop, &to, path);
		struct dns_cache *cache = dns_cache_new(dns, TIMEOUT_MS);
		struct seen seen[NAMES];

		if (text[i]) {
			assert_true(store_write_file(path, text[i], strlen(text[i]) + (i == 3), 0600, NULL));
			assert_int_equal(chmod(path, i == 4 ? 0602 : 0600), 0);
		}
		validate_all(loop, cache, seen);
		assert_int_equal(seen[0].dnssec, DNSSEC_UNCHECKED);
		assert_string_equal(seen[0].reason,
			"anchor_file holds no trust anchor, or is not a file of yours or root's that nobody else may write");
		dns_cache_free(cache);
		dns_free(dns);
		loop_free(loop);
	}
}

/* The deadline is ours: libunbound has none. Cancelled and freed ones say nothing. */
static void dns_validate__ends_by_its_deadline__and_not_after_a_cancel(void **state)
{
	const struct serve *rig = *state;
	struct loop *loop = loop_new();
	struct dns *dns = open_dns(loop, rig, rig->port);
	struct dns_question question = { .type = DNS_MX };
	struct seen seen = { 0 }, cancelled = { 0 }, freed = { 0 };
	struct dns_cache *cache = dns_cache_new(dns, TIMEOUT_MS);

	assert_true(dname_parse(&question.name, "saker.exempel.org", NULL));
	dns_validate(cache, &question, 0, came, &seen);
	dns_validation_cancel(dns_validate(cache, &question, TIMEOUT_MS, came, &cancelled));
	loop_run(loop);
	assert_int_equal(seen.calls, 1);
	assert_int_equal(seen.dnssec, DNSSEC_UNCHECKED);
	validate_all(loop, cache, (struct seen[NAMES]){ { 0 } });
	dns_validate(cache, &question, TIMEOUT_MS, came, &freed);
	assert_true(dname_parse(&question.name, "other.exempel.org", NULL));
	dns_validation_cancel(dns_validate(cache, &question, TIMEOUT_MS, came, &cancelled));
	dns_cache_free(cache);
	dns_free(dns);
	loop_run(loop);
	loop_free(loop);
	assert_int_equal(cancelled.calls + freed.calls, 0);
}

static int set_up(void **state)
{
	static struct serve rig;

	*state = &rig;
	return serve_start(&rig, (const char *[]){ "dnsrig.py", NULL }) ? 0 : -1;
}

static int tear_down(void **state)
{
	serve_stop(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dns_validate__tells_secure_insecure_and_bogus__apart),
		cmocka_unit_test(validator__that_is_lent__proves_for_many),
		cmocka_unit_test(cache__that_is_lent_none__has_its_own),
		cmocka_unit_test(dns_validate__cannot_tell__through_a_resolver_that_strips),
		cmocka_unit_test(dns_validate__cannot_tell__without_an_anchor),
		cmocka_unit_test(dns_validate__ends_by_its_deadline__and_not_after_a_cancel),
	};

	if (access("/usr/sbin/knotd", X_OK) != 0 || access("/usr/sbin/unbound", X_OK) != 0 ||
		(access("/usr/bin/dnssec-signzone", X_OK) != 0 && access("/usr/sbin/dnssec-signzone", X_OK) != 0))
		return EXIT_SKIPPED;
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
