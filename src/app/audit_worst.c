/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/audit_worst.h"

#include "sim/matrix/matrix.h"
#include "base/banned.h"

#define STEPS 64

/* The matrix has what loses most first. */
static bool is_worse(const struct audit_worst *than, double lost, double late_s)
{
	return lost > than->lost - MATRIX_NOTHING && late_s > than->late_s;
}

static void try_one(const struct matrix *matrix, const struct matrix_row *row, struct audit_worst *worst)
{
	struct sim_input in = matrix->in;
	struct sim_result result = { 0 };
	struct marks marks = { 0 };

	matrix_marks(matrix, row->failure, row->n, &marks);
	in.marks = &marks;
	failover_run(&in, matrix->sender, &result);
	if (!worst->what.len || is_worse(worst, row->lost, result.delay_max_s)) {
		worst->lost = row->lost;
		worst->late_s = result.delay_max_s;
		str_clear(&worst->what);
		matrix_text(matrix, row->failure, row->n, &worst->what);
	}
	sim_result_release(&result);
	marks_release(&marks);
}

bool audit_worst(const struct facts *facts, struct audit_worst *worst)
{
	struct marks none = { 0 };
	struct sim_input in = {
		.domain = &facts->domain, .set = &facts->live, .facts = facts, .marks = &none, .seed = 1, .no_trace = true
	};
	struct matrix matrix;
	bool known = facts->mx == ANSWER_DATA || facts->mx == ANSWER_NODATA;

	*worst = (struct audit_worst){ 0 };
	str_init(&worst->what, 0);
	if (!known || facts->null_mx)
		return false;
	matrix_init(&matrix, &in, sender_find("rfc5321"), 1);
	while (matrix_step(&matrix, STEPS))
		continue;
	for (size_t i = 0; known && i < matrix.n_row; i++) {
		const struct matrix_row *row = matrix_at(&matrix, i);

		if (matrix_ignored(&matrix, row, IGNORE_V4 | IGNORE_V6 | IGNORE_OWN_ZONE | IGNORE_OWN_SERVERS))
			continue;
		known = row->unknown <= MATRIX_NOTHING;
		if (known)
			try_one(&matrix, row, worst);
	}
	matrix_release(&matrix);
	return known && worst->what.len;
}

void audit_worst_release(struct audit_worst *worst)
{
	str_release(&worst->what);
}
