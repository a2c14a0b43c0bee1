/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/matrix.h"

#include "base/i18n.h"
#include "base/text.h"
#include "show/outcome.h"
#include "show/translate.h"
#include "base/banned.h"

#define SOME 0.0005 /* a share below this is none */

bool matrix_row_shown(const struct matrix_row *row)
{
	return !row->no_worse && !row->repeats;
}

void matrix_titles(struct document *document)
{
	document_titles(document);
	document_put(document, ROLE_HEADING, 0, _("What fails"));
	document_put(document, ROLE_DIM, 0, "");
	str_add(document_number(document, ROLE_DIM, 0), _("at once"));
	str_add(document_number(document, ROLE_DIM, 0), _("late"));
	str_add(document_number(document, ROLE_DIM, 0), _("unknown"));
	str_add(document_number(document, ROLE_DIM, 0), _("lost"));
}

static void add_thing(struct str *out, const struct mark *mark, bool ascii)
{
	struct str text;

	if (mark->kind == MARK_HOST) {
		translate_name(out, &mark->name, ascii);
		return;
	}
	str_init(&text, 0);
	if (mark->kind == MARK_ZONE) {
		translate_name(&text, &mark->name, ascii);
		str_addf(out, _("zone %s"), text.s);
	} else {
		mark_text(mark, &text);
		text_escape(out, text.s, text.len);
	}
	str_release(&text);
}

static struct sign row_sign(const struct matrix_row *row)
{
	if (row->lost > SOME)
		return (struct sign){ ROLE_ERROR, "✖" };
	if (row->unknown > SOME)
		return (struct sign){ ROLE_WARNING, "?" };
	return row->late > SOME ? (struct sign){ ROLE_WARNING, "▲" } : (struct sign){ ROLE_OK, "✔" };
}

static const char *row_word(const struct matrix_row *row)
{
	if (row->bounced > SOME)
		return _("bounced");
	if (row->lost > SOME)
		return _("lost");
	if (row->unknown > SOME)
		return _("unknown");
	return row->late > SOME ? _("late") : _("delivered");
}

void matrix_what(const struct matrix *matrix, const struct matrix_row *row, bool ascii, struct str *out)
{
	for (size_t i = 0; i < row->n; i++) {
		str_add(out, i ? " + " : "");
		add_thing(out, &matrix->failure[row->failure[i]], ascii);
	}
}

void matrix_row_document(const struct matrix *matrix, const struct matrix_row *row, bool ascii, struct document *document)
{
	struct str *text;

	document_row(document);
	matrix_what(matrix, row, ascii, document_cell(document, ROLE_TEXT, 0, ""));
	str_add(document_sign(document, row_sign(row), 0), row_word(row));
	text_share(document_number(document, ROLE_TEXT, 0), row->now);
	text_share(document_number(document, ROLE_TEXT, 0), row->late);
	text = document_number(document, row->unknown > SOME ? ROLE_WARNING : ROLE_TEXT, 0);
	if (matrix->unknown > SOME)
		text_share(text, row->unknown);
	text_share(document_number(document, row->lost > SOME ? ROLE_ERROR : ROLE_TEXT, 0), row->lost);
}

void matrix_rest(const struct matrix *matrix, size_t shown, bool running, struct document *document)
{
	size_t total = matrix_total(matrix), folded = matrix->n_row - shown;

	if (running)
		str_addf(document_sentence(document, ROLE_PENDING, "…"), _("%zu of %zu failures tried"), matrix->n_row, total);
	else if (matrix->n_row < total)
		str_addf(document_sentence(document, ROLE_WARNING, "▲"), _("stopped: %zu of %zu failures tried"), matrix->n_row, total);
	else if (folded)
		str_addf(document_sentence(document, ROLE_DIM, ""),
			ngettext("%zu more failure adds nothing new", "%zu more failures add nothing new", folded), folded);
}

static const char *cuts_heading(bool marked, bool unknown)
{
	if (unknown)
		return marked ? _("What stops the mail to the servers that are known, beside what is marked")
			      : _("What stops the mail to the servers that are known");
	return marked ? _("What stops the mail, beside what is marked") : _("What stops the mail");
}

void matrix_cuts(const struct matrix *matrix, const struct cut_words *words, size_t n, struct document *document)
{
	bool unknown = false;

	if (matrix_stopped(matrix))
		str_add(document_sentence(document, ROLE_ERROR, ""), _("What is marked stops the mail already."));
	for (size_t i = 0; i < n; i++)
		unknown |= words[i].unknown > 0;
	if (n)
		str_add(document_heading(document), cuts_heading(matrix->in.marks->n > 0, unknown));
	document->depth++;
	for (size_t i = 0; i < n; i++) {
		document_msg(document, ROLE_TEXT, "●", &words[i].why);
		document->depth++;
		if (words[i].unknown > 0)
			document_msg(document, ROLE_WARNING, "", &words[i].rest);
		document->depth--;
	}
	document->depth--;
}
