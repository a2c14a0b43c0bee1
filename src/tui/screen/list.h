/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A selection in rows that scroll. Knows numbers only. */
#ifndef TUI_LIST_H
#define TUI_LIST_H

#include <stdbool.h>

#include "tui/action.h"

struct list {
	int n, selected, top; /* top: the first row shown */
	int page;             /* rows shown when it was last drawn */
	int line;             /* of rows that take several lines each: the first line shown */
};

/* n rows, page of them shown: selection and top are brought inside. */
void list_fit(struct list *list, int n, int page);
void list_select(struct list *list, int row);
bool list_move(struct list *list, enum action action); /* true: it was a moving action */

#endif
