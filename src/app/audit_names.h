/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names that an audit is given: from files one after the other, from stdin, or the zones of an account; without those that an earlier
 * output has. */
#ifndef APP_AUDIT_NAMES_H
#define APP_AUDIT_NAMES_H

#include "app/account.h"
#include "app/audit.h"
#include "io/lines.h"

#define AUDIT_TEXT_MAX 300 /* bytes of a line that is no name, as it is told */

struct audit_sources {
	size_t n;
	const char *const *file; /* "-": stdin, which is also read where there is none */
	struct account *account; /* whose zones they are, as it listed them; NULL: they come from the files */
	const char *resume;      /* an earlier output; or NULL */
};

struct audit_wrong { /* a line that is no name */
	size_t number;
	char text[AUDIT_TEXT_MAX + 1];
	struct err err;
};

struct audit_names {
	struct app *app;
	struct audit_sources sources; /* borrowed */
	loop_fn ready;
	void *data;
	size_t next_file, number; /* of the line in its file */
	struct lines *lines;
	size_t zone;
	size_t n_done, cap_done; /* names of an earlier output, sorted */
	char **done;
};

/* names: its app, sources, ready (after AUDIT_LATER) and data are set; audit_names_close() in any case. */
bool audit_names_open(struct audit_names *names, struct err *err);
/* As struct audit_face wants it; LINE: wrong is set. END with err set: a file could not be read to its end. */
enum audit_next audit_names_next(struct audit_names *names, struct dname *domain, struct audit_wrong *wrong, struct err *err);
void audit_names_close(struct audit_names *names);

#endif
