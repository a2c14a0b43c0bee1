/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/subject.h"

#include <stdlib.h>
#include <string.h>

#include "app/account.h"
#include "app/exec.h"
#include "app/held.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/print.h"
#include "cli/print_servers.h"
#include "core/facts/smtp.h"
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
	struct survey *survey;
	struct held *held;
	enum subject_depth depth;
	unsigned awaited;
	bool last;    /* nothing but the account is waited for */
	size_t known; /* hosts from the first on that are known, and stay so */
};

static bool hosts_known(struct surveying *s)
{
	const struct host_facts *host = s->facts->host;

	while (s->known < s->facts->n_host && answer_is_final(host[s->known].a) && answer_is_final(host[s->known].aaaa))
		s->known++;
	return s->known == s->facts->n_host;
}

/* Is the live set known? Held, or told by each server that will answer at all. */
static bool live_known(const struct surveying *s)
{
	if (held_running(s->held))
		return false;
	return truth_tells(s->facts->held.mx) || s->facts->source != SOURCE_RESOLVER || !survey_asking(s->survey);
}

static bool enough(struct surveying *s)
{
	const struct facts *facts = s->facts;

	/* Why a lookup failed is told by the validation, where it is bogus. */
	if (answer_is_soft(facts->mx) && facts->dnssec == DNSSEC_PENDING)
		return false;
	if (survey_probing(s->survey) || survey_finding(s->survey, s->awaited) ||
		((s->awaited & NEEDS_TLSA) && survey_finding_dane(s->survey)) || s->depth == SUBJECT_ALL || !live_known(s) ||
		!answer_is_final(facts->cached.mx) || !(facts->zone.len || answer_is_final(facts->parent_ns)))
		return false;
	return hosts_known(s) && (s->depth == SUBJECT_HOSTS || !survey_finding(s->survey, NEEDS_ZONE | NEEDS_TARGET_ZONES));
}

static void survey_moved(void *data, bool finished)
{
	struct surveying *s = data;

	if (!finished && enough(s))
		loop_stop(s->call->app.loop);
}

static void held_moved(void *data)
{
	struct surveying *s = data;

	survey_more(s->survey, &s->facts->live);
	if (s->last || enough(s))
		loop_stop(s->call->app.loop);
}

/* Says at once why the account could not be read, and where the set is taken from instead. */
static void tell_unread(const struct err *unread, const struct facts *facts)
{
	struct str text;

	if (unread->code == ERR_NONE)
		return;
	str_init(&text, 0);
	err_format(unread, &translate_tongue, &text);
	print(stderr, N_("What account %s holds could not be read: %s"), facts->held.account, text.s);
	if (unread->hint.id)
		print_msg(stderr, &unread->hint);
	str_release(&text);
}

/* What a probe saw is compared with the TLSA records. */
static unsigned awaited_of(const struct subject_ask *ask)
{
	return ask->awaited | (ask->probe ? NEEDS_TLSA : 0);
}

static unsigned needs_of(const struct subject_ask *ask)
{
	return NEEDS_HOSTS | NEEDS_SERVERS | NEEDS_PARENT | NEEDS_TARGET_ZONES | NEEDS_DNSSEC | ask->needs | awaited_of(ask);
}

void subject_survey_by(struct call *call, const struct subject_ask *ask, struct facts *facts, struct err *unread)
{
	uint32_t ms = call->app.timeout_ms ? 2 * call->app.timeout_ms + 1000 : SURVEY_MS;
	struct surveying surveying = { .call = call, .facts = facts, .depth = ask->depth, .awaited = awaited_of(ask) };
	struct err told = { 0 };

	facts_init(facts, ask->domain);
	if (ask->probe)
		ms += app_probe_ms(&call->app, ask->trial);
	surveying.survey = survey_start(&call->app, &(struct survey_want){ facts, ask->also, needs_of(ask) }, survey_moved, &surveying);
	if (ask->trial)
		survey_try(surveying.survey, ask->trial, NULL);
	else if (ask->probe)
		survey_probe(surveying.survey, NULL);
	if (!ask->dns_only)
		surveying.held = held_start(&call->app, facts, ask->account, held_moved, &surveying);
	survey_wait(&call->app, surveying.survey, ms);
	surveying.last = true;
	while (held_running(surveying.held))
		loop_run(call->app.loop);
	surveying.last = false;
	if (!enough(&surveying))
		survey_wait(&call->app, surveying.survey, ms);
	if (surveying.held && !truth_tells(facts->held.mx))
		*(unread ? unread : &told) = *held_error(surveying.held);
	tell_unread(&told, facts);
	held_free(surveying.held);
	survey_free(surveying.survey);
}

bool subject_probes(struct call *call, const struct dname *domain, const char *option, bool *probe, struct err *err)
{
	const char *configured = config_domain_get(&call->app.config, domain, "probe");

	*probe = call_has(call, option) || (configured && !strcmp(configured, "yes") && !call->app.world);
	return !*probe || app_prober(&call->app, err);
}

