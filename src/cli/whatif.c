/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/whatif.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/print.h"
#include "cli/print_document.h"
#include "show/matrix.h"
#include "sim/attempt/why.h"
#include "sim/matrix/matrix.h"
#include "base/banned.h"

#define CUTS 12  /* smallest cut sets that are told */
#define WORST 12 /* rows of the matrix that are printed */
#define STEP 256
#define ROWS 40000 /* of JSON, for all senders together */

bool whatif_wants(const struct whatif *whatif, const struct sender *sender)
{
	return !whatif->sender || whatif->sender == sender;
}

/* ---- MTA-STS ---- */

/* Does one of the senders that are told of keep to policies? */
static bool keeps_to_policies(const struct whatif *whatif)
{
	bool keeps = false;

	for (size_t i = 0; whatif->senders[i]; i++)
		keeps |= whatif->senders[i]->sts && whatif_wants(whatif, whatif->senders[i]);
	return keeps;
}

json_t *whatif_policy_json(const struct whatif *whatif)
{
	const struct sts_facts *sts = &whatif->in->facts->sts;
	enum fact enforces = sts_enforces(sts);
	bool age = sts_is_read(sts) && sts->policy.max_age_s;

	if (!keeps_to_policies(whatif))
		return json_null();
	return json_pack("{s:o, s:o, s:o}", "enforced", enforces == FACT_UNKNOWN ? json_null() : json_boolean(enforces == FACT_YES), "id",
		sts->txt_valid ? json_string(sts->id) : json_null(), "max_age_s",
		age ? json_integer((json_int_t)sts->policy.max_age_s) : json_null());
}

void whatif_policy_print(const struct whatif *whatif)
{
	if (!whatif->in->facts->sts.n_record || !keeps_to_policies(whatif))
		return;
	putchar('\n');
	print_msg(stdout, &(struct msg){ .id = why_policy_taken });
}

/* Judged, where something is required and the failure is not left out. */
static bool is_judged(const struct whatif *whatif, const struct matrix *matrix, const struct matrix_row *row)
{
	const struct requirement *requirement = whatif->requirement;

	return requirement->what != REQUIRE_NOTHING && !matrix_ignored(matrix, row, requirement->ignore);
}

static void run_matrix(struct whatif *whatif, const struct sender *sender, struct matrix *matrix)
{
	struct requirement *requirement = whatif->requirement;

	matrix_init(matrix, whatif->in, sender, whatif->depth);
	while (matrix_step(matrix, STEP))
		;
	for (size_t i = 0; requirement->what != REQUIRE_NOTHING && i < matrix->n_row; i++) {
		const struct matrix_row *row = matrix_at(matrix, i);

		if (is_judged(whatif, matrix, row))
			requirement_judge(requirement, row->bounced, row->lost, row->unknown);
		else
			requirement->ignored++;
	}
}

/* "holds", "fails", "unknown" or "left out" */
static const char *verdict(const struct whatif *whatif, const struct matrix *matrix, const struct matrix_row *row)
{
	struct requirement one = *whatif->requirement;

	if (!is_judged(whatif, matrix, row))
		return N_("left out");
	one.unknown = 0;
	if (requirement_judge(&one, row->bounced, row->lost, row->unknown))
		return N_("holds");
	return one.unknown ? N_("unknown") : N_("fails");
}

/* ---- JSON ---- */

static json_t *things_json(const struct matrix *matrix, const uint32_t *thing, size_t n)
{
	json_t *things = json_array();

	for (size_t i = 0; i < n; i++) {
		struct str text;
		str_init(&text, 0);
		mark_argument(&matrix->failure[thing[i]], &text);
		json_array_append_new(things, json_text(text.s));
		str_release(&text);
	}
	return things;
}

static json_t *row_json(const struct whatif *whatif, const struct matrix *matrix, const struct matrix_row *row)
{
	json_t *value = json_pack("{s:o, s:f, s:f, s:f}", "down", things_json(matrix, row->failure, row->n), "first_attempt", row->now,
		"late", row->late, "lost", row->lost);

	if (row->unknown > 0)
		json_object_set_new(value, "unknown", json_real(row->unknown));
	if (whatif->requirement->what != REQUIRE_NOTHING)
		json_object_set_new(value, "required", json_string(verdict(whatif, matrix, row)));
	return value;
}

