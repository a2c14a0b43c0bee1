/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screens of what the policy demands and of what probes met: as they are drawn, as they are spoken, and when they are judged anew. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "core/facts/smtp.h"
#include "driver.h"
#include "pictures.h"
#include "speak.h"
#include "tui/plain.h"

static int begin(void **state)
{
	(void)state;
	open_demo("exempel.com");
	return 0;
}

static int end(void **state)
{
	(void)state;
	close_demo();
	return 0;
}

static void picture_in_swedish(const char *name)
{
	speak("sv");
	picture(name, "sv");
	speak(NULL);
}

static bool says(const char *line, const char *words)
{
	struct str text;
	bool yes;

	str_init(&text, 0);
	assert_true(plain_line(&ui, line));
	plain_screen(&ui, 0, &text);
	yes = strstr(text.s, words) != NULL;
	if (!yes)
		print_message("%s", text.s);
	str_release(&text);
	return yes;
}

/* ---- demands ---- */

static void write_policy(const char *text)
{
	char path[256], line[300];
	FILE *file;

	snprintf(path, sizeof(path), "%s/policy", app.demo_dir);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(path, 0600), 0);
	snprintf(line, sizeof(line), "policy_file = %s\n", path);
	if (!config_get(&app.config, "main", "", "policy_file"))
		configure(line);
}

static void demands__without_a_policy__say_how_one_is_named(void **state)
{
	(void)state;
	keys("F");
	assert_ptr_equal(ui_top(&ui)->class, &screen_demands);
	assert_true(shows("No policy is configured: policy_file in the [main] section of the configuration names one"));
	keys("Esc f");
	assert_false(shows("F demands"));
}

static void demands__are_judged__of_the_draft_as_it_is_now(void **state)
{
	(void)state;
	write_policy("[domain exempel.com]\nmust = ttl <= 1h\nmust = survives any one of hosts\nmust = dnssec\n");
	keys("F");
	picture_wide("demands");
	picture_in_swedish("demands");
	assert_true(shows("not met: ttl <= 1h ("));
	assert_true(says("ttl 1h", "\nmet: ttl <= 1h\n"));
	settle();
	assert_true(says("undo", "not met: ttl <= 1h ("));
	keys("Esc t");
	answer("1h");
	keys("F");
	assert_true(shows("met: ttl <= 1h") && !shows("not met: ttl <= 1h"));
	write_policy("[domain exempel.com]\nmust = nonsense\n");
	keys("Esc F");
	assert_true(shows("nonsense"));
	write_policy("[domain other.example]\nmust = ttl <= 1h\n");
	keys("Esc F");
	assert_true(shows("demands nothing of exempel.com."));
}

/* ---- probes ---- */

static struct smtp_facts *met(const char *host, const char *address, enum smtp_seen seen)
{
	struct facts *facts = (struct facts *)(uintptr_t)session_facts(ui.session);
	struct smtp_facts *row;
	struct dname name;
	struct addr addr;

	assert_true(dname_parse(&name, host, NULL));
	assert_true(addr_parse(&addr, address));
	facts->probed = true;
	row = facts_smtp_add(facts, &name, &addr);
	row->seen = seen;
	row->at = 1795537800;
	return row;
}

static void probe_all(void)
{
	struct smtp_facts *row = met("mejlserver1.exempel.com", "192.0.2.10", SMTP_READY);

	assert_true(addr_parse(&row->from, "198.51.100.99"));
	row->code = 220;
	snprintf(row->banner, sizeof(row->banner), "mejlserver1.exempel.com ESMTP \033[31mPostfix");
	row->offers = SMTP_SIZE | SMTP_STARTTLS | SMTP_PIPELINING;
	row->tls = SMTP_TLS_UP;
	snprintf(row->cert.version, sizeof(row->cert.version), "TLSv1.3");
	snprintf(row->cert.cipher, sizeof(row->cert.cipher), "TLS_AES_256_GCM_SHA384");
	row->cert.n_chain = row->cert.n_names = 1;
	snprintf(row->cert.name[0], sizeof(row->cert.name[0]), "*.exempel.com");
	row->cert.not_after = 1900000000;
	row->cert.trust = SMTP_UNTRUSTED;
	snprintf(row->cert.trust_reason, sizeof(row->cert.trust_reason), "unable to get local issuer certificate");
	row->dane = FACT_NO;
	met("mejlserver1.exempel.com", "2001:db8::10", SMTP_SILENT);
	row = met("mejlserver2.exempel.com", "192.0.2.11", SMTP_GREETS_4XX);
	row->code = 421;
	snprintf(row->reply, sizeof(row->reply), "too busy");
	row = met("reserv.exempel.net", "198.51.100.7", SMTP_REFUSED);
	snprintf(row->reason, sizeof(row->reason), "Connection refused");
}

static void probes__not_made__say_how_they_are(void **state)
{
	(void)state;
	keys("b");
	assert_ptr_equal(ui_top(&ui)->class, &screen_probes);
	assert_true(shows("The demo's mail servers are names in a file: none of them can be probed."));
	assert_false(shows("V probe"));
	app.demo = false;
	assert_true(shows("No mail server was probed: V connects to port 25 of each address, and sends no message."));
	assert_true(shows("V probe"));
	ui.hooks.spoken = true;
	assert_true(says("look", "No mail server was probed: \"probe\" connects to port 25 of each address,\n  and sends no message.\n"));
	app.demo = true;
}

static void probes__are_shown__an_address_a_row(void **state)
{
	(void)state;
	probe_all();
	keys("b");
	picture_at = 1795537800;
	picture_wide("probes");
	picture_in_swedish("probes");
	picture_at = 0;
	assert_true(shows("It greets: mejlserver1.exempel.com ESMTP \\x1b[31mPostfix"));
	keys("j j");
	assert_true(shows("The reply that decided: 421 too busy") && !shows("It greets"));
	assert_true(
		says("4", "reserv.exempel.net 198.51.100.7:\nrefuses the connection\nWhy, in the system's words: Connection refused\n"));
	keys("Esc f");
	ui_act(&ui, ACTION_PROBES);
	assert_ptr_equal(ui_top(&ui)->class, &screen_probes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(demands__without_a_policy__say_how_one_is_named, begin, end),
		cmocka_unit_test_setup_teardown(demands__are_judged__of_the_draft_as_it_is_now, begin, end),
		cmocka_unit_test_setup_teardown(probes__not_made__say_how_they_are, begin, end),
		cmocka_unit_test_setup_teardown(probes__are_shown__an_address_a_row, begin, end),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("screen_told", tests, NULL, NULL);
}
