/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scene.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "check/lint.h"

static void add_record(struct scene *scene, char *text)
{
	char *end;
	unsigned long preference = strtoul(text, &end, 10);
	struct mx mx;

	mx_set(&mx, (uint32_t)preference, *end == ' ' ? end + 1 : end);
	mxset_add(&scene->set, &mx);
}

static void add_address(struct host_facts *host, const char *word)
{
	struct addr *addr = &host->addr[host->n_addr];

	assert_true(addr_parse(addr, word));
	*(addr->family == 4 ? &host->a : &host->aaaa) = ANSWER_DATA;
	host->n_addr++;
}

static void add_host(struct scene *scene, char *text)
{
	struct dname name;
	struct host_facts *host;
	char *save = NULL, *word = strtok_r(text, " ", &save);

	assert_true(dname_parse(&name, word, NULL));
	host = facts_host_add(&scene->facts, &name);
	host->a = host->aaaa = ANSWER_NODATA;
	while ((word = strtok_r(NULL, " ", &save)) != NULL) {
		if (strcmp(word, "!") == 0)
			host->a = host->aaaa = ANSWER_NXDOMAIN;
		else if (strcmp(word, "?") == 0)
			host->a = host->aaaa = ANSWER_SERVFAIL;
		else if (strcmp(word, "*") == 0)
			host->a = host->aaaa = ANSWER_TIMEOUT;
		else if (strcmp(word, "@") == 0)
			host->a = host->aaaa = ANSWER_BROKEN;
		else if (strcmp(word, "~") == 0)
			host->a = host->aaaa = ANSWER_PENDING;
		else if (strncmp(word, "->", 2) == 0)
			assert_true(dname_parse(&host->alias[host->n_alias++], word + 2, NULL));
		else
			add_address(host, word);
	}
}

/* Calls add for each part between bars. */
static void each_part(struct scene *scene, const char *text, void (*add)(struct scene *scene, char *part))
{
	char *copy = strdup(text), *at = copy;

	assert_non_null(copy);
	while (at && *at) {
		char *bar = strchr(at, '|');

		if (bar)
			*bar = '\0';
		add(scene, at);
		at = bar ? bar + 1 : NULL;
	}
	free(copy);
}

void scene_open(struct scene *scene, const char *records, const char *world)
{
	memset(scene, 0, sizeof(*scene));
	assert_true(dname_parse(&scene->domain, "exempel.com", NULL));
	scene->zone = scene->domain;
	facts_init(&scene->facts, &scene->domain);
	mxset_init(&scene->set);
	scene->set.ttl_s = 3600;
	each_part(scene, records, add_record);
	each_part(scene, world, add_host);
	scene->facts.mx = scene->set.n ? ANSWER_DATA : ANSWER_NODATA;
	scene->facts.ttl_max_s = 3600;
	mxset_copy(&scene->facts.live, &scene->set);
	scene->in = (struct check_input){ .domain = &scene->domain, .zone = &scene->zone, .set = &scene->set, .facts = &scene->facts };
}

void scene_close(struct scene *scene)
{
	mxset_release(&scene->set);
	facts_release(&scene->facts);
}

void scene_says(const char *id, const struct scene *scene, const char *wanted)
{
	const struct check *check = check_find(id);
	struct findings out = { 0 };
	struct str text;

	assert_non_null(check);
	check->run(check, &scene->in, &out);
	str_init(&text, 0);
	for (size_t i = 0; i < out.n; i++) {
		str_addf(&text, "%s%s: ", text.len ? "|" : "", check_level_name(out.finding[i].level));
		msg_format(&out.finding[i].text, NULL, &text);
	}
	for (size_t i = 0; i < out.n_skip; i++) {
		str_addf(&text, "%s- ", text.len ? "|" : "");
		msg_format(&out.skip[i].reason, NULL, &text);
	}
	assert_string_equal(text.s, wanted);
	str_release(&text);
	findings_release(&out);
}
