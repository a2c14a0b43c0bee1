/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "sim/attempt/failover.h"
#include "sim/probed.h"
#include "../core/names.h"

struct world {
	struct dname domain;
	struct facts facts;
	struct mxset set;
	struct marks marks;
};

static void add_host(struct world *world, const char *host, uint16_t preference, const char *address)
{
	struct mx mx = { .preference = preference, .host = name_of(host) };
	struct host_facts *row = facts_host_add(&world->facts, &mx.host);

	row->a = row->aaaa = ANSWER_DATA;
	row->addr[row->n_addr++] = addr_of(address);
	if (mxset_find(&world->set, &mx.host) == world->set.n)
		mxset_add(&world->set, &mx);
}

static void open_world(struct world *world)
{
	*world = (struct world){ .domain = name_of("example.com") };
	facts_init(&world->facts, &world->domain);
	mxset_init(&world->set);
}

static void close_world(struct world *world)
{
	facts_release(&world->facts);
	mxset_release(&world->set);
	marks_release(&world->marks);
}

static struct smtp_facts *saw(struct world *world, const char *host, const char *address, enum smtp_seen seen)
{
	struct dname of = name_of(host);
	struct addr at = addr_of(address);
	struct smtp_facts *row = facts_smtp_add(&world->facts, &of, &at);

	row->seen = seen;
	return row;
}

/* Another address of the family answers, or none does. */
static const struct {
	enum smtp_seen seen;
	enum smtp_tls tls;
	unsigned odd;
	bool reach;
	enum sim_state state;
} states[] = {
	{ SMTP_UNASKED, SMTP_TLS_UNKNOWN, 0, true, SIM_UNKNOWN },
	{ SMTP_PENDING, SMTP_TLS_UNKNOWN, 0, true, SIM_UNKNOWN },
	{ SMTP_REFUSED, SMTP_TLS_UNKNOWN, 0, true, SIM_REFUSED },
	{ SMTP_REFUSED, SMTP_TLS_UNKNOWN, 0, false, SIM_REFUSED },
	{ SMTP_SILENT, SMTP_TLS_UNKNOWN, 0, true, SIM_TIMEOUT },
	{ SMTP_SILENT, SMTP_TLS_UNKNOWN, 0, false, SIM_UNKNOWN },
	{ SMTP_UNREACHABLE, SMTP_TLS_UNKNOWN, 0, true, SIM_UNKNOWN },
	{ SMTP_UNREACHABLE, SMTP_TLS_UNKNOWN, 0, false, SIM_UNKNOWN },
	{ SMTP_DROPPED, SMTP_TLS_UNKNOWN, 0, true, SIM_DROP },
	{ SMTP_MUTE, SMTP_TLS_UNKNOWN, 0, true, SIM_MUTE },
	{ SMTP_GREETS_4XX, SMTP_TLS_UNKNOWN, 0, true, SIM_GREETING_4XX },
	{ SMTP_GREETS_5XX, SMTP_TLS_UNKNOWN, 0, true, SIM_GREETING_5XX },
	{ SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, SMTP_ODD_NO_CODE, true, SIM_UNKNOWN },
	{ SMTP_EHLO_4XX, SMTP_TLS_UNKNOWN, 0, true, SIM_EHLO_4XX },
	{ SMTP_EHLO_5XX, SMTP_TLS_UNKNOWN, 0, true, SIM_EHLO_5XX },
	{ SMTP_EHLO_ODD, SMTP_TLS_UNKNOWN, SMTP_ODD_CLOSED, true, SIM_UNKNOWN },
	{ SMTP_READY, SMTP_TLS_NOT_OFFERED, 0, true, SIM_NO_STARTTLS },
	{ SMTP_READY, SMTP_TLS_UP, SMTP_ODD_BARE_LF, true, SIM_UP },
	{ SMTP_READY, SMTP_TLS_4XX, 0, true, SIM_STARTTLS_4XX },
	{ SMTP_READY, SMTP_TLS_5XX, 0, true, SIM_UNKNOWN },
	{ SMTP_READY, SMTP_TLS_ODD, SMTP_ODD_CODE, true, SIM_UNKNOWN },
	{ SMTP_READY, SMTP_TLS_BROKEN, 0, true, SIM_TLS_FAIL },
	{ SMTP_READY, SMTP_TLS_BROKEN, SMTP_ODD_CLOSED, true, SIM_TLS_FAIL },
	{ SMTP_READY, SMTP_TLS_BROKEN, SMTP_ODD_LATE, true, SIM_UNKNOWN },
	{ SMTP_READY, SMTP_TLS_UNKNOWN, 0, true, SIM_UNKNOWN },
};

