/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/survey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/reading.h"
#include "app/survey_job.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

static void end_job(struct job *job)
{
	*job->at = job->next;
	if (job->next)
		job->next->at = job->at;
	ask_cancel(job->ask);
	free(job);
}

bool survey_running(const struct survey *survey)
{
	return survey->jobs || survey->validation || survey->proofs || survey->fetch || survey->probing;
}

bool survey_probing(const struct survey *survey)
{
	return survey->probing;
}

bool survey_asking(const struct survey *survey)
{
	return survey->jobs;
}

bool survey_finding(const struct survey *survey, unsigned needs)
{
	for (const struct job *job = survey->jobs; job; job = job->next)
		if (job->need & needs)
			return true;
	return (survey->validation && (needs & NEEDS_DNSSEC)) || (survey->proofs && (needs & NEEDS_TLSA)) ||
	       (survey->fetch && (needs & NEEDS_STS_POLICY));
}

bool survey_finding_dane(const struct survey *survey)
{
	const struct facts *facts = survey->facts;

	if (survey_finding(survey, NEEDS_TLSA))
		return true;
	for (size_t i = 0; i < facts->n_tlsa && survey->validation; i++)
		if (facts->tlsa[i].answer == ANSWER_DATA || answer_is_soft(facts->tlsa[i].answer))
			return true;
	return false;
}

/* A server that does not answer for a name (not its zone) leaves the question to the resolver. But for the domain's set it was named, and
 * nobody answers in its place. */
static bool not_its_zone(const struct job *job, const struct dns_reply *reply)
{
	const struct dns_answer *answer = reply->answer;

	if (job->question.type == DNS_MX && dname_equal(&job->question.name, &job->survey->facts->domain))
		return false;
	if (!job->survey->app->has_server || job->asked_resolver || reply->failed != ANSWER_DATA)
		return false;
	return answer->rcode == 5 || (!answer->aa && answer->rcode == 0 && answer->n == 0);
}

/* ---- not waiting for name servers that are silent, once all else is known ---- */

#define STRAGGLER_MS 800 /* after the last answer: two tries of a far server */

static struct job *first_direct(const struct survey *survey)
{
	struct job *job = survey->jobs;

	while (job && !job->direct)
		job = job->next;
	return job;
}

/* How long to wait for more; UINT32_MAX: for others than name servers. */
static uint32_t patience_ms(const struct survey *survey)
{
	uint32_t ms = 0;

	if (!survey->jobs || survey->validation || survey->proofs || survey->fetch)
		return UINT32_MAX;
	for (const struct job *job = survey->jobs; job; job = job->next) {
		if (!job->direct)
			return UINT32_MAX;
		if (!job->of_parent || !(job->question.type == DNS_DS ? answer_is_final(survey->facts->ds.ds) : survey->parent_told))
			ms = STRAGGLER_MS;
	}
	return ms;
}

static void leave_stragglers(void *data)
{
	struct survey *survey = data;
	struct job *job;

	survey->straggler = NULL;
	survey->given_up = true;
	while ((job = first_direct(survey)) != NULL) {
		survey->need = job->need;
		job->done(job, &(struct dns_reply){ .failed = ANSWER_TIMEOUT });
		end_job(job);
	}
	survey_tell(survey);
}

/* For commands alone: an interface shows the rest as it comes. */
static void watch_stragglers(struct survey *survey)
{
	uint32_t ms = patience_ms(survey);

	loop_cancel(survey->straggler);
	survey->straggler = NULL;
	if (survey->deadline && ms != UINT32_MAX)
		survey->straggler = loop_after(survey->app->loop, ms, leave_stragglers, survey);
}

/* None of the parent's servers could be asked for DS. */
static void settle_ds(struct facts *facts)
{
	if (facts->ds.ds == ANSWER_PENDING)
		facts->ds.ds = answer_is_soft(facts->parent_ns) ? facts->parent_ns : ANSWER_UNREACHABLE;
}

/* The callback may free the survey when it has finished. */
static void tell(struct survey *survey)
{
	survey_probe_more(survey);
	watch_stragglers(survey);
	struct loop *loop = survey->deadline ? survey->app->loop : NULL;
	bool finished = !survey_running(survey);

	if (finished)
		settle_ds(survey->facts);
	survey->changed(survey->data, finished);
	if (finished && loop)
		loop_stop(loop);
}

