/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The forms of a demand: how each is written and read. How each is judged stands in must_judge.c. */
#include "check/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "check/lint.h"
#include "check/must_judge.h"
#include "core/preset.h"
#include "base/banned.h"

#define WORDS 5
#define LINE_MAX_BYTES 200

/* ---- reading ---- */

static bool is_word(const char *const word[], size_t n, size_t i, const char *wanted)
{
	return i < n && text_equal_fold(word[i], wanted);
}

/* "two" or "2", up to 99. */
static bool read_count(const char *word, uint32_t *count)
{
	static const char *const names[] = { "one", "two", "three", "four", "five", "six" };
	size_t len = strspn(word, "0123456789");

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_equal_fold(word, names[i])) {
			*count = (uint32_t)i + 1;
			return true;
		}
	*count = (uint32_t)strtoul(word, NULL, 10);
	return len && len <= 2 && !word[len] && *count;
}

static bool parse_survives(struct must *must, const char *const word[], size_t n)
{
	if (!is_word(word, n, 0, "survives") || !is_word(word, n, 1, "any") || (n != 3 && n != 5))
		return false;
	must->number = is_word(word, n, 2, "one") ? 1 : is_word(word, n, 2, "pair") ? 2 : 0;
	if (n == 5 && is_word(word, n, 4, "hosts"))
		must->loss = MUST_LOSS_HOSTS;
	else if (n == 5 && is_word(word, n, 4, "networks"))
		must->loss = MUST_LOSS_NETWORKS;
	return must->number && (n == 3 || (is_word(word, n, 3, "of") && must->loss != MUST_LOSS_ANY));
}

static bool parse_ttl(struct must *must, const char *const word[], size_t n, const char *sign)
{
	return n == 3 && is_word(word, n, 0, "ttl") && is_word(word, n, 1, sign) && text_parse_duration(word[2], &must->number) &&
	       must->number <= MX_TTL_MAX;
}

static bool parse_ttl_most(struct must *must, const char *const word[], size_t n)
{
	return parse_ttl(must, word, n, "<=");
}

static bool parse_ttl_least(struct must *must, const char *const word[], size_t n)
{
	return parse_ttl(must, word, n, ">=");
}

static bool parse_count(struct must *must, const char *const word[], size_t n, const char *one, const char *several)
{
	return n == 2 && read_count(word[0], &must->number) && (is_word(word, n, 1, several) || is_word(word, n, 1, one));
}

static bool parse_hosts(struct must *must, const char *const word[], size_t n)
{
	return parse_count(must, word, n, "host", "hosts");
}

static bool parse_networks(struct must *must, const char *const word[], size_t n)
{
	return parse_count(must, word, n, "network", "networks");
}

static bool parse_sts(struct must *must, const char *const word[], size_t n)
{
	must->mode = is_word(word, n, 1, "enforce") ? STS_ENFORCE : is_word(word, n, 1, "testing") ? STS_TESTING : STS_MODE_UNKNOWN;
	return n == 2 && is_word(word, n, 0, "mta-sts") && must->mode != STS_MODE_UNKNOWN;
}

static bool parse_hoster(struct must *must, const char *const word[], size_t n)
{
	if (n != 2 || !is_word(word, n, 0, "hoster"))
		return false;
	must->hoster = preset_find(word[1]);
	return must->hoster != NULL;
}

static bool parse_dnssec(struct must *must, const char *const word[], size_t n)
{
	(void)must;
	return n == 1 && is_word(word, n, 0, "dnssec");
}

static bool parse_no(struct must *must, const char *const word[], size_t n)
{
	if (n != 2 || !is_word(word, n, 0, "no"))
		return false;
	must->check = check_find(word[1]);
	return must->check != NULL;
}

/* ---- writing ---- */

static void text_survives(const struct must *must, struct str *out)
{
	str_add(out, must->number == 1 ? "survives any one" : "survives any pair");
	str_add(out, must->loss == MUST_LOSS_HOSTS ? " of hosts" : must->loss == MUST_LOSS_NETWORKS ? " of networks" : "");
}

static void text_ttl_most(const struct must *must, struct str *out)
{
	str_add(out, "ttl <= ");
	text_duration(out, must->number);
}

static void text_ttl_least(const struct must *must, struct str *out)
{
	str_add(out, "ttl >= ");
	text_duration(out, must->number);
}

static void text_hosts(const struct must *must, struct str *out)
{
	str_addf(out, must->number == 1 ? "%lu host" : "%lu hosts", (unsigned long)must->number);
}

static void text_networks(const struct must *must, struct str *out)
{
	str_addf(out, must->number == 1 ? "%lu network" : "%lu networks", (unsigned long)must->number);
}

