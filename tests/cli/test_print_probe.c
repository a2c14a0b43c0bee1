/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What probes met, printed from facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/print_probe.h"
#include "said.h"

#define NOW 1900000000

static void start(struct facts *facts)
{
	struct dname domain;
	struct mx mx;

	assert_true(dname_parse(&domain, "exempel.com", NULL));
	facts_init(facts, &domain);
	facts->probed = true;
	mx_set(&mx, 10, "b.example");
	mxset_add(&facts->live, &mx);
	mx_set(&mx, 20, "a.example");
	mxset_add(&facts->live, &mx);
}

static struct smtp_facts *met(struct facts *facts, const char *host, const char *address, enum smtp_seen seen)
{
	struct smtp_facts *row;
	struct dname name;
	struct addr addr;

	assert_true(dname_parse(&name, host, NULL));
	assert_true(addr_parse(&addr, address));
	row = facts_smtp_add(facts, &name, &addr);
	row->seen = seen;
	return row;
}

/* One that shows all that can be shown. */
static void show_all(struct smtp_facts *row)
{
	row->at = NOW;
	row->code = 250;
	snprintf(row->reply, sizeof(row->reply), "hello\x1b");
	snprintf(row->banner, sizeof(row->banner), "b.example ESMTP");
	snprintf(row->reason, sizeof(row->reason), "no reason");
	row->odd = SMTP_ODD_NO_CODE | SMTP_ODD_AGAIN;
	row->offers = SMTP_SIZE | SMTP_STARTTLS | SMTP_REQUIRETLS;
	row->size = 52428800;
	row->connect_ms = 40;
	row->greeting_ms = 1500;
	row->tls = SMTP_TLS_UP;
	row->dane = FACT_YES;
	row->cert = (struct smtp_tls_facts){ .version = "TLSv1.3",
		.cipher = "TLS_AES_256_GCM_SHA384",
		.forward = true,
		.key_bits = 2048,
		.weak_signature = true,
		.not_before = NOW - 86400,
		.not_after = NOW + 86400,
		.trust = SMTP_UNTRUSTED,
		.trust_reason = "unable to get local issuer certificate",
		.names_host = FACT_NO,
		.n_names = 2,
		.name = { "b.example", "*.b.example" },
		.n_chain = 2 };
	memset(row->cert.chain[0].sha256, 0x0a, SMTP_SHA256);
	memset(row->cert.chain[0].key_sha256, 0xb0, SMTP_SHA256);
	memset(row->cert.chain[1].sha256, 0xcc, SMTP_SHA256);
	memset(row->cert.chain[1].key_sha256, 0xdd, SMTP_SHA256);
	row->cert.chain[0].sha256[SMTP_SHA256 - 1] = 0xff;
	assert_true(addr_parse(&row->from, "192.0.2.200"));
}

#define TIMES_31(x) x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x

static void probe__is_told_in_json(void **state)
{
	struct facts facts;

	(void)state;
	start(&facts);
	show_all(met(&facts, "b.example", "192.0.2.1", SMTP_READY));
	json_is(print_probes_json(&facts),
		"[{\"address\":\"192.0.2.1\",\"at\":\"2030-03-17T17:46:40Z\",\"banner\":\"b.example ESMTP\",\"code\":250,"
		"\"connect_s\":0.040000000000000001,\"from\":\"192.0.2.200\",\"greeting_s\":1.5,\"host\":\"b.example\",\"intrusive\":null,"
		"\"odd\":[\"no-code\",\"starttls-again\"],\"offers\":[\"SIZE\",\"STARTTLS\",\"REQUIRETLS\"],\"reason\":\"no reason\","
		"\"reply\":\"hello\\\\x1b\",\"seen\":\"ready\",\"size\":52428800,\"state\":\"up\",\"tls\":{\"certificate\":{\"chain\":["
		"{\"key_sha256\":\"b0" TIMES_31("b0") "\",\"sha256\":\"" TIMES_31(
			"0a") "ff\"},"
			      "{\"key_sha256\":\"dd" TIMES_31("dd") "\",\"sha256\":\"cc" TIMES_31(
				      "cc") "\"}],"
					    "\"key_bits\":2048,\"names\":[\"b.example\",\"*.b.example\"],\"names_host\":false,"
					    "\"not_after\":\"2030-03-18T17:46:40Z\",\"not_before\":\"2030-03-16T17:46:40Z\","
					    "\"reason\":\"unable to get local issuer certificate\",\"state\":\"untrusted\",\"trust\":\"untrusted\","
					    "\"weak_signature\":true},\"cipher\":\"TLS_AES_256_GCM_SHA384\",\"dane\":true,\"forward_secrecy\":true,"
					    "\"state\":\"up\",\"version\":\"TLSv1.3\"}}]");
	facts_release(&facts);
}

