/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of domains on zone files: what of an answer, a draft and a journal each keeps, their order, and lists of names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/roster.h"
#include "app/roster_zones.h"
#include "app/session.h"
#include "core/edit_text.h"
#include "lab.h"
#include "../core/sets.h"

struct scene {
	struct lab lab;
	struct roster *roster;
	struct session *session;
	unsigned changes;
	char told[500]; /* of accounts' zones */
};

static void changed(void *data)
{
	struct scene *scene = data;

	scene->changes++;
	if (scene->roster->told == scene->roster->n)
		loop_stop(scene->lab.app.loop);
}

static void add_zone(struct scene *scene, const char *name, const char *records)
{
	char text[1000];

	snprintf(text, sizeof(text), "$ORIGIN %s.\n$TTL 3600\n@ SOA ns hostmaster 1 3600 900 604800 300\n@ NS ns\nns A 192.0.2.1\n%s", name,
		records);
	assert_true(zoneworld_add(scene->lab.app.world, name, text, strlen(text), NULL));
}

static int set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	lab_open(&scene->lab, "powerdns",
		"[account none]\nprovider = loopia\nkey_env = LAB_KEY\n[account ocean]\nprovider = digitalocean\nendpoint = http://127.0.0.1:1\nkey_env = LAB_KEY\n");
	scene->roster = roster_new(&scene->lab.app, changed, scene);
	add_zone(scene, "own.se", "@ 60 MX 10 a\n@ 60 MX 20 b\na A 198.51.100.1\nb A 203.0.113.2\n");
	add_zone(scene, "part.se", "@ MX 10 a\n@ MX 20 mx.other.se.\na A 198.51.100.1\n");
	add_zone(scene, "google.se", "@ 120 MX 1 smtp.google.com.\n");
	add_zone(scene, "null.se", "@ 30 MX 0 .\n");
	add_zone(scene, "alias.se", "@ MX 10 a\n@ MX 20 r\xc3\xa4ka\na CNAME b\nb A 198.51.100.1\n");
	add_zone(scene, "bare.se", "@ A 198.51.100.1\n");
	add_zone(scene, "other.se", "mx A 198.51.100.7\n");
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	session_close(scene->session);
	roster_free(scene->roster);
	lab_close(&scene->lab);
	free(scene);
	return 0;
}

static struct roster_row *know(struct scene *scene, const char *name, const char *account)
{
	struct dname domain;

	assert_true(dname_parse(&domain, name, NULL));
	return roster_know(scene->roster, &domain, account);
}

static void ask_all(struct scene *scene)
{
	roster_ask(scene->roster, 0);
	if (scene->roster->told < scene->roster->n)
		loop_run(scene->lab.app.loop);
}

/* ---- an answer ---- */

static const char *row_text(const struct roster_row *row)
{
	static char text[600];

	snprintf(text, sizeof(text), "%s %zu%s%s %s %zu/%zu/%zu/%zu %s \"%s\" %s %.1f/%.0f%s%s %d", answer_name(row->mx), row->set.n,
		row->null_mx ? " null" : "", row->own ? " own" : "", row->hoster ? row->hoster : "-", row->n_level[LEVEL_ERROR],
		row->n_level[LEVEL_WARNING], row->n_level[LEVEL_NOTICE], row->n_level[LEVEL_INFO], row->worst ? row->worst->id : "-",
		row->about, row->failure_known ? "failure" : "-", row->lost, row->late_s, *row->fails ? " of " : "", row->fails,
		(int)row->truth.live);
	return text;
}

