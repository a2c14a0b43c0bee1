/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Screens at moments that the walk of test_screens does not pass: a push and its end, past pushes, a base that moved, prompts. */
#include <libintl.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "app/requests.h"
#include "driver.h"
#include "pictures.h"
#include "speak.h"

static void add(struct mxset *set, uint32_t preference, const char *host)
{
	struct mx mx;

	mx_set(&mx, preference, host);
	mxset_add(set, &mx);
}

/* The hints of the last row. */
static bool hinted(const char *hint)
{
	struct str text;
	char *row;
	bool found;

	str_init(&text, 0);
	draw();
	canvas_text(&ui.canvas, &text);
	text.s[text.len - 1] = '\0';
	row = strrchr(text.s, '\n');
	found = strstr(row, hint) != NULL;
	str_release(&text);
	return found;
}

/* On what was drawn last. */
static bool row_of_home(const char *words)
{
	struct str text;
	bool found;

	str_init(&text, 0);
	canvas_text(&ui.canvas, &text);
	found = strstr(text.s, words) != NULL;
	str_release(&text);
	return found;
}

/* A draft from an earlier run, of a set that looked otherwise. */
static void keep_draft_of_old(void)
{
	struct mxset base = { 0 }, want = { 0 };
	struct draft draft = { 0 };
	struct plan plan;

	plan_init(&plan);
	assert_true(dname_parse(&plan.domain, "exempel.com", NULL));
	plan.zone = plan.domain;
	free(plan.account);
	free(plan.provider);
	plan.account = mem_text("demo");
	plan.provider = mem_text("zonefile");
	base.ttl_s = 3600;
	add(&base, 10, "mejlserver1.exempel.com");
	add(&base, 15, "mejlserver2.exempel.com");
	add(&base, 50, "old.exempel.com");
	draft_init(&draft, &base);
	want.ttl_s = 7200;
	add(&want, 10, "mejlserver1.exempel.com");
	add(&want, 20, "mejlserver2.exempel.com");
	add(&want, 30, "mejlserver3.exempel.com");
	draft_set(&draft, &want);
	assert_true(store_draft_save(app.store, &plan, &draft, NULL, NULL));
	mxset_release(&base);
	mxset_release(&want);
	draft_release(&draft);
	plan_release(&plan);
}

static void rebase__shows_and_asks__what_clashes(void **state)
{
	(void)state;
	open_demo("exempel.net");
	keep_draft_of_old();
	keys(":");
	answer("open exempel.com");
	settle();
	picture("moved", "en");
	keys("B");
	picture("rebase", "en");
	assert_true(session_moved(ui.session));
	keys("B"); /* what clashes is not decided yet */
	assert_true(ui.message.len > 0);
	assert_true(session_moved(ui.session));
	picture("rebase-refused", "en");
	keys("j Space");
	picture("rebase-side", "en");
	keys("Esc r"); /* what it began from is what nobody holds now */
	settle();
	assert_true(shows("\n Base  TTL 1h "));
	close_demo();
}

/* A head that is longer than a column takes room from the names, and is not cut. */
static void rebase__reads_its_heads__whole_in_every_language(void **state)
{
	static const char *const languages[] = { "sv", "de", "fr", "nl", "es" }, *const heads[] = { "theirs", "mine", "result", "base" };
	static const int sizes[][2] = { { 120, 40 }, { 80, 24 }, { 40, 12 } };
	struct str text;

	(void)state;
	for (size_t i = 0; i < sizeof(languages) / sizeof(*languages); i++) {
		speak(languages[i]);
		open_demo("exempel.net");
		keep_draft_of_old();
		keys(":");
		answer("open exempel.com");
		settle();
		keys("B");
		for (size_t k = 0; k < 3; k++) {
			ui_draw(&ui, sizes[k][0], sizes[k][1], 0);
			str_init(&text, 0);
			canvas_text(&ui.canvas, &text);
			for (size_t h = 0; h < (sizes[k][0] < 60 ? 3 : 4); h++)
				if (!strstr(text.s, gettext(heads[h])))
					fail_msg("%s at %d: %s\n%s", languages[i], sizes[k][0], gettext(heads[h]), text.s);
			str_release(&text);
		}
		close_demo();
		speak(NULL);
	}
}

