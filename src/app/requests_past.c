/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The requests of other runs, from the journal of a domain. */
#include <stdlib.h>
#include <string.h>

#include "app/requests.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/banned.h"

#define PAST_FROM ((uint64_t)1 << 40) /* no run sends so many */

struct reading {
	struct requests *requests;
	struct request_row *asked; /* whose answer has not been read; or NULL */
	char *account;             /* of the push that is read */
	const struct requests *own;
};

static const char *member(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static char *text_or_null(const char *text)
{
	return text ? mem_text(text) : NULL;
}

/* "PATCH /path", and what follows on lines of its own. */
static void read_request(struct request_row *row, const char *request)
{
	size_t len = strcspn(request, "\n"), word = strcspn(request, " \n");
	struct str text;

	if (word >= len)
		word = 0; /* a file, or a command */
	str_init(&text, 0);
	str_add_bytes(&text, request, word);
	row->method = str_take(&text);
	str_init(&text, 0);
	str_add_bytes(&text, request + word + (word > 0), len - word - (word > 0));
	row->address = str_take(&text);
}

static void add_row(struct reading *reading, const json_t *event, int64_t at)
{
	struct requests *requests = reading->requests;
	struct request_row *row = mem_alloc(sizeof(*row)), **place = &requests->row[++requests->last % REQUESTS_KEPT];
	const char *push = member(event, "push"), *request = member(event, "request");

	*row = (struct request_row){ .number = requests->last,
		.at = at,
		.account = mem_text(reading->account ? reading->account : ""),
		.writes = !json_is_false(json_object_get(event, "writes")),
		.push = mem_text(push ? push : ""),
		.words = text_or_null(member(event, "title")) };
	read_request(row, request ? request : "");
	if (requests->n == REQUESTS_KEPT)
		request_row_free(*place);
	else
		requests->n++;
	*place = row;
	reading->asked = row;
}

/* A push that was taken up here may have requests of an earlier run. */
static bool is_own(const struct requests *own, const char *push, int64_t at)
{
	for (size_t i = 0; push && at >= own->since && i < own->n_push; i++)
		if (!strcmp(own->push[i], push))
			return true;
	return false;
}

static void read_event(struct reading *reading, const json_t *event)
{
	const char *what = member(event, "event"), *time = member(event, "at");
	int64_t at = 0;

	if (!what || !time || !text_parse_time(time, &at))
		return;
	if (!strcmp(what, "begin") || !strcmp(what, "resume")) {
		const char *account = member(json_object_get(event, "plan"), "account");

		free(reading->account);
		reading->account = text_or_null(account);
		reading->asked = NULL;
	} else if (!strcmp(what, "request") && !is_own(reading->own, member(event, "push"), at)) {
		add_row(reading, event, at);
	} else if (!strcmp(what, "request")) {
		reading->asked = NULL;
	} else if (!strcmp(what, "answer") && reading->asked) {
		reading->asked->ended = true;
		reading->asked->status = (int)json_integer_value(json_object_get(event, "http"));
		reading->asked->failed = text_or_null(member(json_object_get(event, "error"), "message"));
		reading->asked = NULL;
	}
}

struct requests *requests_past(struct app *app, const struct dname *domain, struct err *err)
{
	struct reading reading = { .own = app->requests };
	json_t *events = store_journal_read(app->store, domain, err), *event;
	size_t i;

	if (!events)
		return NULL;
	reading.requests = requests_new();
	reading.requests->last = PAST_FROM;
	json_array_foreach(events, i, event)
	{
		read_event(&reading, event);
	}
	free(reading.account);
	json_decref(events);
	return reading.requests;
}
