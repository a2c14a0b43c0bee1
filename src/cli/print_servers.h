/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The name servers and the zone of a survey, as commands print them: values for JSON, and sentences for whatever is wrong with a
 * server. Writes to stdout. */
#ifndef CLI_PRINT_SERVERS_H
#define CLI_PRINT_SERVERS_H

#include "cli/print.h"
#include "core/facts.h"

/* [{"server","address","state","ttl","serial","records","agrees"}]; what a server did not tell is null. "matches" is "agrees" by its
 * older name. */
json_t *print_servers_json(const struct facts *facts);
/* One line for each thing about the name's place in its zone that changes what a record at it does. */
void print_name(FILE *to, const struct facts *facts);
/* {"zone","delegated","wildcard","synthesised","below_dname","below_cut","held_zone"}: how the domain's name stands in the DNS; null: not
 * known. */
json_t *print_name_json(const struct facts *facts);

#endif
