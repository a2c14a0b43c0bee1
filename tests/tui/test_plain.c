/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plain mode by a person's words, on the demo's world: look, edit, what if, review, approve, push, revert; and how it speaks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "driver.h"
#include "tui/plain.h"

static char said[32768];

/* No line is too long, has a box, a bar or a sign of the screen, or two columns. */
static void is_speech(const char *text)
{
	static const char *const drawn[] = { "│", "─", "┬", "█", "▏", "▸", "✔", "✖", "▲", "●", "   " };
	char copy[sizeof(said)], *save = NULL;

	for (size_t i = 0; i < sizeof(drawn) / sizeof(*drawn); i++)
		if (strstr(text, drawn[i]))
			fail_msg("\"%s\" in: %s", drawn[i], text);
	snprintf(copy, sizeof(copy), "%s", text);
	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		assert_true(text_width(line) <= 72);
}

/* What is said after a line; NULL: at first. */
static const char *after(const char *line)
{
	struct str text;

	if (line)
		assert_true(plain_line(&ui, line));
	settle();
	str_init(&text, 0);
	plain_screen(&ui, session_facts(ui.session)->observed_at, &text);
	snprintf(said, sizeof(said), "%s", text.s);
	str_release(&text);
	is_speech(said);
	return said;
}

static void hears(const char *line, const char *words)
{
	if (!strstr(after(line), words))
		fail_msg("after \"%s\": %s", line ? line : "", said);
}

static void home__is_spoken__in_order(void **state)
{
	const char *text;

	(void)state;
	open_demo("exempel.com");
	text = after(NULL);
	assert_int_equal(strncmp(text, "exempel.com\nHELD\nTTL 12h30m\n", 28), 0);
	assert_non_null(strstr(
		text, "\n1. preference 10, mejlserver1.exempel.com, 50 % of first attempts,\n  found, if it is silent: 0s–10m\n2. "));
	assert_non_null(strstr(text, "\nFindings:\nerror, target-cname, reserv.exempel.net is an alias (of mx.exempel.one)\n"));
	assert_non_null(strstr(text, "\nWho answers what:\naccount demo, set A, just now\n"));
	assert_string_equal(after(""), "Nothing is new. look says all of it, help what can be typed.\n> ");
	assert_int_equal(strncmp(after("look"), "exempel.com\nHELD\n", 17), 0);
	close_demo();
}

/* In full, each with the number that words about it take. */
static void findings__are_numbered(void **state)
{
	(void)state;
	open_demo("exempel.com");
	after(NULL);
	hears("findings", "\n1. error, target-cname\nreserv.exempel.net is an alias (of mx.exempel.one)\n");
	assert_non_null(strstr(said, "\n2. notice, "));
	assert_non_null(strstr(said, "FINDINGS\n"));
	close_demo();
}

/* A sentence that changes is told with its row, and a row that gets another number with its sentence. */
static void finding__that_changes__is_told_with_its_number(void **state)
{
	(void)state;
	open_demo("exempel.com");
	after(NULL);
	after("findings");
	hears("add 30 mejlserver3", "DRAFT, 1 change\n1. warning, spf-mx\nthe SPF record says");
	assert_non_null(strstr(said, "\n3. error, target-cname\nreserv.exempel.net is an alias (of mx.exempel.one)\n4. notice"));
	assert_null(strstr(said, "\nfix: ")); /* known of the row that was the first */
	hears("remove reserv.exempel.net", "DRAFT, 2 changes\n1. warning, spf-mx\nthe SPF record says \"mx\": with this set other servers");
	assert_null(strstr(said, "\nRFC 7208"));
	close_demo();
}

/* A draft that is changed and a mark that is set are told on a screen that is about something else. */
static void draft_and_marks__are_told__on_every_screen(void **state)
{
	(void)state;
	open_demo("exempel.com");
	after(NULL);
	hears("findings", "exempel.com\nFINDINGS\nHELD\n1. error");
	hears("ttl 2h", "DRAFT, 1 change\n");
	hears("down mejlserver1 silent", "WHAT IF mejlserver1.exempel.com silent (RFC 5321, the draft)\n");
	hears("up mejlserver1", "WHAT IF all are up (RFC 5321, the draft)\n");
	hears("filter nowhere", "No finding holds that word.\n");
	close_demo();
}

