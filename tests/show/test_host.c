/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A host, and what a domain's answer means, out of facts that are put there row by row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/session.h"
#include "check/accept.h"
#include "core/edit_text.h"
#include "core/facts/smtp.h"
#include "io/scratch.h"
#include "said.h"
#include "show/findings.h"
#include "show/host.h"
#include "show/ladder.h"
#include "../core/names.h"

#define DAY 86400

static struct app app;
static struct session *session;
static struct facts *facts;
static char *dir;

static void moved(void *data)
{
	(void)data;
	if (session && !session_surveying(session) && !session_down_running(session))
		loop_stop(app.loop);
}

static void open_domain(const char *name)
{
	struct dname domain;

	session_close(session);
	session = NULL;
	assert_true(dname_parse(&domain, name, NULL));
	session = session_open(&app, &domain, moved, NULL);
	session_survey(session);
	loop_run(app.loop);
	facts = (struct facts *)(uintptr_t)session_facts(session);
}

static void open_world(const char *config)
{
	static const char zone[] =
		"$ORIGIN exempel.com.\n$TTL 3600\n@ SOA ns hostmaster 1 3600 900 604800 300\n@ NS ns\n@ NS ns2\nns A 192.0.2.1\n"
		"@ MX 10 a\n@ MX 20 b\na A 198.51.100.1\na A 198.51.100.2\na 60 AAAA 2001:db8::1\nb A 198.51.100.9\n"
		"r\xc3\xa4ka CNAME b\n";
	char path[300], file[300], store[300], *zones[] = { file };
	struct app_options options = { .n_zone = 1, .zone = zones, .config = path, .state_dir = store };

	dir = scratch_new(NULL);
	snprintf(path, sizeof(path), "%s/config", dir);
	snprintf(file, sizeof(file), "%s/zone", dir);
	snprintf(store, sizeof(store), "%s/state", dir);
	assert_true(scratch_write(dir, "config", config, strlen(config), NULL));
	assert_true(scratch_write(dir, "zone", zone, sizeof(zone) - 1, NULL));
	app = (struct app){ 0 };
	assert_true(app_open(&app, &options, NULL));
	open_domain("exempel.com");
}

static void close_world(void)
{
	session_close(session);
	session = NULL;
	app_close(&app);
	scratch_free(dir);
}

static int begin(void **state)
{
	(void)state;
	open_world("");
	return 0;
}

static int end(void **state)
{
	(void)state;
	close_world();
	return 0;
}

static const char *host(const char *text, bool ascii)
{
	static char words[8192];
	struct document document;
	struct mx mx = { 0 };
	const struct host_view view = { session, &mx, 1000000, ascii };

	mx_set(&mx, 10, text);
	document_begin(&document);
	host_document(&view, &document);
	snprintf(words, sizeof(words), "%s", said(&document));
	document_release(&document);
	return words;
}

static void expect_in(const char *words, const char *part)
{
	if (!strstr(words, part))
		fail_msg("%s\nis not in\n%s", part, words);
}

/* ---- the state of its addresses ---- */