static void answered(void *data, const struct dns_reply *reply)
{
	struct job *job = data;
	struct survey *survey = job->survey;

	job->ask = NULL;
	if (not_its_zone(job, reply)) {
		job->asked_resolver = true;
		job->ask = ask_cached(survey->app, survey->cache, NULL, &job->question, (struct dns_then){ answered, job });
		return;
	}
	survey->need = job->need;
	job->done(job, reply);
	end_job(job);
	survey_spf_settle(survey);
	tell(survey);
}

void survey_tell(struct survey *survey)
{
	tell(survey);
}

struct job *survey_ask(struct survey *survey, const struct dname *name, enum dns_type type, const struct dns_endpoint *at, job_fn done)
{
	struct app *app = survey->app;
	struct job *job = mem_alloc(sizeof(*job));

	job->survey = survey;
	job->question = (struct dns_question){ *name, type };
	job->done = done;
	job->need = survey->need;
	job->direct = at != NULL;
	if (at)
		job->to = *at;
	else if (app->has_server)
		job->to = app->server;
	job->next = survey->jobs;
	job->at = &survey->jobs;
	if (job->next)
		job->next->at = &job->next;
	survey->jobs = job;
	job->ask =
		ask_cached(app, survey->cache, job->to.addr.family ? &job->to : NULL, &job->question, (struct dns_then){ answered, job });
	return job;
}

enum answer survey_read(const struct job *job, const struct dns_reply *reply, size_t *n_alias, struct dname *final)
{
	struct dname alias[FACTS_ALIASES];
	size_t n;

	return reading_answer(&job->question, reply, alias, n_alias ? n_alias : &n, final);
}

static void validated(void *data, enum dnssec dnssec, const char *reason)
{
	struct survey *survey = data;

	survey->validation = NULL;
	survey->facts->dnssec = dnssec;
	if (dnssec == DNSSEC_BOGUS)
		snprintf(survey->facts->bogus_reason, sizeof(survey->facts->bogus_reason), "%s", reason ? reason : "");
	else
		survey->facts->unchecked_reason = reason;
	survey_tell(survey);
}

static void begin_validation(struct survey *survey)
{
	struct app *app = survey->app;
	struct facts *facts = survey->facts;
	struct dns_question question = { facts->domain, DNS_MX };
	const char *why = NULL;

	if (app->world)
		why = N_("zone files carry no chain of trust");
	else if (app->has_server)
		why = N_("one server was asked, not a resolver");
	if (why) {
		facts->dnssec = DNSSEC_UNCHECKED;
		facts->unchecked_reason = why;
		return;
	}
	if (survey_wants(survey, NEEDS_DNSSEC))
		survey->validation = dns_validate(survey->cache, &question, app->timeout_ms, validated, survey);
	else
		facts->dnssec = DNSSEC_UNCHECKED;
}

void survey_validate(struct survey *survey)
{
	struct app *app = survey->app;
	struct dns_question question = { survey->facts->domain, DNS_MX };

	if (app->world || app->has_server || survey->validation || survey_wants(survey, NEEDS_DNSSEC) ||
		survey->facts->dnssec != DNSSEC_UNCHECKED)
		return;
	survey->facts->dnssec = DNSSEC_PENDING;
	survey->validation = dns_validate(survey->cache, &question, app->timeout_ms, validated, survey);
}

/* ---- other validations ---- */

static void end_proof(struct survey_proof *proof)
{
	*proof->at = proof->next;
	if (proof->next)
		proof->next->at = proof->at;
	dns_validation_cancel(proof->validation);
	free(proof);
}

static void proved(void *data, enum dnssec dnssec, const char *reason)
{
	struct survey_proof *proof = data;
	struct survey *survey = proof->survey;

	(void)reason;
	proof->validation = NULL;
	proof->done(survey, &proof->host, dnssec);
	end_proof(proof);
	tell(survey);
}

void survey_prove(struct survey *survey, const struct dns_question *question, const struct dname *host,
	void (*done)(struct survey *survey, const struct dname *host, enum dnssec dnssec))
{
	struct app *app = survey->app;
	struct survey_proof *proof;

	if (app->world || app->has_server) {
		done(survey, host, DNSSEC_UNCHECKED);
		return;
	}
	proof = mem_alloc(sizeof(*proof));
	*proof = (struct survey_proof){ .survey = survey, .next = survey->proofs, .at = &survey->proofs, .host = *host, .done = done };
	if (proof->next)
		proof->next->at = &proof->next;
	survey->proofs = proof;
	proof->validation = dns_validate(survey->cache, question, app->timeout_ms, proved, proof);
}

