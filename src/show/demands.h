/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a policy demands of a domain, and whether it holds: each demand with its answer, and where it stands in the file. */
#ifndef SHOW_DEMANDS_H
#define SHOW_DEMANDS_H

#include "app/demand.h"
#include "show/document.h"

/* path: of the policy. demands: of the domain, judged. */
void demands_document(const char *path, const struct demands *demands, const struct dname *domain, struct document *document);

/* The same of the policy that the configuration names. path NULL: it names none. err: why it could not be read; or code 0. */
struct demands_told {
	const char *path;
	struct err err;
	struct musts musts;
	struct demands demands;
};
void demands_told_document(const struct demands_told *told, const struct dname *domain, struct document *document);

#endif
