/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What all runs of an account share while the program runs: key (account_key.h), login, zones, the vendor's clock, and turns, so that many
 * domains cost one login and one listing, and no more is asked at once, or in a time, than the vendor takes. Owned by struct app.
 */
#ifndef APP_ACCOUNT_H
#define APP_ACCOUNT_H

#include "app/app.h"
#include "provider/pace.h"
#include "provider/zones.h"

struct account {
	char *name;
	char *key; /* NULL: not fetched yet */
	struct secret *fetching;
	/* The sections that the key, the one on its way, and the login are of: a run of another configuration takes none of them. */
	const struct config_section *key_of, *fetching_of, *login_of;
	struct key_wait *key_waiting;
	struct provider_login login;
	bool logged_in;
	uint64_t logins; /* counted: which one a request was sent with */
	struct zone_index zones;
	bool zones_old; /* of the configuration before, and being listed: dropped before anybody else looks */
	struct loop *loop;
	const struct provider *provider;
	char *settings;              /* its address and the vendor's settings, by which it is known again; or NULL */
	unsigned read_again;         /* the app's, when it was asked for last */
	unsigned in_flight, writing; /* requests that are under way; of them those that write */
	unsigned pushing;            /* pushes that read, write and read back */
	int server;                  /* lock of a server that takes no two writes at once, for all pushes of this process */
	unsigned server_users;
	struct zone_turn *zones_taken;
	uint64_t server_since_ms;
	struct pace pace;
	struct pace_told told;
	uint64_t blocked_until_ms; /* the vendor said so */
	struct loop_handle *timer;
	struct turn *waiting; /* for their request, first come first */
	struct turn *pushes;  /* that wait to read */
	struct turn *writers; /* that have their turn, and wait until no other writes */
	struct turn *inside;  /* the one that logs in or lists the zones */
	struct turn *outside; /* those that want to */
	struct account *next;
};

struct account *account_of(struct app *app,
	const struct provider_account *account); /* made where there is none with these settings; zones too old are dropped */
void accounts_release(struct app *app);

/* A domain that the configuration gives to the account, for GOAL_VERIFY: some servers tell nothing of a key without a name. */
bool account_domain(const struct config *config, const char *account, struct dname *domain);

/* A zone as the last list of all had it. */
struct account_zone {
	const char *name;
	const char *id;   /* the vendor's, where it is another than the name; or NULL */
	const char *note; /* what tells it from another of that name; or NULL */
	bool secondary;
};
/* The zone after *at, which is 0 at first, by name; borrowed until the account asks for more. False: there is none. */
bool account_zone(struct account *account, size_t *at, struct account_zone *zone);

/* How much of the provider's i-th limit on requests this run has used; limits of a single zone are passed over. False: there are no more,
 * or nothing was asked of the account yet. */
struct account_use {
	unsigned used, most;
	uint32_t within_s;
	bool writes; /* only what writes is counted */
};
bool account_use(const struct app *app, const char *name, size_t i, struct account_use *use);
/* What the provider's own answers say of it; NULL: none did, in this run. */
const struct pace_told *account_told(const struct app *app, const char *name);

/* A turn: to send a request, to push, or to be the only one at what is done once. fn comes from the loop. Owned by who takes it. */
struct turn {
	struct account *account; /* NULL: in no queue and with no turn */
	bool alone, push, writes, has, writing;
	uint32_t zone; /* pace_zone() */
	loop_fn fn;
	void *data;
	struct loop_handle *delivery;
	struct turn *next;
};
/* How long such a request would have to wait now. */
uint64_t account_wait_ms(const struct account *account, const struct turn *turn);
void turn_to_send(struct account *account, struct turn *turn);
/* With a turn to send: fn again, when it may write. At once, but where the server takes no two writes at a time. */
void turn_to_write(struct turn *turn);
void turn_alone(struct account *account, struct turn *turn);
/* From before a push reads until it wrote and read back: as many have it as the account takes requests, so that little time lies between a
 * push's read and its write. */
void turn_to_push(struct account *account, struct turn *turn);
void turn_end(struct turn *turn); /* also of one that still waits; nothing where there is none */
/* Nobody else's push may write to the account's server until account_leave_server(); those of this process may, by turns. False: not yet,
 * or with err never. path: the lock. */
bool account_take_server(struct account *account, const char *path, struct err *err);
void account_leave_server(struct account *account);
/* One push of this process at a time in a zone whose writes are counted: to one, the other's would be a stranger's. */
struct zone_turn {
	const struct dname *zone;
	bool has;
	struct zone_turn *next;
};
bool account_take_zone(struct account *account, struct zone_turn *turn);  /* false: not yet */
void account_leave_zone(struct account *account, struct zone_turn *turn); /* nothing where it has none */
/* No request before then. */
void account_block(struct account *account, uint64_t until_ms);

#endif
