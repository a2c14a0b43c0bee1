/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPF of a move between hosters, as far as the presets know what a hoster sends by, and the reports that tell what fails. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "check/companion_part.h"
#include "check/dane.h"
#include "check/rules.h"
#include "core/preset.h"
#include "base/banned.h"

#define LOOKUPS_MAX 10 /* RFC 7208 section 4.6.4 */
#define STRING_MAX 255 /* of a TXT record, RFC 1035 section 3.3.14 */

/* The hoster of the mailboxes behind this host, where it is known what that sends by. */
static const struct preset *sender_of(const struct dname *host)
{
	const struct preset *row = preset_of(host);

	return row && row->kind == PRESET_MAILBOX && row->spf ? row : NULL;
}

/* Is one of the first n hosts its too? */
static bool has_hoster(const struct hosts *hosts, size_t n, const struct preset *row)
{
	for (size_t i = 0; i < n; i++) {
		const struct preset *of = preset_of(&hosts->host[i]);

		if (of && preset_same_owner(of, row))
			return true;
	}
	return false;
}

/* ---- the record ---- */

/* Where the new term goes: before "all" or a redirect, else to the end. */
static size_t place_in(const char *record)
{
	size_t at = strcspn(record, " ");

	while (record[at]) {
		const char *term = record + at + strspn(record + at, " ");
		const char *bare = term + (*term && strchr("+-~?", *term) != NULL);

		if ((!strncasecmp(bare, "all", 3) && (bare[3] == ' ' || !bare[3])) || !strncasecmp(term, "redirect=", 9))
			return at;
		at = (size_t)(term - record) + strcspn(term, " ");
	}
	return at;
}

/* Can it be written anew from what was kept of it? */
static bool is_whole(const struct spf_facts *spf)
{
	if (spf->n_record != 1 || strlen(spf->text) + 1 >= POLICY_TEXT_MAX || (spf->problems & SPF_SYNTAX))
		return false;
	for (const char *c = spf->text; *c; c++)
		if (*c < ' ' || *c > '~')
			return false;
	return true;
}

static void add_strings(const char *record, struct str *text)
{
	for (size_t at = 0, n = 0; record[at]; at++, n++) {
		if (n % STRING_MAX == 0)
			str_add(text, n ? "\" \"" : "\"");
		if (record[at] == '"' || record[at] == '\\')
			str_add_char(text, '\\');
		str_add_char(text, record[at]);
	}
	str_add(text, "\"\n");
}

static void add_record(const struct companion_scene *scene, const char *include, struct str *text)
{
	const struct facts *facts = scene->in->facts;
	size_t place = place_in(facts->spf.text);
	char name[DNAME_TEXT_MAX];
	struct str record;

	str_init(&record, 0);
	str_add_bytes(&record, facts->spf.text, place);
	str_addf(&record, " include:%s%s", include, facts->spf.text + place);
	str_addf(text, "%s. IN TXT ", dname_text(&facts->domain, name));
	add_strings(record.s, text);
	str_release(&record);
}

/* ---- the steps ---- */

static enum fact is_included(const struct spf_facts *spf, const struct preset *row)
{
	if (spf_names_hoster(spf, row))
		return FACT_YES;
	return spf->more || spf->result == SPF_UNKNOWN || spf->result == SPF_TEMPERROR ? FACT_UNKNOWN : FACT_NO;
}

/* Tells how many lookups the record needs with the new term. What the term itself includes was not counted. */
static void count_lookups(const struct spf_facts *spf, struct companion *step)
{
	if (spf->lookups >= LOOKUPS_MAX)
		msg_set(&step->missing,
			N_("With it the record needs more than 10 lookups and counts for an error: another term has to go."));
	else if (!step->missing.id && spf->result == SPF_OK)
		msg_set(&step->missing,
			N_("The lookups that the record needs now: %u. This term adds one, and those of what it includes; more than 10 are an error."),
			spf->lookups);
}

/* Does a term of the record name the addresses of this host? */
static bool names_host(const char *record, const struct dname *host)
{
	char text[DNAME_TEXT_MAX];
	size_t len = strlen(dname_text(host, text));

	while (*record) {
		const char *term = record + strspn(record, " ");
		const char *name = term + (*term && strchr("+-~?", *term) != NULL);

		if (!strncasecmp(name, "a:", 2) && !strncasecmp(name + 2, text, len)) {
			name += 2 + len;
			name += *name == '.';
			if (!*name || *name == ' ' || *name == '/')
				return true;
		}
		record = term + strcspn(term, " ");
	}
	return false;
}

