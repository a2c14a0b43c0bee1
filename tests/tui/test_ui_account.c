/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adding an account by typing: each question, what stands below it, and where it leads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../app/lab.h"
#include "app/enroll.h"
#include "app/session_private.h"
#include "driver.h"
#include "../core/sets.h"

static struct lab lab;

static void changed(void *data)
{
	(void)data;
	loop_stop(lab.app.loop);
}

static int begin(void **state)
{
	struct ui_hooks hooks = { .app = &lab.app, .changed = changed };

	(void)state;
	lab_open_network(&lab, "powerdns", "[domain exempel.com]\naccount = lab\n");
	ui_init(&ui, &hooks);
	assert_true(ui_open(&ui, NULL, NULL));
	draw();
	return 0;
}

static int end(void **state)
{
	(void)state;
	ui_release(&ui);
	lab_close(&lab);
	return 0;
}

static void expect_ask(enum question_kind ask, const char *filled)
{
	assert_int_equal(ui.ask, ask);
	assert_string_equal(ui.prompt.text.s, filled);
}

static void serve(struct vendor *vendor, struct vendor_call *call)
{
	const unsigned *zones = vendor->data;
	static char text[8000];
	size_t at = 1;

	if (!zones) {
		call->http = 401;
	} else if (!strstr(call->path, "/zones")) {
		call->text = "{\"type\":\"Server\",\"id\":\"localhost\"}";
	} else if (!*zones) {
		call->http = 403;
	} else {
		text[0] = '[';
		for (unsigned i = 0; i < *zones; i++)
			at += (size_t)snprintf(text + at, sizeof(text) - at,
				"%s{\"id\":\"z%02u.se.\",\"name\":\"z%02u.se.\",\"kind\":\"Native\"}", i ? "," : "", i, i);
		snprintf(text + at, sizeof(text) - at, "]");
		call->text = text;
	}
}

/* Up to the key, which is typed. */
static void walk(unsigned *zones)
{
	char endpoint[60];

	lab.vendor.hook = serve;
	lab.vendor.data = zones;
	snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d", lab.vendor.port);
	keys("A");
	expect_ask(ASK_ACCOUNT_PROVIDER, "");
	answer("powerdns");
	expect_ask(ASK_ACCOUNT_NAME, "powerdns");
	answer("second");
	expect_ask(ASK_ACCOUNT_ENDPOINT, "http://127.0.0.1:8081");
	answer(endpoint);
	expect_ask(ASK_ACCOUNT_KEY_PLACE, "");
	assert_true(shows("A file that holds the key, or ! and a command that prints it."));
	answer("");
	expect_ask(ASK_ACCOUNT_KEY, "");
	assert_true(shows("It is not shown, and goes into a file of its own"));
}

static void type_key(void)
{
	ui_paste(&ui, "geheim-geheim", 13);
	assert_true(shows("Key: *************"));
	assert_false(shows("geheim"));
	keys("Enter");
}

static void wait_for(enum question_kind ask)
{
	for (int i = 0; i < 20 && ui.ask != ask; i++)
		loop_run(lab.app.loop);
	assert_int_equal(ui.ask, ask);
}

static void provider__is_chosen__from_those_that_fit(void **state)
{
	(void)state;
	keys("A");
	assert_true(shows("Who holds the zones?") && shows("azure") && shows("powerdns"));
	keys("p o w");
	assert_true(shows("powerdns"));
	assert_false(shows("azure"));
	keys("Tab");
	expect_ask(ASK_ACCOUNT_PROVIDER, "powerdns");
	answer("nosuch");
	expect_ask(ASK_ACCOUNT_PROVIDER, "nosuch");
	assert_true(shows("no provider is named nosuch"));
	assert_null(ui_account_completion("nosuch"));
	assert_string_equal(ui_account_completion("pow"), "powerdns");
	keys("Esc A"); /* begun anew */
	expect_ask(ASK_ACCOUNT_PROVIDER, "");
	assert_null(ui.enroll->provider);
}

