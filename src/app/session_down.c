/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What becomes of the mail when one host alone is silent: every host of the set by every sender. What a frame shows of a small set is tried
 * before it is drawn: the hosts by the chosen sender, and one host by all. The rest, and larger sets, are tried between the loop's events.
 * What was tried is kept, so moving the cursor computes next to nothing, and for the sets before the last edits too, so undo does neither;
 * all is dropped when what is known changes.
 */
#include <stdlib.h>

#include "app/session_private.h"
#include "base/mem.h"
#include "base/banned.h"

#define PORTION_MS 2
#define FIRST_HOSTS 16 /* of a larger set no frame waits for any */

struct down_run {
	struct mxset set;
	bool is_draft;
	struct loop_handle *next;              /* NULL: it does not run */
	size_t n_host, n_sender, tried, first; /* first: the sender that is tried before the others */
	struct session_down *row;              /* n_host of each sender */
};

static void note_taker(const struct sim_result *result, struct session_down *row)
{
	for (size_t i = 0; i < result->final.n; i++)
		if (result->final.share[i].share > row->taker_share) {
			row->taker = result->final.share[i].host;
			row->taker_share = result->final.share[i].share;
		}
}

void session_try_down(struct session *session, bool live, const struct sender *sender, const struct dname *host, struct session_down *row)
{
	struct mark mark = { .kind = MARK_HOST, .name = *host, .state = SIM_TIMEOUT };
	struct marks marks = { 0 };
	struct sim_result result = { 0 };
	struct sim_input in;

	marks_set(&marks, &mark);
	session_sim_input(session, &marks, live, &in);
	in.no_trace = true;
	failover_run(&in, sender, &result);
	*row = (struct session_down){
		.known = true,
		.lost = result.final.deferred + result.final.bounced,
		.unknown = result.final.unknown,
		.delay_min_s = result.delay_min_s,
		.delay_max_s = result.delay_max_s,
	};
	note_taker(&result, row);
	sim_result_release(&result);
	marks_release(&marks);
}

static void try_one(struct session *session, struct down_run *run, size_t sender, size_t host)
{
	const struct dname *name = &session_set(session)->mx[host].host;
	struct session_down *row = &run->row[sender * run->n_host + host];

	if (name->len && !row->known)
		session_try_down(session, false, session_senders(session)[sender], name, row);
}

/* Tries the next host: first for the chosen sender, then for the others. */
static void try_next(struct session *session, struct down_run *run)
{
	size_t turn = run->tried / run->n_host, host = run->tried % run->n_host;
	size_t sender = turn == 0 ? run->first : turn <= run->first ? turn - 1 : turn;

	try_one(session, run, sender, host);
	run->tried++;
}

/* Tries what the next frame shows. */
static void try_shown(struct session *session, struct down_run *run, const struct dname *host)
{
	size_t at = host->len ? mxset_find(session_set(session), host) : 0;

	if (run->n_host > FIRST_HOSTS)
		return;
	while (run->tried < run->n_host)
		try_next(session, run);
	for (size_t i = 0; at < run->n_host && i < run->n_sender; i++)
		try_one(session, run, i, at);
}

static void go_on(void *data)
{
	struct session *session = data;
	struct down_run *run = session->down[0];
	uint64_t from = loop_ms();

	run->next = NULL;
	while (run->tried < run->n_host * run->n_sender && loop_ms() - from < PORTION_MS)
		try_next(session, run);
	if (run->tried < run->n_host * run->n_sender)
		run->next = loop_after(session->app->loop, 0, go_on, session);
	else if (session->changed)
		session->changed(session->data);
}

static struct down_run *new_run(const struct session *session)
{
	const struct mxset *set = session_set(session);
	struct down_run *run = mem_alloc(sizeof(*run));

