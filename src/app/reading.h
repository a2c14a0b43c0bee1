/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an answer says of a domain's set, or of an exchange, as facts. Asks nothing, and decides nothing about what is live. */
#ifndef APP_READING_H
#define APP_READING_H

#include "core/facts.h"
#include "io/dns.h"

/* ANSWER_* of a reply to the question; fills the chain. */
enum answer reading_answer(const struct dns_question *question, const struct dns_reply *reply, struct dname alias[FACTS_ALIASES],
	size_t *n_alias, struct dname *final);
/* Is a TTL of the answer the record's own, and not what a cache has left of it? */
bool reading_tells_ttl(const struct facts *facts, const struct dns_reply *reply);
/* The domain's MX: facts->cached, the domain's aliases, why it failed. final: the name whose records count. */
void reading_mx(struct facts *facts, const struct dns_reply *reply, struct dname *final);
/* A or AAAA of the row's host; addresses are kept in order, as many as there is room for. final: the name that they stand at. */
enum answer reading_host(struct host_facts *row, const struct dns_question *question, const struct dns_reply *reply, struct dname *final);

#endif
