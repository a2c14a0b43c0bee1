/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/verify.h"

#include <string.h>

#include "app/app.h"
#include "base/text.h"
#include "base/banned.h"

static int64_t time_of(const json_t *record, const char *member)
{
	const char *text = json_string_value(json_object_get(record, member));
	int64_t at;

	return text && text_parse_time(text, &at) ? at : 0;
}

void verify_init(struct verify *verify, const struct past_push *past)
{
	*verify = (struct verify){ .past = past };
	if (!mxset_from_json(&verify->want, json_object_get(past->record, "held"), "", NULL))
		mxset_copy(&verify->want, &past->plan.want);
	if (!drain_from_json(&verify->drain, json_object_get(past->record, "old_answers")))
		verify->drain = drain_of(&past->plan.base, 0, 0);
	verify->published_at = time_of(past->record, "published_at");
	if (!verify->published_at)
		verify->published_at = time_of(past->record, "at");
}

void verify_release(struct verify *verify)
{
	served_release(&verify->served);
	mxset_release(&verify->want);
}

static bool is_member(const json_t *object, const char *name, const char *text)
{
	const char *value = json_string_value(json_object_get(object, name));

	return value && !strcmp(value, text);
}

/* Since when the earlier watch saw this server give the set for good; 0: it did not. */
static int64_t earlier(const struct verify *verify, const struct served_row *row, bool *moved)
{
	const json_t *servers = json_object_get(json_object_get(verify->past->record, "verified"), "servers"), *server;
	char name[DNAME_TEXT_MAX], addr[ADDR_TEXT_MAX];
	size_t i;

	if (!row->name.len || !row->at.addr.family)
		return 0;
	dname_text(&row->name, name);
	addr_text(&row->at.addr, addr);
	json_array_foreach(servers, i, server)
	{
		if (is_member(server, "server", name) && is_member(server, "address", addr) &&
			json_integer_value(json_object_get(server, "seen")) >= SEEN_ENOUGH) {
			*moved = !row->has_serial || json_integer_value(json_object_get(server, "serial")) != (json_int_t)row->serial;
			return time_of(server, "since");
		}
	}
	return 0;
}

void verify_judge(struct verify *verify)
{
	struct served *served = &verify->served;
	int64_t now = loop_now(), published = verify->published_at < now ? verify->published_at : now, last;

	for (size_t i = 0; i < served->n; i++) {
		bool zone_moved = false;
		int64_t since = earlier(verify, &served->row[i], &zone_moved);

		if (since && seen_is_enough(&served->row[i].seen) && since < served->row[i].seen.since) {
			served->row[i].seen.since = since;
			verify->moved |= zone_moved;
		}
	}
	served_judge(served);
	/* A journal that dates it later than now is of a clock that was ahead. */
	last = served->changed_at > published ? served->changed_at : published;
	verify->safe_at = served->everywhere ? drain_end(&verify->drain, last) : 0;
	verify->tail_at = served->everywhere ? drain_tail(&verify->drain, last) : 0;
}

json_t *verify_to_json(const struct verify *verify)
{
	char domain[DNAME_TEXT_MAX];

	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:{s:n, s:o, s:s?}, s:b, s:o, s:o}", "push", verify->past->id, "plan",
		verify->past->plan.id, "domain", dname_text(&verify->past->plan.domain, domain), "state", "published", "published_at",
		app_time_json(verify->published_at), "verified", "provider", "servers", served_to_json(&verify->served), "others",
		served_others_name(&verify->served), "everywhere", (int)verify->served.everywhere, "safe_to_retire_old_hosts_at",
		app_time_json(verify->safe_at), "stretched_until", app_time_json(verify->tail_at));
}

bool verify_keep(struct app *app, const struct verify *verify, struct err *err)
{
	json_t *event = verify_to_json(verify);

	json_object_set_new(event, "event", json_string("verify"));
	json_object_set_new(event, "at", app_time_json(loop_now()));
	return store_journal_add(app->store, &verify->past->plan.domain, event, err);
}