static void probed_state__each_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		struct world world;
		struct dname host = name_of("a.example.com");
		struct addr at = addr_of("192.0.2.1");
		struct smtp_facts *row;

		open_world(&world);
		saw(&world, "b.example.com", states[i].reach ? "192.0.2.2" : "2001:db8::2", SMTP_READY);
		row = saw(&world, "a.example.com", "192.0.2.1", states[i].seen);
		row->tls = states[i].tls;
		row->odd = states[i].odd;
		assert_int_equal(probed_state(&world.facts, facts_smtp(&world.facts, &host, &at)), states[i].state);
		close_world(&world);
	}
	assert_int_equal(probed_state(&(struct facts){ 0 }, NULL), SIM_UNKNOWN);
}

/* What an intrusive probe heard of sender and postmaster counts too; a refusal for good may mean the machine that asked. */
static void probed_state__recipients__count(void **state)
{
	static const struct {
		enum smtp_tls tls;
		bool tried;
		enum smtp_taken mail, postmaster;
		enum sim_state state;
	} cases[] = {
		{ SMTP_TLS_UP, false, SMTP_TAKEN_UNKNOWN, SMTP_TAKEN_UNKNOWN, SIM_UP },
		{ SMTP_TLS_UP, true, SMTP_TAKEN, SMTP_TAKEN, SIM_UP },
		{ SMTP_TLS_NOT_OFFERED, true, SMTP_TAKEN, SMTP_TAKEN_4XX, SIM_RCPT_4XX },
		{ SMTP_TLS_UP, true, SMTP_TAKEN, SMTP_TAKEN_5XX, SIM_UNKNOWN },
		{ SMTP_TLS_UP, true, SMTP_TAKEN, SMTP_TAKEN_UNKNOWN, SIM_UNKNOWN },
		{ SMTP_TLS_UP, true, SMTP_TAKEN_4XX, SMTP_TAKEN_UNKNOWN, SIM_MAIL_4XX },
		{ SMTP_TLS_UP, true, SMTP_TAKEN_4XX, SMTP_TAKEN, SIM_UP }, /* a later one */
		{ SMTP_TLS_UP, true, SMTP_TAKEN_5XX, SMTP_TAKEN_UNKNOWN, SIM_UNKNOWN },
		{ SMTP_TLS_UP, true, SMTP_TAKEN_UNKNOWN, SMTP_TAKEN_UNKNOWN, SIM_UNKNOWN },
		{ SMTP_TLS_4XX, true, SMTP_TAKEN, SMTP_TAKEN_4XX, SIM_STARTTLS_4XX },
		{ SMTP_TLS_NOT_OFFERED, true, SMTP_TAKEN, SMTP_TAKEN, SIM_NO_STARTTLS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct smtp_facts row = { .seen = SMTP_READY, .tls = cases[i].tls, .tried = cases[i].tried };

		row.mail.taken = cases[i].mail;
		row.rcpt[SMTP_RCPT_POSTMASTER].taken = cases[i].postmaster;
		assert_int_equal(probed_state(&(struct facts){ 0 }, &row), cases[i].state);
		row.dane = FACT_NO; /* the certificate fits none of the TLSA records: told where nothing worse is */
		if (cases[i].tls == SMTP_TLS_UP)
			assert_int_equal(
				probed_state(&(struct facts){ 0 }, &row), cases[i].state == SIM_UP ? SIM_TLSA_MISMATCH : cases[i].state);
	}
}

/* A certificate counts where the domain has a policy, and what TLSA records say of it comes first. */
static void probed_state__certificate__counts_with_a_policy(void **state)
{
	struct facts facts = { .sts.n_record = 1 };
	struct smtp_facts row = { .seen = SMTP_READY, .tls = SMTP_TLS_UP, .at = 100, .dane = FACT_YES };

	(void)state;
	row.cert = (struct smtp_tls_facts){ .not_after = 200, .trust = SMTP_TRUSTED, .names_host = FACT_YES, .n_chain = 1 };
	assert_int_equal(probed_state(&facts, &row), SIM_UP);
	row.cert.trust = SMTP_TRUST_UNKNOWN; /* no roots here: nobody can tell */
	assert_int_equal(probed_state(&facts, &row), SIM_UP);
	row.cert.trust = SMTP_SELF_SIGNED;
	assert_int_equal(probed_state(&facts, &row), SIM_CERT_INVALID);
	row.cert.trust = SMTP_TRUSTED;
	row.cert.names_host = FACT_NO;
	assert_int_equal(probed_state(&facts, &row), SIM_CERT_INVALID);
	facts.sts.n_record = 0;
	assert_int_equal(probed_state(&facts, &row), SIM_UP);
	facts.sts.n_record = 1;
	row.dane = FACT_NO;
	assert_int_equal(probed_state(&facts, &row), SIM_TLSA_MISMATCH);
}

static void expect(const struct world *world, const char *text)
{
	struct str all;

	str_init(&all, 0);
	for (size_t i = 0; i < world->marks.n; i++) {
		str_add(&all, i ? " " : "");
		mark_argument(&world->marks.mark[i], &all);
		str_addf(&all, "=%s", sim_states[world->marks.mark[i].state].name);
	}
	assert_string_equal(all.s, text);
	str_release(&all);
}

static void marks_probed__addresses_of_the_set_alone(void **state)
{
	struct world world;

	(void)state;
	open_world(&world);
	add_host(&world, "a.example.com", 10, "192.0.2.1");
	add_host(&world, "a.example.com", 10, "2001:db8::1");
	add_host(&world, "b.example.com", 20, "192.0.2.2");
	saw(&world, "a.example.com", "192.0.2.1", SMTP_REFUSED);
	saw(&world, "a.example.com", "2001:db8::1", SMTP_UNREACHABLE);
	saw(&world, "b.example.com", "192.0.2.2", SMTP_READY)->tls = SMTP_TLS_UP;
	saw(&world, "c.example.com", "192.0.2.3", SMTP_REFUSED);
	marks_probed(&world.marks, &world.facts, &world.set);
	expect(&world, "192.0.2.1=refused 2001:db8::1=unknown");
	close_world(&world);
}

static void marks_probed__one_address_met_in_two_ways__unknown(void **state)
{
	struct world world;

	(void)state;
	open_world(&world);
	add_host(&world, "a.example.com", 10, "192.0.2.1");
	add_host(&world, "b.example.com", 20, "192.0.2.1");
	add_host(&world, "c.example.com", 20, "192.0.2.2");
	add_host(&world, "d.example.com", 20, "192.0.2.2");
	saw(&world, "a.example.com", "192.0.2.1", SMTP_READY)->tls = SMTP_TLS_UP;
	saw(&world, "b.example.com", "192.0.2.1", SMTP_GREETS_4XX);
	saw(&world, "c.example.com", "192.0.2.2", SMTP_GREETS_4XX);
	saw(&world, "d.example.com", "192.0.2.2", SMTP_GREETS_4XX);
	marks_probed(&world.marks, &world.facts, &world.set);
	expect(&world, "192.0.2.1=unknown 192.0.2.2=greeting-4xx");
	close_world(&world);
}

static void marks_probed__implicit_mx__the_domain(void **state)
{
	struct world world;
	struct host_facts *row;

	(void)state;
	open_world(&world);
	row = facts_host_add(&world.facts, &world.domain);
	row->a = row->aaaa = ANSWER_DATA;
	row->addr[row->n_addr++] = addr_of("192.0.2.1");
	saw(&world, "example.com", "192.0.2.1", SMTP_MUTE);
	marks_probed(&world.marks, &world.facts, &world.set);
	expect(&world, "192.0.2.1=mute");
	close_world(&world);
}

/* What a sender makes of an unknown server is unknown, and no part of it delivered; what is met before it counts. */
static void failover__unknown_server__unknown(void **state)
{
	struct world world;
	struct sim_input in;

	(void)state;
	open_world(&world);
	world.facts.mx = ANSWER_DATA;
	add_host(&world, "a.example.com", 10, "192.0.2.1");
	add_host(&world, "b.example.com", 20, "192.0.2.2");
	saw(&world, "a.example.com", "192.0.2.1", SMTP_REFUSED);
	saw(&world, "b.example.com", "192.0.2.2", SMTP_GREETS_ODD);
	marks_probed(&world.marks, &world.facts, &world.set);
	in = (struct sim_input){
		.domain = &world.domain, .set = &world.set, .facts = &world.facts, .is_draft = true, .marks = &world.marks
	};
	for (size_t i = 0; senders[i]; i++) {
		struct sim_result result = { 0 };
		double delivered = 0;

		failover_run(&in, senders[i], &result);
		for (size_t k = 0; k < result.first.n; k++)
			delivered += result.first.share[k].share;
		assert_true(result.first.unknown == 1 && result.final.unknown == 1);
		assert_true(delivered == 0 && result.first.deferred == 0 && result.first.bounced == 0);
		assert_string_equal(result.step[0].code, "refused");
		assert_string_equal(result.step[1].code, "unknown");
		assert_string_equal(result.step[1].result.id, "Nobody knows what this server does.");
		sim_result_release(&result);
	}
	close_world(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(probed_state__each_kind),
		cmocka_unit_test(probed_state__recipients__count),
		cmocka_unit_test(probed_state__certificate__counts_with_a_policy),
		cmocka_unit_test(marks_probed__addresses_of_the_set_alone),
		cmocka_unit_test(marks_probed__one_address_met_in_two_ways__unknown),
		cmocka_unit_test(marks_probed__implicit_mx__the_domain),
		cmocka_unit_test(failover__unknown_server__unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