static void rows__keep__what_an_answer_says(void **state)
{
	static const struct {
		const char *name, *text;
	} rows[] = {
		{ "own.se", "answered 2 own - 0/0/4/1 spf \"\" failure 0.0/0 1" },
		{ "part.se", "answered 2 - 0/0/2/1 spf \"\" failure 1.0/0 of 198.51.100.0/24 1" },
		{ "google.se", "answered 1 Google Workspace 0/0/1/0 spf \"\" failure 1.0/0 of smtp.google.com 1" },
		{ "null.se", "answered 1 null Null MX (RFC 7505) 0/1/1/0 ttl-short \"\" - 0.0/0 1" },
		{ "alias.se", "answered 2 own - 2/0/2/1 target-cname \"a.alias.se\" failure 1.0/0 of a.alias.se 1" },
		{ "bare.se", "no such record 0 - 0/1/1/0 implicit-mx \"\" failure 1.0/0 of bare.se 1" },
		{ "nowhere.se", "not asked 0 - 0/0/0/0 - \"\" - 0.0/0 0" },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		know(scene, rows[i].name, NULL);
	ask_all(scene);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(row_text(scene->roster->row[i]), rows[i].text);
	roster_ask_again(scene->roster, scene->roster->row[4]);
	assert_string_equal(scene->roster->row[4]->about, ""); /* that its worst finding was about a.alias.se is forgotten */
}

/* ---- what is kept on disk ---- */

static void moved(void *data)
{
	struct scene *scene = data;

	if (scene->session && !session_surveying(scene->session))
		loop_stop(scene->lab.app.loop);
}

static void edit(struct scene *scene, const char *name, const char *text)
{
	struct edits edits = { 0 };
	struct dname domain;

	assert_true(dname_parse(&domain, name, NULL));
	session_close(scene->session);
	scene->session = NULL;
	scene->session = session_open(&scene->lab.app, &domain, moved, scene);
	session_survey(scene->session);
	if (session_surveying(scene->session))
		loop_run(scene->lab.app.loop);
	assert_true(edit_parse_line(&(struct edit_grammar){ .domain = &domain, .completes = true }, text, &edits, NULL));
	assert_true(session_edit(scene->session, edits.edit, edits.n, NULL));
	assert_true(session_save(scene->session, NULL));
	edits_release(&edits);
}

static void expect_kept(struct scene *scene, struct roster_row *row, bool drafted, size_t changes, const char *want)
{
	char text[4096];

	roster_look(scene->roster, row);
	assert_int_equal(row->drafted, drafted);
	assert_int_equal(row->changes, changes);
	assert_string_equal(set_text(&row->want, text), want);
}

static void row__keeps__what_the_draft_is(void **state)
{
	struct scene *scene = *state;
	struct roster_row *row = know(scene, "own.se", NULL);
	char path[400];

	expect_kept(scene, row, false, 0, "0");
	edit(scene, "own.se", "add 30 c, remove a.own.se");
	expect_kept(scene, row, true, 2, "60 20 b.own.se 30 c.own.se");
	edit(scene, "own.se", "remove c.own.se, add 10 a");
	assert_false(session_drafting(scene->session));
	expect_kept(scene, row, false, 0, "60 10 a.own.se 20 b.own.se"); /* nothing is left of it to be done */
	edit(scene, "own.se", "ttl 300");
	expect_kept(scene, row, true, 1, "300 10 a.own.se 20 b.own.se");
	snprintf(path, sizeof(path), "%s/state/drafts/own.se.json", scene->lab.dir);
	assert_true(store_write_file(path, "{", 1, 0600, NULL));
	expect_kept(scene, row, true, 0, "0");
}

/* Reading a draft takes long: nobody waits for it before a row is shown, and then each is read once. */
static void draft__is_read__when_the_rows_are_to_be_shown(void **state)
{
	struct scene *scene = *state;
	struct roster_row *own, *part;

	edit(scene, "own.se", "ttl 300");
	edit(scene, "part.se", "ttl 300");
	own = know(scene, "own.se", NULL);
	part = know(scene, "part.se", NULL);
	assert_int_equal(scene->roster->unlooked, 2);
	assert_false(own->looked || own->drafted || part->looked || part->drafted);
	roster_look(scene->roster, own);
	roster_look(scene->roster, own);
	assert_int_equal(scene->roster->unlooked, 1);
	assert_true(own->looked && own->drafted && !part->looked);
	edit(scene, "own.se", "ttl 600");
	roster_settle(scene->roster);
	assert_int_equal(scene->roster->unlooked, 0);
	assert_true(part->looked && part->drafted);
	assert_int_equal(part->changes, 1);
	assert_int_equal(own->want.ttl_s, 300); /* it was looked at before */
}

static void row__keeps__how_the_last_push_stands(void **state)
{
	struct scene *scene = *state;
	struct roster_row *row = know(scene, "exempel.com", NULL);

	assert_null(row->push_is);
	assert_int_equal(row->push_at, 0);
	lab_plan(&scene->lab, LAB_BASE, LAB_BASE " 20 mx2.exempel.com");
	lab_expect(lab_push(&scene->lab, NULL), PUSH_PUBLISHED, ERR_NONE);
	lab_plan(&scene->lab, LAB_BASE, LAB_BASE);
	roster_look(scene->roster, row);
	assert_string_equal(row->push_is, "published");
	assert_true(row->push_at > 0 && row->push_at <= loop_now());
	lab_forget(&scene->lab);
	roster_look(scene->roster, row);
	assert_null(row->push_is);
	assert_int_equal(row->push_at, 0);
}

/* ---- order ---- */

static const char *order(const struct scene *scene)
{
	static char text[300];
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < scene->roster->n; i++)
		at += (size_t)snprintf(
			text + at, sizeof(text) - at, " %.*s", (int)strcspn(scene->roster->row[i]->text, "."), scene->roster->row[i]->text);
	return text;
}

