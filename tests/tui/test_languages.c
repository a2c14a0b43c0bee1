/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a screen has room for in English, it has room for in every language: heads of columns, titles, keys and states, none of them cut. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/i18n.h"
#include "core/explain.h"
#include "driver.h"
#include "io/loop.h"
#include "speak.h"

#define DRAFTED "d j d j d"

static const struct {
	const char *keys; /* from the home on */
	int width, height;
	const char *words[16]; /* the English ones, which are looked for as the language has them */
} looks[] = {
	{ "", 100, 30,
		{ "Ladder", "if down", "found", "addresses", "zone", "not probed", "If it alone is silent", "Who answers what", "HELD",
			"no delay", "help" } },
	{ "", 80, 24, { "Ladder", "if down", "found", "add", "edit", "help", "HELD" } },
	{ "", 40, 12, { "add", "edit", "HELD" } },
	{ "m", 100, 30, { "What fails", "at once", "late", "lost", "delivered", "What stops the mail", "GAME DAY", "single", "pairs" } },
	{ "m", 80, 24, { "What fails", "lost", "What stops the mail", "GAME DAY" } },
	{ "s", 100, 30, { "One message", "All senders", "delivered", "delay", "worst case", "up", "WHAT IF", "matrix", "outage" } },
	{ "o", 100, 30,
		{ "Sender", "at once", "late", "warned", "returned", "first return", "empty after", "shuns for", "waits in queues",
			"warnings begin", "returns begin", "OUTAGE", "longer", "shorter" } },
	{ "o", 80, 24, { "Sender", "late", "returned", "first return", "empty after", "shuns for", "waits in queues", "warnings begin" } },
	{ "D", 120, 30, { "domain", "ladder", "mail at", "TTL", "worst finding", "worst failure", "by name", "select", "order" } },
	{ "f", 100, 30, { "error", "notice" } },
	{ "f", 40, 12, { "pane", "back", "help" } },
	{ "m", 40, 12, { "pane", "help" } },
	{ DRAFTED " r", 100, 30, { "REVIEW", "Held", "Draft", "before:", "after:", "What changes when one server alone is silent (%s)" } },
	{ DRAFTED " c", 100, 30, { "CUT-OVER", "drained by the TTL", "caches with the old set" } },
};

/* The list of domains has one, and all is known of it. */
static void know_a_domain(void)
{
	struct known_domain domain = { .configured = true };

	assert_true(dname_parse(&domain.name, "exempel.com", NULL));
	ui_know(&ui, &domain);
	draw();
	while (ui.roster->told < ui.roster->n) {
		loop_run(app.loop);
		draw();
	}
}

static bool shows_whole(const char *words, const char *text)
{
	const char *said = _(words), *hole = strchr(said, '%');
	char part[128];

	if (hole == said)
		return true;
	snprintf(part, sizeof(part), "%.*s", (int)(hole ? (size_t)(hole - said) : strlen(said)), said);
	return strstr(text, part) != NULL;
}

static bool all_fit(const char *language)
{
	bool good = true;

	for (size_t i = 0; i < sizeof(looks) / sizeof(*looks); i++) {
		struct str text;

		open_demo("exempel.com");
		keys(looks[i].keys);
		ui_draw(&ui, looks[i].width, looks[i].height, 0);
		settle();
		if (!strcmp(looks[i].keys, "D"))
			know_a_domain();
		str_init(&text, 0);
		ui_draw(&ui, looks[i].width, looks[i].height, 0);
		canvas_text(&ui.canvas, &text);
		for (size_t k = 0; looks[i].words[k]; k++)
			if (!shows_whole(looks[i].words[k], text.s)) {
				print_error("# %s: \"%s\", %dx%d: no \"%s\"\n", language, looks[i].keys, looks[i].width, looks[i].height,
					_(looks[i].words[k]));
				good = false;
			}
		str_release(&text);
		close_demo();
	}
	return good;
}

/* The list of domains with a draft: the count of its changes is not cut, however long the word is. */
static bool changes_fit(const char *language)
{
	struct str wanted, text;
	bool good;

	open_demo("exempel.com");
	keys("D");
	know_a_domain();
	ui.roster->row[0]->drafted = true;
	ui.roster->row[0]->changes = 3;
	str_init(&wanted, 0);
	str_init(&text, 0);
	str_addf(&wanted, ngettext("%zu change", "%zu changes", 3), (size_t)3);
	ui_draw(&ui, 140, 24, 0);
	canvas_text(&ui.canvas, &text);
	good = strstr(text.s, wanted.s) != NULL && shows_whole("draft", text.s);
	if (!good)
		print_error("# %s: no \"%s\"\n", language, wanted.s);
	str_release(&wanted);
	str_release(&text);
	close_demo();
	return good;
}

static void words__fit__in_english(void **state)
{
	(void)state;
	assert_true(all_fit("en") && changes_fit("en"));
}

static void words__fit__in_every_language(void **state)
{
	char languages[SPEAK_MOST][8];
	size_t n = speak_languages(languages);
	bool good = true;

	(void)state;
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++) {
		speak(languages[i]);
		assert_string_not_equal(_("unknown"), "unknown");
		good &= all_fit(languages[i]) && changes_fit(languages[i]);
	}
	speak(NULL);
	assert_true(good);
}

/* Between a host's share and its state, in a row of the ladder; false: no such row. */
static bool address_of(const char *screen, const char *host, char *out, size_t size)
{
	const char *row = strstr(screen, host), *from = row ? strstr(row, " % ") : NULL, *to;

	if (!from || memchr(row, '\n', (size_t)(from - row)))
		return false;
	to = strstr(from, "✔");
	if (!to || (strstr(from, "▲") && strstr(from, "▲") < to))
		to = strstr(from, "▲");
	assert_non_null(to);
	snprintf(out, size, "%.*s", (int)(to - from - 3), from + 3);
	return true;
}

