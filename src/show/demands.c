/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/demands.h"

#include "base/i18n.h"
#include "show/translate.h"
#include "base/banned.h"

static void add_whether(const char *path, const struct demands *demands, const struct dname *domain, struct document *document)
{
	char text[DNAME_TEXT_MAX];
	struct msg msg = { 0 };

	dname_show(domain, text);
	if (!demands->n)
		msg_set(&msg, N_("The policy %s demands nothing of %s."), path, text);
	else if (demands_open(demands))
		msg_set(&msg, N_("The policy %s does not hold for %s:"), path, text);
	else
		msg_set(&msg, N_("The policy %s holds for %s:"), path, text);
	document_msg(document, demands_open(demands) ? ROLE_ERROR : ROLE_OK, demands_open(demands) ? "✖" : "✔", &msg);
}

static void add_demand(const char *path, const struct demand *demand, struct document *document)
{
	struct msg msg = { 0 };
	struct str must, why;

	str_init(&must, 0);
	str_init(&why, 0);
	must_text(&demand->line->must, &must);
	translate_msg(&why, &demand->why);
	if (demand->answer == MUST_MET) {
		msg_set(&msg, N_("met: %s"), must.s);
		document_msg(document, ROLE_OK, "✔", &msg);
	} else if (demand->answer == MUST_NOT_MET) {
		msg_set(&msg, N_("not met: %s (%s:%d): %s"), must.s, path, demand->line->line, why.s);
		document_msg(document, ROLE_ERROR, "✖", &msg);
	} else {
		msg_set(&msg, N_("cannot be told, and so not met: %s (%s:%d): %s"), must.s, path, demand->line->line, why.s);
		document_msg(document, ROLE_WARNING, "?", &msg);
	}
	str_release(&must);
	str_release(&why);
}

void demands_document(const char *path, const struct demands *demands, const struct dname *domain, struct document *document)
{
	add_whether(path, demands, domain, document);
	document->depth++;
	for (size_t i = 0; i < demands->n; i++)
		add_demand(path, &demands->row[i], document);
	document->depth--;
}

void demands_told_document(const struct demands_told *told, const struct dname *domain, struct document *document)
{
	if (!told->path)
		str_add(document_sentence(document, ROLE_DIM, ""),
			_("No policy is configured: policy_file in the [main] section of the configuration names one, with what it demands of which domains."));
	else if (told->err.code)
		translate_err(document_sentence(document, ROLE_ERROR, "✖"), &told->err);
	else
		demands_document(told->path, &told->demands, domain, document);
}