static void rows__are_put__in_order(void **state)
{
	static const struct {
		enum roster_order by;
		const char *before, *told;
	} rows[] = {
		{ ROSTER_BY_NAME, " alias bare google null own part", " alias bare google null own part" },
		{ ROSTER_BY_ACCOUNT, " own null alias bare google part", " own null alias bare google part" },
		{ ROSTER_BY_TTL, " alias bare google null own part", " null own google alias part bare" },
	};
	struct scene *scene = *state;

	know(scene, "part.se", NULL);
	know(scene, "own.se", "a");
	know(scene, "null.se", "b");
	know(scene, "bare.se", NULL);
	know(scene, "google.se", NULL);
	know(scene, "alias.se", NULL);
	assert_string_equal(order(scene), " part own null bare google alias");
	roster_sort(scene->roster, ROSTER_BY_WORST);
	assert_string_equal(order(scene), " alias bare google null own part"); /* of none is anything known */
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		roster_sort(scene->roster, rows[i].by);
		assert_string_equal(order(scene), rows[i].before);
	}
	ask_all(scene);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		roster_sort(scene->roster, rows[i].by);
		assert_string_equal(order(scene), rows[i].told);
	}
	/* an account that becomes known */
	know(scene, "part.se", "a");
	roster_sort(scene->roster, ROSTER_BY_ACCOUNT);
	assert_string_equal(order(scene), " own part null alias bare google");
}

/* Worst first, then what nobody tells, then what is well, then what is not asked. */
static void worst__stands_first(void **state)
{
	static const struct {
		const char *name;
		bool worst;
		enum check_level level;
		enum answer mx;
		enum roster_state state;
	} rows[] = {
		{ "g.se", false, LEVEL_ERROR, ANSWER_DATA, ROSTER_TOLD },
		{ "f.se", false, LEVEL_ERROR, ANSWER_TIMEOUT, ROSTER_TOLD },
		{ "e.se", true, LEVEL_INFO, ANSWER_DATA, ROSTER_TOLD },
		{ "d.se", true, LEVEL_NOTICE, ANSWER_DATA, ROSTER_TOLD },
		{ "c.se", true, LEVEL_WARNING, ANSWER_DATA, ROSTER_TOLD },
		{ "b.se", true, LEVEL_ERROR, ANSWER_DATA, ROSTER_TOLD },
		{ "a.se", false, LEVEL_ERROR, ANSWER_UNASKED, ROSTER_UNASKED },
		{ "0.se", true, LEVEL_ERROR, ANSWER_UNASKED, ROSTER_ASKED },
	};
	static const struct check check = { .id = "x" };
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct roster_row *row = know(scene, rows[i].name, NULL);

		row->worst = rows[i].worst ? &check : NULL;
		row->level = rows[i].level;
		row->mx = rows[i].mx;
		row->state = rows[i].state;
	}
	roster_sort(scene->roster, ROSTER_BY_WORST);
	assert_string_equal(order(scene), " b c d e f g 0 a");
}