static void state__is_told__by_the_worst_that_is_known(void **state)
{
	static const struct {
		enum answer a, aaaa;
		bool alias, address;
		const char *says;
	} rows[] = {
		{ ANSWER_UNASKED, ANSWER_UNASKED, false, false, "pending \xc2\xb7 not asked" },
		{ ANSWER_UNASKED, ANSWER_NODATA, false, false, "error \xe2\x9c\x96 not asked" },
		{ ANSWER_NODATA, ANSWER_UNASKED, false, false, "error \xe2\x9c\x96 no address" },
		{ ANSWER_DATA, ANSWER_NODATA, true, true, "error \xe2\x96\xb2 alias" },
		{ ANSWER_DATA, ANSWER_PENDING, true, true, "ok \xe2\x9c\x94 found" },
		{ ANSWER_PENDING, ANSWER_DATA, true, true, "ok \xe2\x9c\x94 found" },
		{ ANSWER_NODATA, ANSWER_NODATA, true, false, "error \xe2\x9c\x96 no address" },
		{ ANSWER_DATA, ANSWER_NODATA, false, true, "ok \xe2\x9c\x94 found" },
		{ ANSWER_NODATA, ANSWER_PENDING, false, false, "pending \xe2\x80\xa6 asking" },
		{ ANSWER_PENDING, ANSWER_NODATA, false, false, "pending \xe2\x80\xa6 asking" },
		{ ANSWER_NXDOMAIN, ANSWER_NXDOMAIN, false, false, "error \xe2\x9c\x96 no such name" },
		{ ANSWER_SERVFAIL, ANSWER_NODATA, false, false, "warning \xe2\x96\xb2 server failure" },
		{ ANSWER_NODATA, ANSWER_TIMEOUT, false, false, "warning \xe2\x96\xb2 no answer in time" },
		{ ANSWER_DATA, ANSWER_NODATA, false, false, "error \xe2\x9c\x96 no address" },
	};
	struct str word;

	(void)state;
	str_init(&word, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct host_facts row = { .a = rows[i].a, .aaaa = rows[i].aaaa, .n_alias = rows[i].alias, .n_addr = rows[i].address };
		struct sign sign = host_state(&row, &word);
		char text[100];

		snprintf(text, sizeof(text), "%s %s %s", roles[sign.role].name, sign.symbol, word.s);
		assert_string_equal(text, rows[i].says);
		str_clear(&word);
	}
	assert_string_equal(host_state(NULL, &word).symbol, "\xc2\xb7");
	assert_string_equal(word.s, "not asked");
	assert_false(host_pending(NULL));
	str_release(&word);
}

static void addresses__have_their_time(void **state)
{
	(void)state;
	expect_in(host("a.exempel.com", false), "ROW [dim addresses] [address 198.51.100.1, 1h]\nROW [dim] [address 198.51.100.2, 1h]\n"
						"ROW [dim] [address 2001:db8::1, 1m]\n");
	facts->source = SOURCE_RESOLVER;
	expect_in(host("a.exempel.com", false), "ROW [dim addresses] [address 198.51.100.1, cached for 1h]\n"
						"ROW [dim] [address 198.51.100.2, cached for 1h]\n"
						"ROW [dim] [address 2001:db8::1, cached for 1m]\n");
	assert_string_equal(host("c.exempel.com", false), "ROW [dim addresses] [pending \xc2\xb7 not asked]\n"
							  "ROW [dim zone] [text exempel.com: ns.exempel.com, ns2.exempel.com]\n"
							  "ROW [dim port 25] [dim \xc2\xb7 not probed]\n");
	assert_string_equal(host("a..b", false), " [error \xe2\x9c\x96 This is no host name.]\n");
	assert_string_equal(host(".", false), " [text This record says that the domain takes no mail.]\n");
}

static void alias__is_told__with_its_end(void **state)
{
	struct host_facts *row = facts_host(facts, &(struct dname){ 0 });

	(void)state;
	row = facts_host(facts, (struct dname[]){ name_of("a.exempel.com") });
	row->n_alias = 2;
	row->alias[0] = name_of("x.exempel.com");
	row->alias[1] = name_of("r\xc3\xa4ka.exempel.com");
	expect_in(host("a.exempel.com", false),
		"ROW [dim alias] [error \xe2\x96\xb2 of r\xc3\xa4ka.exempel.com]\nROW [dim addresses] [address ");
	expect_in(host("a.exempel.com", true), "ROW [dim alias] [error \xe2\x96\xb2 of xn--rka-qla.exempel.com]\n");
	row->n_addr = 0;
	expect_in(host("a.exempel.com", false), "ROW [dim addresses] [error \xe2\x9c\x96 no address]\n");
}

/* ---- names, certificate, DANE ---- */

