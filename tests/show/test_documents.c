/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents of a session on a world of zone text: findings, a host, and what becomes of the mail when it is silent. */
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
#include "core/facts/smtp.h"
#include "io/scratch.h"
#include "said.h"
#include "show/findings.h"
#include "show/host.h"
#include "show/outcome.h"
#include "show/whatif.h"

static struct app app;
static struct session *session;
static char *dir;

static void moved(void *data)
{
	(void)data;
	if (session && !session_surveying(session) && !session_down_running(session))
		loop_stop(app.loop);
}

static int begin(void **state)
{
	static const char zone[] = "$ORIGIN exempel.com.\n$TTL 3600\n@ SOA ns hostmaster 1 3600 900 604800 300\n@ NS ns\nns A 192.0.2.1\n"
				   "@ MX 10 a\n@ MX 20 b\n@ MX 30 away.elsewhere.example.\na A 198.51.100.1\nb AAAA 2001:db8::2\n";
	static const char config[] = "[main]\naccepted_file = accepted\n";
	char path[300], file[300], store[300], *zones[] = { file };
	struct app_options options = { .n_zone = 1, .zone = zones, .config = path, .state_dir = store };

	(void)state;
	dir = scratch_new(NULL);
	snprintf(path, sizeof(path), "%s/config", dir);
	snprintf(file, sizeof(file), "%s/zone", dir);
	snprintf(store, sizeof(store), "%s/state", dir);
	assert_true(scratch_write(dir, "config", config, sizeof(config) - 1, NULL));
	assert_true(scratch_write(dir, "zone", zone, sizeof(zone) - 1, NULL));
	app = (struct app){ 0 };
	assert_true(app_open(&app, &options, NULL));
	return 0;
}

static int end(void **state)
{
	(void)state;
	session_close(session);
	session = NULL;
	app_close(&app);
	scratch_free(dir);
	return 0;
}

static void open_domain(const char *name)
{
	struct dname domain;

	assert_true(dname_parse(&domain, name, NULL));
	session = session_open(&app, &domain, moved, NULL);
	session_survey(session);
	loop_run(app.loop);
}

static void try_down(void)
{
	session_down_begin(session, session_domain(session));
	if (session_down_running(session))
		loop_run(app.loop);
}

static const char *down_of(size_t at, const char *sender)
{
	static char text[64];
	struct str words;
	struct sign sign;

	str_init(&words, 0);
	sign = outcome_down(session_down(session, &session_set(session)->mx[at].host, sender_find(sender)), &words);
	snprintf(text, sizeof(text), "%s %s %s", roles[sign.role].name, sign.symbol, words.s);
	str_release(&words);
	return text;
}

