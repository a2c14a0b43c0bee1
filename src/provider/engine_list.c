/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of a vendor: asking, opening, the next page. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "provider/engine.h"
#include "base/banned.h"

#define PAGES_MAX 2000u

const struct shape *engine_shape(const struct provider_run *run)
{
	return run->account->provider->shape;
}

static void set_text(char **to, const char *text)
{
	char *copy = text ? mem_text(text) : NULL;

	free(*to);
	*to = copy;
}

void engine_first(struct provider_run *run)
{
	struct vendor_state *state = vendor_state(run);

	run->page = 0;
	state->row = 0;
	set_text(&state->cursor, NULL);
	set_text(&state->link, NULL);
	set_text(&state->ends, NULL);
}

void engine_ask(struct provider_run *run, const struct shape_list *list, struct request *request)
{
	struct vendor_state *state = vendor_state(run);
	const char *method = list->method ? list->method : list->body ? "POST" : "GET";
	char *path, *body, *value;

	run->page++;
	path = state->link ? mem_text(state->link) : shape_fill(run, list->path, false);
	shape_request(run, request, method, path);
	free(path);
	if (list->header) {
		value = shape_fill(run, list->value, true);
		http_request_header(&request->http, list->header, value, false);
		free(value);
	}
	if (list->body) {
		body = shape_fill(run, list->body, true);
		shape_body(run, request, json_loads(body, 0, NULL));
		free(body);
	}
}

size_t engine_rows(const json_t *rows)
{
	return json_is_array(rows) ? json_array_size(rows) : rows ? 1 : 0;
}

const json_t *engine_row(const json_t *rows, size_t i)
{
	return json_is_array(rows) ? json_array_get(rows, i) : rows;
}

json_t *engine_open(
	const struct provider_run *run, const struct shape_list *list, const struct reply *reply, const json_t **rows, struct err *err)
{
	struct verdict answer;
	json_t *json;

	*rows = NULL;
	provider_judge(run->account, reply, &answer);
	if (answer.meaning == MEANING_GONE && list->none_is_gone)
		return json_null();
	if (answer.meaning != MEANING_ACCEPTED) {
		vendor_refused(run, reply, &answer, err);
		return NULL;
	}
	/* a part of it (206), or what a proxy made of it (203), is not the list: RFC 9110 section 15.3 */
	json = reply->http->status == 200 ? vendor_load(run, reply) : NULL;
	*rows = shape_at(json, list->rows);
	if (json_is_array(*rows) || json_is_object(*rows))
		return json;
	vendor_odd(run, err);
	json_decref(json);
	*rows = NULL;
	return NULL;
}

/* ---- the next page ---- */

static bool refuse_link(const struct provider_run *run, struct err *err)
{
	return err_set(err, ERR_REFUSED, N_("%s (account %s) sends its next page from another host: not followed"),
		run->account->provider->title, run->account->name);
}

/* How long scheme, host and port are: the part of an address that says where the key goes. */
static size_t origin(const char *address)
{
	const char *found = strstr(address, "://");
	const char *host = found ? found + 3 : address;

	return (size_t)(host - address) + strcspn(host, "/?#");
}

/* The path of an address under the account's base; NULL where it leads elsewhere. */
static char *path_under(const struct provider_run *run, const char *address)
{
	char *base = provider_base(run->account, NULL), *path = NULL;
	size_t at = origin(base), own = strlen(base) - at;

	if (address[0] == '/' && address[1] != '/')
		path = mem_text(address);
	else if (origin(address) == at && !strncasecmp(address, base, at))
		path = mem_text(address + at);
	if (path && (strncmp(path, base + at, own) != 0 || (path[own] && path[own] != '/' && path[own] != '?'))) {
		free(path);
		path = NULL;
	}
	if (path)
		memmove(path, path + own, strlen(path + own) + 1);
	free(base);
	return path;
}

/* The address that a Link header (RFC 8288) calls rel="next", or NULL. To be freed. */
static char *next_of_header(const char *header)
{
	for (const char *at = header; at && (at = strchr(at, '<')) != NULL; at++) {
		const char *end = strchr(at, '>'), *stop = end ? end + strcspn(end, "<") : NULL;
		const char *rel = end ? strstr(end, "rel=\"next\"") : NULL;
		struct str link;

		if (!end || !rel || rel > stop)
			continue;
		str_init(&link, 0);
		str_add_bytes(&link, at + 1, (size_t)(end - at) - 1);
		return str_take(&link);
	}
	return NULL;
}

