/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching the lists: "/" leaves the rows that hold the word, and what is opened is the row that is seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/requests.h"
#include "driver.h"
#include "io/loop.h"

static void know(const char *name)
{
	struct known_domain domain = { .configured = true };

	assert_true(dname_parse(&domain.name, name, NULL));
	ui_know(&ui, &domain);
}

static void domains__are__searched(void **state)
{
	char name[DNAME_TEXT_MAX];

	(void)state;
	open_demo("exempel.com");
	know("exempel.com");
	know("exempel.net");
	know("tyst.example");
	keys("D");
	assert_true(shows("tyst.example") && shows("exempel.net"));
	keys("/");
	answer("net");
	assert_true(shows("exempel.net") && !shows("tyst.example"));
	keys("/");
	answer("nobody");
	assert_true(shows("No domain holds that word."));
	keys("Enter");
	assert_string_equal(dname_text(session_domain(ui.session), name), "exempel.com");
	keys("/");
	answer("net");
	keys("Enter");
	settle();
	assert_string_equal(dname_text(session_domain(ui.session), name), "exempel.net");
	close_demo();
}

static void until_tried(const char *name)
{
	for (int i = 0; i < 100 && (!account_test_of(ui.tests, name) || account_test_of(ui.tests, name)->running); i++)
		loop_run(app.loop);
	draw();
}

/* What an account is, before and after it was tried; what cannot be is refused. */
static void accounts__are_told__and_tried(void **state)
{
	(void)state;
	open_demo("exempel.com");
	configure(
		"[account lab]\nprovider = powerdns\nendpoint = http://127.0.0.1:1\nkey_env = NO_SUCH_KEY\n[domain exempel.net]\naccount = lab\n");
	keys("@");
	assert_true(shows("ACCOUNTS") && shows("demo") && shows("lab"));
	assert_true(shows("It needs no key.") && shows("It was not tried in this run.") && shows("not tried"));
	assert_true(shows("No domain of the configuration names it."));
	keys("t");
	until_tried("demo");
	assert_true(shows("✔ can be used") && shows("Whether it may write, only a push tells"));
	assert_true(shows("no list of the zones of account demo can be had"));
	keys("j");
	assert_true(shows("The key is in the variable NO_SUCH_KEY of the environment.") && shows("Domains: exempel.net"));
	assert_true(shows("Address: http://127.0.0.1:1") && shows("1 domain"));
	keys("Enter");
	until_tried("lab");
	assert_true(shows("✖ failed") && shows("NO_SUCH_KEY") && shows("Tried 2") && !shows("HELD"));
	keys("d");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_true(shows("which --read-only and --demo forbid"));
	keys("/");
	answer("nobody");
	assert_true(shows("No account holds that word."));
	keys("d");
	assert_true(shows("there is no account here"));
	close_demo();
}

/* The account goes out of the file, its domains have none, and the list of domains knows. */
static void account__is_removed__by_its_name(void **state)
{
	struct known_domain domain = { .configured = true, .account = "lab" };

	(void)state;
	open_demo("exempel.com");
	app.demo = false;
	configure("[account lab]\nprovider = powerdns\nkey_file = /nowhere\n[domain exempel.net]\naccount = lab\n");
	assert_true(dname_parse(&domain.name, "exempel.net", NULL));
	ui_know(&ui, &domain);
	assert_string_equal(ui.roster->row[0]->account, "lab");
	keys("@ G t");
	until_tried("lab");
	assert_non_null(account_test_of(ui.tests, "lab"));
	keys("d");
	assert_int_equal(ui.ask, ASK_REMOVE_ACCOUNT);
	answer("");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_non_null(config_find(&app.config, "account", "lab"));
	keys("d");
	assert_true(shows("1 domain that names it has no account then.") && shows("The file of its key stays."));
	answer("la");
	assert_true(shows("That is not the account's name."));
	answer("lab");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_true(shows("Account lab stands in the configuration no more."));
	assert_null(config_find(&app.config, "account", "lab"));
	assert_null(account_test_of(ui.tests, "lab")); /* another one of this name was not tried */
	assert_non_null(config_find(&app.config, "account", "demo"));
	assert_non_null(config_find(&app.config, "domain", "exempel.net"));
	assert_string_equal(ui.roster->row[0]->account, "");
	assert_string_equal(ui.account, "demo");
	keys("g d");
	answer("demo");
	assert_true(shows("Account demo stands in the configuration no more."));
	assert_null(ui.account);
	app.demo = true;
	close_demo();
}

