/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Probes of port 25 at the addresses of the exchanges, where they were asked for. */
#include <stdio.h>
#include <stdlib.h>

#include "app/survey_job.h"
#include "base/mem.h"
#include "core/facts/smtp.h"
#include "io/smtp.h"
#include "wire/tlsa.h"
#include "base/banned.h"

#define AT_ONCE 64 /* connections */

struct probing {
	struct survey *survey;
	struct probing *next, **at; /* *at is this one */
	struct smtp_probe *probe;
};

/* Addresses that mean this machine, or none: what answers there says nothing of the exchange. */
static bool is_probed(const struct addr *addr)
{
	static const struct {
		const char *net;
		unsigned bits;
	} nets[] = { { "0.0.0.0", 8 }, { "127.0.0.0", 8 }, { "224.0.0.0", 3 }, { "::", 127 }, { "::ffff:0:0", 96 }, { "ff00::", 8 } };

	for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
		struct addr net;

		if (addr_parse(&net, nets[i].net) && net.family == addr->family && addr_in(addr, &net, nets[i].bits))
			return false;
	}
	return true;
}

static void start_more(struct survey *survey);

static void end_probing(struct probing *probing)
{
	*probing->at = probing->next;
	if (probing->next)
		probing->next->at = probing->at;
	probing->survey->n_probing--;
	free(probing);
}

static void probed(void *data, const struct smtp_facts *facts)
{
	struct probing *probing = data;
	struct survey *survey = probing->survey;

	*facts_smtp_add(survey->facts, &facts->host, &facts->addr) = *facts;
	end_probing(probing);
	survey_tell(survey);
}

static void start(struct survey *survey, struct smtp_facts *row)
{
	struct probing *probing = mem_alloc(sizeof(*probing));
	const struct smtp_trial *trial = survey->trial_over ? NULL : survey->trial;

	probing->survey = survey;
	probing->next = survey->probing;
	probing->at = &survey->probing;
	if (probing->next)
		probing->next->at = &probing->next;
	survey->probing = probing;
	survey->n_probing++;
	probing->probe = smtp_probe_start(survey->prober, &row->host, &row->addr, trial, (struct smtp_then){ probed, probing });
}

/* Rows are begun in the order in which they were added. */
static void start_more(struct survey *survey)
{
	struct facts *facts = survey->facts;

	for (; survey->n_probing < AT_ONCE && survey->next_probe < facts->n_smtp; survey->next_probe++)
		start(survey, &facts->smtp[survey->next_probe]);
}

static void add_host(struct survey *survey, const struct dname *host)
{
	const struct host_facts *known = facts_host(survey->facts, host);

	for (size_t i = 0; known && i < known->n_addr; i++)
		if (is_probed(&known->addr[i]) && !facts_smtp(survey->facts, host, &known->addr[i]))
			facts_smtp_add(survey->facts, host, &known->addr[i])->seen = SMTP_PENDING;
}

static void add_hosts(struct survey *survey, const struct mxset *set)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->mx[i].host.len)
			add_host(survey, &set->mx[i].host);
}

/* TLSA records may come after the chain, or before it. */
static void match_chains(struct facts *facts)
{
	for (size_t i = 0; i < facts->n_smtp; i++) {
		const struct tlsa_facts *records = facts_tlsa(facts, &facts->smtp[i].host);

		if (records && records->answer == ANSWER_DATA)
			facts->smtp[i].dane = tlsa_match_any(records, &facts->smtp[i]);
	}
}

/* Probes the hosts of the live set and those asked for besides, or the domain itself where it has no MX. */
void survey_probe_more(struct survey *survey)
{
	if (!survey->prober)
		return;
	add_hosts(survey, &survey->facts->live);
	add_hosts(survey, &survey->also);
	if (survey->facts->implicit)
		add_host(survey, &survey->facts->domain);
	start_more(survey);
	match_chains(survey->facts);
}

bool survey_probe(struct survey *survey, struct err *err)
{
	survey->prober = app_prober(survey->app, err);
	if (!survey->prober)
		return false;
	survey->facts->probed = true;
	survey_probe_more(survey);
	return true;
}

void survey_end_probes(struct survey *survey)
{
	while (survey->probing) {
		smtp_probe_cancel(survey->probing->probe);
		end_probing(survey->probing);
	}
	free(survey->trial);
	survey->trial = NULL;
}

bool survey_try(struct survey *survey, const struct smtp_trial *trial, struct err *err)
{
	if (!app_prober(survey->app, err))
		return false;
	survey_end_probes(survey);
	survey->trial = mem_copy(trial, sizeof(*trial));
	survey->facts->n_smtp = survey->next_probe = 0;
	survey->facts->intrusive = true;
	survey->trial_over = false;
	return survey_probe(survey, err);
}
