/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message step by step: an order that leads to the likeliest end, and the attempts after it. */
#include "sim/attempt/attempt.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

#include "base/banned.h"

#define TRACE_GROUPS 256    /* of more, orders are drawn instead of looked through */
#define TRACE_WORK 4000000u /* groups looked at while drawing, at most */
#define TRACE_VISITS 400    /* connections told one by one */
#define TRACE_TRIES 4000    /* points looked at for the likeliest end; then any end will do */
#define TRACE_RETRIES 5     /* later attempts that are told one by one */

struct visit {
	size_t endpoint;
	double at_s;
};

struct trace {
	const struct attempt *attempt;
	struct sim_result *result;
	enum attempt_end target;
	size_t row; /* of ATTEMPT_DELIVERED */
	unsigned tries;
	size_t n, cap;
	struct visit *visit;
	enum attempt_end end;
	double end_s;
	bool by_limit; /* the attempt ended with servers untried */
};

struct sentence {
	const char *text;
	enum sender_group group;
};

static const struct sentence results[SIM_STATES] = {
	[SIM_UP] = { N_("The server accepts the message."), GROUP_ORDER },
	[SIM_REFUSED] = { N_("The server refuses the connection (RST)."), GROUP_CONNECT },
	[SIM_TIMEOUT] = { N_("Nothing answers until the time is up."), GROUP_CONNECT },
	[SIM_DROP] = { N_("The server hangs up before it greets."), GROUP_GREETING },
	[SIM_MUTE] = { N_("The server takes the connection but never greets."), GROUP_GREETING },
	[SIM_GREETING_4XX] = { N_("The greeting is a temporary refusal (4xx)."), GROUP_GREETING },
	[SIM_GREETING_5XX] = { N_("The greeting is a permanent refusal (5xx)."), GROUP_GREETING },
	[SIM_EHLO_4XX] = { N_("The server refuses EHLO and HELO for now (4xx)."), GROUP_EHLO },
	[SIM_EHLO_5XX] = { N_("The server refuses EHLO and HELO for good (5xx)."), GROUP_EHLO },
	[SIM_NO_STARTTLS] = { N_("The server does not offer STARTTLS."), GROUP_TLS },
	[SIM_STARTTLS_4XX] = { N_("The server refuses STARTTLS for now (4xx)."), GROUP_TLS },
	[SIM_TLS_FAIL] = { N_("The TLS handshake fails."), GROUP_TLS },
	[SIM_TLSA_MISMATCH] = { N_("The certificate fits none of the TLSA records."), GROUP_TLS },
	[SIM_CERT_INVALID] = { N_("The certificate is not valid for this host."), GROUP_TLS },
	[SIM_MAIL_4XX] = { N_("The server refuses MAIL for now (4xx)."), GROUP_SOFT },
	[SIM_MAIL_5XX] = { N_("The server refuses MAIL for good (5xx)."), GROUP_HARD },
	[SIM_RCPT_4XX] = { N_("The server refuses the recipient for now (4xx)."), GROUP_SOFT },
	[SIM_RCPT_5XX] = { N_("The server refuses the recipient for good (5xx)."), GROUP_HARD },
	[SIM_DATA_4XX] = { N_("The server refuses DATA for now (4xx)."), GROUP_SOFT },
	[SIM_DATA_5XX] = { N_("The server refuses DATA for good (5xx)."), GROUP_HARD },
	[SIM_DOT_4XX] = { N_("The server refuses the message for now, after it was sent (4xx)."), GROUP_SOFT },
	[SIM_DOT_5XX] = { N_("The server refuses the message for good, after it was sent (5xx)."), GROUP_HARD },
	[SIM_NXDOMAIN] = { N_("The name does not exist, or has no address that this sender can use."), GROUP_DNS },
	[SIM_SERVFAIL] = { N_("The name's lookup fails."), GROUP_DNS },
	[SIM_DNS_TIMEOUT] = { N_("The name's lookup is not answered."), GROUP_DNS },
	[SIM_UNKNOWN] = { N_("Nobody knows what this server does."), GROUP_CONNECT },
};

static const char *rule_of_first(const struct attempt *attempt)
{
	if (attempt->turns)
		return N_("The first server that accepts gets the message; this sender takes the order of the answer, and resolvers "
			  "turn it, so that each server of a preference comes first equally often.");
	if (!attempt_draws(attempt))
		return N_("The first server that accepts gets the message; this sender takes the servers of a preference in the "
			  "order of the answer.");
	return N_("The first server that accepts gets the message.");
}