/* What went out, the last one first; the one that was selected stays so when more come. */
static void requests__are_listed__with_what_came(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("I");
	assert_true(shows("REQUESTS") && shows("READ") && shows("exempel.com.zone") && shows("It only asks."));
	keys("G");
	draw();
	uint64_t number = ui_top(&ui)->number;
	keys("F5");
	settle();
	draw();
	assert_int_equal(ui_top(&ui)->number, number);
	assert_int_equal(requests_at(app.requests, (size_t)ui_top(&ui)->list.selected)->number, number ? number : app.requests->last);
	keys("/");
	answer("nothing of the kind");
	assert_true(shows("No request holds that word."));
	close_demo();
}

/* What would be refused, or do nothing, is no hint; what a draft allows is, first of all. */
static void hints__are__of_the_moment(void **state)
{
	(void)state;
	open_demo("exempel.com");
	assert_true(!shows("u undo") && !shows("r review") && !shows("U resume") && !shows("w watch") && !shows("Ctrl-R redo"));
	keys("t");
	answer("2h");
	assert_true(shows("u undo") && shows("r review") && !shows("Ctrl-R redo"));
	keys("u");
	assert_true(!shows("u undo") && !shows("r review") && shows("Ctrl-R redo"));
	keys("f g");
	assert_true(shows("x fix") && shows("a accept"));
	keys("j");
	assert_true(!shows("x fix") && shows("a accept"));
	keys("/");
	answer("nobody");
	assert_false(shows("x fix"));
	keys("Esc Esc @");
	assert_true(shows("t try") && !shows("d remove") && !shows("A account"));
	keys("Esc D");
	assert_true(!shows("e edit all") && !shows("W plan file"));
	know("exempel.com");
	assert_true(shows("e edit all") && !shows("W plan file"));
	roster_look(ui.roster, ui.roster->row[0]);
	ui.roster->row[0]->drafted = true;
	assert_true(shows("W plan file"));
	close_demo();
}

static void push_with_note(const char *ttl, const char *note)
{
	keys("t");
	answer(ttl);
	keys("r");
	settle();
	keys("A");
	answer(note);
	keys("P");
	if (ui.ask)
		answer("a test");
	settle();
	keys("Esc Esc Esc");
}

static void history__is__searched(void **state)
{
	char journal[300];

	(void)state;
	open_demo("exempel.com");
	push_with_note("2h", "shorter for the move");
	push_with_note("3h", "moved and done");
	keys("H");
	assert_true(shows("shorter for the move") && shows("moved and done"));
	keys("/");
	answer("shorter");
	assert_true(shows("shorter for the move") && !shows("moved and done"));
	assert_true(shows("2h"));
	keys("/");
	answer("nothing of the kind");
	assert_true(shows("No push holds that word."));
	keys("R");
	assert_ptr_equal(ui_top(&ui)->class, &screen_history);
	keys("Esc");
	assert_true(shows("moved and done"));
	keys("g"); /* somebody takes the journal away while it is shown */
	snprintf(journal, sizeof(journal), "%s/state/journal/exempel.com.ndjson", app.demo_dir);
	assert_int_equal(unlink(journal), 0);
	keys("R");
	assert_ptr_equal(ui_top(&ui)->class, &screen_history);
	assert_true(shows("no such push is in the history of this domain"));
	close_demo();
}

static void type_in(const char *text)
{
	for (; *text; text++)
		ui_key(&ui, (unsigned char)*text);
	draw();
}

/* Each letter counts at once, small or capital; Enter keeps, Esc gives the list back as it was, with its row. */
static void filter__follows__what_is_typed(void **state)
{
	char name[DNAME_TEXT_MAX];

	(void)state;
	open_demo("exempel.com");
	know("exempel.com");
	know("exempel.net");
	know("tyst.example");
	keys("D j /");
	type_in("EXAMP");
	assert_int_equal(ui.ask, ASK_FILTER);
	assert_true(shows("tyst.example") && !shows("exempel.net"));
	keys("Esc");
	assert_string_equal(ui_top(&ui)->filter, "");
	assert_int_equal(ui_top(&ui)->list.selected, 1);
	keys("/");
	type_in("empel");
	assert_int_equal(ui_top(&ui)->list.selected, 0);
	keys("Down Down Up Down");
	assert_int_equal(ui_top(&ui)->list.selected, 1);
	keys("Enter");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_string_equal(ui_top(&ui)->filter, "empel");
	assert_int_equal(ui_top(&ui)->list.selected, 1);
	keys("/ Ctrl-U");
	assert_true(shows("tyst.example"));
	keys("Esc");
	assert_string_equal(ui_top(&ui)->filter, "empel");
	keys("/");
	ui_paste(&ui, "net", 3);
	assert_true(shows("exempel.net") && !shows("tyst.example"));
	assert_int_equal(ui_top(&ui)->list.n, 1);
	keys("Enter Enter");
	settle();
	assert_string_equal(dname_text(session_domain(ui.session), name), "exempel.net");
	close_demo();
}

