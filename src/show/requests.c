/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/requests.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "base/banned.h"

#define HOUR_AT 11 /* of "2026-11-26T17:46:54Z" */
#define HOUR_LEN 8

static void add_hour(int64_t at, struct str *out)
{
	struct str time;

	str_init(&time, 0);
	text_time(&time, at);
	if (time.len >= HOUR_AT + HOUR_LEN)
		str_add_bytes(out, time.s + HOUR_AT, HOUR_LEN);
	str_release(&time);
}

/* Adds the date of a request that was made in another run. */
static void add_day(int64_t at, struct str *out)
{
	struct str time;

	str_init(&time, 0);
	text_time(&time, at);
	str_add_bytes(out, time.s, time.len < HOUR_AT ? time.len : HOUR_AT - 1);
	str_release(&time);
}

static void add_escaped(struct str *out, const char *text)
{
	text_escape(out, text, strlen(text));
}

static struct sign answer_sign(const struct request_row *row)
{
	if (!row->ended)
		return row->push ? (struct sign){ ROLE_WARNING, "?" } : (struct sign){ ROLE_PENDING, "…" };
	if (row->given_up)
		return (struct sign){ ROLE_WARNING, "?" };
	if (row->why.id || row->failed || row->status >= 500)
		return (struct sign){ ROLE_ERROR, "✖" };
	return row->status >= 400 ? (struct sign){ ROLE_WARNING, "▲" } : (struct sign){ ROLE_OK, "✔" };
}

static void add_answer(const struct request_row *row, struct str *out)
{
	if (!row->ended)
		str_add(out, row->push ? _("no answer kept") : _("waiting"));
	else if (row->given_up)
		str_add(out, _("not waited for"));
	else if (row->status)
		str_addf(out, "%d", row->status);
	else
		str_add(out, row->why.id || row->failed ? _("failed") : row->kind == REQUEST_DNS ? _("answered") : _("done"));
}

static void add_took(const struct request_row *row, struct str *out)
{
	if (row->push) /* the journal does not tell */
		return;
	if (row->ended && !row->given_up && row->took_ms < 10000)
		str_addf(out, _("%u ms"), (unsigned)row->took_ms);
	else if (row->ended && !row->given_up)
		text_duration(out, row->took_ms / 1000);
}

void request_add_row(const struct request_row *row, struct document *document)
{
	document_row(document);
	if (row->push)
		add_day(row->at, document_cell(document, ROLE_DIM, 2, ""));
	else
		add_hour(row->at, document_cell(document, ROLE_DIM, 2, ""));
	add_escaped(document_cell(document, ROLE_TEXT, 3, ""), row->account);
	add_answer(row, document_sign(document, answer_sign(row), 0));
	add_took(row, document_cell(document, ROLE_DIM, 1, ""));
	add_escaped(document_cell(document, row->writes ? ROLE_CHANGED : ROLE_TEXT, 0, ""), row->method);
	add_escaped(document_cell(document, ROLE_ADDRESS, 0, ""), row->address);
}

/* Adds what the journal has of the request, in the journal's words. */
static void add_past(const struct request_row *row, struct document *document)
{
	struct str push;

	if (!row->push)
		return;
	if (row->words)
		add_escaped(document_sentence(document, ROLE_TEXT, ""), row->words);
	str_init(&push, 0);
	add_escaped(&push, row->push);
	str_addf(document_sentence(document, ROLE_DIM, ""), _("From the journal: of the push %s, in another run."), push.s);
	str_release(&push);
}

void request_document(const struct request_row *row, struct document *document)
{
	struct str text;

	str_init(&text, 0);
	add_escaped(&text, row->method);
	str_add(&text, " ");
	add_escaped(&text, row->address);
	str_add(document_heading(document), text.s);
	if (row->title.id)
		document_msg(document, ROLE_TEXT, "", &row->title);
	str_clear(&text);
	add_past(row, document);
	text_time(&text, row->at);
	str_addf(document_sentence(document, ROLE_DIM, ""), _("Begun at %s."), text.s);
	str_add(document_sentence(document, row->writes ? ROLE_CHANGED : ROLE_DIM, ""),
		row->writes ? _("It may change what is held.") : _("It only asks."));
	if (row->why.id)
		document_msg(document, ROLE_ERROR, "✖", &row->why);
	if (row->failed)
		add_escaped(document_sentence(document, ROLE_ERROR, "✖"), row->failed);
	if (row->push && !row->ended)
		str_add(document_sentence(document, ROLE_WARNING, "?"),
			_("The journal has no answer to it: whether it was sent, and what came of it, is not known from here."));
	if (row->given_up)
		str_add(document_sentence(document, ROLE_WARNING, "?"),
			_("Nobody waits for its answer any more: what came of it is not known."));
	str_release(&text);
}

void request_text(const struct request_row *row, struct str *out)
{
	add_escaped(out, row->account);
	str_add(out, " ");
	add_escaped(out, row->method);
	str_add(out, " ");
	add_escaped(out, row->address);
	str_add(out, " ");
	add_answer(row, out);
}
