/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/companions.h"

#include <string.h>

#include "base/i18n.h"
#include "show/translate.h"
#include "base/banned.h"

static struct sign step_sign(const struct companion *step)
{
	static const struct sign signs[] = {
		[FACT_UNKNOWN] = { ROLE_WARNING, "?" },
		[FACT_NO] = { ROLE_WARNING, "▲" },
		[FACT_YES] = { ROLE_OK, "✔" },
	};

	return step->when == COMPANION_CHANGE ? (struct sign){ ROLE_TEXT, "─" } /* the push does it */ : signs[step->seen];
}

static void add_more(struct document *document, enum role role, const struct msg *msg)
{
	if (msg->id)
		document_msg(document, role, "", msg);
}

/* Adds what is to be copied, each line unbroken. */
static void add_text(struct document *document, const char *text)
{
	document->depth++;
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");

		str_add_bytes(document_sentence(document, ROLE_TEXT, ""), line, len);
		line += len + (line[len] != '\0');
	}
	document->depth--;
}

static void add_step(const struct companions *companions, size_t i, struct document *document)
{
	const struct companion *step = &companions->companion[i];
	struct sign sign = step_sign(step);
	struct msg date;
	struct str what;

	str_init(&what, 0);
	translate_msg(&what, &step->what);
	str_addf(document_sentence(document, sign.role, sign.symbol),
		step->seen == FACT_YES  ? _("%zu. seen: %s")
		: step->seen == FACT_NO ? _("%zu. to do: %s")
					: _("%zu. whether it is done is not known: %s"),
		i + 1, what.s);
	str_release(&what);
	companion_date_msg(companions, i, &date);
	document->depth++;
	add_more(document, ROLE_TEXT, &date);
	add_more(document, ROLE_DIM, &step->why);
	add_more(document, ROLE_WARNING, &step->missing);
	if (step->text)
		add_text(document, step->text);
	add_more(document, ROLE_TEXT, &step->wait);
	document->depth--;
}

void companions_document(const struct companions *companions, struct document *document)
{
	if (!companions->n)
		return;
	str_add(document_heading(document), _("What has to change together with the set, in this order"));
	document->depth++;
	for (size_t i = 0; i < companions->n; i++)
		add_step(companions, i, document);
	document->depth--;
}
