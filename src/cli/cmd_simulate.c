/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/paint.h"
#include "cli/print.h"
#include "cli/print_document.h"
#include "cli/print_probe.h"
#include "cli/whatif.h"
#include "core/facts/smtp.h"
#include "show/outcome.h"
#include "show/sums.h"
#include "sim/probed.h"
#include "cli/whatif_cutover.h"
#include "base/banned.h"

struct what_if {
	struct dname domain;
	struct facts facts;
	struct plans plans;
	const struct mxset *set;
	struct marks marks;
	const struct sender *const *senders; /* all there are; ends with NULL */
	const struct sender *sender;         /* NULL: all */
	unsigned families;
	struct requirement requirement;
	unsigned depth; /* of the matrix */
	uint32_t outage_s, starts_s;
	double per_hour[24];
	struct mix mix;
	struct moving moving; /* --cutover */
};

static json_t *hosts_json(const struct sim_outcome *outcome)
{
	json_t *hosts = json_array();
	char text[ADDR_TEXT_MAX];

	for (size_t i = 0; i < outcome->n; i++) {
		const struct sim_share *s = &outcome->share[i];
		json_t *addresses;

		if (s->share <= 0)
			continue;
		addresses = json_array();
		for (size_t k = 0; k < s->n_addr; k++)
			if (s->addr[k].share > 0)
				json_array_append_new(addresses,
					json_pack("{s:s, s:f}", "address", addr_text(&s->addr[k].addr, text), "share", s->addr[k].share));
		json_array_append_new(
			hosts, json_pack("{s:o, s:f, s:o}", "host", json_name(&s->host), "share", s->share, "addresses", addresses));
	}
	return hosts;
}

static json_t *trace_json(const struct sim_result *result)
{
	json_t *trace = json_array();
	char text[ADDR_TEXT_MAX];

	for (size_t i = 0; i < result->n_step; i++) {
		const struct sim_step *s = &result->step[i];

		json_array_append_new(
			trace, json_pack("{s:f, s:o, s:o, s:s, s:o, s:s, s:s, s:s}", "at_s", s->at_s, "host", json_name(&s->host),
				       "address", s->addr.family ? json_string(addr_text(&s->addr, text)) : json_null(), "result", s->code,
				       "text", json_msg(&s->result), "rule", gettext(s->rule), "source", s->source, "confidence",
				       sender_sure_name(s->sure)));
	}
	return trace;
}

static json_t *delay_json(const struct sim_result *r)
{
	if (outcome_delivered(&r->final) <= 0)
		return json_pack("{s:n, s:n, s:n, s:n}", "min", "median", "p95", "max");
	return json_pack(
		"{s:f, s:f, s:f, s:f}", "min", r->delay_min_s, "median", r->delay_median_s, "p95", r->delay_p95_s, "max", r->delay_max_s);
}

/* Where a part of the mail comes to what nobody knows, nobody knows either how often its sender connects. */
static json_t *connections_json(const struct sim_result *r)
{
	if (r->first.unknown > 0)
		return json_pack("{s:n, s:n}", "mean", "max");
	return json_pack("{s:f, s:i}", "mean", r->connections_mean, "max", (int)r->connections_max);
}

static json_t *sender_json(const struct sim_result *r)
{
	json_t *value = json_pack("{s:s, s:{s:o, s:f, s:f}, s:{s:o, s:f, s:f}, s:o, s:o, s:o, s:b, s:o}", "sender", sender_name(r->sender),
		"first_attempt", "hosts", hosts_json(&r->first), "deferred", r->first.deferred, "bounced", r->first.bounced, "final",
		"hosts", hosts_json(&r->final), "bounced", r->final.bounced, "undelivered", r->final.deferred, "connections",
		connections_json(r), "delay_s", delay_json(r), "gives_up_after_s",
		r->gives_up_after_s ? json_integer((json_int_t)r->gives_up_after_s) : json_null(), "exact", (int)r->exact, "trace",
		trace_json(r));

	json_object_set_new(json_object_get(value, "first_attempt"), "unknown", json_real(r->first.unknown));
	json_object_set_new(json_object_get(value, "final"), "unknown", json_real(r->final.unknown));
	json_object_set_new(value, "confidence", json_string(sender_sure_name(sender_sureness(r->sender))));
	if (!r->exact) {
		json_object_set_new(value, "samples", json_integer((json_int_t)r->samples));
		json_object_set_new(value, "stderr", json_real(r->stderr_share));
	}
	return value;
}

static json_t *down_json(const struct marks *marks)
{
	json_t *down = json_array();

	for (size_t i = 0; i < marks->n; i++) {
		struct str what;

		str_init(&what, 0);
		mark_argument(&marks->mark[i], &what);
		json_array_append_new(
			down, json_pack("{s:o, s:s}", "what", json_text(what.s), "state", sim_states[marks->mark[i].state].name));
		str_release(&what);
	}
	return down;
}