static void host__is_told(void **state)
{
	struct document document;
	struct host_view view;
	struct session_down *down;
	const char *text;

	(void)state;
	open_domain("exempel.com");
	view = (struct host_view){ session, &session_set(session)->mx[0], 0, false };
	session_set_sender(session, sender_find("postfix"));
	document_begin(&document);
	host_document(&view, &document);
	assert_string_equal(said(&document), "ROW [dim addresses] [address 198.51.100.1, 1h]\n"
					     "ROW [dim zone] [text exempel.com: ns.exempel.com]\n"
					     "ROW [dim port 25] [dim · not probed]\n");
	document_release(&document);
	try_down();
	host_document(&view, &document);
	text = strstr(said(&document), "HEAD [heading If it alone is silent]\n");
	assert_non_null(text);
	assert_string_equal(text, "HEAD [heading If it alone is silent]\n"
				  " [text b.exempel.com takes 100 % of the mail (Postfix 3.7).]\n"
				  "ROW [ok ✔ 30s] [text Postfix 3.7, Exchange Online]\n"
				  "ROW [ok ✔ 30s–2m12s] [text the mix of all senders]\n"
				  "ROW [ok ✔ 5m] [text RFC 5321]\n"
				  "ROW [ok ✔ 2m10s] [text Exim 4.96 (Debian), dma 0.13]\n"
				  "ROW [ok ✔ 2m] [text Sendmail 8.17 (Debian)]\n"
				  "ROW [ok ✔ 2m12s] [text OpenSMTPD 6.8]\n"
				  "ROW [warning ? not known] [text notqmail]\n"
				  "ROW [ok ✔ 1m] [text Courier 1.0, Gmail]\n");
	document_release(&document);
	/* for one more it comes to the same as for the first: told beside it alone */
	down = (struct session_down *)(uintptr_t)session_down(session, &view.mx->host, sender_find("gmail"));
	assert_non_null(down);
	*down = *session_down(session, &view.mx->host, sender_find("rfc5321"));
	host_document(&view, &document);
	text = strstr(said(&document), "ROW [ok ✔ 5m]");
	assert_non_null(text);
	assert_string_equal(text, "ROW [ok ✔ 5m] [text RFC 5321, Gmail]\n"
				  "ROW [ok ✔ 2m10s] [text Exim 4.96 (Debian), dma 0.13]\n"
				  "ROW [ok ✔ 2m] [text Sendmail 8.17 (Debian)]\n"
				  "ROW [ok ✔ 2m12s] [text OpenSMTPD 6.8]\n"
				  "ROW [warning ? not known] [text notqmail]\n"
				  "ROW [ok ✔ 1m] [text Courier 1.0]\n");
	document_release(&document);
	down = (struct session_down *)(uintptr_t)session_down(session, &view.mx->host, session_sender(session));
	assert_non_null(down);
	for (int i = 0; i < 3; i++) { /* within the noise, none, and none known: nobody takes it */
		down->taker_share = i ? i - 1 : 0.0005;
		down->known = i < 2;
		host_document(&view, &document);
		assert_null(strstr(said(&document), " takes "));
		document_release(&document);
	}
}

/* Where no server answers from here, nothing is said against this one; and it is told from where it was asked. */
static void probes__are_told__by_what_can_be_known_from_here(void **state)
{
	static const struct {
		enum smtp_seen seen, other;
		const char *says;
	} rows[] = {
		{ SMTP_PENDING, SMTP_PENDING, "[pending … 198.51.100.1: not answered yet]\n" },
		{ SMTP_SILENT, SMTP_SILENT, "[dim · 198.51.100.1: no server answers over IPv4 from here]\n" },
		{ SMTP_SILENT, SMTP_REFUSED, "[warning ▲ 198.51.100.1: no answer]\n" },
		{ SMTP_UNREACHABLE, SMTP_REFUSED, "[dim · 198.51.100.1: not reachable from here]\n" },
		{ SMTP_REFUSED, SMTP_SILENT, "[warning ▲ 198.51.100.1: refuses the connection]\n" },
		{ SMTP_MUTE, SMTP_SILENT, "[warning ▲ 198.51.100.1: does not greet]\nROW [dim] [dim probed from 192.0.2.7]\n" },
	};
	struct document document;
	struct host_view view;
	struct facts *facts;
	struct addr addr, other;

	(void)state;
	open_domain("exempel.com");
	view = (struct host_view){ session, &session_set(session)->mx[0], 0, false };
	facts = (struct facts *)(uintptr_t)session_facts(session);
	facts->probed = true;
	assert_true(addr_parse(&addr, "198.51.100.1") && addr_parse(&other, "203.0.113.9"));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		facts_smtp_add(facts, &view.mx->host, &addr)->seen = rows[i].seen;
		facts_smtp_add(facts, &facts->domain, &other)->seen = rows[i].other;
		if (smtp_connected(rows[i].seen))
			assert_true(addr_parse(&facts_smtp(facts, &view.mx->host, &addr)->from, "192.0.2.7"));
		document_begin(&document);
		host_document(&view, &document);
		if (!strstr(said(&document), rows[i].says))
			fail_msg("%s", said(&document));
		document_release(&document);
	}
}