static const char *rule_of(const struct endpoint *endpoint, const struct attempt *attempt)
{
	const struct sender *sender = attempt->sender;
	const char *rule = refuse_rule(attempt, endpoint);

	if (rule)
		return rule;
	switch (endpoint->out) {
	case OUT_OK:
		return endpoint->state == SIM_UP ? rule_of_first(attempt) : N_("Without TLS the message goes on in the clear.");
	case OUT_NEXT:
		if (sender->after_session == AFTER_NEXT_HOST && endpoint->state >= SIM_DROP)
			return N_("After this failure the next host is tried, not another address of this one.");
		return N_("After this failure the next address is tried.");
	case OUT_NEXT_ELSE_BOUNCE:
		return N_("After this failure the next server is tried; if this was the last, the message is returned.");
	case OUT_QUEUE:
		return N_("After this failure no other server is tried; the message waits.");
	case OUT_BOUNCE:
		return N_("After this refusal the sender returns the message immediately, whatever servers are left.");
	case OUT_CLEAR_SAME:
		return N_("After a failed handshake the same server is tried again without TLS.");
	case OUT_HANG:
		return N_("This sender goes no further from here.");
	case OUT_UNKNOWN:
		return N_("What nobody knows is not simulated.");
	}
	return "";
}

static struct sim_step *add_step(struct trace *trace, double at_s, const char *code, const char *text, enum sender_group group)
{
	struct sim_result *result = trace->result;
	const struct sender_source *source = &trace->attempt->sender->source[group];
	struct sim_step *step;

	result->step = mem_grow(result->step, result->n_step, &result->cap_step, sizeof *result->step);
	step = &result->step[result->n_step++];
	*step = (struct sim_step){ .at_s = at_s, .code = code, .source = source->text, .sure = source->sure, .rule = "" };
	step->result.id = text;
	return step;
}

static void add_visit(struct trace *trace, const struct visit *visit)
{
	const struct endpoint *endpoint = &trace->attempt->endpoint[visit->endpoint];
	const char *code = endpoint->out == OUT_OK ? "accepted" : sim_states[endpoint->state].name;
	const char *text = endpoint->out == OUT_OK ? results[SIM_UP].text : results[endpoint->state].text;
	struct sim_step *step;

	if (endpoint->nowhere) {
		code = "unreachable";
		text = N_("No connection can be made to this address.");
	}
	refuse_tell(endpoint, &code, &text);
	if (endpoint->is_self) {
		code = "own-address";
		text = N_("The address is the sender's own machine.");
	}
	step = add_step(trace, visit->at_s, code, text,
		endpoint->is_self    ? GROUP_DNS
		: endpoint->unlisted ? GROUP_TLS
				     : results[endpoint->state].group);
	step->host = trace->attempt->row[endpoint->row].host;
	step->addr = endpoint->addr;
	step->rule = rule_of(endpoint, trace->attempt);
	if (endpoint->out == OUT_CLEAR_SAME) {
		step = add_step(trace, visit->at_s, "accepted", results[SIM_UP].text, GROUP_TLS);
		step->host = trace->attempt->row[endpoint->row].host;
		step->addr = endpoint->addr;
		step->rule = N_("Without TLS the message goes on in the clear.");
	}
}

/* The connections past those that are told one by one. */
static void add_rest(struct trace *trace)
{
	struct sim_step *step = add_step(trace, trace->visit[TRACE_VISITS - 1].at_s, "more", "", GROUP_ORDER);

	msg_set(&step->result, N_("%lu more connections are tried."), (unsigned long)(trace->n - TRACE_VISITS));
}

static const char *lookup_text(const char *code)
{
	static const struct {
		const char *code, *text;
	} rows[] = {
		{ "nxdomain", N_("The domain has no mail server that exists.") },
		{ "servfail", N_("A lookup fails, and no server is known.") },
		{ "dns-timeout", N_("A lookup is not answered, and the sender waits for it.") },
		{ "null-mx", N_("The domain says that it takes no mail (null MX).") },
		{ "null-mx-beside", N_("One of the MX records is a null MX, and this sender takes it for the whole set.") },
		{ "no-address", N_("One of the mail servers exists but has no address, and this sender goes no further then.") },
		{ "own-address", N_("The best mail server is the sender's own machine.") },
		{ "too-many", N_("So many MX records do not fit one DNS answer: no server can tell them.") },
		{ "unknown", N_("The MX records are not known.") },
		{ "bogus", N_("The MX records fail DNSSEC validation here: whether this sender, which validates, has them is not known.") },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(rows[i].code, code) == 0)
			return rows[i].text;
	}
	return "";
}

static void add_lookup(struct trace *trace)
{
	const struct attempt *attempt = trace->attempt;
	bool bounce = attempt->ends == OUT_BOUNCE;
	struct sim_step *step = add_step(trace, 0, attempt->ends_code, lookup_text(attempt->ends_code), GROUP_DNS);

	if (attempt->ends == OUT_UNKNOWN) {
		step->rule = N_("What nobody knows is not simulated.");
		trace->end = ATTEMPT_UNKNOWN;
		return;
	}
	step->rule = bounce ? N_("When the lookup ends so, the sender returns the message immediately.")
			    : N_("When the lookup ends so, the message waits for another attempt.");
	trace->end = bounce ? ATTEMPT_BOUNCED : ATTEMPT_DEFERRED;
}

