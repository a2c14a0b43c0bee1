/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file of many plans, read one plan at a time, so that its JSON never lies in memory as a whole. Finds where the members of its list
 * stand; what they say is judged by a JSON reader. Borrows the text.
 */
#ifndef CORE_PLAN_LIST_H
#define CORE_PLAN_LIST_H

#include "core/plan.h"

struct plan_list {
	const char *text, *end; /* of the file */
	const char *from, *to;  /* between the list's brackets */
	const char *at;         /* of what comes next */
	int line;               /* at at, from 1 */
};

/* False where the file holds no such list, or is so odd that it has to be read as a whole. */
bool plan_list_find(struct plan_list *list, const char *text, size_t len);
/* The file with an empty list instead. New reference; NULL with wrong. */
json_t *plan_list_rest(const struct plan_list *list, json_error_t *wrong);
/* The next member. New reference; NULL with wrong, whose line is the file's; NULL and wrong->line 0 at the end. */
json_t *plan_list_next(struct plan_list *list, json_error_t *wrong);

#endif