static void names__of_addresses__lead_back_or_not(void **state)
{
	static const struct {
		enum answer ptr;
		unsigned waiting;
		size_t n;
		enum fact back;
		const char *says;
	} rows[] = {
		{ ANSWER_PENDING, 0, 0, FACT_UNKNOWN, "[pending \xe2\x80\xa6 asking for the name of 198.51.100.2]\n" },
		{ ANSWER_DATA, 1, 1, FACT_UNKNOWN, "[pending \xe2\x80\xa6 asking for the name of 198.51.100.2]\n" },
		{ ANSWER_DATA, 0, 1, FACT_YES, "[ok \xe2\x9c\x94 198.51.100.2 \xe2\x86\x92 a.exempel.com, both ways]\n" },
		{ ANSWER_DATA, 0, 1, FACT_NO,
			"[warning \xe2\x96\xb2 198.51.100.2 \xe2\x86\x92 a.exempel.com, which does not lead back]\n" },
		{ ANSWER_DATA, 0, 1, FACT_UNKNOWN,
			"[warning ? 198.51.100.2 \xe2\x86\x92 a.exempel.com; whether it leads back is not known]\n" },
		{ ANSWER_DATA, 0, 0, FACT_UNKNOWN, "[warning ? the name of 198.51.100.2 is not known]\n" },
		{ ANSWER_NODATA, 0, 0, FACT_UNKNOWN, "[warning \xe2\x96\xb2 198.51.100.2 has no name]\n" },
		{ ANSWER_NXDOMAIN, 0, 0, FACT_UNKNOWN, "[warning \xe2\x96\xb2 198.51.100.2 has no name]\n" },
		{ ANSWER_TIMEOUT, 0, 0, FACT_UNKNOWN, "[warning ? the name of 198.51.100.2 is not known]\n" },
	};
	struct addr first = addr_of("198.51.100.1"), second = addr_of("198.51.100.2"), third = addr_of("2001:db8::1");
	char says[300];

	(void)state;
	facts_ptr_add(facts, &first); /* nobody asked for it */
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct ptr_facts *ptr = facts_ptr_add(facts, &second);

		ptr->ptr = rows[i].ptr;
		ptr->waiting = rows[i].waiting;
		ptr->n = rows[i].n;
		ptr->name[0] = name_of("a.exempel.com");
		ptr->back = rows[i].back;
		snprintf(says, sizeof(says), "2001:db8::1, 1m]\nROW [dim name] %sROW [dim zone]", rows[i].says);
		expect_in(host("a.exempel.com", false), says);
	}
	facts_ptr_add(facts, &third)->ptr = ANSWER_NODATA;
	expect_in(host("a.exempel.com", false), "is not known]\nROW [dim] [warning \xe2\x96\xb2 2001:db8::1 has no name]\n");
	facts_ptr_add(facts, &first)->ptr = ANSWER_NODATA;
	expect_in(host("a.exempel.com", false), "ROW [dim name] [warning \xe2\x96\xb2 198.51.100.1 has no name]\n"
						"ROW [dim] [warning ? the name of 198.51.100.2 is not known]\nROW [dim] [warning ");
	facts_host(facts, (struct dname[]){ name_of("a.exempel.com") })->n_addr = 2; /* what stands behind them is none of it */
	expect_in(host("a.exempel.com", false), "the name of 198.51.100.2 is not known]\nROW [dim zone]");
}

