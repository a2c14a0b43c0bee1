/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ladder and names as printed lines. */
#ifndef CLI_PAINT_H
#define CLI_PAINT_H

#include "cli/command.h"
#include "sim/attempt/failover.h"

void paint_name(struct str *out, const struct dname *name); /* for people, escaped */
void paint_mx(struct str *out, const struct mx *mx);
void paint_ttl(struct str *out, uint32_t ttl_s); /* seconds, or that it is not known */
/* One line a host: preference, drawing, host, share of first attempts, bar, addresses. result may be NULL. */
void paint_ladder(const struct mxset *set, const struct facts *facts, const struct sim_result *result, bool ascii);
void paint_records(const struct dname *owner, const struct mxset *set); /* name, type, preference, value, TTL */
/* Share of first contacts of record i of the set; -1 when the result does not say. */
double paint_record_share(const struct sim_result *result, const struct mxset *set, size_t at);
bool paint_ascii(const struct call *call); /* --ascii, or a locale without UTF-8 */

#endif
