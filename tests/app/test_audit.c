/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many domains at a resolver of the test's own: how many at a time, in which order, and what is asked once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/audit.h"
#include "app/look.h"
#include "base/mem.h"
#include "dnsd.h"

#define PLENTY 60000

struct scene {
	char *dir;
	struct app app;
	struct dnsd dnsd;
	struct dnsd_server *resolver;
	struct audit *audit;
	const char *names; /* "one.example !line ~later": blanks between them; what is left */
	char told[400];
	size_t most; /* surveys at a time */
	size_t stop_after, deaf_after;
	bool asked_later;
	unsigned asked; /* A of the shared host */
};

static void asked(struct dnsd_server *server, const struct dns_question *question)
{
	struct scene *scene = server->data;
	char text[DNAME_TEXT_MAX];

	if (question->type == DNS_A && !strcmp(dname_text(&question->name, text), "mx.hoster.example"))
		scene->asked++;
}

static int set_up(void **state)
{
	struct scene *scene = mem_alloc(sizeof(*scene));
	char zone[100];

	scene->dir = dnsd_open_app(&scene->dnsd, &scene->app, NULL);
	scene->app.timeout_ms = PLENTY;
	scene->resolver = dnsd_add(&scene->dnsd, "127.0.0.53", DNSD_RESOLVES);
	scene->resolver->hook = asked;
	scene->resolver->data = scene;
	dnsd_zone(scene->resolver, "hoster.example.", "@ NS ns\nmx A 192.0.2.1\n");
	for (int i = 1; i <= 6; i++) {
		snprintf(zone, sizeof(zone), "d%d.example.", i);
		dnsd_zone(scene->resolver, zone, "@ NS ns\n@ MX 10 mx.hoster.example.\n");
	}
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	audit_free(scene->audit);
	assert_int_equal(scene->app.surveys, 0);
	dnsd_close_app(&scene->dnsd, &scene->app, scene->dir);
	free(scene);
	return 0;
}

/* ---- the face ---- */

static void later(void *data)
{
	struct scene *scene = data;

	audit_more(scene->audit);
}

static enum audit_next next(void *data, struct dname *domain, struct str *line)
{
	struct scene *scene = data;
	char word[40];
	size_t len = strcspn(scene->names, " ");

	if (!len)
		return AUDIT_END;
	if (*scene->names == '*') { /* without an end */
		str_add(line, "*");
		return AUDIT_LINE;
	}
	snprintf(word, sizeof(word), "%.*s", (int)len, scene->names);
	scene->names += len + (scene->names[len] == ' ');
	if (*word == '~') {
		scene->asked_later = true;
		loop_after(scene->app.loop, 5, later, scene);
		return AUDIT_LATER;
	}
	if (*word == '!') {
		str_add(line, word + 1);
		return AUDIT_LINE;
	}
	assert_true(dname_parse(domain, word, NULL));
	return AUDIT_NAME;
}

static void known(void *data, const struct facts *facts, struct str *line)
{
	struct scene *scene = data;
	char text[DNAME_TEXT_MAX];

	if (scene->app.surveys > scene->most)
		scene->most = scene->app.surveys;
	str_addf(line, "%.2s%s", dname_text(&facts->domain, text),
		facts->mx == ANSWER_DATA      ? facts->n_host && facts->host[0].n_addr ? "+" : "-"
		: facts->mx == ANSWER_PENDING ? "?"
					      : "x");
}

static bool tell(void *data, const char *line)
{
	struct scene *scene = data;
	size_t len = strlen(scene->told);

	snprintf(scene->told + len, sizeof(scene->told) - len, "%s ", line);
	if (scene->stop_after && audit_count(scene->audit).told >= scene->stop_after)
		audit_stop(scene->audit);
	return !scene->deaf_after || audit_count(scene->audit).told < scene->deaf_after;
}