static void push__from_first_to_last(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("w");
	assert_false(hinted("! stop"));
	keys("H");
	picture("history-empty", "en");
	assert_false(hinted("revert"));
	assert_false(hinted("open"));
	keys("R Enter");
	assert_false(session_drafting(ui.session));
	keys("Esc Esc r");
	picture("review-empty", "en");
	assert_false(hinted("approve"));
	assert_false(hinted("push"));
	assert_false(hinted("cut-over"));
	keys("Esc a");
	answer("30 mejlserver3");
	settle();
	keys("r");
	settle();
	assert_true(hinted("A approve"));
	assert_true(hinted("c cut-over"));
	assert_false(hinted("P push"));
	keys("A");
	picture("approve", "en");
	answer("CHG-42");
	settle();
	assert_true(hinted("P push"));
	picture("approved", "en");
	keys("P");
	picture("push-starting", "en");
	assert_true(hinted("! stop"));
	settle();
	picture_wide("push-ended");
	assert_false(hinted("! stop"));
	keys("Esc Esc");
	ui_draw(&ui, 100, 30, session_current_push(ui.session)->safe_at - 44000);
	assert_true(row_of_home("▏old answers gone in 12h13m ▏TTL "));
	ui_draw(&ui, 100, 30, session_current_push(ui.session)->safe_at - 1);
	assert_true(row_of_home("▏old answers gone in 1s ▏TTL "));
	ui_draw(&ui, 100, 30, session_current_push(ui.session)->safe_at);
	assert_false(row_of_home("old answers"));
	keys("w");
	keys("H");
	picture("history", "en");
	assert_true(hinted("R revert"));
	keys("R");
	settle();
	picture("reverting", "en");
	keys("r A");
	answer("back");
	keys("P");
	settle();
	keys("Esc Esc t");
	answer("2h");
	keys("r A");
	answer("CHG-43");
	keys("P");
	settle();
	keys("H j");
	picture("history-second", "en");
	keys("/");
	answer("CHG-42");
	picture("history-found", "en");
	close_demo();
}

static void help__is_hinted__in_every_size_and_everywhere(void **state)
{
	static const int widths[] = { 24, 30, 40, 60, 80, 120 };

	(void)state;
	open_demo("exempel.com");
	for (size_t s = 0; screens[s]; s++)
		for (size_t w = 0; w < sizeof(widths) / sizeof(*widths); w++) {
			struct str text;

			if (screens[s]->in == IN_HELP)
				continue;
			ui_show(&ui, screens[s]->name, "ttl");
			ui_draw(&ui, widths[w], 12, 0);
			str_init(&text, 0);
			canvas_text(&ui.canvas, &text);
			if (!strstr(text.s, "? help"))
				fail_msg("%s at %d columns", screens[s]->name, widths[w]);
			str_release(&text);
		}
	settle();
	close_demo();
}

static void questions__are_drawn(void **state)
{
	static const struct {
		const char *name, *keys;
	} rows[] = {
		{ "ask-add", "a" },
		{ "ask-edit", "e" },
		{ "ask-preset", "p" },
		{ "ask-palette", ":" },
		{ "ask-filter", "f /" },
		{ "ask-mark", "s Enter M" },
		{ "ask-ttl", "t" },
		{ "ask-null", "0" },
	};

	(void)state;
	open_demo("exempel.com");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		keys(rows[i].keys);
		picture(rows[i].name, "en");
		keys("Esc");
		ui_show(&ui, "ladder", NULL);
	}
	close_demo();
}

static void themes__look__as_drawn(void **state)
{
	(void)state;
	open_demo("exempel.com");
	ui_show(&ui, "themes", NULL);
	keys("j");
	picture("themes", "en");
	keys("/");
	answer("zzz");
	picture("themes-none", "en");
	close_demo();
}