static void probe__says_null__of_what_was_not_met(void **state)
{
	struct facts facts;
	struct smtp_facts *row;

	(void)state;
	start(&facts);
	facts.probed = false;
	json_is(print_probes_json(&facts), "null");
	facts.probed = true;
	json_is(print_probes_json(&facts), "[]");
	row = met(&facts, "b.example", "192.0.2.1", SMTP_UNREACHABLE);
	row->offers = SMTP_SIZE; /* nobody greeted */
	row->connect_ms = 7;
	snprintf(row->cert.version, sizeof(row->cert.version), "TLSv1.3");
	snprintf(row->cert.cipher, sizeof(row->cert.cipher), "A");
	row->cert.n_chain = 1;
	json_is(print_probes_json(&facts),
		"[{\"address\":\"192.0.2.1\",\"at\":null,\"banner\":null,\"code\":null,\"connect_s\":null,\"from\":null,"
		"\"greeting_s\":null,\"host\":\"b.example\",\"intrusive\":null,\"odd\":[],\"offers\":null,\"reason\":null,\"reply\":null,"
		"\"seen\":\"unreachable\",\"size\":null,\"state\":null,\"tls\":{\"certificate\":null,\"cipher\":null,\"dane\":null,"
		"\"forward_secrecy\":null,\"state\":\"unknown\",\"version\":null}}]");
	row->seen = SMTP_GREETS_4XX;
	row->tls = SMTP_TLS_UP; /* and it showed no certificate */
	row->cert.n_chain = 0;
	row->dane = FACT_NO;
	json_is(print_probes_json(&facts),
		"[{\"address\":\"192.0.2.1\",\"at\":null,\"banner\":null,\"code\":null,\"connect_s\":0.0070000000000000001,\"from\":null,"
		"\"greeting_s\":null,\"host\":\"b.example\",\"intrusive\":null,\"odd\":[],\"offers\":null,\"reason\":null,\"reply\":null,"
		"\"seen\":\"greeting-4xx\",\"size\":null,\"state\":\"greeting-4xx\",\"tls\":{\"certificate\":null,\"cipher\":\"A\","
		"\"dane\":false,\"forward_secrecy\":false,\"state\":\"up\",\"version\":\"TLSv1.3\"}}]");
	facts_release(&facts);
}

