/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside io/dns: what asking (dns.c) and validating (dns_validate.c) share. */
#ifndef IO_DNS_PRIVATE_H
#define IO_DNS_PRIVATE_H

#include "io/dns.h"

struct validator;

struct dns {
	struct loop *loop;
	struct dns_endpoint resolver;
	char *anchor_file;
	struct channel *channels;
	struct dns_query *queries;   /* all that live */
	struct validator *validator; /* NULL until something is validated */
};

struct dns_query {
	struct dns *dns;
	struct dns_query *next, **at; /* *at is this one */
	struct loop_handle *deadline, *delivery;
	/* asking: */
	struct dns_then then;
	struct dns_question question;
	bool over_network; /* c-ares holds it: it is freed when c-ares lets go */
	bool dead;         /* nobody waits any more */
	bool delivered;
	enum answer failed;
	struct dns_answer answer;
	/* validating: */
	dns_validated_fn validated;
	void *data;
	struct dns_query *probe;
	int ub_id; /* 0: libunbound does not hold it */
	enum dnssec dnssec;
	const char *reason; /* points into why, or a constant */
	char why[FACTS_REASON];
};

void dns_query_link(struct dns_query *query); /* query->dns is set */
void dns_query_unlink(struct dns_query *query);

void validate_cancel(struct dns_query *query);
void validator_free(struct validator *validator);

#endif
