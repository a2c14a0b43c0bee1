/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session's what-if. Results are kept until something changes: moving the cursor computes nothing. */
#include "app/session_private.h"
#include "base/i18n.h"
#include "base/text.h"
#include "core/facts/smtp.h"
#include "core/meant.h"
#include "io/loop.h"
#include "sim/probed.h"
#include "base/banned.h"

const struct marks *session_marks(const struct session *session)
{
	return &session->marks;
}

/* Only the what-if is under marks: findings, the cut-over and what becomes of the mail when a host is silent are not. */
static void marked(struct session *session)
{
	session->revision++;
	session_matrix_drop(session);
	session_outage_drop(session);
	for (size_t i = 0; i < SESSION_RESULTS; i++)
		session->result[i].valid = false;
}

void session_mark(struct session *session, const struct mark *mark)
{
	marks_set(&session->marks, mark);
	marked(session);
}

void session_mark_clear(struct session *session)
{
	marks_release(&session->marks);
	marked(session);
}

bool session_probe(struct session *session, struct err *err)
{
	if (!session->survey)
		session_survey(session);
	if (!survey_probe(session->survey, err))
		return false;
	session_touch(session);
	return true;
}

bool session_try(struct session *session, const char *typed, struct err *err)
{
	const struct dname *domain = session_domain(session);
	char text[DNAME_TEXT_MAX];
	struct smtp_trial trial;
	struct dname name;

	dname_show(domain, text);
	if (!meant_domain(&name, typed, NULL) || !dname_equal(&name, domain))
		return err_set(err, ERR_USAGE, N_("\"%s\" is not the name of this domain, %s: nothing was asked"), typed, text);
	if (!smtp_trial_make(&trial, domain, loop_random()))
		return err_set(err, ERR_USAGE, N_("%s can be the domain of no mail address"), text);
	if (!session->survey)
		session_survey(session);
	if (!survey_try(session->survey, &trial, err))
		return false;
	session_touch(session);
	return true;
}

bool session_probing(const struct session *session)
{
	return session->survey && survey_probing(session->survey);
}

bool session_mark_probed(struct session *session, struct err *err)
{
	if (!session->facts.probed) {
		err_set(err, ERR_USAGE, N_("no mail server was probed"));
		err_hint(err, N_("The action \"probe\" (V) asks them."));
		return false;
	}
	if (session_probing(session) || (session->survey && survey_finding_dane(session->survey)))
		return err_set(err, ERR_USAGE, N_("the probes are not all answered yet"));
	marks_release(&session->marks);
	marks_probed(&session->marks, &session->facts, session_set(session));
	marked(session);
	return true;
}

const struct sender *const *session_senders(const struct session *session)
{
	return session->app->profiles.list;
}

const struct sender *session_sender(const struct session *session)
{
	return session->sender;
}

void session_set_sender(struct session *session, const struct sender *sender)
{
	session->sender = sender;
	session->revision++;
}

size_t session_sender_index(const struct session *session, const struct sender *sender)
{
	const struct sender *const *list = session_senders(session);
	size_t i = 0;

	while (list[i] && list[i] != sender)
		i++;
	return list[i] ? i : 0;
}

void session_sim_input(const struct session *session, const struct marks *marks, bool live, struct sim_input *in)
{
	bool draft = !live && session_drafting(session);

	*in = (struct sim_input){
		.domain = &session->domain,
		.set = draft ? &session->draft.want : &session->facts.live,
		.facts = &session->facts,
		.is_draft = draft,
		.marks = marks,
		.seed = SESSION_SEED,
	};
}

static void run(struct session *session, const struct sender *sender, const struct marks *marks, bool live, struct sim_result *result)
{
	struct sim_input in;

	session_sim_input(session, marks, live, &in);
	failover_run(&in, sender, result);
}

static const struct sim_result *kept(struct session *session, struct session_result cache[SESSION_RESULTS], const struct sender *sender,
	const struct marks *marks, bool live)
{
	size_t i = session_sender_index(session, sender);

	if (!cache[i].valid || cache[i].result.sender != sender) {
		sim_result_release(&cache[i].result);
		cache[i].result = (struct sim_result){ 0 };
		run(session, sender, marks, live, &cache[i].result);
		cache[i].valid = true;
	}
	return &cache[i].result;
}

const struct sim_result *session_result(struct session *session, const struct sender *sender)
{
	return kept(session, session->result, sender, &session->marks, false);
}

const struct sim_result *session_calm(struct session *session, const struct sender *sender, bool live)
{
	static const struct marks none = { 0 };

	return kept(session, session->calm[live], sender, &none, live);
}

static void say_worst(struct msg *msg, const char *host, double lost)
{
	struct str share;

	str_init(&share, 0);
	text_share(&share, lost);
	msg_set(msg, N_("when %s fails, %s of the mail is not delivered"), host, share.s);
	str_release(&share);
}

void session_worst(struct session *session, const struct sender *sender, bool live, struct msg *msg)
{
	const struct mxset *set = live ? &session->facts.live : session_set(session);
	double worst = -1;
	bool unknown = false;
	char host[DNAME_TEXT_MAX] = "";

	for (size_t i = 0; i < set->n; i++) {
		struct mark mark = { .kind = MARK_HOST, .name = set->mx[i].host, .state = SIM_REFUSED };
		struct marks marks = { 0 };
		struct sim_result result = { 0 };
		if (!set->mx[i].host.len || dname_is_root(&set->mx[i].host))
			continue;
		marks_set(&marks, &mark);
		run(session, sender, &marks, live, &result);
		unknown |= result.final.unknown > 1e-9;
		if (result.final.deferred + result.final.bounced > worst) {
			worst = result.final.deferred + result.final.bounced;
			mx_host_show(&set->mx[i], host);
		}
		sim_result_release(&result);
		marks_release(&marks);
	}
	if (worst < 0)
		msg_set(msg, N_("there is no mail server that could fail"));
	else if (worst < 1e-9 && unknown)
		msg_set(msg, N_("not every server's address is known: what its failure does cannot be told"));
	else if (worst < 1e-9)
		msg_set(msg, N_("any one server may fail: all mail is still delivered"));
	else
		say_worst(msg, host, worst);
}