/* The ladder by rows with their numbers, each sender with the words of its columns, and one message's way. */
static void what_if__is_told__in_statements(void **state)
{
	(void)state;
	open_demo("exempel.com");
	after(NULL);
	after("down mejlserver1 silent");
	hears("simulate", "exempel.com\nWHAT IF, mejlserver1.exempel.com silent\nRFC 5321\nHELD\n"
			  "1. preference 10, mejlserver1.exempel.com, 0 % of first attempts, found,\n  what if it is silent\n"
			  "2. preference 10, mejlserver2.exempel.com, 100 % of first attempts,\n  found\n");
	assert_non_null(strstr(said, "\nRFC 5321, delivered: 100 %, delay: 0s–10m\n")); /* a number is a row of the ladder */
	assert_non_null(strstr(said, "\nOne message:\n0s, mejlserver1.exempel.com [2001:db8::10], Nothing answers until the\n"
				     "  time is up.\n"));
	hears("filter nowhere", "\nNo sender holds that word.\n");
	after("filter \"\"");
	hears("why", "\n0s, mejlserver1.exempel.com [2001:db8::10], Nothing answers until the\n  time is up.\n"
		     "After this failure the next address is tried.\nRFC 5321 sections 4.5.3.2, 5.1 (from documents)\n");
	close_demo();
}

/* Each domain is a line, with what is known of it in words. */
static void domains__are_read__line_by_line(void **state)
{
	struct dname domain;

	(void)state;
	open_demo("exempel.com");
	after(NULL);
	ui.asks = false;
	ui.hooks.spoken = true;
	hears("domains", "\n\"open\", look at a domain: where its mail goes");
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	roster_know(ui.roster, &domain, NULL);
	hears("look", "DOMAINS 1\nby name\n1 still asked\n1. exempel.com, worst finding: not asked");
	hears("select", "1. exempel.com, selected, worst finding: not asked");
	hears("filter nowhere", "No domain holds that word.");
	close_demo();
}

/* What is drawn with bars and curves is said in words, a row a statement. */
static void charts__are_spoken__as_tables(void **state)
{
	(void)state;
	open_demo("exempel.com");
	after(NULL);
	after("simulate");
	hears("matrix", "\n1. zone exempel.com, lost, at once: 0 %, late: 0 %, lost: 100 %\n");
	assert_non_null(strstr(said, "\nWhat stops the mail:\n"));
	after("back");
	hears("outage", "\n1. the mix of senders, at once: 0 %, late: ");
	assert_non_null(strstr(said, "\nWhat happens when:\n"));
	after("back");
	after("back");
	after("ttl 1h");
	hears("cutover", "No server goes, so none has to be kept for old answers.\n");
	assert_non_null(strstr(said, "\n0s, time: "));
	close_demo();
}

static void command__is_answered__by_what_it_changed(void **state)
{
	(void)state;
	open_demo("exempel.com");
	after(NULL);
	assert_string_equal(after("sender postfix"),
		"1. preference 10, mejlserver1.exempel.com, 67 % of first attempts,\n  found, if it is silent: 0s–1m\n"
		"2. preference 10, mejlserver2.exempel.com, 33 % of first attempts,\n  found, if it is silent: 0s–30s\n> ");
	assert_string_equal(after("ttl 1h"), "DRAFT, 1 change\nTTL 1h, was 12h30m\n> ");
	hears("down mejlserver2 silent",
		"WHAT IF mejlserver2.exempel.com silent (Postfix 3.7, the draft)\n2. preference 10, mejlserver2.exempel.com");
	assert_int_equal(marks_host(session_marks(ui.session), &session_set(ui.session)->mx[1].host), SIM_TIMEOUT);
	after("down mejlserver2.exempel.com");
	assert_int_equal(marks_host(session_marks(ui.session), &session_set(ui.session)->mx[1].host), SIM_REFUSED);
	after("up mejlserver2");
	assert_int_equal(session_marks(ui.session)->n, 0);
	hears("3", "alias, of mx.exempel.one\n");
	assert_int_equal(ui_top(&ui)->list.selected, 2);
	assert_string_equal(after("7"), "There is no such row.\n> ");
	assert_int_equal(session_marks(ui.session)->n, 0);
	close_demo();
}

