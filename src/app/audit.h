/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many domains, each surveyed by itself, a bounded number at the same time: names are taken one by one as there is room for them, and told
 * as they are known, or in the order in which they came. Answers are shared by all (app_answers()), so that a host of a thousand domains is
 * asked for once; what is shared is dropped now and then, so that memory stays bounded. Knows no output: a line is whatever text the front
 * end makes. Reads no account.
 */
#ifndef APP_AUDIT_H
#define APP_AUDIT_H

#include "app/survey.h"

#define AUDIT_WIDTH 100      /* surveys at the same time, where nothing else is asked for */
#define AUDIT_WIDTH_MAX 1000 /* more make a resolver drop questions */

enum audit_next { AUDIT_NAME, AUDIT_LINE, AUDIT_LATER, AUDIT_END };

struct audit_face {
	/* NAME: domain is set. LINE: there is a line at once, in the empty one that is given. LATER: audit_more() is called when there is
	 * more. */
	enum audit_next (*next)(void *data, struct dname *domain, struct str *line);
	/* Adds what is to be told of a domain of which all is known, or all that came in time, to an empty line. */
	void (*known)(void *data, const struct facts *facts, struct str *line);
	bool (*tell)(void *data, const char *line); /* in order where that was asked for; false: nobody listens any more */
	void *data;
};

struct audit_options {
	unsigned needs; /* enum need */
	/* What this domain needs beside; data is the face's. May be NULL. */
	unsigned (*more)(void *data, const struct dname *domain);
	size_t width; /* 1 .. AUDIT_WIDTH_MAX */
	bool ordered;
	uint32_t domain_ms; /* a domain is told after so long, whatever is still open */
};

struct audit_count {
	size_t told, running;
};

struct audit;
struct audit *audit_start(struct app *app, const struct audit_options *options, const struct audit_face *face);
void audit_more(struct audit *audit); /* after AUDIT_LATER */
/* Takes no further name; those in hand are finished. */
void audit_stop(struct audit *audit);
struct audit_count audit_count(const struct audit *audit);
void audit_wait(struct audit *audit); /* until all is told, or nobody listens */
void audit_free(struct audit *audit); /* cancels what runs; NULL is accepted */

#endif