/* " exempel.com, what if: mejlserver1.exempel.com refused" */
static void print_marks(const struct what_if *w)
{
	struct str text;

	str_init(&text, 0);
	str_add_char(&text, ' ');
	paint_name(&text, &w->domain);
	for (size_t i = 0; i < w->marks.n; i++) {
		struct str what;

		str_init(&what, 0);
		mark_text(&w->marks.mark[i], &what);
		str_add(&text, i ? ", " : "  ");
		text_escape(&text, what.s, what.len);
		str_addf(&text, " %s", gettext(sim_states[w->marks.mark[i].state].label));
		str_release(&what);
	}
	puts(text.s);
	str_release(&text);
}

static void run_sender(struct what_if *w, const struct sim_input *in, const struct sender *sender, struct sim_result *result)
{
	failover_run(in, sender, result);
	if (w->requirement.what != REQUIRE_NOTHING)
		requirement_judge(&w->requirement, fmax(result->first.bounced, result->final.bounced),
			result->final.deferred + result->final.bounced, result->final.unknown);
}

/* Printed piece by piece: with thousands of hosts, one sender's part takes megabytes. */
static void simulate_json(struct what_if *w, struct whatif *more)
{
	struct json_out out = { .to = stdout };

	json_out_open(&out, NULL, '{');
	json_out_put(&out, "domain", json_name(&w->domain));
	json_out_put(&out, "down", down_json(&w->marks));
	json_out_open(&out, "senders", '[');
	for (size_t i = 0; w->senders[i]; i++) {
		struct sim_result result = { 0 };

		if (!whatif_wants(more, w->senders[i]))
			continue;
		run_sender(w, more->in, w->senders[i], &result);
		json_out_put(&out, NULL, sender_json(&result));
		sim_result_release(&result);
	}
	json_out_close(&out, ']');
	whatif_matrix_json(more, &out);
	whatif_outage_json(more, &out);
	json_out_put(&out, "cutover", moving_json(&w->moving));
	json_out_put(&out, "require", requirement_json(&w->requirement)); /* judged with what is above */
	json_out_put(&out, "probes", print_probes_json(&w->facts));
	json_out_put(&out, "mta_sts", whatif_policy_json(more));
	json_out_close(&out, '}');
}

static void simulate_text(struct what_if *w, struct whatif *more)
{
	struct document sums = print_begin(0);

	str_add(document_sentence(&sums, ROLE_HEADING, ""), _("Every sender"));
	sums.depth++;
	sums_titles(&sums);
	print_probes(&w->facts);
	print_marks(w);
	for (size_t i = 0; w->senders[i]; i++) {
		struct document document = print_begin(0);
		struct sim_result result = { 0 };

		if (!whatif_wants(more, w->senders[i]))
			continue;
		run_sender(w, more->in, w->senders[i], &result);
		sender_document(&result, &document);
		print_document_as(&document, stdout, &(struct print_form){ .indent = { 1, 2, 4 } });
		sums_row(&result, &sums);
		sim_result_release(&result);
	}
	whatif_policy_print(more);
	whatif_print(more);
	whatif_outage_print(more);
	moving_print(&w->moving);
	requirement_print(&w->requirement);
	if (!w->sender)
		print_document_as(&sums, stdout, &(struct print_form){ .indent = { 1, 2 } });
	document_release(&sums);
}

static void simulate(struct what_if *w, bool json)
{
	struct sim_input in = { .domain = &w->domain,
		.set = w->set,
		.facts = &w->facts,
		.is_draft = w->plans.n > 0,
		.marks = &w->marks,
		.families = w->families,
		.seed = 1 };
	struct whatif more = { .in = &in,
		.senders = w->senders,
		.sender = w->sender,
		.depth = w->depth,
		.outage_s = w->outage_s,
		.starts_s = w->starts_s,
		.mix = w->mix,
		.requirement = &w->requirement };

	memcpy(more.per_hour, w->per_hour, sizeof(more.per_hour));
	(json ? simulate_json : simulate_text)(w, &more);
}

static bool parse_sender(const struct call *call, struct what_if *w, struct err *err)
{
	const char *name = call_get(call, "--sender");

	w->senders = call->app.profiles.list;
	w->sender = w->senders[0];
	if (!name)
		return true;
	w->sender = strcmp(name, "all") == 0 ? NULL : profiles_find(&call->app.profiles, name);
	if (w->sender || strcmp(name, "all") == 0)
		return true;
	err_set(err, ERR_USAGE, N_("there is no sender \"%s\""), name);
	err_hint(err, N_("mxladder list senders shows them; \"all\" means every one."));
	return false;
}