static void certificate__is_told__by_its_state_and_days(void **state)
{
	static const struct {
		enum smtp_tls tls;
		size_t n_chain;
		int64_t not_after;
		const char *says;
	} rows[] = {
		{ SMTP_TLS_NOT_OFFERED, 0, 0, "answers, TLS: not offered]\n" },
		{ SMTP_TLS_BROKEN, 0, 0, "answers, TLS: fails]\n" },
		{ SMTP_TLS_UNKNOWN, 0, 0, "answers]\n" },
		{ SMTP_TLS_UP, 0, 0, "answers, TLSv1.3]\n" },
		{ SMTP_TLS_UP, 1, 1000000 + 3 * DAY - 1, "answers, TLSv1.3, self-signed, 2 days left]\n" },
		{ SMTP_TLS_UP, 1, 1000000 + DAY, "answers, TLSv1.3, self-signed, 1 day left]\n" },
		{ SMTP_TLS_UP, 1, 1000001, "answers, TLSv1.3, self-signed, 0 days left]\n" },
		{ SMTP_TLS_UP, 1, 1000000, "answers, TLSv1.3, self-signed]\n" },
		{ SMTP_TLS_UP, 1, 0, "answers, TLSv1.3, expired]\n" },
	};
	struct dname a = name_of("a.exempel.com");
	struct addr first = addr_of("198.51.100.1"), second = addr_of("2001:db8::1");
	char says[300];

	(void)state;
	facts->probed = true;
	expect_in(host("c.exempel.com", false), "ns2.exempel.com]\n");
	assert_null(strstr(host("c.exempel.com", false), "port 25"));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct smtp_facts *row = facts_smtp_add(facts, &a, &first);

		row->seen = SMTP_READY;
		row->at = 1;
		row->tls = rows[i].tls;
		row->cert = (struct smtp_tls_facts){ .version = "TLSv1.3", .trust = SMTP_SELF_SIGNED };
		row->cert.n_chain = rows[i].n_chain;
		row->cert.not_after = rows[i].not_after;
		snprintf(says, sizeof(says), "ROW [dim port 25] [ok \xe2\x9c\x94 198.51.100.1: %s", rows[i].says);
		expect_in(host("a.exempel.com", false), says);
	}
	facts_smtp_add(facts, &a, &second)->seen = SMTP_SILENT;
	expect_in(host("a.exempel.com", false), "ROW [dim] [dim \xc2\xb7 2001:db8::1: no server answers over IPv6 from here]\n");
	facts_smtp_add(facts, &a, &first)->from = addr_of("192.0.2.7");
	expect_in(host("a.exempel.com", false), "from here]\nROW [dim] [dim probed from 192.0.2.7]\n");
	facts_host(facts, &a)->n_addr = 2;
	assert_null(strstr(host("a.exempel.com", false), "no server answers over IPv6"));
}

static void dane__is_told__by_who_goes_by_it(void **state)
{
	static const struct {
		enum answer answer;
		enum dnssec dnssec;
		bool empty; /* a record of three bytes and no data */
		const char *says;
	} rows[] = {
		{ ANSWER_NODATA, DNSSEC_SECURE, false, NULL },
		{ ANSWER_NODATA, DNSSEC_SECURE, true, NULL },
		{ ANSWER_DATA, DNSSEC_SECURE, true,
			"ROW [dim DANE] [notice \xe2\x97\x8f none of its TLSA records can be used: senders with DANE insist on TLS at most, "
			"and take any certificate]\n" },
		{ ANSWER_DATA, DNSSEC_SECURE, false, "ROW [dim DANE] [ok \xe2\x9c\x94 senders with DANE go by its TLSA records]\n" },
		{ ANSWER_DATA, DNSSEC_INSECURE, false, "ROW [dim DANE] [notice \xe2\x97\x8f no sender goes by its TLSA records]\n" },
		{ ANSWER_DATA, DNSSEC_UNCHECKED, false,
			"ROW [dim DANE] [warning ? whether senders go by its TLSA records is not known]\n" },
	};
	struct dname a = name_of("a.exempel.com");

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct tlsa_facts *tlsa = facts_tlsa_add(facts, &a);

		tlsa->answer = rows[i].answer;
		tlsa->dnssec = tlsa->host_dnssec = rows[i].dnssec;
		tlsa->n = 1;
		tlsa->tlsa[0] = (struct tlsa){ .usage = 3, .selector = 1, .matching = 1, .len = 32 };
		if (rows[i].empty)
			tlsa->tlsa[0] = (struct tlsa){ .usage = 3 };
		if (rows[i].says)
			expect_in(host("a.exempel.com", false), rows[i].says);
		else
			assert_null(strstr(host("a.exempel.com", false), "DANE"));
	}
}

/* ---- what an answer means ---- */

static const char *answer(void)
{
	static char words[1000];
	struct document document;

	document_begin(&document);
	ladder_answer(session, &document);
	snprintf(words, sizeof(words), "%s", said(&document));
	document_release(&document);
	return words;
}