/* What is sorted otherwise than by name keeps its order while it is told; who asks again loses what was told. */
static void rows__keep_order__and_are_forgotten_when_asked_again(void **state)
{
	struct scene *scene = *state;
	struct roster_row *row;

	row = know(scene, "own.se", NULL);
	know(scene, "null.se", NULL);
	know(scene, "bare.se", NULL);
	roster_sort(scene->roster, ROSTER_BY_TTL);
	assert_string_equal(order(scene), " bare null own");
	ask_all(scene);
	assert_string_equal(order(scene), " null own bare");
	assert_int_equal(scene->changes, 3);
	assert_int_equal(scene->roster->told, 3);
	roster_ask(scene->roster, 0);
	assert_int_equal(scene->roster->asked, 0);
	assert_true(row->own && row->failure_known && row->worst && row->set.n == 2 && row->n_level[row->level]);
	roster_ask_again(scene->roster, row);
	assert_int_equal(scene->roster->told, 2);
	assert_int_equal(row->state, ROSTER_UNASKED);
	assert_false(row->own || row->failure_known || row->worst || row->set.n || row->hoster || *row->about || *row->fails);
	for (int level = LEVEL_ERROR; level < LEVEL_COUNT; level++)
		assert_int_equal(row->n_level[level], 0);
	roster_ask_again(scene->roster, row); /* not asked: nothing to forget */
	assert_int_equal(scene->roster->told, 2);
	ask_all(scene);
	assert_int_equal(scene->roster->told, 3);
	assert_int_equal(row->set.n, 2);
}

static void row__is_found__by_its_name(void **state)
{
	struct scene *scene = *state;
	struct roster_row *row = know(scene, "own.se", "lab"), *other = know(scene, "R\xc3\x84KA.se", NULL);
	struct dname domain;

	assert_ptr_equal(know(scene, "OWN.se", NULL), row);
	assert_string_equal(row->account, "lab");
	assert_string_equal(row->text, "own.se");
	assert_string_equal(other->text, "xn--rka-qla.se");
	assert_string_equal(other->shown, "r\xc3\xa4ka.se");
	assert_string_equal(other->account, "");
	assert_int_equal(scene->roster->n, 2);
	assert_true(dname_parse(&domain, "owm.se", NULL));
	assert_null(roster_find(scene->roster, &domain));
	assert_true(dname_parse(&domain, "zzz.se", NULL));
	assert_null(roster_find(scene->roster, &domain));
}

/* ---- lists ---- */

static const char *in_folder(const struct scene *scene, const char *name)
{
	static char path[400];

	snprintf(path, sizeof(path), "%s/%s", scene->lab.dir, name);
	return path;
}

static void expect_list(struct scene *scene, const char *text, size_t n, const char *words)
{
	struct err err = { 0 };
	struct str said;
	size_t got = 99, before = scene->roster->n;

	str_init(&said, 0);
	assert_true(store_write_file(in_folder(scene, "list"), text, strlen(text), 0600, NULL));
	assert_int_equal(roster_read(scene->roster, in_folder(scene, "list"), &got, &err), !words);
	if (words) {
		err_format(&err, NULL, &said);
		assert_string_equal(said.s + strlen(in_folder(scene, "list")), words);
		assert_int_equal(err.code, ERR_USAGE);
		assert_int_equal(scene->roster->n, before);
	} else {
		assert_int_equal(got, n);
	}
	str_release(&said);
}

static void list__is_read__a_name_a_line(void **state)
{
	struct scene *scene = *state;
	struct err err = { 0 };
	size_t n;

	expect_list(scene, "", 0, NULL);
	expect_list(scene, "# none\n\n \t\r\n", 0, NULL);
	assert_int_equal(scene->roster->n, 0);
	expect_list(scene, " \town.se \t\r\n#x\npart.se#y\n\nown.se", 3, NULL);
	assert_string_equal(order(scene), " own part");
	expect_list(scene, "null.se\n\n# a comment\na..b\n", 0, ": line 4: \"a..b\" has an empty label: a dot too many");
	expect_list(scene, "a..b", 0, ": line 1: \"a..b\" has an empty label: a dot too many");
	assert_false(roster_read(scene->roster, in_folder(scene, "nosuch"), &n, &err));
	assert_int_equal(err.code, ERR_FILE);
}

