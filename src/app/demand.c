/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/demand.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "io/inifile.h"
#include "sim/matrix/matrix.h"
#include "base/banned.h"

#define STEPS 64 /* failures at a time */

/* ---- reading ---- */

struct reading {
	const char *path;
	struct musts *musts;
};

static bool on_section(void *data, const char *kind, const char *name, int line, struct err *err)
{
	const struct reading *reading = data;

	return musts_add_section(reading->musts, kind, name, line, err) || err_context(err, N_("%s:%d"), reading->path, line);
}

static bool on_pair(void *data, const char *name, const char *value, int line, struct err *err)
{
	const struct reading *reading = data;

	return musts_add_pair(reading->musts, name, value, line, err) || err_context(err, N_("%s:%d"), reading->path, line);
}

/* Refuses a group that names no domain: its demands are most likely meant for some. */
static bool nothing_idle(const struct reading *reading, struct err *err)
{
	const struct must_section *idle = musts_idle(reading->musts);

	if (!idle)
		return true;
	err_set(err, ERR_USAGE, N_("no domain is in the group %s"), idle->name);
	err_hint(err, N_("Name them: \"domains = NAME, NAME\", or \"domains = *\" for every domain."));
	return err_context(err, N_("%s:%d"), reading->path, idle->line);
}

bool demand_read(struct app *app, const char *path, struct musts *musts, struct err *err)
{
	struct reading reading = { path ? path : config_get(&app->config, "main", "", "policy_file"), musts };
	struct inifile_reader reader = { on_section, on_pair, &reading };
	struct str text;
	bool ok;

	if (!reading.path)
		return true;
	str_init(&text, INIFILE_MAX + 1);
	/* the configuration's is obeyed at each push; one that is named may come from anywhere, a pipe too */
	ok = (path ? store_read_file : store_read_trusted)(reading.path, INIFILE_MAX, &text, err) &&
	     inifile_read(reading.path, text.s, &reader, err) && nothing_idle(&reading, err);
	str_release(&text);
	if (!ok)
		musts_release(musts);
	return ok;
}

void demand_digest(const struct musts *musts, const struct dname *domain, char digest[PLAN_ID_MAX])
{
	struct str text;

	str_init(&text, 0);
	musts_canonical(musts, domain, &text);
	*digest = '\0';
	if (text.len)
		plan_digest_text(&text, digest);
	str_release(&text);
}

/* ---- what survives ---- */

static bool is_kind(const struct matrix *matrix, const struct matrix_row *row, enum mark_kind kind)
{
	for (size_t i = 0; i < row->n; i++)
		if (matrix->failure[row->failure[i]].kind != kind)
			return false;
	return true;
}

/* Does this failure count for the demand? "Any one of hosts" and "of networks" take these alone; else what no other mail server could
 * help against is left out. */
static bool is_judged(const struct matrix *matrix, const struct matrix_row *row, enum must_loss loss)
{
	if (loss == MUST_LOSS_HOSTS)
		return is_kind(matrix, row, MARK_HOST);
	if (loss == MUST_LOSS_NETWORKS)
		return is_kind(matrix, row, MARK_NET);
	return !matrix_ignored(matrix, row, IGNORE_V4 | IGNORE_V6 | IGNORE_OWN_ZONE | IGNORE_OWN_SERVERS);
}

static void say_lost(const struct matrix *matrix, const struct matrix_row *row, enum must_answer answer, struct msg *why)
{
	struct str what;

	str_init(&what, 0);
	matrix_text(matrix, row->failure, row->n, &what);
	msg_set(why,
		answer == MUST_NOT_MET ? N_("mail is lost while this is down: %s")
				       : N_("whether mail is lost while this is down is not known: %s"),
		what.s);
	str_release(&what);
}

/* The worst of the rows that are judged; a failure that is known to lose mail before one of which nobody knows. */
static enum must_answer judge_rows(const struct matrix *matrix, enum must_loss loss, struct msg *why)
{
	enum must_answer worst = MUST_MET;
	size_t judged = 0;

	for (size_t i = 0; i < matrix->n_row; i++) {
		const struct matrix_row *row = matrix_at(matrix, i);
		enum must_answer answer = row->lost > MATRIX_NOTHING      ? MUST_NOT_MET
					  : row->unknown > MATRIX_NOTHING ? MUST_UNKNOWN
									  : MUST_MET;

		if (!is_judged(matrix, row, loss))
			continue;
		judged++;
		if (answer == MUST_MET || worst == MUST_NOT_MET || answer == worst)
			continue;
		worst = answer;
		say_lost(matrix, row, answer, why);
	}
	if (worst == MUST_MET && matrix->pairs_left_out) {
		msg_set(why, N_("there are too many things that can fail to try each pair of them"));
		return MUST_UNKNOWN;
	}
	if (!judged) {
		msg_set(why, N_("no server is known that could take the mail"));
		return MUST_UNKNOWN;
	}
	return worst;
}

static enum must_answer survives(const struct must *must, const struct check_input *in, struct msg *why)
{
	struct marks none = { 0 };
	struct sim_input sim = { .domain = in->domain,
		.set = in->set,
		.facts = in->facts,
		.is_draft = in->is_draft,
		.marks = &none,
		.seed = 1,
		.no_trace = true };
	enum must_answer answer;
	struct matrix matrix;

	matrix_init(&matrix, &sim, sender_find("rfc5321"), must->number);
	while (matrix_step(&matrix, STEPS))
		continue;
	answer = judge_rows(&matrix, must->loss, why);
	matrix_release(&matrix);
	return answer;
}

/* ---- judging ---- */

void demands_judge(const struct musts *musts, const struct check_input *in, struct demands *demands)
{
	struct must_input input = { .in = in, .survives = survives };

	for (const struct must_line *line = NULL; (line = musts_next(musts, in->domain, line));) {
		struct demand demand = { .line = line };

		demand.answer = must_judge(&line->must, &input, &demand.why);
		demands->row = mem_grow(demands->row, demands->n, &demands->cap, sizeof(*demands->row));
		demands->row[demands->n++] = demand;
	}
}

size_t demands_open(const struct demands *demands)
{
	size_t n = 0;

	for (size_t i = 0; i < demands->n; i++)
		n += demands->row[i].answer != MUST_MET;
	return n;
}

void demands_release(struct demands *demands)
{
	free(demands->row);
	*demands = (struct demands){ 0 };
}