/* The record names a server that goes and that may have sent mail: its successor takes its place. */
static void add_own(struct companion_scene *scene)
{
	const struct dname *gone, *new = NULL;
	char old_text[DNAME_TEXT_MAX], new_text[DNAME_TEXT_MAX];
	size_t i = 0, k = 0;

	while ((gone = scene_removed(scene, &i)) != NULL && !names_host(scene->in->facts->spf.text, gone))
		continue;
	while (gone && (new = scene_added(scene, &k)) != NULL && preset_of(new))
		continue;
	if (!gone || !new || names_host(scene->in->facts->spf.text, new))
		return;
	msg_set(&companion_add(scene, "spf-host", COMPANION_BEFORE)->what,
		N_("The SPF record names %s, which goes: if %s sends mail in its place, name it with a:%s."), dname_show(gone, old_text),
		dname_show(new, new_text), new_text);
	scene->out->companion[scene->out->n - 1].seen = FACT_UNKNOWN;
}

static void add_include(struct companion_scene *scene, const struct preset *row)
{
	const struct spf_facts *spf = &scene->in->facts->spf;
	struct companion *step = companion_add(scene, "spf", COMPANION_BEFORE);
	const char *title = preset_owner(row)->title;
	struct str text;

	step->seen = is_included(spf, row);
	if (step->seen == FACT_YES) {
		msg_set(&step->what, N_("The SPF record lets %s send."), title);
		return;
	}
	msg_set(&step->what, N_("Let %s send by the SPF record, with include:%s."), title, row->spf);
	msg_set(&step->why,
		N_("Compare that with what the hoster tells you. Receivers may refuse mail of servers that SPF does not name."));
	if (spf->ttl_known && spf->n_record == 1)
		companion_wait(step, spf->ttl_s,
			N_("Send nothing by it for %s from then on, the record's TTL: for so long caches may hold the earlier one."));
	else
		msg_set(&step->wait, N_("Send nothing by it until the earlier record has run out of caches; its TTL is not known here."));
	step->apart = true;
	str_init(&text, 0);
	if (is_whole(spf)) {
		add_record(scene, row->spf, &text);
	} else {
		str_addf(&text, "include:%s\n", row->spf);
		msg_set(&step->missing, N_("This is the new term alone: a whole record of now, to put it in, is not known here."));
	}
	companion_take(step, &text);
	count_lookups(spf, step);
}

static void add_address(struct companion_scene *scene, const char *id, const char *what, const char *missing)
{
	struct companion *step = companion_add(scene, id, COMPANION_BEFORE);
	char domain[DNAME_TEXT_MAX];

	step->missing = (struct msg){ .id = missing };
	step->what = (struct msg){ .id = what };
	snprintf(step->what.arg[0], sizeof(step->what.arg[0]), "%s", dname_text(&scene->in->facts->domain, domain));
}

static bool is_none(enum answer answer)
{
	return answer == ANSWER_DATA || answer == ANSWER_NODATA || answer == ANSWER_NXDOMAIN;
}

void companion_reports_before(struct companion_scene *scene)
{
	const struct facts *facts = scene->in->facts;
	bool guarded = sts_binds(&facts->sts) == FACT_YES || dane_covers(facts, scene->in->base) == FACT_YES;
	size_t i = 0;

	if (guarded && scene_added(scene, &i) && is_none(facts->tlsrpt.txt) && !facts->tlsrpt.n_record)
		add_address(scene, "tlsrpt", N_("Ask for reports of TLS failures, with a TXT record at _smtp._tls.%s."),
			N_("Nobody but you knows the address: v=TLSRPTv1; rua=mailto:ADDRESS"));
}

void companion_spf_before(struct companion_scene *scene)
{
	const struct dmarc_facts *dmarc = &scene->in->facts->dmarc;
	bool lacks = false;

	for (size_t i = 0; i < scene->after.n; i++) {
		const struct preset *row = sender_of(&scene->after.host[i]);

		if (!row || has_hoster(&scene->before, scene->before.n, row) || has_hoster(&scene->after, i, row))
			continue;
		add_include(scene, row);
		lacks |= scene->out->companion[scene->out->n - 1].seen == FACT_NO;
	}
	add_own(scene);
	if (lacks && is_none(dmarc->txt) && !dmarc->at.len)
		add_address(scene, "dmarc", N_("Ask for reports of mail that fails, with a DMARC record at _dmarc.%s."),
			N_("Nobody but you knows the address: v=DMARC1; p=none; rua=mailto:ADDRESS"));
}

void companion_spf_after(struct companion_scene *scene)
{
	const struct spf_facts *spf = &scene->in->facts->spf;

	for (size_t i = 0; i < scene->before.n && !companion_filtered(scene); i++) {
		const struct preset *row = sender_of(&scene->before.host[i]);

		if (!row || has_hoster(&scene->after, scene->after.n, row) || has_hoster(&scene->before, i, row) ||
			!spf_names_hoster(spf, row))
			continue;
		msg_set(&companion_add(scene, "spf-old", COMPANION_AFTER)->what,
			N_("Take %s out of the SPF record, when nothing is sent by it any more."), preset_owner(row)->title);
	}
}