static void audit(struct scene *scene, const char *names, struct audit_options options)
{
	options.needs |= NEEDS_HOSTS;
	options.domain_ms = options.domain_ms ? options.domain_ms : PLENTY;
	scene->names = names;
	scene->audit = audit_start(&scene->app, &options, &(struct audit_face){ next, known, tell, scene });
	audit_wait(scene->audit);
}

static void quit(void *data)
{
	loop_stop(data);
}

/* ---- */

static void shared_host__is_asked_for_once(void **state)
{
	struct scene *scene = *state;

	audit(scene, "d1.example d2.example d3.example d4.example d5.example d6.example",
		(struct audit_options){ .width = 3, .ordered = true });
	assert_string_equal(scene->told, "d1+ d2+ d3+ d4+ d5+ d6+ ");
	assert_int_equal(scene->asked, 1);
	assert_int_equal(scene->most, 3);
	assert_int_equal(audit_count(scene->audit).told, 6);
	assert_int_equal(audit_count(scene->audit).running, 0);
}

/* Its addresses are kept for as long as both answers last, and told with all that came. */
static void exchange__is_known_at_once__until_an_answer_ends(void **state)
{
	struct scene *scene = *state;
	struct exchanges *all = exchanges_new(&scene->app);
	struct exchange_wait wait[2] = { { .fn = quit, .data = scene->app.loop }, { .fn = quit, .data = scene->app.loop } };
	struct facts facts;
	struct dname host, none = { 0 };

	dnsd_zone(scene->resolver, "many.example.",
		"@ NS ns\nmx 50 CNAME real\nreal 100 A 192.0.2.9\nreal 100 A 192.0.2.8\nreal 100 AAAA 2001:db8::8\n"
		"brief 0 A 192.0.2.9\nbrief 50 AAAA 2001:db8::9\n");
	assert_true(dname_parse(&host, "mx.many.example", NULL));
	assert_false(exchange_want(all, &host, &wait[0]));
	loop_run(scene->app.loop);
	assert_true(exchange_want(all, &host, &wait[1]));
	exchanges_forget(all);
	facts_init(&facts, &none);
	exchange_read(&wait[0], &facts);
	exchange_read(&wait[1], &facts);
	assert_int_equal(facts.n_host, 1);
	assert_true(facts.host->a == ANSWER_DATA && facts.host->aaaa == ANSWER_DATA);
	assert_true(facts.host->n_addr == 3 && facts.host->n_alias == 1 && facts.host->addr[0].bytes[3] == 8 &&
		    facts.host->addr[1].bytes[3] == 9);
	assert_in_range(facts.host->a_ttl_s, 49, 50);
	exchange_leave(&wait[0]);
	exchange_leave(&wait[0]);
	exchange_leave(&wait[1]);
	assert_false(exchange_want(all, &host, &wait[0])); /* forgotten */
	loop_run(scene->app.loop);
	exchange_leave(&wait[0]);
	assert_true(dname_parse(&host, "brief.many.example", NULL));
	for (int i = 0; i < 2; i++) {
		assert_false(exchange_want(all, &host, &wait[0])); /* one of its answers ends at once */
		loop_run(scene->app.loop);
		exchange_leave(&wait[0]);
	}
	facts_release(&facts);
	exchanges_free(all);
}

static unsigned second_alone(void *data, const struct dname *domain)
{
	char text[DNAME_TEXT_MAX];

	(void)data;
	return strcmp(dname_text(domain, text), "d2.example") == 0 ? NEEDS_TLSRPT : 0;
}

/* Of the second alone: its zone and its text are asked for, as a survey does. */
static void more__is_asked__of_the_domains_that_need_it(void **state)
{
	struct scene *scene = *state;

	audit(scene, "d1.example d2.example d3.example",
		(struct audit_options){ .width = 1, .needs = SURVEY_SET_ALONE, .more = second_alone });
	assert_string_equal(scene->told, "d1+ d2+ d3+ ");
	assert_non_null(strstr(scene->dnsd.log, "127.0.0.53 d1.example MX\n127.0.0.53 d2.example MX\n"));
	assert_non_null(strstr(scene->dnsd.log, "127.0.0.53 _smtp._tls.d2.example TXT\n"));
	assert_null(strstr(scene->dnsd.log, "_smtp._tls.d1"));
	assert_null(strstr(scene->dnsd.log, "_smtp._tls.d3"));
	assert_null(strstr(scene->dnsd.log, "d3.example NS"));
}

