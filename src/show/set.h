/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A domain's set as it is found: who tells it, the ladder, the records as hosting panels list them, and what else has to be known of it. */
#ifndef SHOW_SET_H
#define SHOW_SET_H

#include "core/facts.h"
#include "show/document.h"
#include "sim/attempt/failover.h"

/* The domain, the TTL, DNSSEC, whose set it is, who told it, how many name servers agree: one row. */
void set_head(const struct facts *facts, struct document *document);
/* A row a record, with what the result has of its share, and the host's addresses. */
void set_ladder(const struct facts *facts, const struct sim_result *result, bool ascii, struct document *document);
void set_records(const struct facts *facts, struct document *document);
double set_share(const struct sim_result *result, const struct mxset *set, size_t at); /* of the record at; below 0: none */
/* What a cache has that differs, and what is not known because nobody better could be asked. */
void set_truth(const struct facts *facts, int64_t now, struct document *document);
void set_name(const struct facts *facts, struct document *document);    /* of delegation, wildcards, DNAME */
void set_trouble(const struct facts *facts, struct document *document); /* name servers that were to answer and do not */
void set_source(const struct facts *facts, struct str *out);            /* "held by account lab", "served by ns1 ..." */

#endif
