/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A survey fills struct facts: every question in parallel, each with its own deadline; answers fill in as they come and `changed` is called
 * after each. Sources: resolver, one server, or a zone world. Facts and callbacks are the caller's; one survey at a time per struct facts.
 *
 * What is asked is a table, one row a subject (survey_table.c), begun where one of its needs is wanted. The questions go out in three trips
 * at most, where nothing fails, each of them once (io/dns_cache.h):
 *   1. the domain's MX and NS, the NS of the name above it, DS and DNSKEY of every name above for the validator, and the domain's texts;
 *   2. addresses, TLSA records and zones of the exchanges, "*" beside a name within a zone, addresses of the name servers and of the
 * parent's first two, the host of an MTA-STS policy, what SPF names;
 *   3. each address of each name server is asked for MX and SOA, and the parent's servers for the delegation; names of the exchanges'
 * addresses. What those names lead back to is a trip more where they are others than the exchanges', and so is each further record that SPF
 * includes. Zone files answer for themselves alone: a name in none of them is ANSWER_UNASKED, and the servers that they name are not asked.
 * Probes are made only where survey_probe() asks for them; a mail server is never spoken to otherwise.
 * A command does not wait for silent name servers: 0.8 s after the last answer, when nothing else is open, they count as silent.
 */
#ifndef APP_SURVEY_H
#define APP_SURVEY_H

#include "app/app.h"

struct survey;
struct smtp_trial;
typedef void (*survey_fn)(void *data, bool finished);

/* Among the needs: neither the domain's zone nor how its name stands there, which each survey has otherwise. */
#define SURVEY_SET_ALONE (1u << 31)

struct survey_want {
	struct facts *facts;      /* initialised with its domain */
	const struct mxset *also; /* whose hosts are asked for too (a draft's); or NULL */
	unsigned needs;           /* enum need: what is asked beside the domain's own MX set */
};
struct survey *survey_start(struct app *app, const struct survey_want *want, survey_fn changed, void *data);
struct dns_validator;
/* The same with a validator that outlives the survey, and goes by what it has proved for others while that holds. NULL: all is proved anew.
 */
struct survey *survey_start_by(
	struct app *app, struct dns_validator *validator, const struct survey_want *want, survey_fn changed, void *data);
/* Between these, surveys that follow one another keep the ways to their servers as those side by side do: else each first one finds them
 * anew. */
void surveys_begin(struct app *app);
void surveys_end(struct app *app);
/* Asks for hosts that facts lack (a draft's new ones), in the running survey or a new one. */
void survey_more(struct survey *survey, const struct mxset *also);
/* From now on port 25 of each address of the exchanges is probed too, once (io/smtp.h): those that are known, and those that come. */
bool survey_probe(struct survey *survey, struct err *err);
/* The same with a trial (copied): recipients are named to each server, and no message is sent. What was probed before is asked anew.
 * Hosts that survey_more() brings after it are probed without. */
bool survey_try(struct survey *survey, const struct smtp_trial *trial, struct err *err);
bool survey_probing(const struct survey *survey); /* probes are open */
bool survey_running(const struct survey *survey);
bool survey_finding(const struct survey *survey, unsigned needs); /* may something of this (enum need) still come? */
bool survey_finding_name(const struct survey *survey);            /* how the domain's name stands may still come */
bool survey_finding_dane(const struct survey *survey);            /* whether senders go by TLSA records may still come */
bool survey_asking(const struct survey *survey);                  /* more is open than the validation */
void survey_free(struct survey *survey);                          /* cancels what runs; NULL is accepted */
/* Runs the loop until the survey has ended or deadline_ms passed; for commands. */
void survey_wait(struct app *app, struct survey *survey, uint32_t deadline_ms);

#endif