/* Esc takes the filter away before it leaves, and the head says it while rows are left out. */
static void mark__is_searched__and_so_are_its_states(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("s Enter /");
	type_in("server2");
	assert_true(shows("▏/ server2") && shows("mejlserver2.exempel.com") && !shows("all of IPv4"));
	keys("Enter Enter");
	assert_string_equal(ui_top(&ui)->filter, "");
	keys("/");
	type_in("timeout");
	assert_true(shows("▏/ timeout") && !shows("✖ refused"));
	type_in("zz");
	keys("Enter Enter");
	assert_int_equal(session_marks(ui.session)->n, 0); /* nothing was there to be chosen */
	keys("/ Ctrl-U");
	type_in("timeout");
	keys("Enter g Enter");
	assert_int_equal(session_marks(ui.session)->n, 1);
	assert_int_equal(session_marks(ui.session)->mark[0].state, SIM_TIMEOUT);
	assert_true(dname_equal(&session_marks(ui.session)->mark[0].name, &session_set(ui.session)->mx[1].host));
	assert_true(shows("all of IPv4"));
	keys("/");
	type_in("no such");
	assert_true(shows("Nothing of that name can be marked here"));
	keys("Enter Esc");
	assert_string_equal(ui_top(&ui)->class->name, "mark");
	assert_true(shows("all of IPv4"));
	close_demo();
}

static void senders__are_searched__and_turned_within(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("s /");
	type_in("exim");
	assert_true(shows("▏/ exim") && shows("Exim") && !shows("qmail"));
	keys("Enter Right");
	assert_non_null(strstr(sender_title(session_sender(ui.session)), "Exim"));
	keys("/");
	type_in("zz");
	assert_true(shows("No sender holds that word."));
	keys("Enter Right");
	assert_non_null(strstr(sender_title(session_sender(ui.session)), "Exim"));
	keys("Esc");
	assert_true(shows("qmail"));
	close_demo();
}

static void themes__are_searched__and_the_shown_one_is_taken(void **state)
{
	char name[THEME_NAME];

	(void)state;
	open_demo("exempel.com");
	keys("Ctrl-T /");
	type_in("mono");
	ui_theme(&ui, name);
	assert_string_equal(name, "mono");
	assert_true(shows("▏/ mono") && !shows("high-contrast"));
	type_in("zz");
	assert_true(shows("No theme holds that word."));
	keys("Enter Enter");
	assert_string_equal(ui_top(&ui)->class->name, "themes");
	keys("/ Ctrl-U");
	type_in("mono");
	keys("Enter Enter");
	assert_string_equal(ui.theme, "mono");
	assert_ptr_equal(ui_top(&ui)->class, &screen_ladder);
	ui_theme(&ui, name);
	assert_string_equal(name, "mono");
	assert_true(shows("Theme mono until you leave"));
	close_demo();
}

/* One letter is a word to search for. */
static void filter__of_one_letter__counts(void **state)
{
	static const struct {
		const char *open, *says;
	} rows[] = {
		{ "@", "No account holds that word." },
		{ "f", "No finding holds that word." },
		{ "I", "No request holds that word." },
		{ "D", "No domain holds that word." },
		{ "s", "No sender holds that word." },
		{ "H", "No push holds that word." },
		{ "m", "No failure holds that word." },
		{ "?", "Nothing holds that word." },
		{ "Ctrl-T", "No theme holds that word." },
	};

	(void)state;
	open_demo("exempel.com");
	know("exempel.com");
	push_with_note("2h", "a note");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		keys(rows[i].open);
		settle();
		assert_false(shows(rows[i].says));
		keys("/ \\");
		if (!shows(rows[i].says))
			fail_msg("%s: not \"%s\"", rows[i].open, rows[i].says);
		keys("Esc");
		ui_show(&ui, "ladder", NULL);
	}
	close_demo();
}