	mxset_init(&run->set);
	mxset_copy(&run->set, set);
	run->is_draft = session_drafting(session);
	run->n_host = set->n < SESSION_DOWN_HOSTS ? set->n : SESSION_DOWN_HOSTS;
	while (session_senders(session)[run->n_sender])
		run->n_sender++;
	run->first = session_sender_index(session, session->sender);
	run->row = mem_alloc(run->n_host * run->n_sender * sizeof(*run->row));
	return run;
}

static void free_run(struct down_run *run)
{
	if (!run)
		return;
	loop_cancel(run->next);
	mxset_release(&run->set);
	free(run->row);
	free(run);
}

/* Taken up again where it was left, or NULL. */
static struct down_run *find_run(struct session *session)
{
	for (size_t i = 1; i < SESSION_DOWNS; i++) {
		struct down_run *run = session->down[i];

		if (!run || run->is_draft != session_drafting(session) || !mxset_equal(&run->set, session_set(session)))
			continue;
		session->down[i] = NULL;
		run->first = session_sender_index(session, session->sender);
		run->tried = 0; /* what is known already is passed over */
		return run;
	}
	return NULL;
}

static bool is_done(const struct down_run *run)
{
	size_t i = 0;

	while (i < run->n_host * run->n_sender && run->row[i].known)
		i++;
	return i == run->n_host * run->n_sender;
}

void session_down_begin(struct session *session, const struct dname *shown)
{
	bool begins = !session->down[0];

	if (!session_set(session)->n)
		return;
	if (begins)
		session->down[0] = find_run(session);
	if (!session->down[0])
		session->down[0] = new_run(session);
	try_shown(session, session->down[0], shown);
	if (begins && !is_done(session->down[0]))
		session->down[0]->next = loop_after(session->app->loop, 0, go_on, session);
}

void session_down_aside(struct session *session)
{
	struct down_run *run = session->down[0];
	size_t room = 1;

	if (!run)
		return;
	loop_cancel(run->next);
	run->next = NULL;
	while (room < SESSION_DOWNS - 1 && session->down[room])
		room++;
	free_run(session->down[room]);
	for (; room > 0; room--)
		session->down[room] = session->down[room - 1];
	session->down[0] = NULL;
}

void session_down_drop(struct session *session)
{
	for (size_t i = 0; i < SESSION_DOWNS; i++) {
		free_run(session->down[i]);
		session->down[i] = NULL;
	}
}

bool session_down_running(const struct session *session)
{
	return session->down[0] && session->down[0]->next;
}

const struct session_down *session_down(const struct session *session, const struct dname *host, const struct sender *sender)
{
	const struct down_run *run = session->down[0];
	size_t at = run ? mxset_find(&run->set, host) : 0;

	if (!run || at >= run->n_host || !host->len || dname_is_root(host))
		return NULL;
	return &run->row[session_sender_index(session, sender) * run->n_host + at];
}

bool session_down_mix(const struct session *session, const struct dname *host, struct session_down *mix)
{
	const struct sender *const *list = session_senders(session);
	bool first = true;
	struct mix parts;

	*mix = (struct session_down){ .known = true };
	if (!session_down(session, host, session_sender(session)) || !profiles_mix(&session->app->profiles, NULL, &parts, NULL))
		return false;
	for (size_t i = 0; list[i] && mix->known; i++) {
		const struct session_down *row = session_down(session, host, list[i]);

		if (!(parts.weight[i] > 0))
			continue;
		mix->known = row->known;
		mix->lost += parts.weight[i] * row->lost;
		mix->unknown += parts.weight[i] * row->unknown;
		if (row->lost + row->unknown > 1 - 1e-9)
			continue; /* nothing of it is delivered */
		mix->delay_min_s = first || row->delay_min_s < mix->delay_min_s ? row->delay_min_s : mix->delay_min_s;
		mix->delay_max_s = row->delay_max_s > mix->delay_max_s ? row->delay_max_s : mix->delay_max_s;
		first = false;
	}
	return true;
}
