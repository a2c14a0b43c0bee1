/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "app/stored.h"
#include "check/lint.h"
#include "core/facts/smtp.h"
#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/print.h"
#include "cli/print_demands.h"
#include "cli/print_document.h"
#include "cli/print_probe.h"
#include "cli/print_servers.h"
#include "cli/print_truth.h"
#include "cli/report.h"
#include "show/findings.h"
#include "base/banned.h"

/* Why, and until when. */
static json_t *accepted_json(const struct accepted *accepted)
{
	struct str until;
	json_t *json;

	if (!accepted)
		return json_null();
	str_init(&until, 0);
	text_time(&until, accepted->until);
	json = json_pack("{s:o, s:s}", "reason", json_text(accepted->reason), "until", until.s);
	str_release(&until);
	return json;
}

static json_t *findings_json(const struct findings *findings)
{
	json_t *list = json_array();
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *f = &findings->finding[i];
		bool host = f->mx.host.len || f->mx.odd[0];

		json_array_append_new(list,
			json_pack("{s:s, s:s, s:o, s:o, s:s, s:s, s:b, s:o, s:o}", "id", f->check->id, "level", check_level_name(f->level),
				"host", host ? json_text(mx_host_text(&f->mx, text)) : json_null(), "text", json_msg(&f->text), "why",
				gettext(f->check->why), "reference", f->check->reference, "introduced", (int)f->introduced, "accepted",
				accepted_json(f->accepted), "fix", f->fix[0] ? json_text(f->fix) : json_null()));
	}
	return list;
}

static json_t *skips_json(const struct findings *findings)
{
	json_t *list = json_array();

	for (size_t i = 0; i < findings->n_skip; i++)
		json_array_append_new(
			list, json_pack("{s:s, s:o}", "id", findings->skip[i].id, "reason", json_msg(&findings->skip[i].reason)));
	return list;
}

static json_t *check_json(const struct check_input *in, const struct findings *findings)
{
	json_t *counts = json_object();

	for (int level = LEVEL_ERROR; level < LEVEL_COUNT; level++) {
		size_t count = findings_count(findings, (enum check_level)level, false);

		if (level > LEVEL_ERROR)
			count -= findings_count(findings, (enum check_level)(level - 1), false);
		json_object_set_new(counts, check_level_name((enum check_level)level), json_integer((json_int_t)count));
	}
	json_object_set_new(counts, "accepted", json_integer((json_int_t)(findings->n - findings_count(findings, LEVEL_INFO, false))));
	return json_pack("{s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "domain", json_name(in->domain), "subject",
		in->is_draft ? "draft" : "live", "source",
		fact_source_name(truth_tells(in->facts->mx) ? in->facts->live_source : in->facts->source), "held",
		print_held_json(in->facts), "cached", print_cached_json(in->facts, loop_now()), "servers", print_servers_json(in->facts),
		"findings", findings_json(findings), "not_checked", skips_json(findings), "counts", counts);
}

static void check_text(const struct check_input *in, const struct findings *findings)
{
	struct document document = print_begin(0);

	findings_report(in->domain, findings, &document);
	print_document_as(&document, stdout, &(struct print_form){ { 0, 1, 6 }, 80 });
}

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_SARIF, FORMAT_JUNIT, FORMATS };

struct outcome {
	struct choice choice;
	enum check_level bar;
	enum format format;
	const char *file; /* that is judged; NULL: none, or more than one */
	json_t *all;      /* what is printed, one a subject */
	struct report report;
	struct policy_told policy;
	bool failed; /* a finding stands at the bar, or a demand is not met */
};

static bool parse_format(const struct call *call, enum format *format, struct err *err)
{
	static const char *const names[FORMATS] = { "text", "json", "sarif", "junit" };
	const char *text = call_get(call, "--format");

	*format = call->json ? FORMAT_JSON : FORMAT_TEXT;
	for (int i = 0; text && i < FORMATS; i++)
		if (strcmp(names[i], text) == 0) {
			*format = (enum format)i;
			return true;
		}
	return !text || err_set(err, ERR_USAGE, N_("--format takes text, json, sarif or junit, not \"%s\""), text);
}

static bool looked_at(void *data, const char *id)
{
	return choice_has(data, id);
}