static void what_cannot_be__is_refused(void **state)
{
	static const struct {
		const char *line, *words;
	} rows[] = {
		{ "nonsense", "There is no \"nonsense\" here. help says what can be typed." },
		{ "\033[2J", "There is no \"\\x1b[2J\" here." },
		{ "30 mx3", "There is no \"30\" here." },
		{ "add 30 30", "" },
		{ "ttl soon", "\"soon\"" },
		{ "down nowhere", "nowhere.exempel.com" },
		{ "down mejlserver1 sleepy", "sleepy" },
		{ "sender pigeon", "there is no sender \"pigeon\"" },
		{ "undo", "There is nothing to undo." },
		{ "push", "There is nothing to push" },
	};

	(void)state;
	open_demo("exempel.com");
	after(NULL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		hears(rows[i].line, rows[i].words);
		assert_false(session_drafting(ui.session));
		assert_int_equal(session_marks(ui.session)->n, 0);
		assert_int_equal(ui.ask, ASK_NONE);
	}
	close_demo();
}

static void help__names_what_works(void **state)
{
	static const char *const absent[] = {
		"\npalette:", "\nredraw:", "\nsuspend:", "\ncopy:", "\nzoom:", "\npane:", "\nup:", "\npage-down:", "\napprove:"
	};

	(void)state;
	open_demo("exempel.com");
	after(NULL);
	after("help");
	for (size_t i = 0; i < sizeof(absent) / sizeof(*absent); i++)
		assert_null(strstr(said, absent[i]));
	assert_non_null(strstr(said, "\ndown HOST [STATE]: "));
	assert_non_null(strstr(said, "\nadd PREF HOST: "));
	assert_non_null(strstr(said, "\nreview: "));
	after("ttl 1h");
	after("review");
	hears("help", "\napprove: ");
	close_demo();
}

/* From a look to a revert, with the words of one who cannot see. */
static void loop__is_gone__by_words_alone(void **state)
{
	(void)state;
	open_demo("exempel.com");
	hears(NULL, "reserv.exempel.net is an alias");
	hears("fix", "no finding about this host has a mechanical fix");
	hears("remove reserv.exempel.net", "3. preference 20, reserv.exempel.net, removed in the draft\n");
	hears("down mejlserver1 silent", "WHAT IF mejlserver1.exempel.com silent");
	hears("simulate", "RFC 5321, delivered: 100 %");
	after("back");
	after("unmark");
	hears("review", "The draft brings 2 findings");
	ui.hooks.spoken = true;
	hears("approve \"CHG-42\"", "Approved: \"push\" pushes.\n");
	assert_null(strstr(said, "Approved. ")); /* not twice */
	hears("push", "published");
	assert_false(session_drafting(ui.session));
	hears("history", "CHG-42");
	assert_non_null(strstr(said, "\nmejlserver1.exempel.com, before: 10, after: 10\n"));
	assert_non_null(strstr(said, "\nreserv.exempel.net, before: 20\n"));
	hears("revert", "DRAFT");
	hears("review", "Not approved yet");
	hears("approve", "Approve, note:\nWhat and why");
	hears("back again", "Approved");
	hears("push", "published");
	after("back");
	after("back");
	hears("look", "reserv.exempel.net, 0 % of first attempts, alias");
	assert_false(plain_line(&ui, "quit"));
	close_demo();
}

/* What a screen has in a second pane is told anyway: no word goes there, and rows stay where they are. */
static void pane__is_none__to_who_listens(void **state)
{
	(void)state;
	open_demo("exempel.com");
	after(NULL);
	ui.asks = false;
	ui.hooks.spoken = true;
	after("findings");
	hears("pane", "pane changes nothing now. look says all of it, help what can be typed.\n> ");
	after("2");
	assert_int_equal(ui_top(&ui)->list.selected, 1);
	close_demo();
}

