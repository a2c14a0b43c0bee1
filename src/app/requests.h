/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the accounts' runs asked, of this run of the program, or of other ones as the journal has it: each request as it left, its secrets
 * masked, and what came. Keeps the last REQUESTS_KEPT. Owns its rows.
 */
#ifndef APP_REQUESTS_H
#define APP_REQUESTS_H

#include "app/app.h"

#define REQUESTS_KEPT 500

struct request_row {
	uint64_t number; /* from 1 on */
	int64_t at;      /* seconds since 1970 when it left */
	uint64_t at_ms;
	char *account, *method, *address; /* address: base and path, or the file or command; secrets are "***" */
	enum request_kind kind;
	bool writes;
	bool ended;       /* false: it is waited for */
	bool given_up;    /* nobody waits for its answer any more */
	uint64_t took_ms; /* where it ended */
	int status;       /* of HTTP; 0: there was no answer, or it has none */
	struct msg title; /* what it is for; id NULL: nobody said */
	struct msg why;   /* why there is no answer; id NULL: there is */
	char *curl;       /* a command line that sends the same, its secrets left out; NULL: none does */
	/* of other runs: ended false is that no answer is in the journal */
	char *push;           /* whose request it was; NULL: it is of this run */
	char *words, *failed; /* what it was for, and why it failed, as the journal has it; or NULL */
};

struct requests {
	int64_t since; /* seconds since 1970 when it began */
	uint64_t last; /* number of the last one */
	size_t n;
	struct request_row *row[REQUESTS_KEPT]; /* at number % REQUESTS_KEPT; NULL: none yet */
	size_t n_push, cap_push;
	char **push; /* the pushes that this run carries out */
};

void request_row_free(struct request_row *row); /* for requests*.c */
struct requests *requests_new(void);
void requests_free(struct requests *requests); /* NULL is accepted */
/* Adds a request that leaves now for the address `base`. Returns its number. */
uint64_t requests_add(struct requests *requests, const struct provider_account *account, const struct request *request, const char *base);
/* Notes the answer; does nothing where the request has ended, or is kept no longer. */
void requests_end(struct requests *requests, uint64_t number, int status, const struct err *err);
void requests_give_up(struct requests *requests, uint64_t number);
void requests_note_push(struct requests *requests, const char *push); /* its requests are of this run from now on */
/* The requests that other runs sent for the domain's pushes, earlier or meanwhile, from the journal; their numbers differ from all others.
 * NULL with err where the journal cannot be read. */
struct requests *requests_past(struct app *app, const struct dname *domain, struct err *err);
/* The i-th, the last one first; NULL past the first. */
const struct request_row *requests_at(const struct requests *requests, size_t i);

#endif
