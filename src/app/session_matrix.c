/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The session's game-day matrix: every failure of the set tried in portions between the loop's events, so that no key waits. It works on
 * copies of its own; a change of the session drops it.
 */
#include <stdlib.h>

#include "app/session_private.h"
#include "base/mem.h"
#include "base/banned.h"

#define CUTS 12    /* smallest cut sets that are told */
#define FIRST_MS 8 /* of the first portion: a small set is done with it */
#define PORTION_MS 2
#define STEPS 16    /* failures between two looks at the clock */
#define TELL_MS 100 /* between two pictures of one that runs */

struct matrix_run {
	struct session *session;
	struct loop_handle *next; /* NULL: it does not run */
	uint64_t told_ms;
	struct dname domain;
	struct facts facts;
	struct mxset set;
	struct marks marks;
	struct sim_input in;
	struct matrix matrix;
	bool told_cuts;
	size_t n_cut;
	struct cut_words cut[CUTS];
};

static void say_cuts(struct matrix_run *run)
{
	struct matrix_cut cut[CUTS];

	run->told_cuts = true;
	run->n_cut = matrix_cutsets(&run->matrix, cut, CUTS);
	for (size_t i = 0; i < run->n_cut; i++)
		matrix_cutset_words(&run->matrix, &cut[i], &run->cut[i]);
}

static bool portion(struct matrix_run *run, uint64_t ms)
{
	uint64_t from = loop_ms();
	bool more;

	do
		more = matrix_step(&run->matrix, STEPS);
	while (more && loop_ms() - from < ms);
	if (matrix_ready(&run->matrix) && !run->told_cuts)
		say_cuts(run);

	return more;
}

static void go_on(void *data)
{
	struct matrix_run *run = data;
	struct session *session = run->session;

	run->next = NULL;
	if (portion(run, PORTION_MS)) {
		run->next = loop_after(session->app->loop, 0, go_on, run);
		if (loop_ms() - run->told_ms < TELL_MS)
			return;
	}
	run->told_ms = loop_ms();
	matrix_sort(&run->matrix);
	session->revision++;
	if (session->changed)
		session->changed(session->data);
}

static struct matrix_run *new_run(struct session *session)
{
	struct matrix_run *run = mem_alloc(sizeof(*run));

	run->session = session;
	run->domain = session->domain;
	facts_init(&run->facts, &session->domain);
	facts_copy(&run->facts, &session->facts);
	mxset_init(&run->set);
	mxset_copy(&run->set, session_set(session));
	marks_copy(&run->marks, &session->marks);
	run->in = (struct sim_input){
		.domain = &run->domain,
		.set = &run->set,
		.facts = &run->facts,
		.is_draft = session_drafting(session),
		.marks = &run->marks,
		.seed = SESSION_SEED,
	};
	return run;
}

void session_matrix_start(struct session *session, unsigned depth)
{
	struct matrix_run *run = session->matrix;

	if (run && run->matrix.depth == depth && run->matrix.sender == session->sender)
		return;
	session_matrix_drop(session);
	session->matrix = run = new_run(session);
	matrix_begin(&run->matrix, &run->in, session->sender, depth);

	if (portion(run, FIRST_MS))
		run->next = loop_after(session->app->loop, 0, go_on, run);
	matrix_sort(&run->matrix);
	run->told_ms = loop_ms();
}

void session_matrix_stop(struct session *session)
{
	if (!session->matrix)
		return;
	loop_cancel(session->matrix->next);
	session->matrix->next = NULL;
	matrix_sort(&session->matrix->matrix);
}

void session_matrix_drop(struct session *session)
{
	struct matrix_run *run = session->matrix;

	if (!run)
		return;
	loop_cancel(run->next);
	matrix_release(&run->matrix);
	facts_release(&run->facts);
	mxset_release(&run->set);
	marks_release(&run->marks);
	free(run);
	session->matrix = NULL;
}

bool session_matrix_running(const struct session *session)
{
	return session->matrix && session->matrix->next;
}

const struct matrix *session_matrix(const struct session *session)
{
	return session->matrix ? &session->matrix->matrix : NULL;
}

size_t session_matrix_cutsets(const struct session *session, const struct cut_words **words)
{
	*words = session->matrix ? session->matrix->cut : NULL;
	return session->matrix ? session->matrix->n_cut : 0;
}