/* Whom nobody knows is neither saved nor lost; a draft's set is what is tried; a change drops what was tried. */
static void down__is_tried__of_the_set_that_is_shown(void **state)
{
	struct edit edit = { .verb = EDIT_REMOVE };

	(void)state;
	open_domain("exempel.com");
	assert_string_equal(down_of(0, "postfix"), "dim · not tried");
	try_down();
	assert_string_equal(down_of(0, "postfix"), "ok ✔ 30s");
	assert_string_equal(down_of(2, "postfix"), "ok ✔ no delay");
	edit.mx = session_set(session)->mx[1];
	assert_true(session_edit(session, &edit, 1, NULL));
	assert_string_equal(down_of(0, "postfix"), "dim · not tried");
	try_down();
	assert_string_equal(down_of(0, "postfix"), "warning ? not known");
	edit.mx = session_set(session)->mx[1];
	assert_true(session_edit(session, &edit, 1, NULL));
	try_down();
	assert_string_equal(down_of(0, "postfix"), "error ✖ all lost");
	session_undo(session);
	session_undo(session);
	try_down();
	assert_string_equal(down_of(0, "postfix"), "ok ✔ 30s");
}

static void outcome__never_tells_a_part_as_none_or_all(void **state)
{
	static const struct {
		struct session_down down;
		const char *words;
	} rows[] = {
		{ { .known = false, .lost = 1 }, "…trying" },
		{ { .known = true, .lost = 1 }, "✖all lost" },
		{ { .known = true, .lost = 0.998 }, "✖99 % lost" },
		{ { .known = true, .lost = 0.5, .unknown = 0.5 }, "✖50 % lost" },
		{ { .known = true, .lost = 0.002 }, "✖1 % lost" },
		{ { .known = true, .unknown = 0.002 }, "?not known" },
		{ { .known = true, .delay_max_s = 0.4 }, "✔no delay" },
		{ { .known = true, .delay_max_s = 30 }, "✔0s–30s" },
		{ { .known = true, .delay_min_s = 30, .delay_max_s = 30.2 }, "✔30s" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str words, text;
		struct sign sign;

		str_init(&words, 0);
		str_init(&text, 0);
		sign = outcome_down(&rows[i].down, &words);
		str_addf(&text, "%s%s", sign.symbol, words.s);
		assert_string_equal(text.s, rows[i].words);
		str_release(&words);
		str_release(&text);
		for (size_t k = 1; k < i; k++) /* worst first: those that lose, then what is not known, then the slow */
			assert_int_equal(outcome_worse(&rows[k].down, &rows[i].down), k <= 5);
	}
}

static void findings__are_told__in_full_and_in_rows(void **state)
{
	struct document document;
	const char *text;
	size_t rows = 0;
	struct str count;

	(void)state;
	open_domain("exempel.com");
	document_begin(&document);
	findings_document(session, false, &document);
	assert_int_equal(document.n, session_findings(session)->n);
	text = said(&document);
	assert_int_equal(strncmp(text, "ROW 0: [", 8), 0);
	document_release(&document);
	findings_document(session, true, &document);
	for (size_t i = 0; i < document.n; i++) {
		rows += document.part[i].kind == PART_ROW;
		assert_int_equal(document.part[i].depth, document.part[i].kind != PART_ROW);
		assert_int_equal(document.part[i].item, (int)rows - 1);
	}
	assert_int_equal(rows, session_findings(session)->n);
	document_release(&document);
	str_init(&count, 0);
	findings_count_text(session_findings(session), &count);
	assert_string_equal(count.s, "1 error, 1 warning, 3 notices");
	str_release(&count);
}

static void finding__in_full__says_all_of_it(void **state)
{
	static const struct check check = { .id = "target-x", .title = "t", .why = "Because.", .reference = "RFC 1" };
	static const struct accepted accepted = { .reason = "we\033know", .until = 0 };
	struct finding finding = { .check = &check, .level = LEVEL_WARNING, .introduced = true, .accepted = &accepted, .fix = "remove a" };
	struct document document;

	(void)state;
	msg_set(&finding.text, "It is %s.", "so");
	document_begin(&document);
	finding_document(&finding, &document);
	assert_string_equal(said(&document), "ROW [dim ▲ warning] [dim target-x]\n"
					     " [text It is so.]\n"
					     " [text Because.]\n"
					     " [dim RFC 1]\n"
					     " [changed The draft brings this finding.]\n"
					     " [dim Accepted until 1970-01-01T00:00:00Z: we\\x1bknow]\n"
					     " [notice fix: remove a]\n");
	document_release(&document);
}

/* How many, each with why, how and until when, then what was left out: a sentence a reason. */
static void report__has_all__that_was_found_and_left_out(void **state)
{
	static const struct check check = { .id = "target-x", .title = "t", .why = "Because.", .reference = "RFC 1" };
	static const struct accepted accepted = { .reason = "known", .until = 0 };
	struct finding finding[2] = { { .check = &check, .level = LEVEL_WARNING, .introduced = true, .fix = "remove a" },
		{ .check = &check, .level = LEVEL_INFO, .accepted = &accepted } };
	struct skip skip[4] = { { .id = "a" }, { .id = "b" }, { .id = "c" }, { .id = "d" } };
	struct findings findings = { .n = 2, .finding = finding, .n_skip = 4, .skip = skip };
	struct document document;
	struct dname domain;

	(void)state;
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	msg_set(&finding[0].text, "It is %s.", "so");
	msg_set(&finding[1].text, "It is %s.", "too");
	for (size_t i = 0; i < 4; i++)
		msg_set(&skip[i].reason, i == 2 ? "nobody asked %s" : "%s is not known", i == 3 ? "that" : "this");
	document_begin(&document);
	findings_report(&domain, &findings, &document);
	assert_string_equal(said(&document), " [text exempel.com: 1 found, and 1 accepted]\n"
					     ">ROW [warning ▲ warning] [dim/1 target-x] [text It is so.] [dim/1 (RFC 1)] [changed [new]]\n"
					     "> [dim Because.]\n"
					     "> [notice fix: remove a]\n"
					     ">ROW [info · info] [dim/1 target-x] [text It is too.] [dim/1 (RFC 1)] [changed]\n"
					     "> [dim Because.]\n"
					     "> [dim Accepted until 1970-01-01T00:00:00Z: known]\n"
					     "> [dim not checked: a, b: this is not known]\n"
					     "> [dim not checked: c: nobody asked this]\n"
					     "> [dim not checked: d: that is not known]\n");
	assert_int_equal(document.part[1].depth, 1);
	assert_int_equal(document.part[2].depth, 2);
	assert_int_equal(document.part[8].depth, 1);
	document_release(&document);
	findings.n = findings.n_skip = 0;
	findings_report(&domain, &findings, &document);
	assert_string_equal(said(&document), " [text exempel.com: nothing found]\n");
	document_release(&document);
	findings.n = 1;
	findings_report(&domain, &findings, &document);
	assert_int_equal(strncmp(said(&document), " [text exempel.com: 1 found]\n>ROW ", 34), 0);
	document_release(&document);
}

static void whatif__names_marks_sender_and_subject(void **state)
{
	struct mark mark = { .kind = MARK_HOST, .state = SIM_REFUSED };
	struct edit edit = { .verb = EDIT_REMOVE };
	struct str text;

	(void)state;
	open_domain("exempel.com");
	session_set_sender(session, sender_find("postfix"));
	mark.name = session_set(session)->mx[0].host;
	session_mark(session, &mark);
	str_init(&text, 0);
	whatif_text(session, &text);
	assert_string_equal(text.s, "WHAT IF a.exempel.com refused (Postfix 3.7, the live set)");
	edit.mx = session_set(session)->mx[1];
	assert_true(session_edit(session, &edit, 1, NULL));
	mark.name = edit.mx.host;
	mark.state = SIM_TIMEOUT;
	session_mark(session, &mark);
	str_clear(&text);
	whatif_text(session, &text);
	assert_string_equal(text.s, "WHAT IF a.exempel.com refused, b.exempel.com silent (Postfix 3.7, the draft)");
	session_mark_clear(session);
	str_clear(&text);
	whatif_marks(session_marks(session), &text);
	assert_string_equal(text.s, "all are up");
	str_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(probes__are_told__by_what_can_be_known_from_here, begin, end),
		cmocka_unit_test_setup_teardown(host__is_told, begin, end),
		cmocka_unit_test_setup_teardown(down__is_tried__of_the_set_that_is_shown, begin, end),
		cmocka_unit_test(outcome__never_tells_a_part_as_none_or_all),
		cmocka_unit_test_setup_teardown(findings__are_told__in_full_and_in_rows, begin, end),
		cmocka_unit_test(finding__in_full__says_all_of_it),
		cmocka_unit_test(report__has_all__that_was_found_and_left_out),
		cmocka_unit_test_setup_teardown(whatif__names_marks_sender_and_subject, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