/* Would the plan's provider refuse to store the set? */
static bool is_refused(const struct plan *plan, struct err *err)
{
	const struct provider *provider = plan ? provider_find(plan->provider) : NULL;

	return provider && !provider_takes(provider, &plan->want, err);
}

/* Does a finding already say what the provider would not store? */
static bool tells_store(const struct findings *findings)
{
	static const char *const ids[] = { "ttl-floor", "cap-null", "cap-count" };

	for (size_t i = 0; i < findings->n; i++)
		for (size_t k = 0; k < sizeof(ids) / sizeof(*ids); k++)
			if (strcmp(findings->finding[i].check->id, ids[k]) == 0)
				return true;
	return false;
}

static void tell(struct outcome *out, const struct check_input *in, const struct plan *plan, const struct findings *findings)
{
	struct err refused = { 0 };
	enum truth_source source;
	const struct mxset *live = truth_base(in->facts, &source);
	const char *named = in->facts->source == SOURCE_RESOLVER || truth_tells(in->facts->held.mx) ? "" : in->facts->source_name;
	enum plan_stand stand = plan ? plan_stand(plan, live, source) : STAND_BASE;
	json_t *json;

	out->failed |= is_refused(plan, &refused);
	if (refused.code && out->format != FORMAT_JSON && !tells_store(findings))
		print_failure(&refused);
	if (out->format == FORMAT_SARIF || out->format == FORMAT_JUNIT) {
		report_add(&out->report, &(struct report_subject){ in->domain, out->file, in->is_draft, out->bar, findings, looked_at,
						 &out->choice, &out->policy });
		return;
	}
	if (out->format == FORMAT_TEXT) {
		check_text(in, findings);
		print_demands(&out->policy, in->domain);
		print_probes(in->facts);
		print_truth(in->facts, loop_now());
		print_name(stdout, in->facts);
		if (plan && stand != STAND_BASE)
			print_stand(stand, source, named);
		return;
	}
	json = check_json(in, findings);
	json_object_set_new(json, "probes", print_probes_json(in->facts));
	json_object_set_new(json, "policy", print_demands_json(&out->policy, in->domain));
	if (plan) {
		json_object_set_new(json, "live", json_string(plan_stand_name(stand)));
		json_object_set_new(json, "refused", refused.code ? json_msg(&refused.what) : json_null());
	}
	json_array_append_new(out->all, json);
}

static bool provider_of(const struct plan *plan, struct check_store *store)
{
	const struct provider *provider = plan ? provider_find(plan->provider) : NULL;

	if (provider)
		stored_by(provider, store);
	return provider;
}

/* One subject; plan NULL for what is live. */
static bool check_one(struct call *call, const struct dname *domain, const struct plan *plan, struct outcome *out, struct err *err)
{
	const struct mxset *draft = plan ? &plan->want : NULL;
	struct subject_ask ask = { .domain = domain,
		.also = draft,
		.depth = SUBJECT_ALL,
		.needs = choice_needs(&out->choice) | musts_needs(&out->policy.musts, domain),
		.account = plan ? plan->account : NULL };
	struct findings findings = { 0 };
	struct check_input live, in;
	struct check_store store;
	struct smtp_trial trial;
	struct facts facts;
	bool ok;

	if (!subject_probes(call, domain, "--probe", &ask.probe, err) || !subject_tries(call, domain, &ask, &trial, err))
		return false;
	if (ask.probe) /* how bad a server without TLS is, hangs on what the domain promises, whichever checks were chosen */
		ask.needs |= NEEDS_STS_TXT | NEEDS_STS_POLICY;
	subject_survey_by(call, &ask, &facts, NULL);
	ok = draft || subject_answered(&facts, err) || facts.mx == ANSWER_NXDOMAIN;
	if (ok) {
		subject_check_input(&live, &facts, NULL);
		subject_check_input(&in, &facts, draft);
		if (provider_of(plan, &store))
			in.store = &store;
		if (draft)
			lint_draft(&live, &in, &findings);
		else
			lint_run(&in, &findings);
		choice_apply(&out->choice, &findings, domain);
		policy_told_judge(&out->policy, &in);
		tell(out, &in, plan, &findings);
		out->failed = out->failed || findings_count(&findings, out->bar, false) > 0 || demands_open(&out->policy.demands) > 0;
	}
	findings_release(&findings);
	facts_release(&facts);
	return ok;
}

