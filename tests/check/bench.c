/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../core/sets.h"

void open_bench(struct bench *bench, const char *base, const char *want)
{
	struct dname domain;

	memset(bench, 0, sizeof(*bench));
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	facts_init(&bench->facts, &domain);
	bench->facts.zone = domain;
	bench->facts.mx = ANSWER_DATA;
	set_from(&bench->base, base);
	set_from(&bench->want, want);
	mxset_copy(&bench->facts.live, &bench->base);
	bench->facts.ttl_max_s = bench->base.ttl_s;
	bench->facts.sts.txt = ANSWER_NXDOMAIN;
}

void close_bench(struct bench *bench)
{
	facts_release(&bench->facts);
	mxset_release(&bench->base);
	mxset_release(&bench->want);
}

struct sts_facts *publish_policy(struct bench *bench, enum sts_mode mode, const char *mx)
{
	struct sts_facts *sts = &bench->facts.sts;
	char words[400], *save = NULL;

	*sts = (struct sts_facts){ .txt = ANSWER_DATA, .n_record = 1, .txt_valid = true, .id = "20250101", .fetch = STS_FETCH_OK };
	sts->policy.mode = mode;
	sts->policy.max_age_s = 604800;
	snprintf(words, sizeof(words), "%s", mx);
	for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		struct sts_pattern *pattern = &sts->policy.mx[sts->policy.n_mx++];

		pattern->wildcard = *word == '*';
		assert_true(dname_parse(&pattern->name, pattern->wildcard ? word + 2 : word, NULL));
	}
	return sts;
}

static void add_msg(struct str *text, const char *mark, const struct msg *msg)
{
	if (!msg->id)
		return;
	str_add(text, mark);
	msg_format(msg, NULL, text);
	str_add_char(text, '\n');
}

void describe(const struct companion *step, bool whole, struct str *text)
{
	static const char *const seen[] = { [FACT_UNKNOWN] = "?", [FACT_NO] = "-", [FACT_YES] = "+" };

	str_addf(text, "%s %s %s", companion_when_name(step->when), seen[step->seen], step->id);
	if (step->wait_known)
		str_addf(text, " %lus", (unsigned long)step->wait_s);
	else if (step->wait.id)
		str_add(text, " ?s");
	str_add_char(text, '\n');
	if (!whole)
		return;
	add_msg(text, "what: ", &step->what);
	add_msg(text, "why: ", &step->why);
	add_msg(text, "missing: ", &step->missing);
	str_add(text, step->text ? step->text : "");
	add_msg(text, "wait: ", &step->wait);
}

/* Those of a move itself: test_companion_move.c. */
static bool is_of_move(const struct companion *step)
{
	static const char *const ids[] = { "hoster", "lower-ttl", "drain-not-over", "leftover-verification" };

	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
		if (!strcmp(step->id, ids[i]))
			return true;
	return false;
}

void expect(const struct bench *bench, bool whole, const char *expected)
{
	struct companion_input in = { &bench->base, &bench->want, &bench->facts, AT };
	struct companions companions = { 0 };
	struct str text;
	size_t n = 0;

	companions_find(&companions, &in);
	str_init(&text, 0);
	for (size_t i = 0; i < companions.n; i++)
		n += !is_of_move(&companions.companion[i]);
	for (size_t i = 0; n > 1 && i < companions.n; i++)
		if (!is_of_move(&companions.companion[i]))
			describe(&companions.companion[i], whole, &text);
	assert_string_equal(text.s, expected);
	str_release(&text);
	companions_release(&companions);
}

void expect_text(const struct bench *bench, const char *id, const char *expected)
{
	struct companion_input in = { &bench->base, &bench->want, &bench->facts, AT };
	struct companions companions = { 0 };
	const char *text = "no such step";

	companions_find(&companions, &in);
	for (size_t i = 0; i < companions.n; i++)
		if (!strcmp(companions.companion[i].id, id))
			text = companions.companion[i].text ? companions.companion[i].text : "";
	assert_string_equal(text, expected);
	companions_release(&companions);
}