static void answer__is_told__where_it_is_no_set(void **state)
{
	static const struct {
		enum answer mx;
		enum dnssec dnssec;
		enum fact_source source;
		const char *reason, *says;
	} rows[] = {
		{ ANSWER_UNASKED, DNSSEC_UNCHECKED, SOURCE_ZONE, "", " [notice No zone file has this name: its MX set is not known.]\n" },
		{ ANSWER_UNASKED, DNSSEC_UNCHECKED, SOURCE_RESOLVER, "x", " [notice Asking for the MX records \xe2\x80\xa6]\n" },
		{ ANSWER_PENDING, DNSSEC_UNCHECKED, SOURCE_RESOLVER, "x", " [notice Asking for the MX records \xe2\x80\xa6]\n" },
		{ ANSWER_DATA, DNSSEC_BOGUS, SOURCE_RESOLVER, "x", "" },
		{ ANSWER_NXDOMAIN, DNSSEC_SECURE, SOURCE_RESOLVER, "", " [error This domain does not exist.]\n" },
		{ ANSWER_NXDOMAIN, DNSSEC_UNCHECKED, SOURCE_RESOLVER, "", " [error The resolver says that this domain does not exist.]\n" },
		{ ANSWER_NXDOMAIN, DNSSEC_UNCHECKED, SOURCE_ZONE, "", " [error This domain does not exist.]\n" },
		{ ANSWER_SERVFAIL, DNSSEC_BOGUS, SOURCE_RESOLVER, "x",
			" [error The answer fails DNSSEC validation, so resolvers do not pass it on: its MX set is not known.]\n [text bogus]\n" },
		{ ANSWER_SERVFAIL, DNSSEC_UNCHECKED, SOURCE_RESOLVER, "",
			" [error The lookup failed (SERVFAIL): its MX set is not known.]\n" },
		{ ANSWER_REFUSED, DNSSEC_UNCHECKED, SOURCE_RESOLVER, "rcode\0335",
			" [error The DNS server refused the lookup: its MX set is not known.]\n [text rcode\\x1b5]\n" },
		{ ANSWER_TIMEOUT, DNSSEC_UNCHECKED, SOURCE_RESOLVER, "", " [error No answer came in time: its MX set is not known.]\n" },
		{ ANSWER_UNREACHABLE, DNSSEC_UNCHECKED, SOURCE_RESOLVER, "",
			" [error Whom we ask could not be reached: its MX set is not known.]\n" },
		{ ANSWER_BROKEN, DNSSEC_UNCHECKED, SOURCE_RESOLVER, "",
			" [error What came back is no whole answer to the question: its MX set is not known.]\n" },
	};

	(void)state;
	snprintf(facts->bogus_reason, sizeof(facts->bogus_reason), "bogus");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		facts->mx = rows[i].mx;
		facts->dnssec = rows[i].dnssec;
		facts->source = rows[i].source;
		snprintf(facts->mx_reason, sizeof(facts->mx_reason), "%s", rows[i].reason);
		assert_string_equal(answer(), rows[i].says);
	}
	facts->null_mx = true;
	facts->mx = ANSWER_DATA;
	assert_string_equal(answer(), " [notice This domain takes no mail: it has a null MX (RFC 7505).]\n");
}

static void answer__without_records__goes_to_the_domain_itself(void **state)
{
	static const struct {
		enum answer a, aaaa;
		size_t n_addr;
		const char *says;
	} rows[] = {
		{ ANSWER_DATA, ANSWER_NODATA, 1,
			" [notice There is no MX record. Mail goes to the addresses of the domain itself (an implicit MX).]\n" },
		{ ANSWER_TIMEOUT, ANSWER_NODATA, 0,
			" [notice There is no MX record. Mail goes to the addresses of the domain itself, if it has any (an implicit MX).]\n" },
		{ ANSWER_NODATA, ANSWER_NODATA, 0,
			" [notice There is no MX record, and the domain has no address: it cannot take mail.]\n" },
	};
	struct ladder_rows ladder;

	(void)state;
	facts->mx = ANSWER_NODATA;
	facts->implicit = true;
	snprintf(facts->mx_reason, sizeof(facts->mx_reason), "of no failure");
	mxset_release(&facts->live);
	mxset_init(&facts->live);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct host_facts *row = facts_host_add(facts, &facts->domain);

		row->a = rows[i].a;
		row->aaaa = rows[i].aaaa;
		row->n_addr = rows[i].n_addr;
		assert_string_equal(answer(), rows[i].says);
		ladder_gather(session, &ladder);
		assert_int_equal(ladder.n, i < 2);
		if (i < 2)
			assert_true(dname_equal(&ladder.row[0].mx.host, &facts->domain) && ladder.row[0].mx.preference == 0 &&
				    ladder.row[0].mark == ROW_SAME);
		ladder_rows_release(&ladder);
	}
}