/* Further down, and narrowed to a word. */
static void help__is_scrolled_and_searched(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("?");
	keys("PgDn j j");
	picture_wide("help-down");
	keys("g /");
	answer("MARK");
	picture("help-found", "en");
	keys("j Enter");
	picture("help-opened", "en");
	close_demo();
}

/* The cut-over to its end: each step has its date. */
static void cutover__is_read_to_its_end(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("d j d j d a");
	answer("10 mejlserver3.exempel.com");
	settle();
	keys("c");
	picture_at = 1895537800;
	draw();
	keys("G");
	picture("cutover-end", "en");
	keys("PgUp");
	picture("cutover-middle", "en");
	picture_at = 0;
	close_demo();
}

static void domains__are_listed(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keep_draft_of_old();
	ui_know(&ui, &(struct known_domain){ .name = *session_domain(ui.session), .drafted = true });
	ui_know(&ui, &(struct known_domain){ .name = *session_domain(ui.session), .configured = true });
	keys("D");
	picture_wide("domains");
	speak("sv");
	picture("domains", "sv");
	speak(NULL);
	keys("/");
	answer("zzz");
	picture("domains-none", "en");
	close_demo();
}

/* A mark cannot take from a host what it has not. */
static void mark__on_a_host_without_a_name__leaves_the_fact(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("a");
	answer("40 nowhere.exempel.com");
	settle();
	draw();
	assert_true(shows("no such name"));
	keys("G Space");
	assert_true(shows("no such name"));
	keys("s");
	assert_true(shows("no such name"));
	close_demo();
}

static void add_request(const char *path, bool writes, int status)
{
	static const struct provider pdns = { .auth = { .header = "X-API-Key" } };
	const struct provider_account of = { .name = "lab", .provider = &pdns };
	struct request request;
	uint64_t number;

	request_init(&request);
	http_request_set(&request.http, writes ? "PATCH" : "GET", "%s", path);
	request.writes = writes;
	number = requests_add(app.requests, &of, &request, "http://127.0.0.1:8081");
	app.requests->row[number]->at = 1795537800;
	if (status)
		requests_end(app.requests, number, status, NULL);
	if (app.requests->row[number]->ended)
		app.requests->row[number]->took_ms = 12;
	request_release(&request);
}

static void accounts_and_requests__look__as_drawn(void **state)
{
	(void)state;
	open_demo("exempel.com");
	configure("[account lab]\nprovider = powerdns\nendpoint = http://127.0.0.1:8081\nkey_file = /k\n"
		  "[domain exempel.net]\naccount = lab\n");
	keys("@ G");
	picture("accounts", "en");
	app.requests->n = 0; /* the demo has read its files */
	keys("I");
	picture("requests-none", "en");
	keys("y");
	assert_true(shows("There is no request to copy."));
	keys("g");
	add_request("/api/v1/servers/localhost/zones/exempel.net.", false, 200);
	add_request("/api/v1/servers/localhost/zones/exempel.net.", true, 422);
	add_request("/api/v1/servers/localhost/zones/exempel.net.", false, 0);
	picture_wide("requests");
	speak("sv");
	picture("requests", "sv");
	speak(NULL);
	keys("j y");
	assert_string_equal(ui.copied.s, "curl -X PATCH -H 'X-API-Key: '\"$(cat KEY_FILE)\" "
					 "'http://127.0.0.1:8081/api/v1/servers/localhost/zones/exempel.net.'\n");
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accounts_and_requests__look__as_drawn),
		cmocka_unit_test(rebase__shows_and_asks__what_clashes),
		cmocka_unit_test(rebase__reads_its_heads__whole_in_every_language),
		cmocka_unit_test(push__from_first_to_last),
		cmocka_unit_test(help__is_hinted__in_every_size_and_everywhere),
		cmocka_unit_test(questions__are_drawn),
		cmocka_unit_test(themes__look__as_drawn),
		cmocka_unit_test(help__is_scrolled_and_searched),
		cmocka_unit_test(cutover__is_read_to_its_end),
		cmocka_unit_test(domains__are_listed),
		cmocka_unit_test(mark__on_a_host_without_a_name__leaves_the_fact),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
