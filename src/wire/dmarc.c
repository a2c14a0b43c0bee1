/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DMARC records, and which of them counts for a domain (RFC 9989 sections 4.7 and 4.10). */
#include <string.h>

#include "wire/policytag.h"
#include "base/banned.h"

bool dmarc_is_record(struct text text)
{
	return tag_version(text, "DMARC1");
}

bool dmarc_is_nearly(struct text text)
{
	return (text_means(text, "v=DMARC") || text_means(text, "DMARC1")) && !dmarc_is_record(text);
}

static enum dmarc_policy policy_of(struct text text)
{
	if (text_is_nocase(text, "none"))
		return DMARC_NONE;
	if (text_is_nocase(text, "quarantine"))
		return DMARC_QUARANTINE;
	return text_is_nocase(text, "reject") ? DMARC_REJECT : DMARC_UNKNOWN;
}

/* pct as RFC 7489 section 6.3 has it. */
static unsigned spared_by(struct text text)
{
	unsigned value = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.s[i] < '0' || text.s[i] > '9' || i > 2)
			return 0;
		value = value * 10 + (unsigned)(text.s[i] - '0');
	}
	return text.len && value <= 100 ? 100 - value : 0;
}

/* A policy that cannot be read counts as "none" where the record names somewhere to report to (section 4.7). */
bool dmarc_read_record(struct text text, struct dmarc_record *record)
{
	struct tag tag;
	bool bad = false;

	*record = (struct dmarc_record){ .psd = 'u' };
	if (!dmarc_is_record(text))
		return false;
	while (tag_next(&text, &tag)) {
		enum dmarc_policy *policy = text_is_nocase(tag.key, "p")    ? &record->p
					    : text_is_nocase(tag.key, "sp") ? &record->sp
					    : text_is_nocase(tag.key, "np") ? &record->np
									    : NULL;

		if (policy) {
			*policy = policy_of(tag.value);
			bad |= *policy == DMARC_UNKNOWN;
		} else if (text_is_nocase(tag.key, "rua")) {
			text_keep(tag.value, record->rua, sizeof(record->rua));
		} else if (text_is_nocase(tag.key, "psd") && tag.value.len == 1) {
			char first = (char)(tag.value.s[0] | 0x20);

			record->psd = first == 'y' || first == 'n' ? first : 'u';
		} else if (text_is_nocase(tag.key, "t")) {
			record->testing = text_is_nocase(tag.value, "y");
		} else if (text_is_nocase(tag.key, "pct")) {
			record->spared = spared_by(tag.value);
		}
	}
	if (bad && !record->rua[0])
		return false;
	if (bad)
		record->p = record->sp = record->np = DMARC_NONE;
	if (record->p == DMARC_UNKNOWN)
		record->p = DMARC_NONE;
	return true;
}

size_t dmarc_walk(const struct dname *domain, struct dname walk[DMARC_WALK_MAX])
{
	struct dname at = *domain;
	size_t n = 0;

	while (!dname_is_root(&at) && n < DMARC_WALK_MAX) {
		walk[n++] = at;
		if (!dname_parent(&at, &at))
			break;
		while (n == 1 && dname_labels(&at) > DMARC_WALK_MAX - 1)
			dname_parent(&at, &at);
	}
	return n;
}

/* The step whose record counts for the domain, or n. */
static size_t choose(const struct dmarc_step *step, size_t n)
{
	size_t organisation = n;

	if (step[0].valid)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (!step[i].valid)
			continue;
		if (step[i].record.psd == 'n')
			return i;
		if (step[i].record.psd == 'y') /* the organisation is one below; where it says nothing, the suffix does */
			return step[i - 1].valid ? i - 1 : i;
		organisation = i;
	}
	return organisation;
}

void dmarc_settle(const struct dname *walk, const struct dmarc_step *step, size_t n, struct dmarc_facts *facts)
{
	size_t at = n ? choose(step, n) : 0;
	const struct dmarc_record *record;

	*facts = (struct dmarc_facts){
		.txt = n ? step[0].answer : ANSWER_UNASKED, .n_record = n ? step[0].n_record : 0, .nearly = n && step[0].nearly
	};
	/* Where the domain has none, a name that did not answer may have the record that counts. */
	for (size_t i = 0; at && i < n; i++) {
		if (answer_is_soft(step[i].answer) || !answer_is_final(step[i].answer)) {
			facts->txt = step[i].answer;
			if (step[0].n_record)
				facts->at = walk[0]; /* none of these counts, whatever stands there */
			return;
		}
	}
	for (size_t i = 0; at >= n && i < n; i++)
		if (step[i].n_record)
			at = i; /* none counts, but something stands there */
	if (at >= n)
		return;
	record = &step[at].record;
	facts->txt = ANSWER_DATA;
	facts->n_record = step[at].n_record;
	facts->at = walk[at];
	facts->valid = step[at].valid;
	if (!facts->valid)
		return;
	facts->policy = at && record->sp ? record->sp : record->p;
	facts->testing = record->testing;
	facts->spared = record->spared;
	text_keep((struct text){ record->rua, strlen(record->rua) }, facts->rua, sizeof(facts->rua));
}
