/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/suffix.h"

#include <libpsl.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/banned.h"

struct suffixes {
	psl_ctx_t *list;
};

struct suffixes *suffixes_new(void)
{
	struct suffixes *suffixes = mem_alloc(sizeof(*suffixes));

	suffixes->list = psl_latest(NULL);
	return suffixes;
}

void suffixes_free(struct suffixes *suffixes)
{
	if (!suffixes)
		return;
	psl_free(suffixes->list);
	free(suffixes);
}

bool suffixes_registered(const struct suffixes *suffixes, const struct dname *name, struct dname *registered)
{
	char text[DNAME_TEXT_MAX];
	const char *found;

	dname_text(name, text);
	if (!suffixes->list || strchr(text, '\\'))
		return false;
	found = psl_registrable_domain(suffixes->list, text);
	return found && dname_parse(registered, found, NULL);
}
