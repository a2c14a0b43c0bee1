/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/print.h"
#include "cli/print_document.h"
#include "show/history.h"
#include "base/banned.h"

static json_t *approvals_json(const struct plan *plan)
{
	json_t *list = json_array();

	for (size_t i = 0; i < plan->n_approval; i++) {
		const struct approval *a = &plan->approval[i];

		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:o}", "by", json_text(a->by), "at", json_text(a->at), "until",
						    json_text(a->until), "note", json_text(a->note), "key", json_text(a->key)));
	}
	return list;
}

static json_t *push_json(const struct past_push *push)
{
	json_t *value = json_pack("{s:s, s:o, s:s, s:o, s:o, s:s, s:o, s:o, s:o}", "push", push->id, "at", app_time_json(push->at), "state",
		push->state ? push->state : "interrupted", "by", json_text(push->by), "note", json_text(push->note), "plan", push->plan.id,
		"base", mxset_to_json(&push->plan.base), "want", mxset_to_json(&push->plan.want), "revert_of", json_text(push->revert_of));

	json_object_set_new(value, "ticket", json_text(push->ticket && *push->ticket ? push->ticket : NULL));
	json_object_set_new(value, "approvals", approvals_json(&push->plan));
	json_object_set(value, "record", push->record ? push->record : json_null());
	json_object_set_new(value, "unfinished", json_boolean(push->unfinished));
	json_object_set_new(value, "written", json_integer(push->written));
	json_object_set_new(value, "written_at", push->written_at ? app_time_json(push->written_at) : json_null());
	return value;
}

static void print_history(const struct history *history)
{
	struct document document = print_begin(1);

	for (size_t i = 0; i < history->n; i++) {
		past_push_row(&history->push[i], false, false, &document);
		document.depth++;
		past_push_document(&history->push[i], false, &document);
		past_push_sets(&history->push[i], false, &document);
		document.depth--;
	}
	print_document(&document, stdout);
}

static int run(struct call *call, struct err *err)
{
	struct history history = { 0 };
	struct dname domain;
	char text[DNAME_TEXT_MAX];

	if (!subject_domain(call, 0, &domain, err) || !history_read(&call->app, &domain, &history, err))
		return -1;
	if (call->json) {
		json_t *list = json_array();

		for (size_t i = 0; i < history.n; i++)
			json_array_append_new(list, push_json(&history.push[i]));
		print_json(json_pack("{s:o, s:o}", "domain", json_name(&domain), "pushes", list));
	} else {
		print(stdout, history.n ? N_("%s, oldest first:") : N_("%s: nothing was pushed from here"), dname_show(&domain, text));
		print_history(&history);
	}
	history_release(&history);
	return 0;
}

const struct command cmd_history = {
	.name = "history",
	.operands = "DOMAIN",
	.min = 1,
	.flags = NEEDS_APP,
	.help = N_("list past pushes"),
	.text = N_("Lists what was pushed from this machine, oldest first: when, by whom, how it ended, and what it changed."),
	.run = run,
};
