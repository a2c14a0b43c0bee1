/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The name servers of a survey, as commands print them: rows for JSON, and sentences for whatever is wrong with one. Writes to stdout. */
#ifndef CLI_PRINT_SERVERS_H
#define CLI_PRINT_SERVERS_H

#include "cli/print.h"
#include "core/facts.h"

/* [{"server","address","state","ttl","serial","records","agrees"}]; what a server did not tell is null. "matches" is "agrees" by its
 * older name. */
json_t *print_servers_json(const struct facts *facts);
/* Appends how many agree with the live set, or why nothing can be said; nothing where there is no server. */
void print_servers_count(struct str *out, const struct facts *facts);
/* One line for each server that is silent, unreachable, refuses, is lame or has no address. */
void print_servers_trouble(const struct facts *facts);

#endif