static void look__is_told__when_its_time_is_up(void **state)
{
	struct scene *scene = *state;

	scene->resolver->how = DNSD_SILENT;
	audit(scene, "d1.example d2.example",
		(struct audit_options){ .width = 2, .ordered = true, .domain_ms = 30, .needs = SURVEY_SET_ALONE });
	assert_string_equal(scene->told, "d1? d2? ");
}

static void never(void *data)
{
	*(bool *)data = true;
}

/* More than wait for an earlier one at a time: nothing is kept back for good. */
static void lines__are_told__however_many(void **state)
{
	struct scene *scene = *state;
	size_t n = 5000;
	char *names = malloc(3 * n + 1);

	for (size_t i = 0; i < n; i++)
		memcpy(names + 3 * i, "!x ", 3);
	names[3 * n] = '\0';
	audit(scene, names, (struct audit_options){ .width = 2, .ordered = true });
	assert_int_equal(audit_count(scene->audit).told, n);
	free(names);
}

/* One that is given up tells nothing, whichever of its answers is still to come. */
static void look__that_is_freed__is_not_heard_of(void **state)
{
	struct scene *scene = *state;
	struct dname domain;
	bool heard = false;
	struct exchanges *all = exchanges_new(&scene->app);
	struct look *look = look_new(&scene->app, all);

	assert_true(dname_parse(&domain, "d1.example", NULL));
	look_free(NULL);
	for (unsigned ms = 0; ms < 60; ms += 20) {
		scene->resolver->how = ms ? DNSD_RESOLVES : DNSD_SILENT;
		look_start(look, &domain, never, &heard);
		look_stop(look);
		loop_after(scene->app.loop, 20, quit, scene->app.loop);
		loop_run(scene->app.loop);
		assert_false(heard);
	}
	look_free(look);
	exchanges_free(all);
}

/* A name that does not exist, one without a set, one whose host is nowhere: as a survey tells them. */
static void look__tells__what_a_survey_does(void **state)
{
	static const char names[] = "d1.example nothing.example d7.example d8.example d9.example";
	struct scene *scene = *state;
	char told[sizeof(scene->told)];

	dnsd_zone(scene->resolver, "d7.example.", "@ NS ns\n@ A 192.0.2.7\n");
	dnsd_zone(scene->resolver, "d8.example.", "@ NS ns\n@ MX 10 gone.hoster.example.\n");
	dnsd_zone(scene->resolver, "d9.example.", "@ NS ns\n@ MX 0 .\n");
	audit(scene, names, (struct audit_options){ .width = 1, .needs = SURVEY_SET_ALONE });
	memcpy(told, scene->told, sizeof(told));
	*scene->told = '\0';
	audit_free(scene->audit);
	audit(scene, names, (struct audit_options){ .width = 1 });
	assert_string_equal(told, "d1+ nox d7x d8- d9- ");
	assert_string_equal(scene->told, told);
}

/* But for the addresses of its hosts, of which dnsd's log says nothing. */
static void set_alone__is_one_question(void **state)
{
	struct scene *scene = *state;

	audit(scene, "d1.example d2.example", (struct audit_options){ .width = 1, .needs = SURVEY_SET_ALONE });
	assert_string_equal(scene->told, "d1+ d2+ ");
	assert_string_equal(scene->dnsd.log, "127.0.0.53 d1.example MX\n127.0.0.53 d2.example MX\n");
	assert_int_equal(scene->asked, 1);
}

