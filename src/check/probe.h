/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the checks of probes share: each address that was probed, and what a whole host amounts to. For check/probe*.c alone. */
#ifndef CHECK_PROBE_H
#define CHECK_PROBE_H

#include "check/rules.h"
#include "core/facts/smtp.h"

/* Would a sender get on with any address of the host now? DOWN: with none, for certain. */
enum host_state { HOST_UNKNOWN, HOST_READY, HOST_DOWN };

typedef void (*probe_fn)(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct smtp_facts *row, struct findings *out);
/* Each address of each target once, where a probe has ended. */
void probe_each(const struct check *check, const struct check_input *in, probe_fn fn, struct findings *out);
/* "mx1.example.com (192.0.2.1)": another address of the host may be another machine. Returns out. */
#define PROBE_WHO_MAX (DNAME_TEXT_MAX + ADDR_TEXT_MAX)
const char *probe_who(const struct smtp_facts *row, char out[PROBE_WHO_MAX]);
enum host_state probe_host(const struct facts *facts, const struct dname *host);
/* The first of its addresses that answered as it should, or NULL. */
const struct smtp_facts *probe_ready(const struct facts *facts, const struct dname *host);
/* The one host of the first rung, which refuses each connection while a later one answers; its record, or the set's n. */
size_t probe_nolisting(const struct check_input *in);
/* Has no TLS, while a host that is tried before it has. */
bool probe_is_weaker(const struct check_input *in, const struct dname *host);

#endif