static void account__is_added__by_typing(void **state)
{
	struct roster_row *row;
	struct dname domain;
	unsigned zones = 3;
	char words[400];

	(void)state;
	walk(&zones);
	type_key();
	assert_true(shows("Asking PowerDNS Authoritative Server whether it accepts the account"));
	assert_int_equal(ui.message_role, ROLE_PENDING);
	wait_for(ASK_ACCOUNT_DOMAINS);
	expect_ask(ASK_ACCOUNT_DOMAINS, "");
	assert_int_equal(ui.message.len, 0);
	assert_true(shows("The account can be used, and has these zones.") && shows("z00.se  z01.se  z02.se"));
	answer("a..b");
	expect_ask(ASK_ACCOUNT_DOMAINS, "a..b");
	answer("z01.se z02.se");
	assert_int_equal(ui.ask, ASK_NONE);
	snprintf(words, sizeof(words), "Account second stands in %s now.", lab.app.config.path);
	assert_string_equal(ui.message.s, words);
	assert_int_equal(ui.message_role, ROLE_OK);
	assert_null(ui.enroll);
	assert_string_equal(config_get(&lab.app.config, "account", "second", "provider"), "powerdns");
	assert_int_equal(ui.roster->n, 2);
	assert_true(dname_parse(&domain, "z01.se", NULL));
	row = roster_find(ui.roster, &domain);
	assert_true(row->configured);
	assert_string_equal(row->account, "second");
	assert_string_equal(ui_top(&ui)->class->name, "domains");
}

/* Begun from the list of accounts, it ends on the list of domains, which is in order. */
static void account__added_from_their_list__leads_to_the_domains(void **state)
{
	unsigned zones = 3;

	(void)state;
	keys("@");
	assert_string_equal(ui_top(&ui)->class->name, "accounts");
	walk(&zones);
	type_key();
	wait_for(ASK_ACCOUNT_DOMAINS);
	answer("z02.se z01.se");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_string_equal(ui_top(&ui)->class->name, "domains");
	assert_int_equal(ui.roster->n, 2);
	assert_string_equal(ui.roster->row[0]->text, "z01.se");
	assert_string_equal(ui.roster->row[1]->text, "z02.se");
}

static void one_zone__is_filled_in(void **state)
{
	unsigned zones = 1;

	(void)state;
	walk(&zones);
	type_key();
	wait_for(ASK_ACCOUNT_DOMAINS);
	expect_ask(ASK_ACCOUNT_DOMAINS, "z00.se");
	keys("Enter");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_int_equal(ui.roster->n, 1);
}

static void many_zones__are_shown__as_far_as_it_goes(void **state)
{
	unsigned zones = 60;
	struct str text;

	(void)state;
	str_init(&text, 0);
	walk(&zones);
	type_key();
	wait_for(ASK_ACCOUNT_DOMAINS);
	ui_account_note(&ui, &text);
	assert_string_equal(text.s + text.len - 16, "  z58.se  z59.se");
	str_clear(&text);
	keys("Esc");
	zones = 61;
	walk(&zones);
	type_key();
	wait_for(ASK_ACCOUNT_DOMAINS);
	ui_account_note(&ui, &text);
	assert_string_equal(text.s + text.len - 20, "  z58.se  z59.se \xe2\x80\xa6");
	assert_non_null(strstr(text.s, "all:\nz00.se  z01.se  "));
	str_release(&text);
}

static void provider__that_gives_no_list__takes_names(void **state)
{
	unsigned zones = 0;

	(void)state;
	walk(&zones);
	type_key();
	wait_for(ASK_ACCOUNT_DOMAINS);
	expect_ask(ASK_ACCOUNT_DOMAINS, "");
	assert_true(shows("The account can be used. Names with blanks between them; none: they can be added later."));
	answer("");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_int_equal(ui.roster->n, 0);
	assert_non_null(config_get(&lab.app.config, "account", "second", "provider"));
}

/* What was typed as a key is nowhere afterwards, taken or not. */
static void key__that_is_refused__is_said_and_forgotten(void **state)
{
	(void)state;
	walk(NULL);
	keys("Enter");
	expect_ask(ASK_ACCOUNT_KEY, "");
	assert_true(shows("PowerDNS Authoritative Server needs a key"));
	type_key();
	assert_int_equal(ui.ask, ASK_NONE);
	wait_for(ASK_ACCOUNT_KEY); /* it is asked for again, and nothing else */
	expect_ask(ASK_ACCOUNT_KEY, "");
	assert_true(shows("refused the credentials of account second"));
	assert_null(memmem(ui.prompt.text.s, ui.prompt.text.cap, "geheim", 6));
	assert_null(config_get(&lab.app.config, "account", "second", "provider"));
	keys("Esc Up");
	walk(NULL);
	ui_paste(&ui, "geheim-geheim", 13);
	keys("Esc");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_null(memmem(ui.prompt.text.s, ui.prompt.text.cap, "geheim", 6));
	assert_int_equal(ui.prompt.n_undo, 0);
	for (size_t i = 0; i < ui.prompt.n_past; i++)
		assert_null(strstr(ui.prompt.past[i], "geheim"));
}