static void put_cuts(const struct matrix *matrix, struct json_out *out)
{
	json_t *cuts = json_array(), *texts = json_array(), *unknown = json_array();
	struct matrix_cut cut[CUTS];
	size_t n = matrix_cutsets(matrix, cut, CUTS);

	for (size_t i = 0; i < n; i++) {
		struct cut_words words;
		matrix_cutset_words(matrix, &cut[i], &words);
		json_array_append_new(cuts, things_json(matrix, cut[i].failure, cut[i].n));
		json_array_append_new(texts, json_msg(&words.why));
		json_array_append_new(unknown, json_real(words.unknown));
	}
	json_out_put(out, "cut_sets", cuts);
	json_out_put(out, "cut_texts", texts);
	json_out_put(out, "cut_unknown", unknown);
}

/* Worst first, at most `max`: a hundred thousand rows of JSON would be of little use. */
static void put_matrix(const struct whatif *whatif, const struct matrix *matrix, size_t max, struct json_out *out)
{
	json_out_open(out, NULL, '{');
	json_out_put(out, "sender", json_string(sender_name(matrix->sender)));
	json_out_open(out, "failures", '[');
	for (size_t i = 0; i < matrix->n_row && i < max; i++)
		json_out_put(out, NULL, row_json(whatif, matrix, matrix_at(matrix, i)));
	json_out_close(out, ']');
	put_cuts(matrix, out);
	json_out_put(out, "failures_left_out", json_integer((json_int_t)(matrix->n_row > max ? matrix->n_row - max : 0)));
	json_out_put(out, "pairs_left_out", json_boolean(matrix->pairs_left_out));
	json_out_close(out, '}');
}

void whatif_matrix_json(struct whatif *whatif, struct json_out *out)
{
	size_t asked = 0;

	if (!whatif->depth) {
		json_out_put(out, "matrix", json_null());
		return;
	}
	for (size_t i = 0; whatif->senders[i]; i++)
		asked += whatif_wants(whatif, whatif->senders[i]);
	json_out_open(out, "matrix", '{');
	json_out_put(out, "depth", json_integer(whatif->depth));
	json_out_open(out, "senders", '[');
	for (size_t i = 0; whatif->senders[i]; i++) {
		struct matrix matrix;
		if (!whatif_wants(whatif, whatif->senders[i]))
			continue;
		run_matrix(whatif, whatif->senders[i], &matrix);
		put_matrix(whatif, &matrix, ROWS / asked, out);
		matrix_release(&matrix);
	}
	json_out_close(out, ']');
	json_out_close(out, '}');
}

/* ---- for people ---- */

static void print_cuts(const struct matrix *matrix)
{
	struct matrix_cut cut[CUTS];
	size_t n = matrix_cutsets(matrix, cut, CUTS);
	struct cut_words *words = mem_alloc((n + 1) * sizeof(*words));
	struct document document = print_begin(0);

	for (size_t i = 0; i < n; i++)
		matrix_cutset_words(matrix, &cut[i], &words[i]);
	matrix_cuts(matrix, words, n, &document);
	print_document_as(&document, stdout, &(struct print_form){ .indent = { 2, 3, 5 } });
	free(words);
}

static void print_matrix(const struct whatif *whatif, const struct matrix *matrix)
{
	bool required = whatif->requirement->what != REQUIRE_NOTHING;
	struct document document = print_begin(1);

	print(stdout, N_(" %s: what may fail, worst first"), sender_title(matrix->sender));
	matrix_titles(&document);
	if (required)
		document_put(&document, ROLE_DIM, 0, _("required"));
	for (size_t i = 0, shown = 0; i < matrix->n_row && shown < WORST; i++) {
		const struct matrix_row *row = matrix_at(matrix, i);

		if (!matrix_row_shown(row))
			continue;
		shown++;
		matrix_row_document(matrix, row, false, &document);
		if (required)
			document_put(&document, ROLE_TEXT, 0, _(verdict(whatif, matrix, row)));
	}
	print_document(&document, stdout);
	if (matrix->pairs_left_out)
		print(stdout, N_("  The pairs are too many to be tried: these are the single failures."));
	print_cuts(matrix);
}

void whatif_print(struct whatif *whatif)
{
	for (size_t i = 0; whatif->depth && whatif->senders[i]; i++) {
		struct matrix matrix;
		if (!whatif_wants(whatif, whatif->senders[i]))
			continue;
		run_matrix(whatif, whatif->senders[i], &matrix);
		print_matrix(whatif, &matrix);
		matrix_release(&matrix);
	}
}
