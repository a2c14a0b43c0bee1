/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a policy demands, what probes met, and the set as it is found, as documents: each with its sign and its words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "said.h"
#include "show/demands.h"
#include "show/help.h"
#include "show/probes.h"
#include "show/set.h"

static void is(struct document *document, const char *wanted)
{
	assert_string_equal(said(document), wanted);
	assert_int_equal(document->depth, 0);
	assert_int_equal(document->item, -1);
	document_release(document);
}

static struct dname name(const char *text)
{
	struct dname parsed;

	assert_true(dname_parse(&parsed, text, NULL));
	return parsed;
}

static void demands__are_told__with_their_answers(void **state)
{
	struct dname domain = name("exempel.com");
	struct must_line lines[3] = { { .line = 3 }, { .line = 4 }, { .line = 5 } };
	struct demand rows[3] = { { &lines[0], MUST_MET, { 0 } }, { &lines[1], MUST_NOT_MET, { 0 } }, { &lines[2], MUST_UNKNOWN, { 0 } } };
	struct demands demands = { .row = rows };
	struct document document;

	(void)state;
	assert_true(must_parse(&lines[0].must, "ttl <= 1h", NULL));
	assert_true(must_parse(&lines[1].must, "ttl >= 1d", NULL));
	assert_true(must_parse(&lines[2].must, "survives any one of hosts", NULL));
	msg_set(&rows[1].why, "it is 1h");
	msg_set(&rows[2].why, "nobody told");
	document_begin(&document);
	demands_document("p", &demands, &domain, &document);
	is(&document, " [ok ✔ The policy p demands nothing of exempel.com.]\n");
	demands.n = 1;
	document_begin(&document);
	demands_document("p", &demands, &domain, &document);
	is(&document, " [ok ✔ The policy p holds for exempel.com:]\n> [ok ✔ met: ttl <= 1h]\n");
	demands.n = 3;
	document_begin(&document);
	demands_document("p", &demands, &domain, &document);
	is(&document, " [error ✖ The policy p does not hold for exempel.com:]\n> [ok ✔ met: ttl <= 1h]\n"
		      "> [error ✖ not met: ttl >= 1d (p:4): it is 1h]\n"
		      "> [warning ? cannot be told, and so not met: survives any one of hosts (p:5): nobody told]\n");
}

static struct smtp_facts *met(struct facts *facts, const char *host, const char *address, enum smtp_seen seen)
{
	struct dname of = name(host);
	struct smtp_facts *row;
	struct addr addr;

	assert_true(addr_parse(&addr, address));
	row = facts_smtp_add(facts, &of, &addr);
	row->seen = seen;
	return row;
}

#define TITLES ">TITLES [dim host] [dim address] [dim mail server] [dim/1 TLS] [dim/2 certificate] [dim/3 until]\n"

/* In the ladder's order; silence where nobody answers by that family is no sign of the server's. */
static void probes__are_told__with_a_sign_each(void **state)
{
	struct dname domain = name("exempel.com");
	struct document document;
	struct smtp_facts *row;
	struct facts facts;
	struct mx mx;

	(void)state;
	facts_init(&facts, &domain);
	mx_set(&mx, 10, "b.example");
	mxset_add(&facts.live, &mx);
	document_begin(&document);
	probes_document(&facts, &document);
	is(&document, "");
	facts.probed = true;
	document_begin(&document);
	probes_document(&facts, &document);
	is(&document, " [dim · No mail server was probed: no address is known.]\n");
	met(&facts, "a.example", "192.0.2.1", SMTP_REFUSED);
	met(&facts, "b.example", "2001:db8::1", SMTP_SILENT);
	row = met(&facts, "b.example", "192.0.2.2", SMTP_READY);
	row->tls = SMTP_TLS_UP;
	snprintf(row->cert.version, sizeof(row->cert.version), "TLSv1.3");
	row->cert.n_chain = 1;
	row->cert.not_after = 1900000000;
	row->cert.trust = SMTP_UNTRUSTED;
	row->tried = facts.intrusive = true;
	row->rcpt[SMTP_RCPT_POSTMASTER].taken = SMTP_TAKEN;
	document_begin(&document);
	probes_document(&facts, &document);
	is(&document,
		" [heading Probed from this machine; no connection came about:]\n" TITLES
		">ROW 0: [host b.example] [address 192.0.2.2] [ok ✔ answers] [text/1 TLSv1.3] [text/2 not trusted] [dim/3 2030-03-17T17:46:40Z]\n"
		">ROW 1: [host b.example] [address 2001:db8::1] [dim · no answer] [text/1] [text/2] [dim/3]\n"
		">ROW 2: [host a.example] [address 192.0.2.1] [warning ▲ refuses the connection] [text/1] [text/2] [dim/3]\n"
		" [heading Who is taken as a recipient, from an empty sender:]\n"
		">TITLES [dim host] [dim address] [dim postmaster] [dim a made-up address] [dim a stranger's]\n"
		">ROW [host b.example] [address 192.0.2.2] [text taken] [text not known] [text not known]\n"
		">ROW [host b.example] [address 2001:db8::1] [text not known] [text not known] [text not known]\n"
		">ROW [host a.example] [address 192.0.2.1] [text not known] [text not known] [text not known]\n");
	document_begin(&document);
	probe_document(row, &document);
	is(&document, "HEAD [heading b.example 192.0.2.2]\n [text TLSv1.3, ]\n [text Its certificate: not trusted]\n"
		      " [text It ends at 2030-03-17T17:46:40Z.]\n [dim Probed at 1970-01-01T00:00:00Z.]\n");
	document_begin(&document);
	probe_document(&facts.smtp[0], &document);
	is(&document, "HEAD [heading a.example 192.0.2.1]\n [text refuses the connection]\n [dim Probed at 1970-01-01T00:00:00Z.]\n");
	facts_release(&facts);
}