/* A list is told by its rows; what is known of one of them, when its number is typed. */
static void row__is_told_in_full__by_its_number(void **state)
{
	(void)state;
	open_demo("exempel.com");
	configure("[account lab]\nprovider = powerdns\nendpoint = http://127.0.0.1:8081\nkey_file = /k\n");
	after(NULL);
	assert_string_equal(after("accounts"), "ACCOUNTS\n1. demo, zone file, not tried, 0 domains\n"
					       "2. lab, PowerDNS Authoritative Server, not tried, 0 domains\n> ");
	hears("2", "lab:\nPowerDNS Authoritative Server\nAddress: http://127.0.0.1:8081\nThe key is in the file /k.\n");
	hears("filter nowhere", "No account holds that word.\n");
	after("back");
	after("back");
	hears("requests", "REQUESTS\nOf this run:\n1. ");
	hears("1", "Begun at ");
	close_demo();
}

/* Why an action changes nothing, and where it would; a movement says the row that it came to. */
static void action_that_does_nothing__is_explained(void **state)
{
	(void)state;
	open_demo("exempel.com");
	after(NULL);
	assert_string_equal(after("longer"), "longer does nothing on this screen; it is for: outage. help says what\n"
					     "  can be typed here.\n> ");
	assert_string_equal(after("discard"), "discard changes nothing now. look says all of it, help what can be\n  typed.\n> ");
	assert_string_equal(after(""), "Nothing is new. look says all of it, help what can be typed.\n> ");
	assert_int_equal(strncmp(after("down"), "2. preference 10, mejlserver2.", 30), 0);
	assert_non_null(strstr(said, "\naddresses, 192.0.2.11"));
	assert_int_equal(ui_top(&ui)->list.selected, 1);
	after("findings");
	assert_int_equal(strncmp(after("down"), "2. notice, ", 11), 0);
	assert_int_equal(strncmp(after("1"), "1. error, ", 10), 0);
	assert_non_null(strstr(said, "\nreserv.exempel.net is an alias (of mx.exempel.one)\n")); /* all of it, and nothing of the next */
	assert_null(strstr(said, "2. "));
	hears("1000", "There is no such row.");
	after("history");
	assert_string_equal(after("1"), "There is no such row.\n> ");
	after("findings");
	assert_string_equal(after("add"), "add does nothing on this screen; it is for: ladder. help says what can\n  be typed here.\n> ");
	close_demo();
}

/* Paragraph by paragraph. */
static void lesson__is_read__whole(void **state)
{
	(void)state;
	open_demo("exempel.com");
	after(NULL);
	hears("backup-mx", "HELP\nThe backup MX\n");
	assert_non_null(strstr(said, "\nRFC 5321 section 5.1\n"));
	close_demo();
}

/* What an action asks for may stand behind it; quotation marks around it are none of it. */
static void words__behind_an_action__answer_it(void **state)
{
	(void)state;
	open_demo("exempel.com");
	after(NULL);
	after("findings");
	after("filter \"alias\"");
	assert_string_equal(ui_top(&ui)->filter, "alias");
	after("filter ali");
	assert_string_equal(ui_top(&ui)->filter, "ali");
	after("filter \"");
	assert_string_equal(ui_top(&ui)->filter, "\"");
	after("filter \"\"");
	assert_string_equal(ui_top(&ui)->filter, "");
	after("back");
	after("ttl 1h");
	after("review");
	after("ticket \"CHG 7\"");
	assert_string_equal(session_ticket(ui.session), "CHG 7");
	after("back");
	close_demo();
}

