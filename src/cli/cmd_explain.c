/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/i18n.h"
#include "check/lint.h"
#include "cli/commands.h"
#include "cli/print.h"
#include "core/explain.h"
#include "show/lesson.h"
#include "base/banned.h"

static void explain(const struct call *call, const char *name, const char *title, const char *text, const char *reference)
{
	struct document document;

	if (call->json) {
		print_json(json_pack(
			"{s:s, s:s, s:s, s:s}", "topic", name, "title", gettext(title), "text", gettext(text), "reference", reference));
		return;
	}
	document_begin(&document);
	lesson_document(title, text, reference, &document);
	for (size_t i = 0; i < document.n_cell; i++) {
		printf("%s", i ? "\n" : "");
		print_wrapped(stdout, document.cell[i].text.s, 0, 80);
	}
	document_release(&document);
}

static int run(struct call *call, struct err *err)
{
	const struct topic *topic = call->n ? topic_find(call->operand[0]) : NULL;
	const struct check *check = call->n && !topic ? check_find(call->operand[0]) : NULL;
	struct str names;

	if (topic || check) {
		if (topic)
			explain(call, topic->name, topic->title, topic->text, topic->reference);
		else
			explain(call, check->id, check->title, check->why, check->reference);
		return 0;
	}
	if (call->n == 0) {
		struct table table;

		table_init(&table, 2, 0);
		for (topic = topics; topic->name; topic++) {
			table_add(&table, topic->name);
			table_add(&table, gettext(topic->title));
		}
		table_print(&table, stdout, "");
		return 0;
	}
	str_init(&names, 0);
	for (topic = topics; topic->name; topic++)
		str_add_listed(&names, topic->name);
	err_set(err, ERR_USAGE, N_("there is no topic \"%s\""), call->operand[0]);
	err_hint(err, N_("Topics: %s; and every check of mxladder list checks."), names.s);
	str_release(&names);
	return -1;
}

const struct command cmd_explain = {
	.name = "explain",
	.operands = "[TOPIC]",
	.max = 1,
	.help = N_("explain MX records, or a check"),
	.text = N_(
		"Explains a topic in a few sentences: mx-record, preference, equal-preference, lookup, backup-mx, alias-target, null-mx, ttl; or why "
		"a check exists, by its id. Without a topic, lists them."),
	.run = run,
};
