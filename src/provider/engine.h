/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the engines share. Private to them. */
#ifndef PROVIDER_ENGINE_H
#define PROVIDER_ENGINE_H

#include "provider/shape.h"

const struct shape *engine_shape(const struct provider_run *run);

/* ---- engine_list.c: lists and their pages ---- */
void engine_ask(struct provider_run *run, const struct shape_list *list, struct request *request); /* the next page */
void engine_first(struct provider_run *run);                                                       /* the next page is the first */
/* The reply's tree, new reference, with its rows (*rows NULL: the list is empty because nothing is there). NULL with err. */
json_t *engine_open(
	const struct provider_run *run, const struct shape_list *list, const struct reply *reply, const json_t **rows, struct err *err);
size_t engine_rows(const json_t *rows);
const json_t *engine_row(const json_t *rows, size_t i);
/* Is there a page after this one? Then it is the next one asked for. A link to another host is ERR_REFUSED. */
enum engine_more { MORE_NO, MORE_YES, MORE_FAILED };
enum engine_more engine_more(
	struct provider_run *run, const struct shape_list *list, const struct reply *reply, const json_t *json, struct err *err);

/* ---- the goals ---- */
enum step engine_zones(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err);
enum step engine_read(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err);
/* engine_read.c: the set out of a page's rows, added to run->have. */
bool engine_take(struct provider_run *run, const json_t *json, const json_t *rows, struct err *err);
/* The zone's name servers among rows, each followed by a blank. Rows are records, or names alone. */
void engine_servers(const struct provider_run *run, const struct dname *zone, const json_t *rows, struct str *names);
/* Adds such names to run->ns, each once. */
void engine_take_servers(struct provider_run *run, const char *names);
/* One row's record as it stands, for a write's answer. */
bool engine_row_is(struct provider_run *run, const json_t *row, const struct vendor_change *change);

#endif
