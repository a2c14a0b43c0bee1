/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An audit that validates: signed, unsigned, broken and silent domains through a real validating resolver, by one validator. */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unbound-event.h>

#include <cmocka.h>

#include "app/audit.h"
#include "base/mem.h"
#include "io/scratch.h"
#include "../io/serve.h"

#define EXIT_SKIPPED 77
#define NEEDS (SURVEY_SET_ALONE | NEEDS_HOSTS | NEEDS_DNSSEC)

static struct serve rig;
static char *dir;
static unsigned contexts; /* of libunbound, since the program began */

struct ub_ctx *ub_ctx_create_event(struct event_base *base)
{
	struct ub_ctx *(*theirs)(struct event_base * base);

	*(void **)&theirs = dlsym(RTLD_NEXT, "ub_ctx_create_event");
	contexts++;
	return theirs(base);
}

static const struct domain {
	const char *name;
	enum dnssec dnssec;
} domains[] = {
	{ "lam.exempel.org", DNSSEC_UNCHECKED },
	{ "stum.exempel.org", DNSSEC_UNCHECKED },
	{ "saker.exempel.org", DNSSEC_SECURE },
	{ "trasig.exempel.org", DNSSEC_BOGUS },
	{ "nobody.saker.exempel.org", DNSSEC_SECURE },
	{ "osignerad.exempel.org", DNSSEC_INSECURE },
	{ "gammal.exempel.org", DNSSEC_BOGUS },
};
#define DOMAINS (sizeof(domains) / sizeof(*domains))
#define NAMES (3 * DOMAINS) /* each so often */

struct scene {
	struct app app;
	struct audit *audit;
	size_t taken, told;
	bool dead; /* no resolver answers */
	bool leaves;
};

static void open_scene(struct scene *scene, int port)
{
	struct app_options options = { .timeout_ms = 60000 };
	char path[300], config[600], store[300];

	*scene = (struct scene){ 0 };
	snprintf(path, sizeof(path), "%s/config", dir);
	snprintf(store, sizeof(store), "%s/state", dir);
	snprintf(config, sizeof(config), "[dns]\nresolver = 127.0.0.1:%d\nanchor_file = %s/anchor\n", port, rig.dir);
	options.config = path;
	options.state_dir = store;
	assert_true(store_write_file(path, config, strlen(config), 0600, NULL));
	assert_true(app_open(&scene->app, &options, NULL));
}

static enum audit_next next(void *data, struct dname *domain, struct str *line)
{
	struct scene *scene = data;

	(void)line;
	if (scene->taken == NAMES)
		return AUDIT_END;
	assert_true(dname_parse(domain, domains[scene->taken++ % DOMAINS].name, NULL));
	return AUDIT_NAME;
}

static void known(void *data, const struct facts *facts, struct str *line)
{
	struct scene *scene = data;
	const struct domain *domain = domains;
	char text[DNAME_TEXT_MAX];

	dname_text(&facts->domain, text);
	while (strcmp(domain->name, text) != 0)
		domain++;
	if (facts->dnssec != (scene->dead ? DNSSEC_UNCHECKED : domain->dnssec))
		fail_msg("%s: %s, %s", text, dnssec_name(facts->dnssec),
			facts->unchecked_reason ? facts->unchecked_reason : facts->bogus_reason);
	assert_int_equal(facts->bogus_reason[0] != 0, facts->dnssec == DNSSEC_BOGUS);
	assert_int_equal(facts->unchecked_reason != NULL, facts->dnssec == DNSSEC_UNCHECKED);
	str_add(line, "told");
}

static bool tell(void *data, const char *line)
{
	struct scene *scene = data;

	assert_string_equal(line, "told");
	return ++scene->told < NAMES / 2 || !scene->leaves;
}

static void moved(void *data, bool finished)
{
	(void)data;
	(void)finished;
}

static void audit(struct scene *scene, size_t width)
{
	struct audit_options options = { .needs = NEEDS, .width = width, .domain_ms = 200000 };

	scene->taken = scene->told = 0;
	scene->audit = audit_start(&scene->app, &options, &(struct audit_face){ next, known, tell, scene });
	audit_wait(scene->audit);
	audit_free(scene->audit);
	scene->audit = NULL;
}

/* However many at a time, with one libunbound; a survey by itself has its own. */
static void each__is_told__by_one_validator(void **state)
{
	static const size_t widths[] = { 1, 4, 100 };
	struct scene scene;
	struct facts facts;
	struct survey *survey;
	struct dname name;

	(void)state;
	open_scene(&scene, rig.port);
	for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++) {
		contexts = 0;
		audit(&scene, widths[i]);
		assert_int_equal(scene.told, NAMES);
		assert_int_equal(contexts, 1);
	}
	assert_true(dname_parse(&name, "saker.exempel.org", NULL));
	facts_init(&facts, &name);
	survey = survey_start(&scene.app, &(struct survey_want){ &facts, NULL, NEEDS }, moved, NULL);
	survey_wait(&scene.app, survey, 60000);
	assert_int_equal(facts.dnssec, DNSSEC_SECURE);
	assert_int_equal(contexts, 2);
	survey_free(survey);
	facts_release(&facts);
	app_close(&scene.app);
}

static void nobody_listening__ends_it(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, rig.port);
	scene.leaves = true;
	audit(&scene, 4);
	assert_true(scene.told < NAMES);
	app_close(&scene.app);
}

static void dead_resolver__is_told__as_unknown(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, 1);
	scene.dead = true;
	audit(&scene, 4);
	assert_int_equal(scene.told, NAMES);
	app_close(&scene.app);
}

static int start(void **state)
{
	(void)state;
	if (!serve_start(&rig, (const char *[]){ "dnsrig.py", NULL }))
		return -1;
	dir = scratch_new(NULL);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	scratch_free(dir);
	serve_stop(&rig);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each__is_told__by_one_validator),
		cmocka_unit_test(nobody_listening__ends_it),
		cmocka_unit_test(dead_resolver__is_told__as_unknown),
	};

	if (access("/usr/sbin/knotd", X_OK) != 0 || access("/usr/sbin/unbound", X_OK) != 0 || access("/usr/bin/dnssec-signzone", X_OK) != 0)
		return EXIT_SKIPPED;
	return cmocka_run_group_tests_name("audit_signed", tests, start, stop);
}