bool subject_tries(struct call *call, const struct dname *domain, struct subject_ask *ask, struct smtp_trial *trial, struct err *err)
{
	const char *typed = call_get(call, "--intrusive");
	char text[DNAME_TEXT_MAX];
	struct dname name;

	if (!typed)
		return true;
	dname_show(domain, text);
	if (!meant_domain(&name, typed, NULL) || !dname_equal(&name, domain))
		return err_set(err, ERR_USAGE, N_("--intrusive wants the name of the domain typed once more: %s, not \"%s\""), text, typed);
	if (!app_prober(&call->app, err))
		return false;
	if (!smtp_trial_make(trial, domain, loop_random()))
		return err_set(err, ERR_USAGE, N_("%s can be the domain of no mail address"), text);
	ask->probe = true;
	ask->trial = trial;
	print(stderr,
		N_("Each mail server of %s is told MAIL FROM:<> and RCPT TO %s, %s and %s, each by itself, then RSET and QUIT. No message is sent."),
		text, trial->rcpt[SMTP_RCPT_POSTMASTER], trial->rcpt[SMTP_RCPT_MADE_UP], trial->rcpt[SMTP_RCPT_STRANGER]);
	return true;
}

void subject_survey(struct call *call, const struct dname *domain, const struct mxset *also, enum subject_depth depth, struct facts *facts)
{
	subject_survey_by(call, &(struct subject_ask){ .domain = domain, .also = also, .depth = depth, .dns_only = true }, facts, NULL);
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
	switch (facts->cached.mx) {
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
		err_set(err, ERR_NETWORK,
			N_("the MX records of %s could not be looked up: what came back is no whole answer to the question"), domain);
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

bool subject_looked_up(const struct facts *facts, struct err *err)
{
	char domain[DNAME_TEXT_MAX];
	struct truth truth;

	truth_look(&truth, facts, loop_now());
	if (truth_tells(facts->cached.mx) || truth.answered)
		return true;
	return no_answer(facts, dname_show(&facts->domain, domain), err);
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
	struct err err;
	bool done, ok;
	struct provider_told *told; /* where it goes, or NULL */
};

static void on_done(void *data, const struct provider_run *run, const struct err *err)
{
	struct waited *waited = data;

	waited->done = true;
	if (waited->told)
		*waited->told = run->told;
	waited->ok = !err;
	if (err)
		waited->err = *err;
	loop_stop(waited->call->app.loop);
}

/* The first domain of the configuration that names the account. */
static bool ask_account(struct call *call, const struct exec_task *task, struct provider_told *told, struct err *err)
{
	struct waited waited = { .call = call, .told = told };
	struct exec *exec = exec_start(&call->app, task, on_done, &waited);

	while (exec && !waited.done)
		loop_run(call->app.loop);
	exec_free(exec);
	if (!waited.ok && err)
		*err = waited.err;
	return waited.ok;
}

bool subject_verify(struct call *call, const struct provider_account *account, struct provider_told *told, struct err *err)
{
	struct exec_task task = { .account = account, .goal = GOAL_VERIFY };
	struct dname domain;

	if (account_domain(&call->app.config, account->name, &domain))
		task.owner = &domain;
	return ask_account(call, &task, told, err);
}

struct account *subject_zones(struct call *call, const struct provider_account *account, struct err *err)
{
	struct exec_task task = { .account = account, .goal = GOAL_ZONES };
	struct dname all;

	dname_root(&all);
	task.owner = &all;
	return ask_account(call, &task, NULL, err) ? account_of(&call->app, account) : NULL;
}

/* Takes what a draft begins from. A name without records may be new: the draft gives it its first. */
static bool take_base(const struct facts *facts, struct subject_base *base, struct err *err)
{
	const struct mxset *set = truth_base(facts, &base->source);

	if (!set)
		return subject_answered(facts, err);
	mxset_copy(&base->set, set);
	if (!truth_tells(facts->held.mx) && facts->source != SOURCE_RESOLVER)
		snprintf(base->named, sizeof base->named, "%s", facts->source_name);
	base->zone = facts->held.zone.len ? facts->held.zone : facts->zone;
	base->first_ttl_s = facts->held.first_ttl_s;
	return true;
}

bool subject_read_base(struct call *call, const struct subject_ask *ask, struct subject_base *base, struct facts *facts, struct err *err)
{
	struct provider_account account;
	struct err unread = { 0 };
	bool ok;

	mxset_init(&base->set);
	facts_init(facts, ask->domain);
	if (!held_account(&call->app, ask->domain, ask->account, &account, err))
		return false;
	subject_survey_by(call, ask, facts, &unread);
	/* An account that answers, and will not have the zone read or changed, is none that cannot be asked. */
	ok = unread.code != ERR_REFUSED;
	if (ok) {
		tell_unread(&unread, facts);
		ok = take_base(facts, base, err);
		if (ok)
			print_name(stderr, facts);
	} else {
		*err = unread;
	}
	if (account.provider && (facts->held.mx != ANSWER_UNASKED || call->app.world)) {
		base->account = mem_text(account.name);
		base->provider = mem_text(account.provider->name);
	}
	base->left_s = facts->cached.set.ttl_s;
	return ok;
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