static enum engine_more no_end(const struct provider_run *run, struct err *err)
{
	err_set(err, ERR_REFUSED, N_("%s (account %s) has no end of pages"), run->account->provider->title, run->account->name);
	return MORE_FAILED;
}

/* A list that is not whole is not believed: what is missing might be the zone, or a record of the set. */
static enum engine_more contradicts(const struct provider_run *run, struct err *err)
{
	err_set(err, ERR_NETWORK, N_("%s (account %s) sent pages of a list that contradict each other"), run->account->provider->title,
		run->account->name);
	err_hint(err, N_("try again, in case the list was changed meanwhile"));
	return MORE_FAILED;
}

/* Is this page the one before once more? Both ends are enough to tell: a list that grows meanwhile moves by less than a page. */
static bool is_again(struct vendor_state *state, const json_t *rows)
{
	size_t n = engine_rows(rows);
	char *first = n ? json_dumps(engine_row(rows, 0), JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	char *last = n ? json_dumps(engine_row(rows, n - 1), JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	struct str ends;
	bool again;

	str_init(&ends, 0);
	str_addf(&ends, "%s\n%s", first ? first : "", last ? last : "");
	again = n && state->ends && !strcmp(state->ends, ends.s);
	free(first);
	free(last);
	free(state->ends);
	state->ends = str_take(&ends);
	return again;
}

/* Goes to the next page. A page that names itself as the next one is an error. */
static enum engine_more advance(const struct provider_run *run, char **at, const char *next, struct err *err)
{
	if (!next || !*next)
		return MORE_NO;
	if (*at && !strcmp(*at, next))
		return no_end(run, err);
	set_text(at, next);
	return MORE_YES;
}

static enum engine_more follow(struct provider_run *run, const char *address, bool asks, struct err *err)
{
	enum engine_more more = MORE_YES;
	char *path;

	if (!address || !*address)
		return MORE_NO;
	path = path_under(run, address);
	if (!path) {
		refuse_link(run, err);
		return MORE_FAILED;
	}
	if (asks)
		more = advance(run, &vendor_state(run)->link, path, err);
	free(path);
	return more;
}

/* The answer counts all pages, or all rows: n rows came in this one. */
static enum engine_more counted(
	const struct provider_run *run, const struct shape_list *list, size_t n, const json_t *json, struct err *err)
{
	bool pages = list->paging == PAGE_LAST;
	unsigned seen = pages ? run->page : run->state->row;
	uint32_t all;

	if (!vendor_number(shape_at(json, list->more), &all) || seen == all)
		return MORE_NO;
	if (seen > all)
		return pages || !n ? MORE_NO : contradicts(run, err);
	return n ? MORE_YES : contradicts(run, err);
}

static enum engine_more next_page(
	struct provider_run *run, const struct shape_list *list, const struct reply *reply, const json_t *json, struct err *err)
{
	struct vendor_state *state = vendor_state(run);
	size_t n = engine_rows(shape_at(json, list->rows));
	char scratch[24], *link;
	enum engine_more more = MORE_NO;

	switch (list->paging) {
	case PAGE_LINK:
	case PAGE_FOLLOW:
		return follow(run, shape_text(json, list->more, scratch), list->paging == PAGE_FOLLOW, err);
	case PAGE_HEADER:
		link = next_of_header(http_response_header(reply->http, "link"));
		more = follow(run, link, true, err);
		free(link);
		return more;
	case PAGE_LAST:
	case PAGE_TOTAL:
		return counted(run, list, n, json, err);
	case PAGE_CURSOR:
		return advance(run, &state->cursor, shape_text(json, list->more, scratch), err);
	case PAGE_MORE:
		return !json_is_true(shape_at(json, list->more)) ? MORE_NO : n ? MORE_YES : contradicts(run, err);
	case PAGE_FULL:
		return n >= list->size ? MORE_YES : MORE_NO;
	case PAGE_NONE:
		break;
	}
	return more;
}

enum engine_more engine_more(
	struct provider_run *run, const struct shape_list *list, const struct reply *reply, const json_t *json, struct err *err)
{
	const json_t *rows = shape_at(json, list->rows);
	enum engine_more more;

	if (list->paging != PAGE_NONE && is_again(vendor_state(run), rows))
		return contradicts(run, err);
	vendor_state(run)->row += (unsigned)engine_rows(rows);
	more = next_page(run, list, reply, json, err);
	return more == MORE_YES && run->page >= PAGES_MAX ? no_end(run, err) : more;
}
