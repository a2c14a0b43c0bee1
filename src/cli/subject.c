/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/subject.h"

#include <stdlib.h>
#include <string.h>

#include "app/exec.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/print.h"
#include "core/meant.h"
#include "base/banned.h"

#define SURVEY_MS 20000

bool subject_domain(const struct call *call, size_t i, struct dname *domain, struct err *err)
{
	if (i < call->n)
		return meant_domain(domain, call->operand[i], err);
	if (call->app.world && zoneworld_zones(call->app.world)) {
		*domain = *zoneworld_zone(call->app.world, 0);
		return true;
	}
	return err_set(err, ERR_USAGE, N_("which domain?"));
}

bool subject_is_plan(const char *operand)
{
	size_t len = strlen(operand);

	return (strchr(operand, '/') && !strstr(operand, "://")) || strcmp(operand, "-") == 0 ||
	       (len > 5 && strcmp(operand + len - 5, ".json") == 0);
}

bool subject_plans(const char *path, struct plans *plans, struct err *err)
{
	struct str text;
	bool ok;

	str_init(&text, PLAN_FILE_MAX + 1);
	ok = store_read_file(path, PLAN_FILE_MAX, &text, err) && plans_parse(plans, text.s, text.len, err);
	str_release(&text);
	return ok || err_context(err, N_("plan file %s"), path);
}

bool subject_one_plan(const char *path, struct plans *plans, struct err *err)
{
	if (!subject_plans(path, plans, err))
		return false;
	return plans->n == 1 || err_set(err, ERR_USAGE, N_("%s holds %zu plans; this command takes one"), path, plans->n);
}

bool subject_write_plans(const struct plans *plans, const char *path, struct err *err)
{
	struct str text;
	bool ok;

	str_init(&text, PLAN_FILE_MAX);
	plans_format(plans, &text);
	ok = store_write_file(path ? path : "-", text.s, text.len, 0644, err);
	str_release(&text);
	return ok;
}

struct surveying {
	struct call *call;
	const struct facts *facts;
	const struct survey *survey;
	enum subject_depth depth;
};

static bool enough(const struct surveying *s)
{
	const struct facts *facts = s->facts;

	/* Why a look-up failed is told by the validation, where it is bogus. */
	if (answer_is_soft(facts->mx) && facts->dnssec == DNSSEC_PENDING)
		return false;
	if (s->depth == SUBJECT_ALL || !answer_is_final(facts->mx) || !(facts->zone.len || answer_is_final(facts->parent_ns)))
		return false;
	for (size_t i = 0; i < facts->n_host; i++)
		if (!answer_is_final(facts->host[i].a) || !answer_is_final(facts->host[i].aaaa))
			return false;
	return s->depth == SUBJECT_HOSTS || !survey_finding_zones(s->survey);
}

static void survey_moved(void *data, bool finished)
{
	const struct surveying *s = data;

	if (!finished && enough(s))
		loop_stop(s->call->app.loop);
}

void subject_survey(struct call *call, const struct dname *domain, const struct mxset *also, enum subject_depth depth, struct facts *facts)
{
	uint32_t ms = call->app.timeout_ms ? 2 * call->app.timeout_ms + 1000 : SURVEY_MS;
	struct surveying surveying = { call, facts, NULL, depth };
	struct survey *survey;

	facts_init(facts, domain);
	survey = survey_start(&call->app, facts, also, survey_moved, &surveying);
	surveying.survey = survey;
	survey_wait(&call->app, survey, ms);
	survey_free(survey);
}

static bool no_answer(const struct facts *facts, const char *domain, struct err *err)
{
	if (facts->source == SOURCE_ZONE)
		return err_set(err, ERR_NETWORK, N_("%s lies in none of the zone files, and nothing else is asked"), domain);
	if (facts->dnssec == DNSSEC_BOGUS) {
		err_set(err, ERR_NETWORK, N_("the MX records of %s fail DNSSEC validation (bogus): %s"), domain, facts->bogus_reason);
		err_hint(err,
			N_("Senders whose resolvers validate cannot look them up either. Compare the DS records at the parent with the zone's keys."));
		return false;
	}
	switch (facts->mx) {
	case ANSWER_SERVFAIL:
		err_set(err, ERR_NETWORK, N_("the MX records of %s could not be looked up: the server failed (SERVFAIL)"), domain);
		break;
	case ANSWER_REFUSED:
		err_set(err, ERR_NETWORK, N_("the MX records of %s could not be looked up: the server refused to answer"), domain);
		break;
	case ANSWER_UNREACHABLE:
		err_set(err, ERR_NETWORK, N_("the MX records of %s could not be looked up: the server cannot be reached"), domain);
		break;
	case ANSWER_BROKEN:
		err_set(err, ERR_NETWORK, N_("the MX records of %s could not be looked up: what came back is no answer to the question"),
			domain);
		break;
	default:
		err_set(err, ERR_NETWORK, N_("the MX records of %s could not be looked up: no answer in time"), domain);
	}
	if (facts->source_name[0])
		err_hint(err, N_("Asked: %s. Another one: --resolver ADDRESS, --server ADDRESS."), facts->source_name);
	else
		err_hint(err, N_("Ask another resolver with --resolver ADDRESS."));
	return false;
}

