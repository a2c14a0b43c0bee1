/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The SPF record of the domain, and all that it includes, counted as RFC 7208 section 4.6.4 does: the terms that ask, and the answers
 * without data. What depends on the mail (a macro) is counted and not followed. Each record of the tree is a node.
 */
#include <string.h>

#include "app/survey_job.h"
#include "wire/spf.h"
#include "base/banned.h"

#define VOIDS_MAX 2
#define MX_MAX 10

static void note(struct spf_facts *spf, enum spf_problem problem, struct text term)
{
	if (!spf->detail[0] && term.len && term.len < sizeof(spf->detail) && !memchr(term.s, 0, term.len)) {
		memcpy(spf->detail, term.s, term.len);
		spf->detail[term.len] = '\0';
	}
	spf->problems |= problem;
}

static bool is_void(enum answer answer)
{
	return answer == ANSWER_NODATA || answer == ANSWER_NXDOMAIN;
}

/* Counts an answer that the record needs: failed, or void (RFC 7208 section 4.6.4). */
static void count(struct survey *survey, enum answer answer)
{
	struct spf_facts *spf = &survey->facts->spf;

	if (!answer_is_final(answer) || answer_is_soft(answer))
		survey->spf_failed = true;
	if (is_void(answer) && ++spf->voids > VOIDS_MAX)
		note(spf, SPF_VOID, (struct text){ NULL, 0 });
}

/* ---- what terms ask for; job->row: who matches may send ---- */

static void mx_answered(struct job *job, const struct dns_reply *reply)
{
	struct spf_facts *spf = &job->survey->facts->spf;
	const struct dns_record *record = NULL;
	struct dname final;
	size_t n = 0;
	enum answer answer = survey_read(job, reply, NULL, &final);

	count(job->survey, answer);
	while (answer == ANSWER_DATA && (record = dns_answer_next(reply->answer, &final, DNS_MX, record)) != NULL) {
		n++;
		if (!dname_is_root(&record->mx.host) && job->row)
			spf->authorises = true;
	}
	if (n > MX_MAX)
		note(spf, SPF_MX_LIMIT, (struct text){ NULL, 0 });
}

static void address_answered(struct job *job, const struct dns_reply *reply)
{
	struct dname final;
	enum answer answer = survey_read(job, reply, NULL, &final);

	if (answer == ANSWER_NODATA && job->question.type == DNS_A) {
		survey_ask(job->survey, &job->question.name, DNS_AAAA, NULL, address_answered)->row = job->row;
		return;
	}
	count(job->survey, answer);
	if (answer == ANSWER_DATA && job->row)
		job->survey->facts->spf.authorises = true;
}

/* ---- records ---- */

static bool is_above(const struct survey *survey, size_t node, const struct dname *name)
{
	for (;; node = survey->spf[node].parent) {
		if (dname_equal(&survey->spf[node].name, name))
			return true;
		if (!node)
			return false;
	}
}

static void record_answered(struct job *job, const struct dns_reply *reply);

static void follow(struct survey *survey, size_t node, const struct spf_term *term)
{
	struct spf_facts *spf = &survey->facts->spf;
	bool main = term->kind == SPF_REDIRECT && survey->spf[node].main;

	if (spf->n_name < SPF_NAMES_MAX)
		spf->name[spf->n_name++] = term->domain;
	else
		spf->more++;
	if (is_above(survey, node, &term->domain)) {
		note(spf, SPF_LOOP, term->text);
	} else if (spf->lookups <= SURVEY_SPF_LOOKUPS) {
		survey->spf[survey->n_spf] = (struct spf_node){ .name = term->domain, .parent = node, .main = main };
		survey_ask(survey, &term->domain, DNS_TXT, NULL, record_answered)->row = survey->n_spf++;
	}
}

/* What a term of the domain's own record says of it. Terms of included records say nothing. */
static void judge(struct survey *survey, const struct spf_term *term)
{
	struct spf_facts *spf = &survey->facts->spf;

	switch (term->kind) {
	case SPF_ALL:
		spf->all = term->qualifier;
		spf->authorises |= term->qualifier == '+';
		spf->exactly_none = term->qualifier == '-' && !survey->spf_says_more;
		return;
	case SPF_IP4:
	case SPF_IP6:
	case SPF_INCLUDE:
	case SPF_EXISTS:
	case SPF_PTR:
		spf->authorises |= term->qualifier != '-';
		break;
	case SPF_A:
	case SPF_MX:
	case SPF_BAD:
		break;
	case SPF_REDIRECT:
	case SPF_EXP:
	case SPF_MODIFIER:
		return;
	}
	survey->spf_says_more = true;
}