static void name_source(struct survey *survey)
{
	struct app *app = survey->app;
	struct facts *facts = survey->facts;
	struct str text;

	str_init(&text, 0);
	facts->source = app->world ? SOURCE_ZONE : app->has_server ? SOURCE_SERVER : SOURCE_RESOLVER;
	if (app->world)
		str_add(&text, app->world_name);
	else if (app->has_server || app->resolver.addr.family)
		dns_endpoint_text(app->has_server ? &app->server : &app->resolver, &text);
	snprintf(facts->source_name, sizeof(facts->source_name), "%s", text.s);
	str_release(&text);
}

/* Without a record, mail goes to the domain's own address. */
void survey_more(struct survey *survey, const struct mxset *also)
{
	for (size_t i = 0; i < also->n; i++)
		if (also->mx[i].host.len && mxset_find(&survey->also, &also->mx[i].host) == survey->also.n)
			mxset_add(&survey->also, &also->mx[i]);
	survey->trial_over = survey->trial != NULL;
	survey_begin_hosts(survey, also);
	if (!also->n)
		survey_begin_host(survey, &survey->facts->domain);
}

/* What each survey has, and what comes first. */
static unsigned with_implied(unsigned needs)
{
	if (needs & (NEEDS_PTR | NEEDS_DNSBL))
		needs |= NEEDS_HOSTS;
	if (needs & NEEDS_STS_POLICY)
		needs |= NEEDS_STS_TXT;
	if (needs & NEEDS_DS)
		needs |= NEEDS_PARENT;
	if (needs & SURVEY_SET_ALONE)
		return (needs & ~SURVEY_SET_ALONE) | NEEDS_MX;
	return needs | NEEDS_MX | NEEDS_ZONE | NEEDS_NAME;
}

/* What another survey waits for keeps its connections. */
void surveys_begin(struct app *app)
{
	if (!app->surveys && !app->world)
		dns_refresh(app_dns(app));
	app->surveys++;
}

void surveys_end(struct app *app)
{
	app->surveys--;
}

struct survey *survey_start_by(
	struct app *app, struct dns_validator *validator, const struct survey_want *want, survey_fn changed, void *data)
{
	struct survey *survey = mem_alloc(sizeof(*survey));

	survey->app = app;
	survey->facts = want->facts;
	survey->facts->asked = with_implied(want->needs);
	survey->changed = changed;
	survey->data = data;
	survey->signed_labels = -1;
	surveys_begin(app);
	if (!app->world) {
		survey->cache = dns_cache_new(app_dns(app), app->timeout_ms);
		dns_cache_share(survey->cache, app_answers(app), &want->facts->domain);
		dns_cache_lend(survey->cache, validator);
	}
	name_source(survey);
	survey_reached(survey, AT_START, NULL);
	if (want->also)
		survey_more(survey, want->also);
	begin_validation(survey);
	return survey;
}

struct survey *survey_start(struct app *app, const struct survey_want *want, survey_fn changed, void *data)
{
	return survey_start_by(app, NULL, want, changed, data);
}

void survey_free(struct survey *survey)
{
	if (!survey)
		return;
	while (survey->jobs)
		end_job(survey->jobs);
	survey_end_probes(survey);
	mxset_release(&survey->also);
	loop_cancel(survey->deadline);
	loop_cancel(survey->straggler);
	while (survey->proofs)
		end_proof(survey->proofs);
	http_cancel(survey->fetch);
	dns_validation_cancel(survey->validation);
	dns_cache_free(survey->cache);
	surveys_end(survey->app);
	free(survey);
}

/* ---- waiting, for commands ---- */

static void give_up(void *data)
{
	struct survey *survey = data;

	survey->deadline = NULL;
	loop_stop(survey->app->loop);
}

void survey_wait(struct app *app, struct survey *survey, uint32_t deadline_ms)
{
	if (!survey_running(survey))
		return;
	survey->deadline = loop_after(app->loop, deadline_ms, give_up, survey);
	loop_run(app->loop);
	loop_cancel(survey->deadline);
	survey->deadline = NULL;
}