/* A host by one label, a family, an address, a state by its name or its word. */
static void down__takes__what_people_say(void **state)
{
	static const struct {
		const char *line;
		enum mark_kind kind;
		enum sim_state state;
	} rows[] = {
		{ "down v6", MARK_FAMILY, SIM_REFUSED },
		{ "down v4 silent", MARK_FAMILY, SIM_TIMEOUT },
		{ "down mejlserver1 timeout", MARK_HOST, SIM_TIMEOUT },
		{ "down mejlserver1.exempel.com", MARK_HOST, SIM_REFUSED },
		{ "down zone:exempel.com", MARK_ZONE, SIM_REFUSED },
	};

	(void)state;
	open_demo("exempel.com");
	after(NULL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char up[64];

		after(rows[i].line);
		if (session_marks(ui.session)->n != 1)
			fail_msg("%s: %s", rows[i].line, said);
		assert_int_equal(session_marks(ui.session)->mark[0].kind, rows[i].kind);
		assert_int_equal(session_marks(ui.session)->mark[0].state, rows[i].state);
		snprintf(up, sizeof(up), "up %.*s", (int)strcspn(rows[i].line + 5, " "), rows[i].line + 5);
		after(up);
		assert_int_equal(session_marks(ui.session)->n, 0);
	}
	close_demo();
}

static void question__is_left__by_a_word(void **state)
{
	(void)state;
	open_demo("exempel.com");
	after(NULL);
	after("discard");
	assert_int_equal(ui.ask, ASK_NONE);
	after("ttl 1h");
	after("discard");
	assert_int_equal(ui.ask, ASK_DISCARD);
	after("cancel");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_true(session_drafting(ui.session));
	after("discard");
	after("yes");
	assert_false(session_drafting(ui.session));
	close_demo();
}

/* An empty line is Enter: it takes what was told with the question; "" takes nothing. */
static void empty_line__takes__what_is_offered(void **state)
{
	(void)state;
	open_demo("exempel.com");
	after(NULL);
	after("findings");
	hears("accept", "Accept until: 20");
	hears("", "Because:");
	after("cancel");
	after("accept");
	hears("\"\"", "\"\" is no day such as 2027-01-31");
	hears("", "\"\" is no day such as 2027-01-31");
	after("cancel");
	close_demo();
}

/* What comes by itself brings no message again, and a question only where it stands behind news. */
static void message__is_told__once(void **state)
{
	struct str text;

	(void)state;
	open_demo("exempel.com");
	after(NULL);
	hears("nonsense", "There is no \"nonsense\" here.");
	str_init(&text, 0);
	assert_false(plain_screen(&ui, session_facts(ui.session)->observed_at, &text));
	assert_null(strstr(text.s, "nonsense"));
	hears("nonsense", "There is no \"nonsense\" here.");
	after("ttl 1h");
	hears("discard", "Type yes to throw the draft away");
	str_clear(&text);
	assert_false(plain_screen(&ui, session_facts(ui.session)->observed_at, &text));
	assert_null(strstr(text.s, "Type yes"));
	session_set_sender(ui.session, session_senders(ui.session)[1]);
	str_clear(&text);
	assert_true(plain_screen(&ui, session_facts(ui.session)->observed_at, &text));
	assert_non_null(strstr(text.s, "\nType yes to throw the draft away"));
	assert_int_equal(strncmp(text.s, "1. preference 10", 16), 0);
	str_release(&text);
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_if__is_told__in_statements),
		cmocka_unit_test(draft_and_marks__are_told__on_every_screen),
		cmocka_unit_test(home__is_spoken__in_order),
		cmocka_unit_test(findings__are_numbered),
		cmocka_unit_test(finding__that_changes__is_told_with_its_number),
		cmocka_unit_test(domains__are_read__line_by_line),
		cmocka_unit_test(charts__are_spoken__as_tables),
		cmocka_unit_test(command__is_answered__by_what_it_changed),
		cmocka_unit_test(what_cannot_be__is_refused),
		cmocka_unit_test(help__names_what_works),
		cmocka_unit_test(loop__is_gone__by_words_alone),
		cmocka_unit_test(pane__is_none__to_who_listens),
		cmocka_unit_test(words__behind_an_action__answer_it),
		cmocka_unit_test(down__takes__what_people_say),
		cmocka_unit_test(row__is_told_in_full__by_its_number),
		cmocka_unit_test(action_that_does_nothing__is_explained),
		cmocka_unit_test(lesson__is_read__whole),
		cmocka_unit_test(question__is_left__by_a_word),
		cmocka_unit_test(message__is_told__once),
		cmocka_unit_test(empty_line__takes__what_is_offered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
