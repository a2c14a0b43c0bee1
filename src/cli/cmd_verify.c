/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <stdlib.h>

#include "app/verify.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/print.h"
#include "cli/print_document.h"
#include "cli/pushing.h"
#include "cli/subject.h"
#include "show/served.h"
#include "base/banned.h"

struct watching {
	struct loop *loop;
	struct watch *watch;
};

static void moved(void *data)
{
	struct watching *watching = data;

	if (watch_done(watching->watch))
		loop_stop(watching->loop);
}

static void interrupted(void *data)
{
	struct watching *watching = data;

	watch_stop(watching->watch);
}

/* The name servers that the parent and the zone itself name; owned by the caller. */
static struct dname *delegated(struct call *call, const struct dname *domain, size_t *n)
{
	struct dname *names;
	struct facts facts;

	subject_survey(call, domain, NULL, SUBJECT_ALL, &facts);
	names = mem_alloc((facts.n_server + 1) * sizeof(*names));
	for (size_t i = 0; i < facts.n_server; i++)
		names[(*n)++] = facts.server[i].name;
	facts_release(&facts);
	return names;
}

static void watch(struct call *call, struct verify *verify, uint32_t watch_s)
{
	const struct plan *plan = &verify->past->plan;
	struct watching watching = { .loop = call->app.loop };
	struct loop_handle *signal;
	size_t n = 0;
	struct dname *names = verify->served.n ? NULL : delegated(call, &plan->domain, &n);
	struct watch_task task = {
		.domain = &plan->domain,
		.zone = &plan->zone,
		.want = &verify->want,
		.n_name = n,
		.name = names,
		.watch_s = watch_s ? watch_s : watch_configured_s(&call->app),
		.apart_ms = watch_configured_apart_ms(&call->app),
	};

	watching.watch = watch_start(&call->app, &task, &verify->served, moved, &watching);
	signal = loop_signal(call->app.loop, SIGINT, interrupted, &watching);
	loop_run(call->app.loop);
	loop_cancel(signal);
	watch_free(watching.watch);
	free(names);
	verify_judge(verify);
}

static void tell(const struct call *call, const struct verify *verify)
{
	struct document document = print_begin(1);
	char domain[DNAME_TEXT_MAX];

	if (call->json) {
		print_json(verify_to_json(verify));
		return;
	}
	dname_show(&verify->past->plan.domain, domain);
	if (verify->served.everywhere)
		print(stdout, N_("%s: every name server gives the set that the push %s published"), domain, verify->past->id);
	else if (verify->served.by_all)
		print(stdout,
			N_("%s: each name server that is known gives the set that the push %s published; whether the zone has others now could not be asked"),
			domain, verify->past->id);
	else if (verify->served.n)
		print(stdout, N_("%s: it was not seen that every name server gives the set that the push %s published"), domain,
			verify->past->id);
	else
		print(stdout, N_("%s: no name server of the zone could be found"), domain);
	served_document(&verify->served, 0, false, &document);
	document.depth = 0;
	drain_document(&verify->drain, verify->safe_at, verify->tail_at, 0, &document);
	print_document(&document, stdout);
	if (verify->safe_at && verify->moved)
		print(stdout,
			N_("The zone has changed since an earlier watch saw this set there. If its MX set was another one in between, "
			   "caches may hold that one for longer."));
}

static const struct past_push *published(const struct history *history, const struct dname *domain, struct err *err)
{
	const struct past_push *past = history_unfinished(history);
	char text[DNAME_TEXT_MAX];

	dname_show(domain, text);
	if (past) {
		err_set(err, ERR_INTERRUPTED, N_("the push %s of %s is unfinished"), past->id, text);
		err_hint(err, N_("mxladder resume finishes it; with --undo it takes it back."));
		return NULL;
	}
	past = history_find(history, NULL);
	if (!past) {
		err_set(err, ERR_FALSE, N_("nothing was published for %s from here: there is no watch to take up"), text);
		err_hint(err, N_("mxladder show asks each name server what it has."));
	}
	return past;
}

static int run(struct call *call, struct err *err)
{
	struct pushing pushing = { 0 };
	struct history history = { 0 };
	const struct past_push *past = NULL;
	struct verify verify = { 0 };
	struct dname domain;
	int status = -1;

	if (subject_domain(call, 0, &domain, err) && pushing_options(&pushing, call, err) &&
		history_read(&call->app, &domain, &history, err))
		past = published(&history, &domain, err);
	if (past) {
		verify_init(&verify, past);
		for (size_t i = 0; i < pushing.options.n_server; i++)
			served_add(&verify.served, NULL, &pushing.options.server[i]);
		watch(call, &verify, pushing.options.watch_s);
		status = verify.served.everywhere ? 0 : err_exit_status(ERR_FALSE);
		tell(call, &verify);
		if (!call->app.read_only && !verify_keep(&call->app, &verify, err)) {
			print_failure(err);
			status = err_exit_status(err->code);
		}
	}
	verify_release(&verify);
	history_release(&history);
	pushing_release(&pushing);
	return status;
}

static const struct option_row options[] = {
	{ "--watch", 0, "DURATION", N_("how long to wait for the name servers (default: watch of the [push] section, 2m)") },
	{ "--server", 0, "ADDRESS[:PORT]", N_("ask this server instead of the delegated ones (may be repeated)") },
	{ NULL, 0, NULL, NULL },
};

const struct command cmd_verify = {
	.name = "verify",
	.operands = "DOMAIN",
	.min = 1,
	.flags = NEEDS_APP,
	.help = N_("ask every name server for what was published"),
	.text = N_(
		"Takes up the watch of the last push: asks every delegated name server until each has given the published set twice, some time apart, "
		"and says when old answers have drained.\n\n"
		"Exit status 1: a name server gives another set or none, or could not be asked, or whether there are others could not."),
	.options = options,
	.run = run,
};