/* Where the key is refused, the key is asked for again; where nobody answers, the address: what was typed stays. */
static void what_fails__is_asked_for_again(void **state)
{
	unsigned zones = 3;
	char endpoint[60], file[300];
	FILE *key;

	(void)state;
	walk(NULL);
	type_key();
	wait_for(ASK_ACCOUNT_KEY);
	lab.vendor.data = &zones;
	type_key();
	wait_for(ASK_ACCOUNT_DOMAINS);
	keys("Esc A");
	answer("powerdns");
	answer("third");
	answer("http://127.0.0.1:1");
	snprintf(file, sizeof(file), "%s/third.key", lab.dir);
	key = fopen(file, "w");
	assert_non_null(key);
	fputs("geheim", key);
	fclose(key);
	assert_int_equal(chmod(file, 0644), 0);
	answer(file);
	wait_for(ASK_ACCOUNT_KEY_PLACE); /* others could read it */
	assert_int_equal(chmod(file, 0600), 0);
	keys("Enter");
	wait_for(ASK_ACCOUNT_ENDPOINT);
	expect_ask(ASK_ACCOUNT_ENDPOINT, "http://127.0.0.1:1");
	assert_true(ui.refusal.len > 0);
	lab.vendor.data = NULL;
	snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d", lab.vendor.port);
	answer(endpoint);
	wait_for(ASK_ACCOUNT_KEY_PLACE);
	expect_ask(ASK_ACCOUNT_KEY_PLACE, file);
	lab.vendor.data = &zones;
	keys("Enter");
	wait_for(ASK_ACCOUNT_DOMAINS);
	answer("z01.se");
	assert_string_equal(config_get(&lab.app.config, "account", "third", "key_file"), file);
}

/* A domain that is open is read by its new account; no list comes between. */
static void account__of_the_open_domain__is_used_at_once(void **state)
{
	unsigned zones = 3;
	struct dname domain;

	(void)state;
	assert_true(dname_parse(&domain, "z01.se", NULL));
	assert_true(ui_open(&ui, &domain, NULL));
	assert_string_equal(ui.account, "lab"); /* the only one there is */
	walk(&zones);
	type_key();
	wait_for(ASK_ACCOUNT_DOMAINS);
	answer("z01.se");
	assert_string_equal(ui_top(&ui)->class->name, "ladder");
	assert_string_equal(ui.account, "second");
	assert_true(shows("Account second stands in"));
}

/* The account stands in the configuration by then: the question is over, whatever becomes of the domain that is open. */
static void account__of_a_domain_that_cannot_be_opened_anew__is_added_all_the_same(void **state)
{
	char room[400], aside[410];
	unsigned zones = 3;
	struct dname domain;
	struct mxset want;

	(void)state;
	assert_true(dname_parse(&domain, "z01.se", NULL));
	assert_true(ui_open(&ui, &domain, NULL));
	mxset_init(&want);
	set_from(&want, "3600 10 mx9.z01.se");
	session_begin_draft(ui.session, &want, TRUTH_HELD);
	set_from(&want, "60 10 mx9.z01.se");
	assert_true(session_replace(ui.session, &want, NULL));
	assert_true(session_save(ui.session, NULL));
	snprintf(room, sizeof(room), "%s/drafts", store_directory(lab.app.store));
	snprintf(aside, sizeof(aside), "%s-aside", room);
	assert_int_equal(rename(room, aside), 0);
	assert_true(store_write_file(room, "", 0, 0600, NULL));
	set_from(&want, "3600 10 mx8.z01.se");
	assert_true(session_replace(ui.session, &want, NULL));
	walk(&zones);
	type_key();
	wait_for(ASK_ACCOUNT_DOMAINS);
	answer("z01.se");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_null(ui.enroll);
	assert_int_equal(strncmp(ui.message.s, "Account second stands in ", 25), 0);
	assert_non_null(strstr(ui.message.s, " now. The open domain could not be read anew: the draft was changed meanwhile"));
	assert_int_equal(ui.message_role, ROLE_ERROR);
	assert_true(mxset_equal(session_set(ui.session), &want)); /* the draft is still there */
	mxset_release(&want);
	assert_int_equal(unlink(room), 0);
	assert_int_equal(rename(aside, room), 0);
}

