/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/plan_list.h"

#include <string.h>

#include "base/banned.h"

#define LIST "\"plans\""

struct scan {
	const char *at, *end;
};

static void skip_blank(struct scan *scan)
{
	while (scan->at < scan->end && strchr(" \t\r\n", *scan->at) && *scan->at)
		scan->at++;
}

static bool take(struct scan *scan, char c)
{
	skip_blank(scan);
	if (scan->at == scan->end || *scan->at != c)
		return false;
	scan->at++;
	return true;
}

/* From its first quote to past its last. */
static bool skip_string(struct scan *scan)
{
	for (scan->at++; scan->at < scan->end; scan->at++) {
		if (*scan->at == '"') {
			scan->at++;
			return true;
		}
		scan->at += *scan->at == '\\';
	}
	return false;
}

/* A value ends before a comma or a bracket that is none of its own. */
static bool skip_value(struct scan *scan)
{
	const char *from;
	unsigned depth = 0;

	skip_blank(scan);
	from = scan->at;
	while (scan->at < scan->end) {
		char c = *scan->at;

		if (c == '"') {
			if (!skip_string(scan))
				return false;
			continue;
		}
		if (!depth && (c == ',' || c == ']' || c == '}'))
			break;
		depth += c == '[' || c == '{';
		depth -= c == ']' || c == '}';
		scan->at++;
	}
	return scan->at > from && !depth;
}

/* [ value , value ... ] */
static bool skip_list(struct scan *scan)
{
	do {
		if (!skip_value(scan))
			return false;
	} while (take(scan, ','));
	return scan->at < scan->end && *scan->at == ']';
}

bool plan_list_find(struct plan_list *list, const char *text, size_t len)
{
	struct scan scan = { text, text + len };
	const char *name;
	bool here;

	if (!take(&scan, '{'))
		return false;
	do {
		skip_blank(&scan);
		name = scan.at;
		if (name == scan.end || *name != '"' || !skip_string(&scan))
			return false;
		here = (size_t)(scan.at - name) == strlen(LIST) && !strncmp(name, LIST, strlen(LIST));
		if (!take(&scan, ':'))
			return false;
		if (here && take(&scan, '[')) {
			*list = (struct plan_list){ .text = text, .end = text + len, .from = scan.at, .at = scan.at, .line = 1 };
			for (const char *at = text; at < scan.at; at++)
				list->line += *at == '\n';
			here = skip_list(&scan);
			list->to = scan.at;
			return here;
		}
		if (!skip_value(&scan))
			return false;
	} while (take(&scan, ','));
	return false;
}

/* Gives the JSON reader the file without its list, but with the list's line ends, so that line numbers stay right. */
static size_t without_list(void *buffer, size_t len, void *data)
{
	struct plan_list *list = data;
	char *to = buffer;
	size_t n = 0;

	for (; n < len && list->at < list->end; list->at++) {
		bool inside = list->at >= list->from && list->at < list->to;

		if (!inside || *list->at == '\n')
			to[n++] = *list->at;
	}
	return n;
}

json_t *plan_list_rest(const struct plan_list *list, json_error_t *wrong)
{
	struct plan_list all = *list;

	all.at = all.text;
	return json_load_callback(without_list, &all, JSON_REJECT_DUPLICATES, wrong);
}

json_t *plan_list_next(struct plan_list *list, json_error_t *wrong)
{
	struct scan scan = { list->at, list->to };
	json_t *value;
	const char *from;

	wrong->line = 0;
	if (list->at >= list->to)
		return NULL;
	skip_value(&scan);
	from = list->at;
	value = json_loadb(from, (size_t)(scan.at - from), JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, wrong);
	wrong->line += list->line - 1;
	take(&scan, ',');
	list->at = scan.at;
	for (; from < scan.at; from++)
		list->line += *from == '\n';
	return value;
}