static void text_sts(const struct must *must, struct str *out)
{
	str_add(out, must->mode == STS_ENFORCE ? "mta-sts enforce" : "mta-sts testing");
}

static void text_hoster(const struct must *must, struct str *out)
{
	str_addf(out, "hoster %s", must->hoster->name);
}

static void text_dnssec(const struct must *must, struct str *out)
{
	(void)must;
	str_add(out, "dnssec");
}

static void text_no(const struct must *must, struct str *out)
{
	str_addf(out, "no %s", must->check->id);
}

/* ---- the forms ---- */

const struct must_row must_rows[] = {
	{ "survives any one|pair [of hosts|networks]",
		N_("all mail still arrives in the end while any one, or any two, of the things that can fail are down"),
		NEEDS_HOSTS | NEEDS_TARGET_ZONES, parse_survives, text_survives, must_judge_survives },
	{ "ttl <= DURATION", N_("the set's TTL is at most so long"), NEEDS_MX, parse_ttl_most, text_ttl_most, must_judge_ttl_most },
	{ "ttl >= DURATION", N_("the set's TTL is at least so long"), NEEDS_MX, parse_ttl_least, text_ttl_least, must_judge_ttl_least },
	{ "NUMBER hosts", N_("the set names at least so many hosts that have an address"), NEEDS_HOSTS, parse_hosts, text_hosts,
		must_judge_hosts },
	{ "NUMBER networks", N_("over IPv4 or over IPv6 alone, its hosts lie in at least so many networks (/24, /48)"), NEEDS_HOSTS,
		parse_networks, text_networks, must_judge_networks },
	{ "mta-sts enforce|testing", N_("an MTA-STS policy is published in that mode; who enforces it also tests it"),
		NEEDS_STS_TXT | NEEDS_STS_POLICY, parse_sts, text_sts, must_judge_sts },
	{ "hoster NAME", N_("every host is one of this mail hoster's: mxladder list presets"), NEEDS_MX, parse_hoster, text_hoster,
		must_judge_hoster },
	{ "dnssec", N_("the MX answer is validated, and secure"), NEEDS_DNSSEC, parse_dnssec, text_dnssec, must_judge_dnssec },
	{ "no CHECK", N_("this check finds nothing, accepted or not: mxladder list checks"), 0, parse_no, text_no, must_judge_no },
	{ 0 },
};

/* In place; false where there are too many. */
static bool cut(char *text, const char *word[WORDS], size_t *n)
{
	char *save = NULL;

	*n = 0;
	for (char *at = strtok_r(text, " \t", &save); at; at = strtok_r(NULL, " \t", &save)) {
		if (*n == WORDS)
			return false;
		word[(*n)++] = at;
	}
	return true;
}

static bool no_form(const char *text, struct err *err)
{
	struct str forms;

	str_init(&forms, 0);
	for (const struct must_row *row = must_rows; row->form; row++)
		str_addf(&forms, "%s%s", forms.len ? "; " : "", row->form);
	err_set(err, ERR_USAGE, N_("\"%s\" is no demand that can be judged"), text);
	err_hint(err, N_("These can: %s."), forms.s);
	str_release(&forms);
	return false;
}

bool must_parse(struct must *must, const char *text, struct err *err)
{
	char copy[LINE_MAX_BYTES];
	const char *word[WORDS];
	size_t n;

	if (strlen(text) >= sizeof(copy))
		return no_form(text, err);
	snprintf(copy, sizeof(copy), "%s", text);
	if (!cut(copy, word, &n))
		return no_form(text, err);
	for (const struct must_row *row = must_rows; row->form; row++) {
		struct must made = { .row = row };

		if (row->parse(&made, word, n)) {
			*must = made;
			return true;
		}
	}
	if (n == 2 && text_equal_fold(word[0], "hoster")) {
		err_set(err, ERR_USAGE, N_("no mail hoster is known as \"%s\""), word[1]);
		err_hint(err, N_("mxladder list presets shows them."));
		return false;
	}
	if (n == 2 && text_equal_fold(word[0], "no")) {
		err_set(err, ERR_USAGE, N_("there is no check \"%s\""), word[1]);
		err_hint(err, N_("mxladder list checks shows them."));
		return false;
	}
	return no_form(text, err);
}

void must_text(const struct must *must, struct str *out)
{
	must->row->text(must, out);
}

unsigned must_needs(const struct must *must)
{
	return must->row->needs | (must->check ? must->check->needs : 0);
}

const char *must_answer_name(enum must_answer answer)
{
	static const char *const names[] = { [MUST_MET] = N_("met"), [MUST_NOT_MET] = N_("not met"), [MUST_UNKNOWN] = N_("unknown") };

	return names[answer];
}
