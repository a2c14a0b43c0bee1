/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which name servers give a set: each delegated one is asked directly, again and again, until all give it for good (core/seen.h) or the
 * time is up. Every delegated server has a row, also one whose name has no address. A server that this machine has no route to is not
 * asked, and not waited for. The rows are the caller's, to look at while the watch runs.
 */
#ifndef APP_WATCH_H
#define APP_WATCH_H

#include "app/app.h"
#include "core/drain.h"
#include "core/seen.h"
#include "core/server.h"

struct served_row {             /* one address of a name server, or a name without any */
	struct dname name;      /* len 0: a server that was named by its address */
	struct dns_endpoint at; /* family 0: none */
	enum server_state state;
	bool no_route; /* this machine has no way there: never asked, never waited for */
	struct seen seen;
	bool has_serial;
	uint32_t serial;
};

struct served {
	size_t n, cap;
	struct served_row *row;
	bool by_all; /* each server of a row gives the set, and gave it twice */
	/* The zone is asked for its name servers again once all give the set; OTHERS_UNKNOWN: that got no answer. */
	enum served_others { OTHERS_UNASKED, OTHERS_NONE, OTHERS_UNKNOWN } others;
	bool everywhere;    /* by all, and that others are there now is not open */
	int64_t changed_at; /* when the last of them came to give it; 0 while not by all */
};
void served_release(struct served *served);
struct served_row *served_add(struct served *served, const struct dname *name, const struct dns_endpoint *at); /* name may be NULL */
/* Is there nothing to wait for: each server that can be asked gives the set for good. */
bool served_is_settled(const struct served *served);
bool served_can_be_asked(const struct served_row *row);
const char *served_others_name(const struct served *served); /* "none" | "unknown", or NULL where that was not asked */
/* Sets by_all, everywhere and changed_at: each name has an address that gives the set, and none that was asked gives another. */
void served_judge(struct served *served);
const char *served_row_text(const struct served_row *row); /* N_(), after the server's name */
json_t *served_to_json(const struct served *served);       /* an array; new reference */
/* {"hold_s","negative","assumed"}; hold_s null: not known. New reference. And back: false where it is none. */
json_t *drain_to_json(const struct drain *drain);
bool drain_from_json(struct drain *drain, const json_t *value);

struct watch_task {
	const struct dname *domain, *zone;
	const struct mxset *want; /* borrowed until the watch is freed */
	size_t n_name;            /* name servers that are known already; the zone's own are asked for too */
	const struct dname *name;
	uint32_t watch_s, apart_ms;
};

struct watch;
typedef void (*watch_fn)(void *data); /* after every round; watch_done() tells the end */

/* Rows that served has already are asked instead of the delegated servers. Ends from the loop, never within the call. */
struct watch *watch_start(struct app *app, const struct watch_task *task, struct served *served, watch_fn changed, void *data);
bool watch_done(const struct watch *watch);
void watch_stop(struct watch *watch); /* ends soon, with what is known */
void watch_free(struct watch *watch); /* NULL is accepted */

/* watch and seen_apart of [push] in the configuration. */
uint32_t watch_configured_s(const struct app *app);
uint32_t watch_configured_apart_ms(const struct app *app);

#endif
