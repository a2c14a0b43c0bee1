/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What probes of mail servers met: an address a row, with what answered, TLS and the certificate, and who was taken as a recipient. */
#ifndef SHOW_PROBES_H
#define SHOW_PROBES_H

#include "core/facts.h"
#include "core/facts/smtp.h"
#include "show/document.h"

/* Rows come as the answers did: here they stand as the ladder has their hosts, a draft's after it. n_smtp of them; the caller's to free. */
const struct smtp_facts **probes_sorted(const struct facts *facts);
bool probes_silent_here(const struct facts *facts, const struct smtp_facts *row); /* nobody answers by that family: it tells nothing */
struct sign probes_sign(const struct facts *facts, const struct smtp_facts *row);
/* Nothing where nothing was probed. Items count the rows as probes_sorted() has them. */
void probes_document(const struct facts *facts, struct document *document);
void probe_document(const struct smtp_facts *row, struct document *document); /* what one of them met, in full */

#endif