/* What Enter does on a row that was searched for leaves the list, as it does without a search. */
static void row__that_was_found__leaves_its_list(void **state)
{
	static const struct {
		const char *open, *word, *screen;
	} rows[] = {
		{ "f /", "target-cname", "ladder" },
		{ "? /", "matrix", "matrix" },
		{ "Ctrl-T /", "mono", "ladder" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		open_demo("exempel.com");
		keys(rows[i].open);
		type_in(rows[i].word);
		assert_int_equal(ui_top(&ui)->list.n, 1);
		keys("Enter Enter");
		assert_string_equal(ui_top(&ui)->class->name, rows[i].screen);
		ui_back(&ui);
		assert_ptr_equal(ui_top(&ui)->class, &screen_ladder);
		settle();
		close_demo();
	}
}

/* Enter shows them as they would be sent, at the place; Enter folds them again. */
static void requests_of_a_review__unfold(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("d r");
	settle();
	keys("G");
	assert_true(shows("Enter shows each as it would be sent.") && shows("Enter open"));
	keys("g Enter");
	assert_true(shows("The requests") && !shows("Enter shows each"));
	assert_true(ui_top(&ui)->scroll > 0);
	keys("Enter G");
	assert_true(shows("Enter shows each as it would be sent."));
	keys("Esc u r");
	assert_true(!shows("Enter open"));
	keys("Enter");
	assert_string_equal(ui_top(&ui)->class->name, "review");
	close_demo();
}

static void findings__are_searched__as_one_types(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("f /");
	type_in("TARGET-c");
	assert_true(shows("is an alias") && !shows("has no IPv6 address"));
	type_in("x");
	assert_true(shows("No finding holds that word."));
	keys("Backspace");
	assert_true(shows("is an alias"));
	keys("Esc");
	assert_true(shows("has no IPv6 address"));
	close_demo();
}

/* The selected row is the cursor from edge to edge, in every list and size. */
static void cursor__is_the_whole_row__of_every_list(void **state)
{
	static const char *const ways[] = { "s", "s Enter", "s Enter Enter", "f j", "m", "m j", "o", "?", "? j j", "Ctrl-T", "D",
		": Down" };
	static const int sizes[][2] = { { 120, 40 }, { 100, 30 }, { 80, 24 }, { 40, 12 } };

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		for (size_t k = 0; k < sizeof(sizes) / sizeof(*sizes); k++) {
			int width = sizes[k][0], rows = 0;

			open_demo("exempel.com");
			ui_know(&ui, &(struct known_domain){ .name = *session_domain(ui.session), .configured = true });
			keys(ways[i]);
			draw();
			settle();
			ui_draw(&ui, width, sizes[k][1], 0);
			/* The palette is below its prompt; the sender in use has a sign too, below the ladder. */
			for (int y = ui.canvas.cursor_shown ? ui.canvas.cursor_y : 0; y < sizes[k][1] && !rows; y++) {
				const struct cell *row = &ui.canvas.cell[y * width];

				if (strcmp(row[0].s, "▸") != 0 && strcmp(row[1].s, "▸") != 0)
					continue;
				rows++;
				for (int x = 1; x < width - 1; x++)
					if (row[x].role != ROLE_SELECTED)
						fail_msg("%s at %d: column %d", ways[i], width, x);
			}
			if (!rows)
				fail_msg("%s at %d: no row is selected", ways[i], width);
			close_demo();
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(domains__are__searched),
		cmocka_unit_test(accounts__are_told__and_tried),
		cmocka_unit_test(account__is_removed__by_its_name),
		cmocka_unit_test(hints__are__of_the_moment),
		cmocka_unit_test(requests__are_listed__with_what_came),
		cmocka_unit_test(history__is__searched),
		cmocka_unit_test(filter__follows__what_is_typed),
		cmocka_unit_test(mark__is_searched__and_so_are_its_states),
		cmocka_unit_test(senders__are_searched__and_turned_within),
		cmocka_unit_test(themes__are_searched__and_the_shown_one_is_taken),
		cmocka_unit_test(filter__of_one_letter__counts),
		cmocka_unit_test(row__that_was_found__leaves_its_list),
		cmocka_unit_test(requests_of_a_review__unfold),
		cmocka_unit_test(findings__are_searched__as_one_types),
		cmocka_unit_test(cursor__is_the_whole_row__of_every_list),
	};

	return cmocka_run_group_tests_name("lists", tests, NULL, NULL);
}