static void width_of_one__takes_one_after_the_other(void **state)
{
	struct scene *scene = *state;

	audit(scene, "d1.example d2.example d3.example", (struct audit_options){ .width = 1 });
	assert_string_equal(scene->told, "d1+ d2+ d3+ ");
	assert_int_equal(scene->most, 1);
}

static void order__is_kept__where_it_was_asked_for(void **state)
{
	struct scene *scene = *state;

	audit(scene, "d1.example !line d2.example !last", (struct audit_options){ .width = 8, .ordered = true });
	assert_string_equal(scene->told, "d1+ line d2+ last ");
}

static void lines__are_told_at_once__where_no_order_was_asked_for(void **state)
{
	struct scene *scene = *state;

	audit(scene, "d1.example !line !last", (struct audit_options){ .width = 8 });
	assert_string_equal(scene->told, "line last d1+ ");
}

static void names__may_come_later(void **state)
{
	struct scene *scene = *state;

	audit(scene, "d1.example ~ d2.example ~ !end", (struct audit_options){ .width = 8, .ordered = true });
	assert_string_equal(scene->told, "d1+ d2+ end ");
	assert_true(scene->asked_later);
}

static void nothing__is_told__of_no_name(void **state)
{
	struct scene *scene = *state;

	audit(scene, "", (struct audit_options){ .width = 8 });
	assert_string_equal(scene->told, "");
}

static void stop__finishes__those_in_hand(void **state)
{
	struct scene *scene = *state;

	scene->stop_after = 1;
	audit(scene, "d1.example d2.example d3.example d4.example", (struct audit_options){ .width = 1 });
	assert_string_equal(scene->told, "d1+ ");
	assert_string_equal(scene->names, "d2.example d3.example d4.example");
}

static void stop_now(void *data)
{
	struct scene *scene = data;

	audit_stop(scene->audit);
}

static void lines_without_end__leave_others_their_turn(void **state)
{
	struct scene *scene = *state;

	loop_after(scene->app.loop, 1, stop_now, scene);
	audit(scene, "*", (struct audit_options){ .width = 1 });
	assert_true(audit_count(scene->audit).told >= 1000);
}

static void nobody_listening__ends_it(void **state)
{
	struct scene *scene = *state;

	scene->deaf_after = 2;
	audit(scene, "!a !b !c d1.example", (struct audit_options){ .width = 2, .ordered = true });
	assert_string_equal(scene->told, "a b ");
	assert_string_equal(scene->names, "!c d1.example");
}

static void domain__is_told__when_its_time_is_up(void **state)
{
	struct scene *scene = *state;

	scene->resolver->how = DNSD_SILENT;
	audit(scene, "d1.example d2.example", (struct audit_options){ .width = 2, .ordered = true, .domain_ms = 30 });
	assert_string_equal(scene->told, "d1? d2? ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(shared_host__is_asked_for_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(exchange__is_known_at_once__until_an_answer_ends, set_up, tear_down),
		cmocka_unit_test_setup_teardown(set_alone__is_one_question, set_up, tear_down),
		cmocka_unit_test_setup_teardown(more__is_asked__of_the_domains_that_need_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(look__is_told__when_its_time_is_up, set_up, tear_down),
		cmocka_unit_test_setup_teardown(look__tells__what_a_survey_does, set_up, tear_down),
		cmocka_unit_test_setup_teardown(look__that_is_freed__is_not_heard_of, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lines__are_told__however_many, set_up, tear_down),
		cmocka_unit_test_setup_teardown(width_of_one__takes_one_after_the_other, set_up, tear_down),
		cmocka_unit_test_setup_teardown(order__is_kept__where_it_was_asked_for, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lines__are_told_at_once__where_no_order_was_asked_for, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names__may_come_later, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing__is_told__of_no_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(stop__finishes__those_in_hand, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lines_without_end__leave_others_their_turn, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nobody_listening__ends_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(domain__is_told__when_its_time_is_up, set_up, tear_down),
	};

	if (!dnsd_enter())
		return 77;
	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
