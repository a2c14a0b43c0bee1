/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/screen/list.h"

#include "base/banned.h"

void list_fit(struct list *list, int n, int page)
{
	list->n = n;
	list->page = page > 0 ? page : 1;
	list_select(list, list->selected);
}

void list_select(struct list *list, int row)
{
	if (row >= list->n)
		row = list->n - 1;
	list->selected = row < 0 ? 0 : row;
	if (list->top > list->selected)
		list->top = list->selected;
	if (list->top < list->selected - list->page + 1)
		list->top = list->selected - list->page + 1;
	if (list->top > list->n - list->page)
		list->top = list->n - list->page;
	if (list->top < 0)
		list->top = 0;
}

bool list_move(struct list *list, enum action action)
{
	switch (action) {
	case ACTION_UP:
		list_select(list, list->selected - 1);
		return true;
	case ACTION_DOWN:
		list_select(list, list->selected + 1);
		return true;
	case ACTION_PAGE_UP:
		list_select(list, list->selected - list->page);
		return true;
	case ACTION_PAGE_DOWN:
		list_select(list, list->selected + list->page);
		return true;
	case ACTION_TOP:
		list_select(list, 0);
		return true;
	case ACTION_BOTTOM:
		list_select(list, list->n - 1);
		return true;
	default:
		return false;
	}
}