bool subject_answered(const struct facts *facts, struct err *err)
{
	char domain[DNAME_TEXT_MAX];

	dname_show(&facts->domain, domain);
	if (facts->mx == ANSWER_DATA || facts->mx == ANSWER_NODATA)
		return true;
	if (facts->mx == ANSWER_NXDOMAIN)
		return err_set(err, ERR_FALSE, N_("%s does not exist"), domain);
	return no_answer(facts, domain, err);
}

struct waited {
	struct call *call;
	struct subject_base *base;
	struct err err;
	bool done, ok;
};

static void on_read(void *data, const struct provider_run *run, const struct err *err)
{
	struct waited *waited = data;

	waited->done = true;
	waited->ok = !err;
	if (err) {
		waited->err = *err;
	} else if (waited->base) {
		provider_set_published(&run->have, &waited->base->set);
		waited->base->zone = run->zone;
	}
	loop_stop(waited->call->app.loop);
}

static bool ask_provider(struct waited *waited, const struct exec_task *task, struct err *err)
{
	struct exec *exec = exec_start(&waited->call->app, task, on_read, waited);

	while (exec && !waited->done)
		loop_run(waited->call->app.loop);
	exec_free(exec);
	if (!waited->ok && err)
		*err = waited->err;
	return waited->ok;
}

bool subject_verify(struct call *call, const struct provider_account *account, struct err *err)
{
	struct waited waited = { .call = call };
	struct exec_task task = { .account = account, .goal = GOAL_VERIFY };

	return ask_provider(&waited, &task, err);
}

static bool read_dns(struct call *call, const struct dname *domain, struct subject_base *base, struct err *err)
{
	struct facts facts;
	bool ok;

	subject_survey(call, domain, NULL, SUBJECT_HOSTS, &facts);
	ok = subject_answered(&facts, err);
	if (ok) {
		mxset_copy(&base->set, &facts.live);
		base->zone = facts.zone;
	}
	facts_release(&facts);
	return ok;
}

/* Which account, if any: a missing one is an error only where one was asked for. */
static bool choose(struct call *call, const struct dname *domain, const char *name, struct provider_account *account, struct err *err)
{
	bool asked = (name && *name) || call->app.account || config_domain_get(&call->app.config, domain, "account");
	struct err why = { 0 };

	*account = (struct provider_account){ 0 };
	if (app_account(&call->app, domain, name && *name ? name : NULL, account, &why))
		return true;
	account->provider = NULL;
	if (asked)
		*err = why;
	return !asked;
}

bool subject_read_base(struct call *call, const struct dname *domain, const char *name, struct subject_base *base, struct err *err)
{
	struct provider_account account;
	struct waited waited = { .call = call, .base = base };
	struct exec_task task = { .account = &account, .goal = GOAL_READ, .owner = domain };

	mxset_init(&base->set);
	if (!choose(call, domain, name, &account, err))
		return false;
	if (account.provider) {
		base->account = mem_text(account.name);
		base->provider = mem_text(account.provider->name);
		if (!call_has(call, "--zone") && !call_has(call, "--resolver") && !call_has(call, "--server"))
			return ask_provider(&waited, &task, err);
	}
	return read_dns(call, domain, base, err);
}

void subject_base_release(struct subject_base *base)
{
	mxset_release(&base->set);
	free(base->account);
	free(base->provider);
}

void subject_check_input(struct check_input *in, const struct facts *facts, const struct mxset *draft)
{
	*in = (struct check_input){
		.domain = &facts->domain,
		.zone = facts->zone.len ? &facts->zone : NULL,
		.set = draft ? draft : &facts->live,
		.facts = facts,
		.is_draft = draft != NULL,
	};
}

char *subject_user_name(struct call *call)
{
	const char *name = config_get(&call->app.config, "main", "", "name");
	struct str text;

	if (name && *name)
		return mem_text(name);
	str_init(&text, 0);
	store_user(&text);
	return str_take(&text);
}

char *subject_now(void)
{
	struct str text;

	str_init(&text, 64);
	text_time(&text, loop_now());
	return str_take(&text);
}
