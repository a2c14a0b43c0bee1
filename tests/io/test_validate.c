/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "io/dns_cache.h"
#include "io/store.h"
#include "serve.h"

#define TIMEOUT_MS 5000
#define EXIT_SKIPPED 77

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
	/* answered by libunbound itself, as insecure, unless it is kept from that; the resolver here does so too */
	{ "post.test", DNSSEC_UNCHECKED },
	{ "post.home.arpa", DNSSEC_UNCHECKED },
};
#define NAMES (sizeof(names) / sizeof(*names))

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
		assert_non_null(strstr(seen[4].reason, "RFC 6761"));
		dns_cache_free(cache);
	}
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
		cmocka_unit_test(dns_validate__cannot_tell__through_a_resolver_that_strips),
		cmocka_unit_test(dns_validate__cannot_tell__without_an_anchor),
		cmocka_unit_test(dns_validate__ends_by_its_deadline__and_not_after_a_cancel),
	};

	if (access("/usr/sbin/knotd", X_OK) != 0 || access("/usr/sbin/unbound", X_OK) != 0)
		return EXIT_SKIPPED;
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
