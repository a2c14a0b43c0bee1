/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An app on a zone file of exempel.com, whose account is held by a vendor on loopback; and a push of an approved plan there. */
#ifndef TESTS_APP_LAB_H
#define TESTS_APP_LAB_H

#include "app/history.h"
#include "app/push.h"
#include "vendor.h"

#define LAB_BASE "3600 10 mx1.exempel.com"

struct lab {
	char *dir;
	struct vendor vendor;
	struct app app;
	struct plan plan;
	struct push_run *run;
	bool network; /* no zone file: a resolver at 127.0.0.53 is asked */
	unsigned changes;
	void (*moved)(struct lab *lab); /* after every change of the push, or NULL */
};

/* provider: "powerdns" or "digitalocean"; more: lines of the account's section, then other sections. */
void lab_open(struct lab *lab, const char *provider, const char *more);
void lab_open_network(struct lab *lab, const char *provider, const char *more);
void lab_reopen(struct lab *lab, const char *provider, const char *more); /* another program on the same state */
void lab_close(struct lab *lab);
/* For cmocka: *state is a lab of its own. */
int lab_setup(void **state, const char *provider, const char *more);
int lab_teardown(void **state);
void lab_forget(struct lab *lab); /* the journal, the counts, the hook: for another case */
/* The vendor holds base; the plan, approved, is base to want. */
void lab_plan(struct lab *lab, const char *base, const char *want);
/* options NULL: no watch. Waits for the end. */
const struct push *lab_push(struct lab *lab, const struct push_options *options);
const struct push *lab_start(struct lab *lab, const struct push_options *options);
void lab_resume(struct lab *lab, const struct push_options *options); /* the unfinished push of the journal; its plan too */
void lab_expect(const struct push *push, enum push_state state, enum err_code code);
void lab_expect_held(struct lab *lab, const char *text);
/* The journal, an event a line: "begin", "request 1 writes", "answer 1 taken 201", "end published". */
void lab_expect_journal(struct lab *lab, const char *expected);

/* What goes wrong at the vendor's writes. */
struct lab_fault {
	unsigned at, until; /* writes from..until, counted from 1; until 0: that one alone */
	bool lost, drop;
	int http;
	unsigned stale;
	const char *text, *header;
	const char *adds, *removes; /* another client, right before ours; "*" leaves the first record alone */
	const char *other;          /* another client's set, written right after ours */
};
void lab_spoil(struct vendor *vendor, struct vendor_call *call); /* a hook; its data is the fault */
const struct push *lab_push_spoilt(struct lab *lab, const struct lab_fault *fault);

const char *lab_text(const struct msg *msg); /* static; "" where there is none */

#endif