/* The set is told all the same, as it is served. */
static void account__that_cannot_be_read__is_told(void **state)
{
	(void)state;
	assert_string_equal(answer(), "");
	close_world();
	open_world("[account lab]\nprovider = zonefile\nendpoint = /none\n[domain exempel.com]\naccount = lab\n");
	assert_string_equal(answer(),
		" [warning no zone for exempel.com in account lab. there is no file /none/exempel.com.zone, nor one of a "
		"name above]\n");
}

/* ---- the ladder in words ---- */

static void edit(const char *text)
{
	struct edits edits = { 0 };

	assert_true(edit_parse_line(&(struct edit_grammar){ .domain = session_domain(session), .completes = true }, text, &edits, NULL));
	assert_true(session_edit(session, edits.edit, edits.n, NULL));
	edits_release(&edits);
}

static const char *ladder(void)
{
	static char words[4000];
	struct document document;
	struct ladder_rows rows;

	document_begin(&document);
	ladder_gather(session, &rows);
	ladder_document(session, &rows, false, &document);
	assert_int_equal(document.item, -1);
	snprintf(words, sizeof(words), "%s", said(&document));
	document_release(&document);
	ladder_rows_release(&rows);
	return words;
}

static void ladder__is_told__row_by_row(void **state)
{
	struct mark mark = { .kind = MARK_HOST, .state = SIM_REFUSED, .name = name_of("b.exempel.com") };

	(void)state;
	assert_string_equal(ladder(),
		"ROW 0: [preference preference 10] [host a.exempel.com] [text] [text 100 % of first attempts] [ok \xe2\x9c\x94 found] [text] "
		"[dim/1 \xc2\xb7 if it is silent: not tried]\n"
		"ROW 1: [preference preference 20] [host b.exempel.com] [text] [text 0 % of first attempts] [ok \xe2\x9c\x94 found] [text] "
		"[dim/1 \xc2\xb7 if it is silent: not tried]\n");
	session_mark(session, &mark);
	edit("add 10 c, remove a.exempel.com, prefer b.exempel.com 10");
	expect_in(ladder(), "[added + added in the draft]");
	expect_in(ladder(), "ROW 0: [preference preference 10] [host a.exempel.com] [removed - removed in the draft]\nROW 1: ");
	expect_in(ladder(), "ROW 1: [preference preference 10] [host b.exempel.com] [changed ~ in the draft; it was 20] "
			    "[text 50 % of first attempts] [ok \xe2\x9c\x94 found] [what-if \xe2\x9c\x96 what if it is refused] ");
	expect_in(ladder(), "ROW 2: [preference preference 10] [host c.exempel.com] [added + added in the draft] ");
	edit("remove b.exempel.com, remove c.exempel.com");
	assert_string_equal(answer(), " [draft The draft has no record.]\n");
	expect_in(ladder(), "ROW 1: [preference preference 20] [host b.exempel.com] [removed - removed in the draft]\n");
}

/* Where no host stands there is no share, no state and nothing that may be silent. */
static void ladder__of_no_host__has_the_record_alone(void **state)
{
	struct ladder_row row[2] = { { .mark = ROW_SAME }, { .mark = ROW_SAME } };
	struct document document;

	(void)state;
	mx_set(&row[0].mx, 30, "a..b");
	mx_set(&row[1].mx, 0, ".");
	document_begin(&document);
	ladder_document(session, &(struct ladder_rows){ .n = 2, .row = row }, false, &document);
	assert_string_equal(said(&document), "ROW 0: [preference preference 30] [host a..b] [text]\n"
					     "ROW 1: [preference preference 0] [host . (no mail)] [text]\n");
	document_release(&document);
}

/* ---- findings ---- */

