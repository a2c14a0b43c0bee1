/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An account that is being added, an answer at a time: each is judged when it comes, the account is tried on a copy of the configuration
 * (app/setup.h) in the program's own loop, and only then the file is written and read again. A key that was typed lies in a file of its
 * own, which goes where the account is not added. Owns its answers.
 */
#ifndef APP_ENROLL_H
#define APP_ENROLL_H

#include "app/setup.h"

#define ENROLL_SETS 16 /* no provider needs more */

struct enroll {
	struct app *app;
	const struct provider *provider;
	char *name, *endpoint, *key_file, *key_command;
	bool key_written; /* key_file was written here, and is taken away where the account is not added */
	size_t n_set, n_domain, cap_domain;
	char *set[ENROLL_SETS];
	char **domain;
	struct app trial;
	char *dir; /* of the trial; NULL: there is none */
	struct provider_account known;
	struct exec *exec;
	struct account *zones; /* of the trial, as it listed them; NULL: no list is known */
	bool wants_domain;     /* the trial told nothing of the key without a domain: those are asked for first, then it is tried again */
	void (*done)(void *data, const struct err *err);
	void *data;
};

const struct provider *enroll_offer(size_t i); /* the providers that there are; NULL past the last */
struct enroll *enroll_new(struct app *app);
void enroll_free(struct enroll *enroll); /* NULL is accepted */

/* Each false with err where the answer will not do. */
bool enroll_provider(struct enroll *enroll, const char *text, struct err *err);
bool enroll_name(struct enroll *enroll, const char *text, struct err *err);
bool enroll_endpoint(struct enroll *enroll, const char *text, struct err *err);
const struct provider_setting *enroll_setting(const struct enroll *enroll); /* the next that is needed; NULL: none is */
bool enroll_set(struct enroll *enroll, const char *value, struct err *err);
bool enroll_key_place(struct enroll *enroll, const char *text, struct err *err); /* a file, or "!" and a command */
bool enroll_key(struct enroll *enroll, const char *key, struct err *err);        /* the key itself */

/* Asks the provider whether it accepts the key, then for its zones. done comes from the loop, with why it is not accepted. */
bool enroll_try(struct enroll *enroll, void (*done)(void *data, const struct err *err), void *data, struct err *err);
/* Names with blanks between them; "*": all zones. */
bool enroll_domains(struct enroll *enroll, const char *text, struct err *err);
/* Adds account and domains to the configuration; the app has read it again when this returns. */
bool enroll_write(struct enroll *enroll, struct err *err);

#endif
