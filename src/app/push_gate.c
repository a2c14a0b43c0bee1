/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gates of a push: what they need to know is surveyed before anything is read, and they are judged right before the write. */
#include <stdio.h>
#include <string.h>

#include "app/push_run.h"
#include "app/demand.h"
#include "check/lint.h"
#include "core/truth.h"
#include "io/smtp.h"
#include "base/banned.h"

/* ---- what they need to know ---- */

void push_gates_cancel(struct push_run *run)
{
	survey_free(run->survey);
	run->survey = NULL;
	loop_cancel(run->survey_end);
	run->survey_end = NULL;
}

static bool host_is_final(const struct facts *facts, const struct dname *host)
{
	const struct host_facts *row = facts_host(facts, host);

	return row && answer_is_final(row->a) && answer_is_final(row->aaaa);
}

/* What a finding that blocks may hang on. Each server's set is the watch's business, and mail servers are probed where
 * that was asked for: that is waited for apart. */
static unsigned checked(const struct push_run *run)
{
	unsigned demanded = musts_needs(&run->musts, &run->push.plan.domain) & ~(unsigned)(NEEDS_SMTP | NEEDS_MX | NEEDS_HOSTS);

	if (run->dry)
		demanded |= COMPANION_NEEDS;
	return demanded | (lint_needs_at(LEVEL_ERROR) &
				  ~(unsigned)(NEEDS_SERVERS | NEEDS_SMTP | NEEDS_DNSSEC | NEEDS_PARENT | NEEDS_MX | NEEDS_HOSTS));
}

/* Does the survey know what the gates look at? The answers of the name servers are the watch's business. */
static bool is_enough(const struct push_run *run)
{
	const struct facts *facts = &run->facts;
	const struct plan *plan = &run->push.plan;

	if (!answer_is_final(facts->mx) || !answer_is_final(facts->child_ns) || facts->parent_ns == ANSWER_PENDING)
		return false;
	if (!plan->want.n && !host_is_final(facts, &plan->domain))
		return false;
	for (size_t i = 0; i < plan->want.n; i++)
		if (!host_is_final(facts, &plan->want.mx[i].host))
			return false;
	return !survey_probing(run->survey) && !survey_finding_name(run->survey) && !survey_finding(run->survey, checked(run)) &&
	       !survey_finding_dane(run->survey);
}

/* The survey goes on where there is a watch, which takes the name servers that it finds meanwhile. */
static void surveyed(void *data)
{
	struct push_run *run = data;
	void (*then)(struct push_run * run) = run->gates_fn;

	run->survey_end = NULL;
	run->gates_fn = NULL;
	if (run->no_watch || run->dry)
		push_gates_cancel(run);
	then(run);
}

static void survey_moved(void *data, bool finished)
{
	struct push_run *run = data;

	if (!run->gates_fn || (!finished && !is_enough(run)))
		return;
	loop_cancel(run->survey_end);
	run->survey_end = loop_after(run->app->loop, 0, surveyed, run);
}

void push_gates_ask(struct push_run *run, void (*then)(struct push_run *run))
{
	const struct smtp_prober *prober = run->probe ? app_prober(run->app, NULL) : NULL;
	uint32_t wait_ms = 2 * run->app->timeout_ms + 1000 + (prober ? smtp_prober_ms(prober, false) : 0);

	run->gates_fn = then;
	run->survey_end = loop_after(run->app->loop, wait_ms, surveyed, run);
	run->survey = survey_start(run->app,
		&(struct survey_want){ &run->facts, &run->push.plan.want, NEEDS_HOSTS | NEEDS_PARENT | checked(run) }, survey_moved, run);
	if (prober)
		survey_probe(run->survey, NULL);
}

/* ---- judging ---- */

/* Is what is wrong with the wanted set not this push's doing? It takes back what a push from here left held, or its records are held. That
 * they stood here once is no reason: since then a policy may have come that keeps mail from them. */
static bool stands(const struct push_run *run)
{
	return run->takes_back || mxset_same_records(&run->push.plan.want, &run->push.held);
}

void push_foresee(struct push_run *run, const struct err *err)
{
	if (run->foreseen.code == ERR_NONE)
		run->foreseen = *err;
}

/* What was read right before tells of the name, too. */
static void take_held(struct push_run *run)
{
	struct held_facts *held = &run->facts.held;

	mxset_copy(&held->set, &run->push.held);
	held->mx = held->set.n ? ANSWER_DATA : ANSWER_NODATA;
	held->ttl_automatic = provider_set_ttl_automatic(&run->found.have);
	held->ttl_guessed = provider_set_ttl_guessed(run->account.provider, &run->found.have);
	held->zone = run->found.zone;
	held->at = loop_now();
	snprintf(held->account, sizeof(held->account), "%s", run->account.name);
	truth_settle(&run->facts);
}

bool push_gates_hold(struct push_run *run, struct err *err)
{
	const struct plan *plan = &run->push.plan;
	struct gate_input in = {
		.plan = plan, .facts = &run->facts, .found = &run->found, .musts = &run->musts, .stood = stands(run), .undo = run->undo
	};
	struct err why = { 0 };

	take_held(run);
	/* Who looks before the push is told what else has to change. */
	if (run->dry)
		companions_of_plan(&run->push.companions, plan, &run->facts, loop_now());
	gates_ask(&in, &run->push.gates);
	for (size_t i = 0; i < run->n_override; i++)
		gates_override(&run->push.gates, run->override[i].id);
	if (gates_hold(&run->push.gates, &plan->domain, &why))
		return true;
	if (!run->dry) {
		*err = why;
		return false;
	}
	push_foresee(run, &why);
	return true;
}
