/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What must hold before a push writes: one list, asked by push, dry run, resume and the interface alike. A gate answers yes, no, or that
 * nobody can tell; for what loses mail the last blocks like no. A typed reason lets a push through, but for the policy. Judges values only:
 * facts of a survey that asked for the hosts of the wanted set and for the domain's own addresses, and what the account was read to hold.
 */
#ifndef APP_GATE_H
#define APP_GATE_H

#include "app/demand.h"
#include "check/check.h"
#include "core/plan.h"
#include "provider/provider.h"

enum gate_answer { GATE_YES, GATE_NO, GATE_UNKNOWN };

struct gate_input {
	const struct plan *plan;
	const struct facts *facts;
	const struct provider_run *found; /* of the account's read: zone and its name servers */
	bool stood;                       /* the wanted set is gone back to, or held: what is wrong with it is not new */
	bool undo;                        /* takes an unfinished push back */
	const struct musts *musts;        /* the policy; NULL: there is none */
};

struct gate {           /* one answer that is not yes */
	const char *id; /* of a row below, or of a check */
	enum gate_answer answer;
	struct msg reason; /* a whole sentence */
	bool overridden;
};

struct gates {
	size_t n, cap;
	struct gate *gate;
};

struct gate_row {
	const char *id;
	const char *title; /* N_(): what must hold */
	void (*ask)(const struct gate_row *row, const struct gate_input *in, struct gates *out);
};

extern const struct gate_row gate_rows[]; /* ends with id NULL */

/* The policy's. Judged of the wanted set whatever stood before: who pushes does not lower what is demanded. To take an unfinished push back
 * is no push. */
void gate_ask_policy(const struct gate_row *row, const struct gate_input *in, struct gates *out);
/* Every gate of the list. out is overwritten: initialise with {0}. */
void gates_ask(const struct gate_input *in, struct gates *out);
void gates_release(struct gates *gates);
void gates_override(struct gates *gates, const char *id);
size_t gates_blocking(const struct gates *gates); /* those that nothing overrides */
/* May --override name it? A gate's id, or that of a check. */
bool gate_id_exists(const char *id);
/* Is it one that no reason lets through, for who pushes does not lower what others signed? */
bool gate_is_firm(const char *id);
const char *gate_answer_name(enum gate_answer answer); /* "yes" | "no" | "unknown" */
/* ERR_BLOCKED, naming the first of those that block; untouched where none does. */
bool gates_hold(const struct gates *gates, const struct dname *domain, struct err *err);

#endif