/* Where there is no policy, or none that can be read, that is said, and not that nothing is demanded. */
static void policy__that_is_not_there__is_no_policy_that_holds(void **state)
{
	struct dname domain = name("exempel.com");
	struct demands_told told = { 0 };
	struct document document;

	(void)state;
	document_begin(&document);
	demands_told_document(&told, &domain, &document);
	is(&document,
		" [dim No policy is configured: policy_file in the [main] section of the configuration names one, with what it demands of "
		"which domains.]\n");
	told.path = "p";
	err_set(&told.err, ERR_FILE, "p cannot be opened");
	document_begin(&document);
	demands_told_document(&told, &domain, &document);
	is(&document, " [error ✖ p cannot be opened]\n");
	told.err = (struct err){ 0 };
	document_begin(&document);
	demands_told_document(&told, &domain, &document);
	is(&document, " [ok ✔ The policy p demands nothing of exempel.com.]\n");
}

/* The set as it is found: who tells it, the rungs with shares and addresses, and the records. */
static void set__is_told__head_ladder_and_records(void **state)
{
	struct dname domain = name("exempel.com"), a = name("a.example");
	struct sim_share shares[2] = { { .preference = 10, .share = 1 }, { .preference = 20 } };
	struct sim_result result = { .first = { .n = 2, .share = shares } };
	struct document document;
	struct facts facts;
	struct mx mx;

	(void)state;
	facts_init(&facts, &domain);
	facts.live.ttl_s = 5400;
	facts.dnssec = DNSSEC_SECURE;
	facts.live_source = SOURCE_PROVIDER;
	snprintf(facts.held.account, sizeof(facts.held.account), "lab");
	mx_set(&mx, 10, "a.example");
	mxset_add(&facts.live, &mx);
	mx_set(&mx, 20, ".");
	mxset_add(&facts.live, &mx);
	shares[0].host = a;
	shares[1].host = facts.live.mx[1].host;
	facts_host_add(&facts, &a)->a = ANSWER_NXDOMAIN;
	document_begin(&document);
	set_head(&facts, &document);
	is(&document, "ROW [title exempel.com] [text TTL 1h30m] [ok DNSSEC secure] [text] [text held by account lab] [text]\n");
	document_begin(&document);
	set_ladder(&facts, &result, true, &document);
	is(&document, "ROW [preference 10] [tree -] [host a.example] [text 100 %] [bar ############] [address no such name]\n"
		      "ROW [preference 20] [tree -] [host .] [text 0 %] [bar .] [address null MX: no mail is taken]\n");
	document_begin(&document);
	facts.live.ttl_s = MX_TTL_UNKNOWN;
	set_records(&facts, &document);
	is(&document, "TITLES [dim Name] [dim Type] [dim Preference] [dim Value] [dim TTL]\n"
		      "ROW [text exempel.com] [text MX] [preference 10] [host a.example] [text not known]\n"
		      "ROW [text exempel.com] [text MX] [preference 20] [host .] [text not known]\n");
	facts_release(&facts);
}

static void rung__of_several__is_one_branch(void **state)
{
	struct dname domain = name("exempel.com");
	struct sim_result none = { 0 };
	struct document document;
	struct facts facts;
	struct mx mx;

	(void)state;
	facts_init(&facts, &domain);
	for (const char *host = "abc"; *host; host++) {
		mx_set(&mx, 10, (char[]){ *host, '\0' });
		mxset_add(&facts.live, &mx);
	}
	for (int ascii = 0; ascii < 2; ascii++) {
		document_begin(&document);
		set_ladder(&facts, &none, ascii, &document);
		is(&document, ascii ? "ROW [preference 10] [tree +] [host a] [text] [bar] [address]\n"
				      "ROW [preference] [tree |] [host b] [text] [bar] [address]\n"
				      "ROW [preference] [tree `] [host c] [text] [bar] [address]\n"
				    : "ROW [preference 10] [tree ┬] [host a] [text] [bar] [address]\n"
				      "ROW [preference] [tree ├] [host b] [text] [bar] [address]\n"
				      "ROW [preference] [tree └] [host c] [text] [bar] [address]\n");
	}
	facts_release(&facts);
}

static void help__is_told__with_keys_or_by_name(void **state)
{
	const struct help_line lines[] = { { "Short lessons", "ttl", "TTL: how long an answer is kept", NULL },
		{ "Moving", "up", "Go up a row", (char[]){ "Up, k" } },
		{ NULL, "zones", "List the zones of the account", (char[]){ "" } } };
	struct document document;

	(void)state;
	document_begin(&document);
	help_document(lines, 3, &document);
	is(&document,
		"HEAD [heading Short lessons]\nROW 0: [key ttl] [text TTL: how long an answer is kept] [dim/1]\nHEAD [heading Moving]\n"
		"ROW 1: [key Up, k] [text Go up a row] [dim/1 up]\n"
		"ROW 2: [key] [text List the zones of the account] [dim/1 zones]\n");
	document_begin(&document);
	help_document(NULL, 0, &document);
	is(&document, " [text Nothing holds that word.]\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(demands__are_told__with_their_answers),
		cmocka_unit_test(policy__that_is_not_there__is_no_policy_that_holds),
		cmocka_unit_test(probes__are_told__with_a_sign_each),
		cmocka_unit_test(set__is_told__head_ladder_and_records),
		cmocka_unit_test(rung__of_several__is_one_branch),
		cmocka_unit_test(help__is_told__with_keys_or_by_name),
	};

	return cmocka_run_group_tests_name("told", tests, NULL, NULL);
}