static bool check_plans(struct call *call, struct outcome *out, struct err *err)
{
	struct plans plans = { 0 };
	bool ok = subject_plans(call->operand[0], &plans, err);

	for (size_t i = 0; ok && i < plans.n; i++)
		ok = check_one(call, &plans.plan[i].domain, &plans.plan[i], out, err);
	plans_release(&plans);
	return ok;
}

static void print_subjects(json_t *all)
{
	if (json_array_size(all) == 1)
		print_json(json_incref(json_array_get(all, 0)));
	else
		print_json(json_pack("{s:O}", "subjects", all));
}

static bool check_all(struct call *call, struct outcome *out, struct err *err)
{
	bool plans = call->n && subject_is_plan(call->operand[0]);
	struct dname domain;

	if (!plans && !subject_domain(call, 0, &domain, err))
		return false;
	out->file = plans ? call->operand[0] : call_get_at(call, "--zone", 1) ? NULL : call_get(call, "--zone");
	if (out->file && !strcmp(out->file, "-"))
		out->file = NULL;
	if (!choice_level(call, &out->bar, err) || !choice_read(&out->choice, call, plans ? NULL : &domain, err) ||
		!policy_told_read(&out->policy, &call->app, call_get(call, "--require"), err))
		return false;
	return plans ? check_plans(call, out, err) : check_one(call, &domain, NULL, out, err);
}

static int run(struct call *call, struct err *err)
{
	struct outcome out = { .bar = LEVEL_ERROR };
	bool ok;

	if (!parse_format(call, &out.format, err))
		return -1;
	out.all = json_array();
	report_begin(&out.report, out.format == FORMAT_JUNIT);
	ok = check_all(call, &out, err);
	if (ok && out.format == FORMAT_JSON)
		print_subjects(out.all);
	report_end(&out.report, ok && (out.format == FORMAT_SARIF || out.format == FORMAT_JUNIT));
	json_decref(out.all);
	choice_release(&out.choice);
	policy_told_release(&out.policy);
	return ok ? (int)out.failed : -1;
}

static const struct option_row options[] = {
	{ "--fail-on", 0, "LEVEL", N_("exit 1 for findings at or above error (default), warning, notice or info") },
	{ "--only", 0, "IDS", N_("run these checks alone: ids with commas between them; may be repeated") },
	{ "--skip", 0, "IDS", N_("leave these checks out") },
	{ "--require", 0, "POLICY",
		N_("judge the demands of this file, instead of policy_file in the configuration; exit 1 where one is not met") },
	{ "--format", 0, "FORMAT", N_("text (default), json, sarif (2.1.0) or junit") },
	{ "--accepted", 0, "FILE", N_("findings that were accepted, instead of accepted_file in the configuration") },
	{ "--accept", 0, "ID[@HOST]=REASON", N_("accept a finding of this domain: a line is added to that file") },
	{ "--until", 0, "TIME", N_("when the acceptance ends: a time, or a duration from now") },
	{ "--probe", 0, NULL, N_("connect to port 25 of each address and look at greeting, EHLO, STARTTLS and certificate") },
	{ "--intrusive", 0, "DOMAIN",
		N_("probe, and ask each server whether it takes postmaster, a made-up address and a stranger's; the domain's name, once more") },
	{ NULL, 0, NULL, NULL },
};

const struct command cmd_check = {
	.name = "check",
	.operands = "DOMAIN|PLAN",
	.min = 1,
	.flags = NEEDS_APP,
	.help = N_("find what is wrong"),
	.text = N_(
		"Checks the live MX set of a domain, or the set that a plan file wants, and says why each finding matters, where that is "
		"written, and what would mend it. In a plan, what it brings anew is marked. What could not be checked is said too.\n\n"
		"An operand with a slash, or that ends in .json, is a plan file.\n\n"
		"A finding that was accepted, with a reason and an end, is told apart and does not count. The file has a line each: domain, "
		"check or check@host, day, reason. After that day the finding is back.\n\n"
		"A policy is a file of sections, [domain NAME] and [group NAME] with domains = NAME, NAME, and of lines must = DEMAND. What "
		"can be demanded: mxladder list demands. What cannot be told is not met. Approvals sign what the policy demands, and a push "
		"must meet it."),
	.options = options,
	.run = run,
};
