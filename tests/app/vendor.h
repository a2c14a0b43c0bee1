/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A DNS vendor on loopback, in the test's own event loop: it answers as PowerDNS (a set at once, a serial) and as DigitalOcean (record by
 * record) for one zone, exempel.com, and keeps what it was sent. What goes wrong is the test's hook, asked before each request.
 */
#ifndef TESTS_APP_VENDOR_H
#define TESTS_APP_VENDOR_H

#include "io/loop.h"

#define VENDOR_RECORDS 8

struct vendor_record {
	unsigned id; /* 0: a free row */
	unsigned preference;
	char host[64]; /* without the final dot */
	unsigned ttl_s;
	bool disabled;
};

struct vendor_call { /* one request, to look at and to spoil */
	const char *method, *path, *body;
	bool writes;
	unsigned n;         /* of its sort, from 1: the n-th read of the MX set, or the n-th write */
	bool lost;          /* to set: it is not carried out */
	bool drop;          /* to set: the connection ends without an answer */
	int http;           /* to set: answered so; 0: as it should */
	unsigned stale;     /* to set at a write: so many reads still show what was there before */
	const char *header; /* to set: one more line, with its end */
	const char *text;   /* to set: this body */
};

struct vendor {
	int listener, port;
	struct loop *loop;
	struct loop_handle *accept;
	struct vendor_client *client;
	struct vendor_record record[VENDOR_RECORDS];
	struct vendor_record before[VENDOR_RECORDS]; /* shown by stale reads */
	unsigned stale, next_id, serial, reads, writes;
	const char *soa_edit_api;
	void (*hook)(struct vendor *vendor, struct vendor_call *call);
	void *data;     /* the hook's */
	char log[4096]; /* "PUT /domains/exempel.com/records/1\n" ... */
};

bool vendor_open(struct vendor *vendor); /* takes a port */
void vendor_serve(struct vendor *vendor, struct loop *loop);
void vendor_close(struct vendor *vendor); /* before the loop is freed */
/* "3600 10 mx1.exempel.com 20 mx2.exempel.com": the zone's MX set, ids from 1. A '-' before a preference: kept, not published. */
void vendor_hold(struct vendor *vendor, const char *text);
/* The published set in the same words, in the order of ids; static. */
const char *vendor_held(const struct vendor *vendor, char text[512]);
void vendor_add(struct vendor *vendor, unsigned preference, const char *host, unsigned ttl_s);
void vendor_remove(struct vendor *vendor, const char *host);

#endif
