/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of a push before it begins: in how many requests, and when another editor is noticed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/push_kind.h"
#include "base/mem.h"
#include "../core/sets.h"

#define BASE "3600 10 mx1.exempel.com 20 mx2.exempel.com"

#define ONE "One step: a single request makes the whole change.\n"
#define WHOLE "The records change as a whole, never one by one.\n"
#define TWO "2 requests: the records change in one of them, as a whole, and the TTL in another.\n"
#define NOTHING_LEFT "A request for each record, one after the other; after the last one the name has no MX record.\n"
#define THREE "3 requests, one after the other: what is new comes first, and this push never leaves the name without a record in between.\n"
#define EACH                                                                                                                               \
	"A request for each record that changes, one after the other: what is new comes first, and this push never leaves the name "       \
	"without a record in between.\n"
#define LAST "It is published when a last step after that has succeeded.\n"
#define BEFORE                                                                                                                             \
	"Another editor is noticed before anything is written: the provider refuses the write where the records are not those that were read.\n"
#define RECORDS                                                                                                                            \
	"Another editor is noticed before anything is written: the provider refuses the write where the records are not those that were "  \
	"read. It compares no TTL: a change of the TTL alone within that round trip is written over, and nothing shows it.\n"
#define FILE_TOO "Another editor is noticed before anything is written: the file is replaced only while it still is what was read.\n"
#define READ                                                                                                                               \
	"Another editor is noticed when the set is read again; a change of the same record within the round trip of a request may not be.\n"
#define SERIAL                                                                                                                               \
	"Another editor is noticed by the read right before the write. A change within that round trip is written over; the zone's serial, " \
	"where it counts, shows it afterwards.\n"
#define UNSEEN                                                                                                                             \
	"Another editor is noticed by the read right before the write. A change within that round trip is written over, and nothing shows it.\n"

static void make(struct plan *plan, const char *provider, const char *base, const char *want)
{
	plan_init(plan);
	free(plan->provider);
	plan->provider = mem_text(provider);
	set_from(&plan->base, base);
	set_from(&plan->want, want);
}

/* writes: of the dry run; 0: there is none. */
static void expect(const char *provider, const char *want, unsigned writes, bool commits, const char *words)
{
	struct push_step steps[5] = { { .writes = false } };
	struct push preview = { .done = true, .step = steps, .n_step = 1 };
	struct msg msg[PUSH_KIND_MSGS];
	struct push_kind kind;
	struct plan plan;
	struct str text;
	size_t n = 0;

	for (unsigned i = 0; i < writes; i++)
		steps[preview.n_step++] = (struct push_step){ .writes = true };
	if (commits)
		steps[preview.n_step++] = (struct push_step){ .writes = true, .commit = true };
	make(&plan, provider, BASE, want);
	str_init(&text, 0);
	if (push_kind(&plan, writes ? &preview : NULL, &kind))
		n = push_kind_msgs(&kind, msg);
	for (size_t i = 0; i < n; i++) {
		msg_format(&msg[i], NULL, &text);
		str_add(&text, "\n");
	}
	if (strcmp(text.s, words) != 0)
		fail_msg("%s, %u: %s", provider, writes, text.s);
	str_release(&text);
	plan_release(&plan);
}

#define MORE "3600 10 mx1.exempel.com 10 mx3.exempel.com"
#define LESS "3600 20 mx2.exempel.com"
#define SLOWER "7200 10 mx1.exempel.com 20 mx2.exempel.com"

static void push_kind__says__the_requests(void **state)
{
	(void)state;
	expect("powerdns", MORE, 0, false, WHOLE SERIAL);
	expect("powerdns", MORE, 1, false, ONE SERIAL);
	expect("hetzner", "60 10 mx3.exempel.com", 2, false, TWO UNSEEN);
	expect("hetzner", MORE, 1, false, ONE UNSEEN);
	expect("linode", MORE, 0, false, EACH READ);
	expect("linode", MORE, 3, false, THREE READ);
	expect("linode", MORE, 1, false, ONE READ);
	/* One that only removes may take one request more, so that another cannot empty the set. */
	expect("linode", LESS, 1, false, EACH READ);
	expect("cloudflare", LESS, 1, false, ONE READ);
	expect("linode", "3600 10 mx3.exempel.com", 1, false, ONE READ);
	expect("linode", SLOWER, 3, false, THREE READ);
	expect("linode", "3600", 2, false, NOTHING_LEFT READ);
	expect("linode", "3600", 0, false, NOTHING_LEFT READ);
	expect("powerdns", "3600", 1, false, ONE SERIAL);
	expect("ovh", MORE, 3, true, THREE LAST READ);
	expect("ovh", MORE, 0, false, EACH LAST READ);
	/* A command that is not configured is none. */
	expect("zonefile", MORE, 1, false, ONE FILE_TOO);
	expect("zonefile", MORE, 1, true, ONE LAST FILE_TOO);
	expect("zonefile", MORE, 0, false, WHOLE FILE_TOO);
	/* Nothing is written, or nobody knows by whom. */
	expect("linode", BASE, 0, false, "");
	expect("nobody", MORE, 0, false, "");
	expect("", MORE, 0, false, "");
}

static void push_kind__says__when_another_editor_is_noticed(void **state)
{
	static const struct {
		const char *words, *providers;
	} rows[] = {
		{ WHOLE BEFORE, "azure google route53 " },
		{ WHOLE RECORDS, "rfc2136 " },
		{ WHOLE FILE_TOO, "zonefile " },
		{ WHOLE SERIAL, "powerdns " },
		{ WHOLE UNSEEN, "desec gandi godaddy hetzner ionos namecheap ns1 scaleway " },
		{ WHOLE READ, "cloudflare " },
		{ EACH READ, "bunny digitalocean dnsimple glesys infomaniak linode loopia netlify porkbun simply vultr " },
		{ EACH LAST READ, "ovh " },
	};
	size_t seen = 0, n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (const char *at = rows[i].providers; *at; at += strcspn(at, " ") + 1, seen++) {
			char name[20];

			snprintf(name, sizeof(name), "%.*s", (int)strcspn(at, " "), at);
			expect(name, MORE, 0, false, rows[i].words);
		}
	while (providers[n])
		n++;
	assert_int_equal(seen, n);
}

static void push_kind__waits__for_the_dry_run_and_heeds_it(void **state)
{
	struct push_step step = { .writes = true };
	struct push preview = { .step = &step, .n_step = 1 };
	struct push_kind kind;
	struct plan plan;
	json_t *json;
	char *text;

	(void)state;
	make(&plan, "powerdns", BASE, MORE);
	assert_true(push_kind(&plan, &preview, &kind));
	assert_int_equal(kind.requests, 0);
	preview.done = true;
	assert_true(push_kind(&plan, &preview, &kind));
	assert_int_equal(kind.requests, 1);
	json = push_kind_json(&kind);
	text = json_dumps(json, JSON_COMPACT);
	assert_string_equal(text, "{\"whole\":true,\"requests\":1,\"last_step\":false,\"noticed\":\"serial\"}");
	free(text);
	json_decref(json);
	preview.state = PUSH_UNCHANGED;
	assert_false(push_kind(&plan, &preview, &kind));
	json = push_kind_json(NULL);
	assert_true(json_is_null(json));
	plan_release(&plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(push_kind__says__the_requests),
		cmocka_unit_test(push_kind__says__when_another_editor_is_noticed),
		cmocka_unit_test(push_kind__waits__for_the_dry_run_and_heeds_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