/* As the ladder has its hosts; what a draft brings stands behind it by name; IPv4 before IPv6, then by the number. */
static void probes__are_a_table(void **state)
{
	struct facts facts;
	struct smtp_facts *row;

	(void)state;
	start(&facts);
	met(&facts, "d.example", "192.0.2.4", SMTP_SILENT);
	met(&facts, "a.example", "192.0.2.3", SMTP_REFUSED);
	met(&facts, "c.example", "192.0.2.5", SMTP_DROPPED);
	met(&facts, "b.example", "2001:db8::1", SMTP_READY)->tls = SMTP_TLS_NOT_OFFERED;
	met(&facts, "b.example", "192.0.2.2", SMTP_READY)->tls = SMTP_TLS_BROKEN;
	met(&facts, "b.example", "192.0.2.1", SMTP_READY);
	listen_to_stdout();
	print_probes(&facts);
	said(" Probed from this machine; no connection came about:\n"
	     "  host       address      mail server             TLS\n"
	     "  b.example  192.0.2.1    answers\n"
	     "  b.example  192.0.2.2    answers                 fails\n"
	     "  b.example  2001:db8::1  answers                 not offered\n"
	     "  a.example  192.0.2.3    refuses the connection\n"
	     "  c.example  192.0.2.5    hangs up\n"
	     "  d.example  192.0.2.4    no answer\n");
	row = facts_smtp_add(&facts, &facts.smtp[5].host, &facts.smtp[5].addr);
	show_all(row);
	listen_to_stdout();
	print_probes(&facts);
	said(" Probed from 192.0.2.200:\n"
	     "  host       address      mail server             TLS          certificate  until\n"
	     "  b.example  192.0.2.1    answers                 TLSv1.3      not trusted  2030-03-18T17:46:40Z\n"
	     "  b.example  192.0.2.2    answers                 fails\n"
	     "  b.example  2001:db8::1  answers                 not offered\n"
	     "  a.example  192.0.2.3    refuses the connection\n"
	     "  c.example  192.0.2.5    hangs up\n"
	     "  d.example  192.0.2.4    no answer\n");
	facts_release(&facts);
}

static void probes__say__where_from(void **state)
{
	struct facts facts;

	(void)state;
	start(&facts);
	listen_to_stdout();
	print_probes(&facts);
	said(" No mail server was probed: no address is known.\n");
	facts.probed = false;
	met(&facts, "b.example", "192.0.2.1", SMTP_READY);
	listen_to_stdout();
	print_probes(&facts);
	said("");
	facts_release(&facts);
}

/* Answers of which nothing is known are null; a server's words are escaped. */
static void recipients__are_told(void **state)
{
	struct facts facts;
	struct smtp_facts *row;
	json_t *all, *one;

	(void)state;
	start(&facts);
	met(&facts, "a.example", "192.0.2.2", SMTP_REFUSED);
	row = met(&facts, "b.example", "192.0.2.1", SMTP_READY);
	row->tried = true;
	row->mail = (struct smtp_answer){ SMTP_TAKEN, 250, "ok" };
	row->rcpt[SMTP_RCPT_POSTMASTER] = (struct smtp_answer){ SMTP_TAKEN_4XX, 451, "wait\x1b" };
	row->rcpt[SMTP_RCPT_MADE_UP] = (struct smtp_answer){ SMTP_TAKEN_5XX, 550, "" };
	all = print_probes_json(&facts);
	one = json_incref(json_object_get(json_array_get(all, 0), "intrusive"));
	json_decref(all);
	json_is(one, "{\"made_up\":{\"answer\":\"refused-5xx\",\"code\":550,\"reply\":null},"
		     "\"postmaster\":{\"answer\":\"refused-4xx\",\"code\":451,\"reply\":\"wait\\\\x1b\"},"
		     "\"sender\":{\"answer\":\"accepted\",\"code\":250,\"reply\":\"ok\"},"
		     "\"stranger\":{\"answer\":null,\"code\":null,\"reply\":null}}");
	facts.intrusive = true;
	listen_to_stdout();
	print_probes(&facts);
	said(" Probed from this machine; no connection came about:\n"
	     "  host       address    mail server\n"
	     "  b.example  192.0.2.1  answers\n"
	     "  a.example  192.0.2.2  refuses the connection\n"
	     " Who is taken as a recipient, from an empty sender:\n"
	     "  host       address    postmaster       a made-up address  a stranger's\n"
	     "  b.example  192.0.2.1  refused for now  refused for good   not known\n"
	     "  a.example  192.0.2.2  not known        not known          not known\n");
	facts_release(&facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(probe__is_told_in_json),
		cmocka_unit_test(probe__says_null__of_what_was_not_met),
		cmocka_unit_test(probes__are_a_table),
		cmocka_unit_test(recipients__are_told),
		cmocka_unit_test(probes__say__where_from),
	};

	return cmocka_run_group_tests_name("print_probe", tests, NULL, NULL);
}