/* "08:30" */
static bool parse_clock(const char *text, uint32_t *seconds)
{
	unsigned part[2] = { 0, 0 };

	for (size_t i = 0; i < 2; i++, text += 3) {
		if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9' || text[2] != (i ? '\0' : ':'))
			return false;
		part[i] = (unsigned)(text[0] - '0') * 10 + (unsigned)(text[1] - '0');
	}
	*seconds = part[0] * 3600 + part[1] * 60;
	return part[0] < 24 && part[1] < 60;
}

static bool parse_outage(const struct call *call, struct what_if *w, struct err *err)
{
	const char *outage = call_get(call, "--outage"), *starts = call_get(call, "--starts");

	if (outage && (!text_parse_duration(outage, &w->outage_s) || !w->outage_s))
		return err_set(err, ERR_USAGE, N_("--outage takes a duration such as 36h, not \"%s\""), outage);
	if (starts && !parse_clock(starts, &w->starts_s))
		return err_set(err, ERR_USAGE, N_("--starts takes a time of day such as 08:30, not \"%s\""), starts);
	if (!outage && (starts || call_has(call, "--traffic")))
		return err_set(err, ERR_USAGE, N_("--starts and --traffic belong to --outage"));
	if (!outage && call_has(call, "--mix") && !call_has(call, "--cutover"))
		return err_set(err, ERR_USAGE, N_("--mix belongs to --outage or --cutover"));
	return profiles_mix(&call->app.profiles, call_get(call, "--mix"), &w->mix, err) &&
	       profiles_traffic(&call->app.profiles, call_get(call, "--traffic"), w->per_hour, err);
}

static bool parse_more(const struct call *call, struct what_if *w, struct err *err)
{
	const char *matrix = call_get(call, "--matrix");

	if (matrix && strcmp(matrix, "1") != 0 && strcmp(matrix, "2") != 0)
		return err_set(err, ERR_USAGE, N_("--matrix takes 1 or 2, not \"%s\""), matrix);
	w->depth = matrix ? (unsigned)(*matrix - '0') : 0;
	return parse_outage(call, w, err);
}

static bool parse_options(const struct call *call, struct what_if *w, struct err *err)
{
	const char *family = call_get(call, "--family");

	if (family && strcmp(family, "4") == 0)
		w->families = SIM_IPV4;
	else if (family && strcmp(family, "6") == 0)
		w->families = SIM_IPV6;
	else if (family && strcmp(family, "46") != 0)
		return err_set(err, ERR_USAGE, N_("--family takes 4, 6 or 46, not \"%s\""), family);
	return requirement_parse(&w->requirement, call, err) && parse_more(call, w, err) && parse_sender(call, w, err) &&
	       moving_parse(call, &w->moving, err);
}

static bool parse_marks(const struct call *call, struct what_if *w, struct err *err)
{
	const char *text;

	if (call_has(call, "--as-probed"))
		marks_probed(&w->marks, &w->facts, w->set);
	for (size_t i = 0; (text = call_get_at(call, "--down", i)) != NULL; i++) {
		struct mark mark;

		if (!mark_parse(&mark, text, &w->facts, w->set, err))
			return err_context(err, "--down %s", text);
		marks_set(&w->marks, &mark);
	}
	return true;
}

/* Mail as the mix has it, or of the one sender that was named. */
static void run_moving(const struct call *call, struct what_if *w)
{
	struct cutover_part part[MIX_SENDERS] = { { w->sender, 1 } };
	bool one = call_has(call, "--sender") && w->sender;

	moving_run(&w->moving, &w->facts, part, one ? 1 : profiles_parts(&call->app.profiles, &w->mix, part));
}

/* What senders go by beside the set is waited for: those that are told of, or the whole mix of a cut-over; and what says which state a
 * probed server is in. */
static unsigned awaited_of(const struct call *call, const struct what_if *w, bool probe)
{
	unsigned needs = probe ? NEEDS_STS_POLICY : 0;
	bool all = !w->sender || (w->moving.asked && !call_has(call, "--sender"));

	for (size_t i = 0; w->senders[i]; i++) {
		if (!all && w->sender != w->senders[i])
			continue;
		needs |= w->senders[i]->sts ? NEEDS_STS_POLICY : 0;
		needs |= w->senders[i]->dane ? NEEDS_TLSA : 0;
	}
	return needs & NEEDS_STS_POLICY ? needs | NEEDS_STS_TXT : needs;
}

