/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All that is found in a set, word by word: tests/golden/check/words has a scene a line ("== records ; world" and maybe
 * " ; records of a draft", as scene.h writes them) and below it what is found and what is not checked. With MXLADDER_GOLDEN in the
 * environment the file is written anew from its scenes; look at the difference before it is committed.
 */
#include "scene.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/lint.h"

#define LINE 4096

static void reason_of(const struct skip *skip, struct str *out)
{
	str_init(out, 0);
	msg_format(&skip->reason, NULL, out);
}

/* A line for each reason: the ids in the order in which they came. */
static void add_skipped(struct str *out, const struct findings *found)
{
	bool *told = calloc(found->n_skip + 1, sizeof(*told));

	assert_non_null(told);
	for (size_t i = 0; i < found->n_skip; i++) {
		const struct check *check = check_find(found->skip[i].id);

		told[i] = check && (check->needs & (NEEDS_SMTP | NEEDS_STAR | NEEDS_PAST)); /* test_probe.c, test_past.c */
	}
	for (size_t i = 0; i < found->n_skip; i++) {
		struct str reason, other;

		if (told[i])
			continue;
		reason_of(&found->skip[i], &reason);
		str_addf(out, "not checked, %s:", reason.s);
		for (size_t k = i; k < found->n_skip; k++) {
			reason_of(&found->skip[k], &other);
			if (!told[k] && strcmp(other.s, reason.s) == 0) {
				str_addf(out, " %s", found->skip[k].id);
				told[k] = true;
			}
			str_release(&other);
		}
		str_add(out, "\n");
		str_release(&reason);
	}
	free(told);
}

static void add_found(struct str *out, const struct findings *found)
{
	char host[DNAME_TEXT_MAX];

	for (size_t i = 0; i < found->n; i++) {
		const struct finding *f = &found->finding[i];

		str_addf(out, "%s%s %s", f->introduced ? "new " : "", check_level_name(f->level), f->check->id);
		if (f->mx.host.len || f->mx.odd[0])
			str_addf(out, " (%u %s)", (unsigned)f->mx.preference, mx_host_show(&f->mx, host));
		str_add(out, ": ");
		msg_format(&f->text, NULL, out);
		str_addf(out, "%s%s\n", f->fix[0] ? " -> " : "", f->fix);
	}
	add_skipped(out, found);
}

/* Cuts the line into its parts; returns how many. */
static size_t cut(char *line, char *part[3])
{
	size_t n = 0;

	line[strcspn(line, "\n")] = '\0';
	for (char *at = line + strlen("== "); at && n < 3; n++) {
		char *next = strstr(at, " ; ");

		part[n] = at;
		if (!next && strlen(at) > 1 && strcmp(at + strlen(at) - 2, " ;") == 0)
			next = at + strlen(at) - 2;
		if (next)
			*next = '\0';
		at = next ? next + (next[2] ? 3 : 2) : NULL;
	}
	return n;
}

static void add_scene(struct str *out, const char *line)
{
	char copy[LINE], *part[3] = { NULL, NULL, NULL };
	struct findings found = { 0 };
	struct scene live, draft;
	size_t n;

	str_add(out, line);
	assert_true(strlen(line) < sizeof copy);
	memcpy(copy, line, strlen(line) + 1);
	n = cut(copy, part);
	assert_true(n >= 2);
	scene_open(&live, part[0], part[1]);
	if (n == 2) {
		lint_run(&live.in, &found);
	} else {
		scene_open(&draft, part[2], part[1]);
		draft.in.is_draft = true;
		draft.in.facts = live.in.facts;
		lint_draft(&live.in, &draft.in, &found);
		scene_close(&draft);
	}
	add_found(out, &found);
	findings_release(&found);
	scene_close(&live);
}

static void checks__words__of_every_scene(void **state)
{
	const char *top = getenv("top_srcdir");
	char path[512], line[LINE];
	struct str wanted, seen;
	size_t scenes = 0;
	FILE *file;

	(void)state;
	snprintf(path, sizeof path, "%s/tests/golden/check/words", top ? top : ".");
	file = fopen(path, "r");
	assert_non_null(file);
	str_init(&wanted, 0);
	str_init(&seen, 0);
	while (fgets(line, sizeof line, file)) {
		str_add(&wanted, line);
		if (strncmp(line, "== ", 3) != 0)
			continue;
		add_scene(&seen, line);
		scenes++;
	}
	fclose(file);
	assert_true(scenes > 0);
	if (getenv("MXLADDER_GOLDEN") && (file = fopen(path, "w")) != NULL) {
		fputs(seen.s, file);
		fclose(file);
	} else {
		assert_string_equal(seen.s, wanted.s);
	}
	str_release(&wanted);
	str_release(&seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks__words__of_every_scene),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
