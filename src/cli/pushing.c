/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/pushing.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/push_kind.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/companions_json.h"
#include "cli/print.h"
#include "cli/print_document.h"
#include "show/companions.h"
#include "show/push.h"
#include "show/served.h"
#include "base/banned.h"

static bool read_servers(struct pushing *p, const struct call *call, struct err *err)
{
	const char *text;
	size_t cap = 0;

	while ((text = call_get_at(call, "--server", p->options.n_server)) != NULL) {
		p->server = mem_grow(p->server, p->options.n_server, &cap, sizeof(*p->server));
		if (!dns_endpoint_parse(&p->server[p->options.n_server], text, err))
			return false;
		p->options.n_server++;
	}
	p->options.server = p->server;
	return true;
}

static bool no_such_gate(const char *id, struct err *err)
{
	struct str list;

	if (gate_is_firm(id)) {
		err_set(err, ERR_USAGE, N_("--override: no reason lets a push through that does not meet the policy"));
		err_hint(err, N_("Change the plan; or change the policy, and have the plan approved anew."));
		return false;
	}
	str_init(&list, 0);
	for (const struct gate_row *row = gate_rows; row->id; row++)
		if (gate_id_exists(row->id))
			str_add_listed(&list, row->id);
	err_set(err, ERR_USAGE, N_("--override: nothing that blocks a push is called %s"), id);
	err_hint(err, N_("These are: %s, and what mxladder list checks shows."), list.s);
	str_release(&list);
	return false;
}

static bool read_overrides(struct pushing *p, const struct call *call, struct err *err)
{
	const char *text, *equals;
	size_t cap = 0, id_cap = 0, n;

	while ((text = call_get_at(call, "--override", p->options.n_override)) != NULL) {
		equals = strchr(text, '=');
		if (!equals || equals == text || equals[1 + strspn(equals + 1, " ")] == '\0')
			return err_set(err, ERR_USAGE, N_("--override takes ID=REASON, not \"%s\""), text);
		n = p->options.n_override;
		if (n == PUSH_OVERRIDES)
			return err_set(err, ERR_USAGE, N_("--override may be given %d times, not more"), PUSH_OVERRIDES);
		p->override = mem_grow(p->override, n, &cap, sizeof(*p->override));
		p->id = mem_grow(p->id, n, &id_cap, sizeof(*p->id));
		p->id[n] = mem_copy(text, (size_t)(equals - text) + 1);
		p->id[n][equals - text] = '\0';
		p->override[n] = (struct push_override){ p->id[n], equals + 1 };
		p->options.n_override++;
		if (!gate_id_exists(p->id[n]))
			return no_such_gate(p->id[n], err);
	}
	p->options.override = p->override;
	return true;
}

static bool read_watch(struct pushing *p, const char *text, struct err *err)
{
	if (!text || (text_parse_duration(text, &p->options.watch_s) && p->options.watch_s))
		return true;
	return err_set(err, ERR_USAGE, N_("--watch takes a duration such as 2m, not \"%s\""), text);
}

bool pushing_options(struct pushing *p, struct call *call, struct err *err)
{
	p->options.dry_run = call_has(call, "--dry-run");
	p->options.no_watch = call_has(call, "--no-watch");
	p->options.probe = call_has(call, "--probe");
	if (p->options.probe && !app_prober(&call->app, err))
		return false;
	p->options.note = call_get(call, "--note");
	p->options.ticket = call_get(call, "--ticket");
	if (!read_watch(p, call_get(call, "--watch"), err))
		return false;
	p->json = call->json;
	p->progress = isatty(STDERR_FILENO) == 1 && !call->json;
	return read_servers(p, call, err) && read_overrides(p, call, err);
}

void pushing_release(struct pushing *p)
{
	for (size_t i = 0; i < p->options.n_override && p->id; i++)
		free(p->id[i]);
	free(p->id);
	free(p->override);
	free(p->server);
}

struct progress {
	struct pushing *pushing;
	struct push_run *run;
	enum push_phase phase;
	struct push_wait_seen wait;
	bool blind;
};

void pushing_wait(const char *domain, const struct push *push)
{
	struct str text;

	str_init(&text, 0);
	if (push->wait.id)
		msg_format(&push->wait, &translate_tongue, &text);
	else
		str_add(&text, gettext(push_phase_text(push->phase)));
	if (domain)
		print(stderr, N_("%s: %s ..."), domain, text.s);
	else
		fprintf(stderr, "%s ...\n", text.s);
	str_release(&text);
}

/* Says, before the push writes, that nothing will tell of other writers; it can still be stopped. */
static void tell_blind(struct progress *watch, const struct push *push)
{
	struct str text;
	struct msg msg;

	if (watch->blind || !watch->pushing->progress || !push_blind_msg(push, &msg))
		return;
	watch->blind = true;
	str_init(&text, 0);
	msg_format(&msg, &translate_tongue, &text);
	fprintf(stderr, "%s\n", text.s);
	str_release(&text);
}

static void progress(void *data)
{
	struct progress *watch = data;
	const struct push *push = watch->run ? push_look(watch->run) : NULL;

	if (push)
		tell_blind(watch, push);
	if (!push || push->done || (push->phase == watch->phase && !push_wait_is_new(push, &watch->wait)))
		return;
	watch->phase = push->phase;
	if (watch->pushing->progress)
		pushing_wait(NULL, push);
}

static void interrupted(void *data)
{
	struct progress *watch = data;

	push_stop(watch->run);
}