static void add_names(struct trace *trace)
{
	static const enum sim_state states[] = {
		[NAME_MISSING] = SIM_NXDOMAIN,
		[NAME_SOFT] = SIM_SERVFAIL,
		[NAME_SLOW] = SIM_DNS_TIMEOUT,
		[NAME_CUT] = SIM_UP,
	};

	for (size_t i = 0; i < trace->attempt->n_row; i++) {
		const struct attempt_row *row = &trace->attempt->row[i];
		struct sim_step *step;

		if (row->name == NAME_FOUND || row->name == NAME_UNKNOWN)
			continue;
		if (row->name == NAME_CUT) {
			step = add_step(trace, 0, "own-address", N_("This preference or a better one leads to the sender's own machine."),
				GROUP_DNS);
			step->rule = N_("A sender that finds itself drops its own preference and all higher ones.");
		} else {
			step = add_step(trace, 0, sim_states[states[row->name]].name, results[states[row->name]].text, GROUP_DNS);
			step->rule = N_("A server that cannot be looked up is left out.");
		}
		step->host = row->host;
	}
}

static bool reached(const struct trace *trace, const struct node *node, enum attempt_end end)
{
	if (trace->tries == 0)
		return true;
	return end == trace->target && (end != ATTEMPT_DELIVERED || trace->attempt->endpoint[node->endpoint].row == trace->row);
}

/* When the endpoint just met was connected to. */
static double met_at(const struct attempt *attempt, const struct node *node)
{
	return attempt->sender->overlaps ? node->t_s : node->t_s - attempt->endpoint[node->endpoint].cost_s;
}

static void add_met(struct trace *trace, const struct node *node)
{
	if (node->endpoint == ATTEMPT_NONE)
		return;
	if (trace->n < TRACE_VISITS) {
		trace->visit = mem_grow(trace->visit, trace->n, &trace->cap, sizeof *trace->visit);
		trace->visit[trace->n] = (struct visit){ node->endpoint, met_at(trace->attempt, node) };
	}
	trace->n++;
}

static void end_at(struct trace *trace, const struct node *node, enum attempt_end end)
{
	trace->end = end;
	trace->end_s = node->t_s;
	trace->by_limit = trace->n < trace->attempt->n_endpoint;
}

/* Orders drawn one after another, the record order first, until one comes to the wanted end or enough was looked at. */
static void draw(struct trace *trace, struct node *node)
{
	const struct attempt *attempt = trace->attempt;
	struct choice *choice = mem_alloc((attempt->kinds_max + FACTS_ADDRESSES) * sizeof *choice);
	unsigned long looked_at = 0;
	uint64_t seed = attempt->in->seed;
	bool first = true, found = false;

	while (!found) {
		enum attempt_end end = ATTEMPT_GOES_ON;

		trace->n = 0;
		node_start(attempt, node);
		while (end == ATTEMPT_GOES_ON) {
			size_t n = attempt_choices(attempt, node, choice);

			end = attempt_apply(attempt, node, choice[first || n == 1 ? 0 : attempt_pick(choice, n, &seed)].what);
			add_met(trace, node);
			looked_at += 1 + attempt->kinds_max;
		}
		first = false;
		trace->tries = looked_at < TRACE_WORK;
		found = reached(trace, node, end);
		if (found)
			end_at(trace, node, end);
	}
	free(choice);
}

/* Depth first through the orders, the record order first, to the wanted end. */
static bool search(struct trace *trace, const struct node *from)
{
	const struct attempt *attempt = trace->attempt;
	struct choice *choice = mem_alloc((attempt->kinds_max + FACTS_ADDRESSES) * sizeof *choice);
	struct node *node = mem_alloc(node_size(attempt));
	size_t n = attempt_choices(attempt, from, choice), before = trace->n;
	bool found = false;

	for (size_t i = 0; i < n && !found; i++) {
		enum attempt_end end;

		trace->n = before;
		memcpy(node, from, node_size(attempt));
		end = attempt_apply(attempt, node, choice[i].what);
		if (trace->tries > 0)
			trace->tries--;
		add_met(trace, node);
		if (end == ATTEMPT_GOES_ON) {
			found = search(trace, node);
		} else if (reached(trace, node, end)) {
			end_at(trace, node, end);
			found = true;
		}
	}
	free(choice);
	free(node);
	return found;
}

