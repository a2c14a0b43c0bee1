/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What probes of mail servers met, as commands print it. Writes to stdout. */
#ifndef CLI_PRINT_PROBE_H
#define CLI_PRINT_PROBE_H

#include "cli/print.h"
#include "core/facts/smtp.h"

/* One object an address of a host, as the manual has it; null where nothing was probed. */
json_t *print_probes_json(const struct facts *facts);
/* A line an address: what answered, TLS, certificate; and from where it was asked. Nothing where nothing was probed. */
void print_probes(const struct facts *facts);

#endif