static void provider__is_found__by_its_title(void **state)
{
	(void)state;
	keys("A");
	assert_true(shows("rfc2136 is a BIND, Knot or other name server of your own"));
	ui_paste(&ui, "amazon", 6);
	assert_true(shows("route53: Amazon Route 53"));
	assert_false(shows("azure"));
}

static void settings__are_asked_for__one_after_the_other(void **state)
{
	(void)state;
	keys("A");
	answer("namecheap");
	keys("Enter");
	expect_ask(ASK_ACCOUNT_ENDPOINT, "https://api.namecheap.com/xml.response");
	keys("Enter");
	expect_ask(ASK_ACCOUNT_SETTING, "");
	assert_true(shows("api_user: the user whose API access it is"));
	answer("");
	expect_ask(ASK_ACCOUNT_SETTING, "");
	assert_true(shows("Namecheap needs a value for api_user"));
	answer("anna");
	expect_ask(ASK_ACCOUNT_SETTING, "");
	assert_true(shows("client_ip: this machine's public IPv4 address"));
	answer("192.0.2.7");
	expect_ask(ASK_ACCOUNT_KEY_PLACE, "");
	answer("!");
	expect_ask(ASK_ACCOUNT_KEY_PLACE, "!");
	assert_true(shows("there is no command behind the !"));
}

/* Zone files need no key: they are tried at once. */
static void account__without_a_key__is_tried_at_once(void **state)
{
	(void)state;
	keys("A");
	answer("zonefile");
	answer("files");
	expect_ask(ASK_ACCOUNT_ENDPOINT, "");
	answer("");
	expect_ask(ASK_ACCOUNT_ENDPOINT, "");
	assert_true(shows("zone file has no address that would do for all"));
	answer(lab.dir);
	assert_int_equal(ui.message_role, ROLE_PENDING);
	wait_for(ASK_ACCOUNT_DOMAINS);
	expect_ask(ASK_ACCOUNT_DOMAINS, "");
	answer("exempel.se");
	assert_string_equal(config_get(&lab.app.config, "account", "files", "endpoint"), lab.dir);
}

static void account__is_not_added__where_nothing_may_be_written(void **state)
{
	(void)state;
	lab.app.read_only = true;
	keys("A");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_true(shows("which --read-only and --demo forbid"));
	assert_int_equal(ui.message_role, ROLE_ERROR);
	assert_null(ui.enroll);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(provider__is_chosen__from_those_that_fit, begin, end),
		cmocka_unit_test_setup_teardown(account__is_added__by_typing, begin, end),
		cmocka_unit_test_setup_teardown(account__added_from_their_list__leads_to_the_domains, begin, end),
		cmocka_unit_test_setup_teardown(one_zone__is_filled_in, begin, end),
		cmocka_unit_test_setup_teardown(many_zones__are_shown__as_far_as_it_goes, begin, end),
		cmocka_unit_test_setup_teardown(provider__that_gives_no_list__takes_names, begin, end),
		cmocka_unit_test_setup_teardown(key__that_is_refused__is_said_and_forgotten, begin, end),
		cmocka_unit_test_setup_teardown(what_fails__is_asked_for_again, begin, end),
		cmocka_unit_test_setup_teardown(account__of_the_open_domain__is_used_at_once, begin, end),
		cmocka_unit_test_setup_teardown(account__of_a_domain_that_cannot_be_opened_anew__is_added_all_the_same, begin, end),
		cmocka_unit_test_setup_teardown(provider__is_found__by_its_title, begin, end),
		cmocka_unit_test_setup_teardown(settings__are_asked_for__one_after_the_other, begin, end),
		cmocka_unit_test_setup_teardown(account__without_a_key__is_tried_at_once, begin, end),
		cmocka_unit_test_setup_teardown(account__is_not_added__where_nothing_may_be_written, begin, end),
	};

	return cmocka_run_group_tests_name("ui_account", tests, NULL, NULL);
}