static void print_state(const struct push *push, const char *domain)
{
	struct msg msg = { 0 };
	struct str text;

	str_init(&text, 0);
	if (push_state_msg(push, &msg))
		msg_format(&msg, &translate_tongue, &text);
	print(stdout, N_("%s: %s"), domain, text.s);
	str_clear(&text);
	if (push_written_msg(push, &msg)) {
		msg_format(&msg, &translate_tongue, &text);
		printf("  %s\n", text.s);
	}
	str_release(&text);
}

/* A push as JSON; a dry run also tells which kind of push it would be, where it would write. */
static json_t *said_of(const struct push *push)
{
	json_t *said = push_to_json(push);
	struct push_kind kind;

	if (push->phase != PHASE_PREVIEWED)
		return said;
	json_object_set_new(
		said, "kind", push_kind_json(push->state == PUSH_RUNNING && push_kind(&push->plan, push, &kind) ? &kind : NULL));
	json_object_set_new(said, "companions", companions_json(&push->companions));
	return said;
}

static void print_parts(const struct push *push, bool dry_run)
{
	struct document document = print_begin(1);
	struct msg unguarded, blind;

	if (dry_run && push->state == PUSH_RUNNING)
		push_kind_document(&push->plan, push, &document);
	push_steps_document(push, dry_run ? PUSH_STEPS_WHOLE : PUSH_STEPS_RUN, &document);
	if (dry_run)
		companions_document(&push->companions, &document);
	gates_document(&push->gates, &document);
	if (push->state == PUSH_CONFLICT && push->held_known)
		conflict_document(&push->conflict, false, &document);
	push_held_document(push, false, &document);
	document.depth = 0;
	if (push_blind_msg(push, &blind))
		document_msg(&document, ROLE_TEXT, "", &blind);
	if (push_unguarded_msg(push, &unguarded))
		document_msg(&document, ROLE_TEXT, "", &unguarded);
	document.depth = 1;
	served_document(&push->served, 0, false, &document);
	document.depth = 0;
	drain_document(&push->drain, push->safe_at, push->tail_at, 0, &document);
	print_document(&document, stdout);
}

static void print_push(const struct push *push, bool dry_run)
{
	char domain[DNAME_TEXT_MAX];

	dname_show(&push->plan.domain, domain);
	if (dry_run)
		print(stdout,
			push->state == PUSH_UNCHANGED ? N_("%s: dry run, nothing was written; it is already so")
						      : N_("%s: dry run, nothing was written"),
			domain);
	else
		print_state(push, domain);
	print_parts(push, dry_run);
	if (push->err.code)
		print_failure(&push->err);
	if (push->hook == HOOK_FAILED)
		print_failure(&push->hook_err);
}

/* ---- JSON: one object, or a list of which each is printed when it is known ---- */

#define LINE_IN_LIST "\n    "

static void print_in_list(json_t *value)
{
	char *text = json_dumps(value, JSON_INDENT(2) | JSON_REAL_PRECISION(10));

	for (const char *line = text ? text : ""; *line;) {
		size_t len = strcspn(line, "\n");

		printf(LINE_IN_LIST "%.*s", (int)len, line);
		line += len + (line[len] != '\0');
	}
	free(text);
	json_decref(value);
}

static void print_value(struct pushing *p, json_t *value)
{
	if (!p->many) {
		print_json(value);
		return;
	}
	if (p->told++)
		putchar(',');
	print_in_list(value);
}

void pushing_begin_list(struct pushing *p)
{
	p->many = true;
	if (p->json)
		printf("{\n  \"pushes\": [");
}

void pushing_end_list(struct pushing *p)
{
	if (p->json)
		puts(p->told ? "\n  ]\n}" : "]\n}");
}

void pushing_tell(struct pushing *p, const struct push *push)
{
	if (p->json)
		print_value(p, said_of(push));
	else
		print_push(push, p->options.dry_run);
}

void pushing_not_begun(struct pushing *p, const struct plan *plan, const struct err *why)
{
	char domain[DNAME_TEXT_MAX];

	if (p->json) {
		print_value(p, json_pack("{s:n, s:s, s:s, s:s, s:s, s:s, s:[], s:o}", "push", "plan", plan->id, "domain",
				       dname_text(&plan->domain, domain), "account", plan->account, "provider", plan->provider, "state",
				       "failed", "steps", "error", json_err(why)));
		return;
	}
	print(stdout, N_("%s: not begun, nothing was written"), dname_show(&plan->domain, domain));
	print_failure(why);
}

/* What stands half-way is worst, then what was refused, then what could not be asked. */
int pushing_worse(int status, int other)
{
	static const int from_worst[] = { 7, 8, 5, 4, 3, 6, 9, 2, 1 };

	for (size_t i = 0; i < sizeof(from_worst) / sizeof(*from_worst); i++)
		if (status == from_worst[i] || other == from_worst[i])
			return from_worst[i];
	return status > other ? status : other;
}

int pushing_run(struct call *call, const struct plan *plan, struct pushing *p, struct err *err)
{
	struct progress watch = { .pushing = p, .phase = PHASE_STARTING };
	struct loop_handle *signal;
	int status;

	watch.run = push_start(&call->app, plan, &p->options, (struct push_then){ .changed = progress, .data = &watch }, err);
	if (!watch.run)
		return -1;
	signal = loop_signal(call->app.loop, SIGINT, interrupted, &watch);
	push_wait(&call->app, watch.run);
	loop_cancel(signal);
	status = push_exit_status(push_look(watch.run));
	pushing_tell(p, push_look(watch.run));
	push_free(watch.run);
	return status;
}
