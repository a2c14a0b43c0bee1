/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Name servers and a resolver on addresses of a network namespace of the test's own, port 53, in the test's own event loop. Each answers
 * from zone text of its own, as it is told to. What is asked is counted and can be spoiled by a hook.
 */
#ifndef TESTS_APP_DNSD_H
#define TESTS_APP_DNSD_H

#include "app/app.h"
#include "wire/zonetext.h"

#define DNSD_SERVERS 12
#define DNSD_REFERRALS 4

enum dnsd_how {
	DNSD_ANSWERS,  /* with authority */
	DNSD_RESOLVES, /* without */
	DNSD_SILENT,
	DNSD_REFUSES,
	DNSD_FAILS,
	DNSD_LAME /* no error, no authority, no record */
};

struct dnsd_server {
	struct dnsd *dnsd;
	char addr[40];
	int fd;
	struct loop_handle *reads;
	enum dnsd_how how;
	struct zoneworld *world;
	size_t n_referral; /* zones below its own, and where they are sent on to */
	struct dname referral[DNSD_REFERRALS], to[DNSD_REFERRALS];
	unsigned asked;
	unsigned labels; /* not 0: an answer of MX records carries a signature that counts so many */
	void (*hook)(struct dnsd_server *server, const struct dns_question *question); /* before it answers; or NULL */
	void *data;
};

struct dnsd {
	struct loop *loop;
	size_t n;
	struct dnsd_server server[DNSD_SERVERS];
	char log[8192]; /* "127.0.0.10 exempel.com MX\n", in the order of arrival; addresses of hosts are left out */
};

bool dnsd_enter(void); /* a namespace of its own, with a loopback; false: this machine does not allow it */
/* An app whose resolver is 127.0.0.53 and which has no trust anchor; server: as --server says, or NULL. Returns its folder, which
 * dnsd_close_app() takes away. */
char *dnsd_open_app(struct dnsd *dnsd, struct app *app, const char *server);
void dnsd_close(struct dnsd *dnsd); /* before the loop is freed */
void dnsd_close_app(struct dnsd *dnsd, struct app *app, char *dir);
struct dnsd_server *dnsd_add(struct dnsd *dnsd, const char *addr, enum dnsd_how how);
/* SOA is added; records as zone text. A zone that is there already is replaced, with all others. */
void dnsd_zone(struct dnsd_server *server, const char *origin, const char *records);
void dnsd_clear(struct dnsd_server *server);
void dnsd_refer(struct dnsd_server *server, const char *zone, const char *to);

#endif