static void aim(struct trace *trace)
{
	const struct sim_outcome *first = &trace->result->first;
	double best = 0;

	trace->target = ATTEMPT_DEFERRED;
	for (size_t i = 0; i < first->n; i++) {
		if (first->share[i].share > best + 1e-9) {
			best = first->share[i].share;
			trace->target = ATTEMPT_DELIVERED;
			trace->row = i;
		}
	}
	if (first->bounced > best + 1e-9) {
		best = first->bounced;
		trace->target = ATTEMPT_BOUNCED;
	}
	if (first->deferred > best + 1e-9) {
		best = first->deferred;
		trace->target = ATTEMPT_DEFERRED;
	}
	if (first->unknown > best + 1e-9)
		trace->target = ATTEMPT_UNKNOWN;
}

/* When the message that waits is delivered in the middle case; 0: never. */
static double delivered_at(const struct trace *trace)
{
	const struct sim_result *result = trace->result;
	const double at_s[] = { result->delay_median_s, result->delay_p95_s, result->delay_max_s };

	for (size_t i = 0; i < 3; i++)
		if (at_s[i] > trace->end_s)
			return at_s[i];
	return 0;
}

/* Does this record get its mail only because a later attempt goes on without TLS? */
static bool clear_later(const struct trace *trace, size_t row)
{
	const struct attempt *attempt = trace->attempt;

	for (size_t i = 0; i < attempt->n_endpoint; i++)
		if (attempt->endpoint[i].row == row && attempt->endpoint[i].state == SIM_TLS_FAIL && attempt->sender->clear_after_s)
			return true;
	return false;
}

static void add_delivery(struct trace *trace, double at_s)
{
	const struct sim_outcome *final = &trace->result->final;
	size_t best = 0;
	struct sim_step *step = add_step(trace, at_s, "accepted", results[SIM_UP].text, GROUP_RETRY);

	for (size_t i = 1; i < final->n; i++) {
		if (final->share[i].share > final->share[best].share + 1e-9)
			best = i;
	}
	step->host = final->share[best].host;
	step->rule = clear_later(trace, best) ? N_("A later attempt repeats a failed TLS handshake without TLS.")
					      : N_("Each attempt draws a new order; this one reaches a server that accepts.");
}

static void add_retries(struct trace *trace)
{
	const struct sender *sender = trace->attempt->sender;
	double stop_s = delivered_at(trace);
	uint64_t at_s = 0;

	for (unsigned n = 1; n <= TRACE_RETRIES; n++) {
		at_s = sender_attempt_s(sender, n, at_s);
		if ((stop_s > 0 && (double)at_s >= stop_s) || at_s > sender->life_s)
			break;
		if ((double)at_s <= trace->end_s) /* the first attempt still runs */
			continue;
		add_step(trace, (double)at_s, "queued", N_("A new attempt ends like the first."), GROUP_RETRY)->rule =
			N_("A message that waits is tried again on the sender's schedule.");
	}
	if (stop_s > 0)
		add_delivery(trace, stop_s);
	else
		add_step(trace, sender->life_s, "expired", N_("The sender gives up and returns the message."), GROUP_RETRY)->rule =
			N_("A message older than the sender's limit is returned.");
}

static void add_end(struct trace *trace)
{
	if (trace->end == ATTEMPT_DELIVERED || trace->end == ATTEMPT_UNKNOWN)
		return;
	if (trace->end == ATTEMPT_BOUNCED) {
		add_step(trace, trace->end_s, "bounced", N_("The message is returned to its author."), GROUP_HARD)->rule =
			N_("A permanent refusal ends the delivery.");
		return;
	}
	add_step(trace, trace->end_s, "queued", N_("The message waits in the sender's queue."), trace->by_limit ? GROUP_LIMIT : GROUP_RETRY)
		->rule = trace->by_limit ? N_("The attempt ends here, though not every address was tried.")
					 : N_("No server is left for this attempt.");
	add_retries(trace);
}

void trace_run(const struct sim_input *in, const struct sender *sender, struct sim_result *result)
{
	struct attempt attempt;
	struct trace trace = { .attempt = &attempt, .result = result, .tries = TRACE_TRIES };

	attempt_init(&attempt, in, sender, true);
	attempt_age(&attempt, 0);
	if (attempt.no_lookup) {
		add_lookup(&trace);
	} else {
		struct node *node = mem_alloc(node_size(&attempt));

		add_names(&trace);
		aim(&trace);
		node_start(&attempt, node);
		if (attempt.n_group > TRACE_GROUPS)
			draw(&trace, node);
		else
			search(&trace, node);
		for (size_t i = 0; i < trace.n && i < TRACE_VISITS; i++)
			add_visit(&trace, &trace.visit[i]);
		if (trace.n > TRACE_VISITS)
			add_rest(&trace);
		free(node);
	}
	add_end(&trace);
	free(trace.visit);
	attempt_release(&attempt);
}
