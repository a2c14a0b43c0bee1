/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TLSA records of the hosts that come, where DANE protects the set (RFC 7672): they stand there before the host does, and of a key that is
 * new for twice their TTL (RFC 7671 section 8). A line is made of a certificate that a probe saw, or not at all.
 */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "check/companion_part.h"
#include "check/dane.h"
#include "core/facts/smtp.h"
#include "base/banned.h"

static void set_host(struct msg *msg, const char *id, const struct dname *host)
{
	char text[DNAME_TEXT_MAX];

	*msg = (struct msg){ .id = id };
	text_copy(msg->arg[0], sizeof(msg->arg[0]), dname_show(host, text));
}

/* Are the host's records in the domain's own zone, for all that is known? */
static bool is_own(const struct companion_scene *scene, const struct dname *host)
{
	const struct facts *facts = scene->in->facts;

	return facts->zone.len && dname_under(host, &facts->zone);
}

static void add_line(const struct tlsa_facts *row, const struct dname *host, const uint8_t digest[SMTP_SHA256], struct str *text)
{
	char name[DNAME_TEXT_MAX];
	struct str line;

	str_init(&line, 0);
	if (row && row->owner.len)
		str_addf(&line, "%s.", dname_text(&row->owner, name));
	else
		str_addf(&line, "_25._tcp.%s.", dname_text(host, name));
	str_add(&line, " IN TLSA 3 1 1 ");
	for (size_t i = 0; i < SMTP_SHA256; i++)
		str_addf(&line, "%02x", digest[i]);
	str_add_char(&line, '\n');
	if (!strstr(text->s, line.s))
		str_add(text, line.s);
	str_release(&line);
}

/* A line for each key that a probe saw at the host and that no record fits. */
static void add_lines(const struct facts *facts, const struct dname *host, struct str *text)
{
	for (size_t i = 0; i < facts->n_smtp; i++) {
		const struct smtp_facts *row = &facts->smtp[i];

		if (dname_equal(&row->host, host) && row->tls == SMTP_TLS_UP && row->cert.n_chain && row->dane != FACT_YES)
			add_line(facts_tlsa(facts, host), host, row->cert.chain[0].key_sha256, text);
	}
}

static struct companion *add_step(struct companion_scene *scene, const struct dname *host, const char *id)
{
	struct companion *step = companion_add(scene, "tlsa", COMPANION_BEFORE);

	set_host(&step->what, id, host);
	return step;
}

/* What is to be published, where it is ours to publish. */
static void add_records(struct companion_scene *scene, const struct dname *host, struct companion *step)
{
	struct str text;

	if (!is_own(scene, host)) {
		msg_set(&step->missing, N_("They stand in somebody else's zone: only who runs the server can publish them."));
		return;
	}
	str_init(&text, 0);
	add_lines(scene->in->facts, host, &text);
	if (text.len)
		msg_set(&step->missing,
			N_("The key is what a probe from here saw: compare it with the server's own before it is published."));
	else
		msg_set(&step->missing, N_("The lines are not known: no probe saw the server's certificate."));
	companion_take(step, &text);
}

static void add_unfit(struct companion_scene *scene, const struct dname *host, const struct tlsa_facts *row)
{
	struct companion *step = add_step(scene, host,
		N_("Publish a TLSA record for the key of %s beside those that are there: a probe saw a certificate that none of them fits."));

	msg_set(&step->why, N_("Senders that use DANE deliver to no server whose certificate no TLSA record fits."));
	add_records(scene, host, step);
	if (row->ttl_known)
		companion_wait(step, 2 * row->ttl_s,
			N_("Then wait %s, twice the TTL of the records: caches that keep to it have the new one then."));
	else
		msg_set(&step->wait, N_("Then wait for twice the TTL of the records, which is not known."));
}

static void add_lack(struct companion_scene *scene, const struct dname *host, enum fact covers)
{
	struct companion *step = add_step(scene, host, N_("Publish TLSA records for %s."));

	msg_set(&step->why,
		covers == FACT_YES
			? N_("Senders that use DANE check all servers now; to one without TLSA records they deliver without looking.")
			: N_("All servers have TLSA records now, which senders use where all is signed; to one without they deliver without looking."));
	add_records(scene, host, step);
}

static void add_host(struct companion_scene *scene, const struct dname *host, enum fact covers)
{
	const struct facts *facts = scene->in->facts;
	const struct tlsa_facts *row = facts_tlsa(facts, host);
	enum fact guards = tlsa_guards(row), fits = dane_fits(facts, host);
	struct companion *step;

	if (row && row->answer == ANSWER_DATA && guards != FACT_NO && fits == FACT_NO) {
		add_unfit(scene, host, row);
	} else if (row && row->answer == ANSWER_DATA && guards != FACT_NO && covers != FACT_NO) {
		step = add_step(scene, host, N_("%s has TLSA records."));
		step->seen = FACT_YES;
		if (fits == FACT_UNKNOWN)
			msg_set(&step->missing, N_("Whether they fit its certificate is not known: no probe saw it."));
	} else if (guards == FACT_NO && covers != FACT_NO) {
		add_lack(scene, host, covers);
	} else if (guards == FACT_UNKNOWN && (covers != FACT_NO || (row && answer_is_soft(row->answer)))) {
		step = add_step(scene, host, N_("Find out whether %s has TLSA records."));
		step->seen = FACT_UNKNOWN;
		msg_set(&step->why,
			N_("Where its addresses are signed, senders that use DANE keep away from a server as long as this lookup fails."));
	}
}

void companion_dane_before(struct companion_scene *scene)
{
	enum fact covers = dane_covers(scene->in->facts, scene->in->base);
	const struct dname *host;
	size_t i = 0;

	while ((host = scene_added(scene, &i)) != NULL)
		add_host(scene, host, covers);
}

void companion_dane_after(struct companion_scene *scene)
{
	const struct dname *host;
	size_t i = 0;

	while ((host = scene_removed(scene, &i)) != NULL) {
		const struct tlsa_facts *row = facts_tlsa(scene->in->facts, host);

		if (row && row->answer == ANSWER_DATA && is_own(scene, host))
			set_host(&companion_add(scene, "tlsa-old", COMPANION_AFTER)->what,
				N_("Take the TLSA records of %s away, when it takes no mail any more."), host);
	}
}