/* Rows of home's ladder, or of the what-if's senders, that have a bar. */
static size_t bars_at(const char *typed, int width, int height, int from, int to)
{
	struct str text;
	size_t bars = 0;
	int y = 0;

	open_demo("exempel.com");
	keys(typed);
	settle();
	ui_draw(&ui, width, height, 0);
	str_init(&text, 0);
	canvas_text(&ui.canvas, &text);
	for (const char *row = text.s, *next; (next = strchr(row, '\n')); row = next + 1, y++) {
		const char *bar = strstr(row, "█");

		bars += y >= from && y < to && bar && bar < next;
	}
	str_release(&text);
	close_demo();
	return bars;
}

/* Shares have their bars in every language where they have them in English. */
static void bars__stand__in_every_language(void **state)
{
	char languages[SPEAK_MOST][8];
	size_t n = speak_languages(languages);

	(void)state;
	for (size_t i = 0; i <= n; i++) {
		speak(i ? languages[i - 1] : NULL);
		if (bars_at("", 100, 30, 2, 6) != 2 || bars_at("", 120, 40, 2, 6) != 2 || bars_at("s", 100, 30, 8, 28) != 10)
			fail_msg("%s", i ? languages[i - 1] : "en");
	}
	speak(NULL);
}

/* A host with addresses never has a blank where others have theirs: it is cut, or counted. */
static void addresses__that_do_not_fit__are_never_blank(void **state)
{
	static const char *const languages[] = { NULL, "sv", "de", "fr" }, *const hosts[] = { "mejlserver1", "mejlserver2", "reserv" };
	char text[3][200];
	struct str screen;

	(void)state;
	for (size_t l = 0; l < sizeof(languages) / sizeof(*languages); l++) {
		speak(languages[l]);
		open_demo("exempel.com");
		for (int width = 60; width < 130; width++) {
			size_t filled = 0;

			str_init(&screen, 0);
			keys("+");
			ui_draw(&ui, width, 24, 0);
			canvas_text(&ui.canvas, &screen);
			for (size_t i = 0; i < 3; i++) {
				assert_true(address_of(strchr(screen.s, '\n'), hosts[i], text[i], sizeof(text[i])));
				filled += strpbrk(text[i], ".:+") != NULL;
			}
			if (filled && filled < 3)
				fail_msg("%s at %d: \"%s\" \"%s\" \"%s\"", languages[l] ? languages[l] : "en", width, text[0], text[1],
					text[2]);
			str_release(&screen);
		}
		close_demo();
		speak(NULL);
	}
}

/* Help page by page on the smallest screen: no name is left out, and nothing is cut. */
static bool help_is_whole(const char *language)
{
	struct str frame, all;
	const struct list *list;
	bool good = true;
	int pages = 0;

	str_init(&frame, 0);
	str_init(&all, 0);
	open_demo("exempel.com");
	keys("?");
	list = &ui_top(&ui)->list;
	for (int last = -1; list->selected != last; press("PgDn"), pages++) {
		last = list->selected;
		ui_draw(&ui, 40, 12, 0);
		str_clear(&frame);
		canvas_text(&ui.canvas, &frame);
		if (strstr(frame.s, "…")) {
			print_error("# %s: cut in\n%s", language, frame.s);
			good = false;
		}
		str_add(&all, frame.s);
	}
	for (; list->selected; press("PgUp"), pages--)
		ui_draw(&ui, 40, 12, 0);
	good &= pages > -5 && pages < 5;
	for (const struct topic *topic = topics; topic->name; topic++)
		good &= strstr(all.s, topic->name) != NULL;
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		str_clear(&frame);
		keymap_names(&ui.keymap, (enum action)i, &frame);
		if (strstr(all.s, frame.s))
			continue;
		print_error("# %s: no %s\n", language, frame.s);
		good = false;
	}
	close_demo();
	str_release(&frame);
	str_release(&all);
	return good;
}

static void help__is_whole__on_the_smallest_screen(void **state)
{
	char languages[SPEAK_MOST][8];
	size_t n = speak_languages(languages);
	bool good = help_is_whole("en");

	(void)state;
	for (size_t i = 0; i < n; i++) {
		speak(languages[i]);
		good &= help_is_whole(languages[i]);
	}
	speak(NULL);
	assert_true(good);
}

/* From a draft on, the way to its push is told on the smallest screen, however long the other words are. */
static void review__is_told__in_every_language(void **state)
{
	char languages[SPEAK_MOST][8];
	size_t n = speak_languages(languages);

	(void)state;
	open_demo("exempel.com");
	keys("J");
	for (size_t i = 0; i <= n; i++) {
		char hint[64];

		speak(i ? languages[i - 1] : NULL);
		snprintf(hint, sizeof(hint), "  r %s", _(actions[ACTION_REVIEW].hint));
		if (!shows_at(40, 12, hint))
			fail_msg("%s", i ? languages[i - 1] : "en");
	}
	speak(NULL);
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words__fit__in_english),
		cmocka_unit_test(words__fit__in_every_language),
		cmocka_unit_test(help__is_whole__on_the_smallest_screen),
		cmocka_unit_test(bars__stand__in_every_language),
		cmocka_unit_test(review__is_told__in_every_language),
		cmocka_unit_test(addresses__that_do_not_fit__are_never_blank),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("languages", tests, NULL, NULL);
}