static void nothing_found__is_told__from_not_known(void **state)
{
	static const struct {
		enum answer mx;
		const char *role, *sentence;
	} rows[] = {
		{ ANSWER_DATA, "ok", "\xe2\x9c\x94 nothing found wrong" },
		{ ANSWER_NODATA, "ok", "\xe2\x9c\x94 nothing found wrong" },
		{ ANSWER_TIMEOUT, "text", "The MX set is not known, so it was not checked." },
		{ ANSWER_UNASKED, "text", "The MX set is not known, so it was not checked." },
	};
	struct document document;
	struct findings *findings;
	const char *sentence;
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		facts->mx = rows[i].mx;
		assert_string_equal(roles[findings_none(session, &sentence).role].name, rows[i].role);
		assert_string_equal(sentence, rows[i].sentence);
	}
	facts->mx = ANSWER_DATA;
	facts->host[0].a = facts->host[0].aaaa = ANSWER_UNREACHABLE;
	assert_string_equal(roles[findings_none(session, &sentence).role].name, "text");
	assert_string_equal(sentence, "Hosts are not known, so they were not checked.");
	facts->host[0].a = ANSWER_DATA;
	findings = (struct findings *)(uintptr_t)session_findings(session);
	n = findings->n;
	findings->n = 0;
	facts->mx = ANSWER_DATA;
	document_begin(&document);
	findings_document(session, true, &document);
	assert_string_equal(said(&document), " [ok \xe2\x9c\x94 nothing found wrong]\n");
	document_release(&document);
	findings->n = n;
	session_survey(session);
	assert_string_equal(roles[findings_none(session, &sentence).role].name, "pending");
	assert_string_equal(sentence, "\xe2\x80\xa6 waiting for answers to check");
	loop_run(app.loop);
}

static void findings__that_are_accepted_or_new__say_so(void **state)
{
	static const struct accepted accepted = { .reason = "known" };
	struct findings *findings = (struct findings *)(uintptr_t)session_findings(session);
	struct document document;
	char says[400];

	(void)state;
	assert_true(findings->n > 1);
	findings->finding[0].accepted = &accepted;
	findings->finding[0].introduced = true;
	findings->finding[1].introduced = true;
	snprintf(findings->finding[1].fix, sizeof(findings->finding[1].fix), "ttl\0331h");
	document_begin(&document);
	findings_document(session, true, &document);
	snprintf(says, sizeof(says), "[dim/1 %s] [dim accepted:] [accepted ", findings->finding[0].check->id);
	expect_in(said(&document), says);
	snprintf(says, sizeof(says), "[dim/1 %s] [changed new:] [text ", findings->finding[1].check->id);
	expect_in(said(&document), says);
	snprintf(says, sizeof(says), "> 1: [dim %s]\n> 1: [notice fix: ttl\\x1b1h]\n", findings->finding[1].check->why);
	expect_in(said(&document), says);
	assert_int_equal(document.depth, 0);
	assert_int_equal(document.item, -1);
	document_release(&document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(state__is_told__by_the_worst_that_is_known, begin, end),
		cmocka_unit_test_setup_teardown(addresses__have_their_time, begin, end),
		cmocka_unit_test_setup_teardown(alias__is_told__with_its_end, begin, end),
		cmocka_unit_test_setup_teardown(names__of_addresses__lead_back_or_not, begin, end),
		cmocka_unit_test_setup_teardown(certificate__is_told__by_its_state_and_days, begin, end),
		cmocka_unit_test_setup_teardown(dane__is_told__by_who_goes_by_it, begin, end),
		cmocka_unit_test_setup_teardown(answer__is_told__where_it_is_no_set, begin, end),
		cmocka_unit_test_setup_teardown(answer__without_records__goes_to_the_domain_itself, begin, end),
		cmocka_unit_test_setup_teardown(account__that_cannot_be_read__is_told, begin, end),
		cmocka_unit_test_setup_teardown(ladder__is_told__row_by_row, begin, end),
		cmocka_unit_test_setup_teardown(ladder__of_no_host__has_the_record_alone, begin, end),
		cmocka_unit_test_setup_teardown(nothing_found__is_told__from_not_known, begin, end),
		cmocka_unit_test_setup_teardown(findings__that_are_accepted_or_new__say_so, begin, end),
	};

	return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