static void list__has_a_limit(void **state)
{
	struct scene *scene = *state;
	size_t len = (size_t)4 << 20, n = 0;
	char *text = malloc(len + 1);
	struct err err = { 0 };

	memset(text, '#', len + 1);
	memcpy(text + len - 7, "\nown.se", 7);
	assert_true(store_write_file(in_folder(scene, "list"), text, len, 0600, NULL));
	assert_true(roster_read(scene->roster, in_folder(scene, "list"), &n, &err));
	assert_int_equal(n, 1);
	assert_string_equal(order(scene), " own");
	text[len] = '\n';
	assert_true(store_write_file(in_folder(scene, "list"), text, len + 1, 0600, NULL));
	assert_false(roster_read(scene->roster, in_folder(scene, "list"), &n, &err));
	free(text);
}

/* ---- zones of accounts ---- */

static void told(void *data, const char *account, size_t n, const struct err *err)
{
	struct scene *scene = data;
	size_t at = strlen(scene->told);

	snprintf(scene->told + at, sizeof(scene->told) - at, "%s %zu %d\n", account ? account : "end", n, err ? (int)err->code : 0);
	if (!account)
		loop_stop(scene->lab.app.loop);
}

static void two_zones(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	if (strstr(call->path, "/zones?"))
		call->text = "[{\"id\":\"own.se.\",\"name\":\"own.se.\",\"kind\":\"Native\"},"
			     "{\"id\":\"andra.se.\",\"name\":\"andra.se.\",\"kind\":\"Native\"}]";
}

static void zones__of_all_accounts__come_into_the_list(void **state)
{
	struct scene *scene = *state;
	struct roster_zones *zones;

	know(scene, "part.se", NULL);
	know(scene, "own.se", NULL);
	roster_sort(scene->roster, ROSTER_BY_ACCOUNT);
	scene->lab.vendor.hook = two_zones;
	zones = roster_zones_start(scene->roster, told, scene);
	assert_string_equal(scene->told, "");
	loop_run(scene->lab.app.loop);
	roster_zones_free(zones);
	assert_string_equal(scene->told, "lab 2 0\nnone 0 2\nocean 0 3\nend 0 0\n");
	assert_string_equal(order(scene), " andra own part");
	assert_string_equal(scene->roster->row[0]->account, "lab");
	assert_string_equal(scene->roster->row[1]->account, "lab");
	assert_string_equal(scene->roster->row[2]->account, "");
}

static void stop(void *data)
{
	struct scene *scene = data;

	loop_stop(scene->lab.app.loop);
}

static void zones__are_not_asked__after_the_end(void **state)
{
	struct scene *scene = *state;
	struct roster_zones *zones = roster_zones_start(scene->roster, told, scene);

	roster_zones_free(NULL);
	roster_zones_free(zones);
	loop_after(scene->lab.app.loop, 20, stop, scene);
	loop_run(scene->lab.app.loop);
	assert_string_equal(scene->told, "");
	assert_string_equal(scene->lab.vendor.log, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rows__keep__what_an_answer_says, set_up, tear_down),
		cmocka_unit_test_setup_teardown(row__keeps__what_the_draft_is, set_up, tear_down),
		cmocka_unit_test_setup_teardown(draft__is_read__when_the_rows_are_to_be_shown, set_up, tear_down),
		cmocka_unit_test_setup_teardown(row__keeps__how_the_last_push_stands, set_up, tear_down),
		cmocka_unit_test_setup_teardown(rows__are_put__in_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(worst__stands_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(rows__keep_order__and_are_forgotten_when_asked_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(row__is_found__by_its_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(list__is_read__a_name_a_line, set_up, tear_down),
		cmocka_unit_test_setup_teardown(list__has_a_limit, set_up, tear_down),
		cmocka_unit_test_setup_teardown(zones__of_all_accounts__come_into_the_list, set_up, tear_down),
		cmocka_unit_test_setup_teardown(zones__are_not_asked__after_the_end, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("roster_kept", tests, NULL, NULL);
}