static void ask_for(struct survey *survey, size_t node, const struct spf_term *term)
{
	struct spf_facts *spf = &survey->facts->spf;
	const struct dname *name = term->has_domain ? &term->domain : &survey->spf[node].name;
	bool lets = survey->spf[node].main && term->qualifier != '-', own = dname_equal(name, &survey->facts->domain);

	if (term->has_macro)
		return;
	if (term->kind == SPF_MX) {
		spf->has_mx |= own;
		/* the domain's own set is asked of where it is null, or is to be: then it lets nobody send */
		survey_ask(survey, name, DNS_MX, NULL, mx_answered)->row = lets && !own;
	} else if (term->kind == SPF_A) {
		spf->has_a |= own;
		survey_ask(survey, name, DNS_A, NULL, address_answered)->row = lets;
	} else if (term->kind == SPF_EXISTS) {
		survey_ask(survey, name, DNS_A, NULL, address_answered);
	} else if (term->kind == SPF_INCLUDE || term->kind == SPF_REDIRECT) {
		follow(survey, node, term);
	}
}

static size_t count_kind(struct text rest, enum spf_kind kind)
{
	struct spf_term term;
	size_t n = 0;

	while (spf_next(&rest, &term))
		n += term.kind == kind;
	return n;
}

/* What comes after "all" is never looked at, and with it a redirect is no more than a word (sections 5.1, 6.1). */
static void read_record(struct survey *survey, size_t node, struct text text)
{
	struct spf_facts *spf = &survey->facts->spf;
	bool ends = count_kind(text, SPF_ALL) > 0, ended = false;
	struct spf_term term;
	struct text rest = text;

	if (count_kind(text, SPF_REDIRECT) > 1 || count_kind(text, SPF_EXP) > 1) /* section 6 */
		note(spf, SPF_SYNTAX, (struct text){ NULL, 0 });
	if (survey->spf[node].main)
		spf->open_end = !ends && !count_kind(text, SPF_REDIRECT);
	while (spf_next(&rest, &term)) {
		if (term.kind == SPF_BAD)
			note(spf, SPF_SYNTAX, term.text);
		if (ended || (term.kind == SPF_REDIRECT && ends))
			continue;
		ended = term.kind == SPF_ALL;
		if (survey->spf[node].main)
			judge(survey, &term);
		if (!spf_asks(&term))
			continue;
		if (++spf->lookups > SURVEY_SPF_LOOKUPS)
			note(spf, SPF_LOOKUPS, term.text);
		ask_for(survey, node, &term);
	}
}

static void keep_text(struct spf_facts *spf, struct text text)
{
	size_t len = text.len < sizeof(spf->text) - 1 ? text.len : sizeof(spf->text) - 1;

	memcpy(spf->text, text.s, len);
	spf->text[len] = '\0';
}

/* What a TXT record of the domain itself tells besides. */
static void look_at_own(struct survey *survey, const struct dns_record *record, struct text text, bool ttl_known)
{
	struct spf_facts *spf = &survey->facts->spf;

	spf->nearly = spf->nearly || spf_is_nearly(text);
	spf->holds_dmarc = spf->holds_dmarc || dmarc_is_record(text);
	if (!spf_is_record(text))
		return;
	spf->ttl_known = ttl_known;
	spf->ttl_s = record->ttl_s;
}

static void record_answered(struct job *job, const struct dns_reply *reply)
{
	struct survey *survey = job->survey;
	struct spf_facts *spf = &survey->facts->spf;
	const struct dns_record *record = NULL;
	struct dname final;
	size_t n = 0, n_alias;
	enum answer answer = survey_read(job, reply, &n_alias, &final);
	struct text text, first = { NULL, 0 };

	while (answer == ANSWER_DATA && survey_text(reply, &final, &record, &text)) {
		if (spf_is_record(text) && !n++)
			first = text;
		if (!job->row)
			look_at_own(survey, record, text, !n_alias && survey_tells_ttl(survey, reply));
	}
	if (job->row) {
		count(survey, answer);
		if (!n && (is_void(answer) || answer == ANSWER_DATA))
			note(spf, SPF_INCLUDE_NONE, (struct text){ NULL, 0 });
	} else {
		spf->txt = answer;
		spf->n_record = n;
		if (n)
			keep_text(spf, first);
	}
	if (n > 1)
		note(spf, SPF_TWO_RECORDS, (struct text){ NULL, 0 });
	if (n)
		read_record(survey, job->row, first);
}

/* ---- the whole ---- */

void survey_spf_settle(struct survey *survey)
{
	struct spf_facts *spf = &survey->facts->spf;

	if (!answer_is_final(spf->txt) || survey_finding(survey, NEEDS_SPF))
		return;
	if (!spf->n_record)
		spf->result = answer_is_soft(spf->txt) ? SPF_TEMPERROR : SPF_NONE;
	else if (spf->problems)
		spf->result = SPF_PERMERROR;
	else
		spf->result = survey->spf_failed ? SPF_TEMPERROR : SPF_OK;
}

void survey_begin_spf(struct survey *survey, const struct survey_thing *none)
{
	(void)none;
	survey->spf[0] = (struct spf_node){ .name = survey->facts->domain, .main = true };
	survey->n_spf = 1;
	survey->facts->spf.txt = ANSWER_PENDING;
	survey_ask(survey, &survey->facts->domain, DNS_TXT, NULL, record_answered);
}