static int run(struct call *call, struct err *err)
{
	struct what_if w = { 0 };
	bool plan = call->n && subject_is_plan(call->operand[0]), ok;
	const struct mxset *also = NULL;
	enum subject_depth depth = SUBJECT_HOSTS;
	struct subject_ask ask = { .domain = &w.domain };
	struct smtp_trial trial;

	ok = parse_options(call, &w, err) &&
	     (plan ? subject_one_plan(call->operand[0], &w.plans, err) : subject_domain(call, 0, &w.domain, err));
	if (ok && plan)
		w.domain = w.plans.plan[0].domain;
	if (ok && call_has(call, "--as-probed"))
		ok = subject_probes(call, &w.domain, "--as-probed", &ask.probe, err) && subject_tries(call, &w.domain, &ask, &trial, err);
	else if (ok && call_has(call, "--intrusive"))
		ok = err_set(err, ERR_USAGE, N_("--intrusive goes with --as-probed"));
	ok = ok && moving_load(call, &w.domain, plan ? w.plans.plan : NULL, &w.moving, err);
	if (ok) {
		for (size_t i = 0; call_get_at(call, "--down", i); i++)
			depth = strncmp(call_get_at(call, "--down", i), "ns:", 3) == 0 ? SUBJECT_ZONES : depth;
		also = plan ? &w.plans.plan[0].want : w.moving.asked ? &w.moving.draft.want : NULL;
		ask.also = also;
		ask.depth = w.depth ? SUBJECT_ZONES : depth;
		ask.awaited = awaited_of(call, &w, ask.probe);
		subject_survey_by(call, &ask, &w.facts, NULL);
		w.set = plan ? &w.plans.plan[0].want : &w.facts.live;
		ok = (plan || subject_answered(&w.facts, err)) && parse_marks(call, &w, err);
		if (ok) {
			run_moving(call, &w);
			simulate(&w, call->json);
		}
		facts_release(&w.facts);
	}
	marks_release(&w.marks);
	moving_release(&w.moving);
	plans_release(&w.plans);
	return ok ? (int)(w.requirement.failed > 0) : -1;
}

static const struct option_row options[] = {
	{ "--down", 0, "WHAT[=STATE]",
		N_("mark a host, address, NET/LEN, v4, v6, zone:NAME, ns:NAME or the domain as failing (may be repeated); states as above") },
	{ "--as-probed", 0, NULL, N_("probe each address first, and begin from that") },
	{ "--intrusive", 0, "DOMAIN", N_("with --as-probed: name recipients too, as check does") },
	{ "--sender", 0, "NAME", N_("which sending server: a name of mxladder list senders, or all (default rfc5321)") },
	{ "--family", 0, "4|6|46", N_("which addresses the sender has itself (default 46)") },
	{ "--outage", 0, "DURATION", N_("follow the queues of an outage that lasts so long, and after it") },
	{ "--starts", 0, "HH:MM", N_("when the outage begins, in UTC (default 00:00): for a traffic that differs by the hour") },
	{ "--traffic", 0, "NAME", N_("how much mail comes: a [traffic NAME] section") },
	{ "--mix", 0, "NAME", N_("how much of it from whom, with --sender all: a [mix NAME] of the configuration") },
	{ "--matrix", 0, "1|2", N_("try every single failure, or every pair too; worst first, with the smallest sets that stop the mail") },
	{ "--cutover", 0, NULL,
		N_("the move to the plan, or to the domain's kept draft: when caches have drained, when old servers may go, dated steps") },
	{ "--at", 0, "TIME", N_("with --cutover: when; 2026-11-23T22:00:00Z, or a duration from now (default now)") },
	{ "--require", 0, "WHAT",
		N_("exit 1 unless all-delivered, or no-bounce, holds, for what is marked and every failure of --matrix") },
	{ "--ignore", 0, "WHAT", N_("what --require leaves out: v4, v6, own-zone, own-servers") },
	{ NULL, 0, NULL, NULL },
};

const struct command cmd_simulate = {
	.name = "simulate",
	.operands = "DOMAIN|PLAN",
	.min = 1,
	.flags = NEEDS_APP,
	.help = N_("see where mail goes when servers fail"),
	.text = N_(
		"Says where one new message ends after the sender's first delivery attempt, and where if the marked state lasts for ever; "
		"worked out from the rules of the sending server, without sending anything. --outage follows the mail of a longer failure "
		"with what senders remember, --matrix tries what may fail, --cutover tells the move to a draft.\n\n"
		"States: refused (default), timeout, drop, mute, greeting-4xx, greeting-5xx, ehlo-4xx, ehlo-5xx, no-starttls, starttls-4xx, tls-fail, "
		"tlsa-mismatch, cert-invalid, mail-4xx, mail-5xx, rcpt-4xx, rcpt-5xx, data-4xx, data-5xx, dot-4xx, dot-5xx, unknown; of names: nxdomain, servfail, dns-timeout."),
	.options = options,
	.run = run,
};
