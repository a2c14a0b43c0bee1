/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A vendor's step machine of the test's own, its server on loopback, and an exec that drives it: what it asks, and what is answered. */
#ifndef TESTS_APP_DRIVE_H
#define TESTS_APP_DRIVE_H

#include "app/account.h"
#include "app/exec.h"
#include "lab.h"

#define ASKED 8

struct ask {
	const char *method, *path;
	bool writes;
	uint32_t wait_ms;
	const char *base, *command, *file;
	bool may_miss; /* the file */
};

struct answer_of { /* to the n-th request, from 1 */
	int http;
	bool drop;
	const char *header;
};

struct scene {
	struct lab lab;
	struct provider provider;
	struct ask ask[ASKED];
	struct answer_of answer[ASKED + 1];
	unsigned requests, logins, befores, afters, waits, waits_over, refuse_before;
	int64_t wait_until;
	char why[200], log[1000], endpoint[60];
	enum meaning meaning;
	bool sent;
	bool later, stay; /* before a request: it is told later; it does not leave */
	unsigned leaves;
	int login_http;      /* 0: it is let in */
	bool reads;          /* the run reads, from the zones on; false: it verifies */
	int64_t token_s;     /* how long a token is good; 0: for ever */
	int64_t login_off_s; /* the clock that the login was given */
	unsigned done;
	struct err err;
	const char *key;
};

int drive_setup(void **state);
int drive_teardown(void **state);
struct exec *drive_start(struct scene *scene, bool dry);
void drive_one(struct scene *scene, bool dry); /* to its end */
void drive_forget(struct scene *scene);        /* what was counted, and all accounts */
enum step drive_login(
	struct provider_run *run, const struct reply *reply, struct request *request, struct provider_login *got, struct err *err);
bool drive_sign(struct provider_run *run, struct request *request, int64_t now, struct err *err); /* notes the clock that it is given */

#endif
