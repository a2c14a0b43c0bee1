/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/shape.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/banned.h"

#define WRITES_COUNTED 8 /* more than these are as good as these: somebody else wrote */

struct vendor_state *vendor_state(struct provider_run *run)
{
	struct vendor_state *state = run->state;

	if (!state)
		state = run->state = mem_alloc(sizeof *state);
	return state;
}

void vendor_state_free(struct vendor_state *state)
{
	if (!state)
		return;
	free(state->change);
	if (state->index)
		zone_index_release(state->index);
	free(state->index);
	free(state->cursor);
	free(state->link);
	free(state->ends);
	free(state->operation);
	free(state->id);
	for (size_t i = 0; i < state->n_id; i++)
		free(state->ids[i]);
	free(state->ids);
	for (size_t i = 0; i < state->n_include; i++)
		free(state->include[i].path);
	free(state->include);
	free(state);
}

/* A member that stands twice says two things: such an answer is none. */
json_t *vendor_tree(const struct reply *reply)
{
	return json_loadb(reply->http->body.s, reply->http->body.len, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
}

json_t *vendor_load(const struct provider_run *run, const struct reply *reply)
{
	const struct shape *shape = run->account->provider->shape;

	return shape->load ? shape->load(&reply->http->body) : vendor_tree(reply);
}

bool vendor_refused(const struct provider_run *run, const struct reply *reply, struct verdict *answer, struct err *err)
{
	const struct shape *shape = run->account->provider->shape;
	char scratch[24];
	json_t *json;

	if (!*answer->sentence && shape && shape->sentence && reply->http) {
		json = vendor_load(run, reply);
		for (const char *const *at = shape->sentence; *at && !*answer->sentence; at++)
			vendor_sentence(answer, shape_text(json, *at, scratch));
		json_decref(json);
	}
	return provider_fail(run->account, reply->http, answer, err);
}

bool vendor_accepted(const struct provider_run *run, const struct reply *reply, struct err *err)
{
	struct verdict answer;

	provider_judge(run->account, reply, &answer);
	return answer.meaning == MEANING_ACCEPTED || vendor_refused(run, reply, &answer, err);
}

json_t *vendor_json(const struct provider_run *run, const struct reply *reply, struct err *err)
{
	json_t *json;

	if (!vendor_accepted(run, reply, err))
		return NULL;
	json = vendor_load(run, reply);
	if (!json)
		vendor_odd(run, err);
	return json;
}

void vendor_sentence(struct verdict *answer, const char *sentence)
{
	text_copy(answer->sentence, sizeof answer->sentence, sentence ? sentence : "");
}

enum step vendor_odd(const struct provider_run *run, struct err *err)
{
	err_set(err, ERR_NETWORK, N_("%s (account %s) answered in a way that its API does not know"), run->account->provider->title,
		run->account->name);
	err_hint(err, N_("check the endpoint of the account: %s"), run->account->endpoint);
	return STEP_FAILED;
}

bool vendor_odd_record(const struct provider_run *run, const char *id, const char *member, struct err *err)
{
	err_set(err, ERR_NETWORK, N_("%s (account %s): record %s has no %s that can be read"), run->account->provider->title,
		run->account->name, id, member);
	err_hint(err, N_("look at that record at the vendor"));
	return false;
}

const char *vendor_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static bool in_range(double value)
{
	return value >= 0 && value <= UINT32_MAX && value == (double)(uint32_t)value;
}

static bool digits(const char *text, uint32_t *value)
{
	unsigned long long number;
	size_t len = strlen(text);

	if (!len || len > 10 || strspn(text, "0123456789") != len)
		return false;
	number = strtoull(text, NULL, 10);
	if (number > UINT32_MAX)
		return false;
	*value = (uint32_t)number;
	return true;
}

bool vendor_number(const json_t *number, uint32_t *value)
{
	if (json_is_string(number))
		return digits(json_string_value(number), value);
	if (!json_is_number(number) || !in_range(json_number_value(number)))
		return false;
	*value = (uint32_t)json_number_value(number);
	return true;
}

bool vendor_u32(const json_t *object, const char *name, uint32_t *value)
{
	return vendor_number(json_object_get(object, name), value);
}

uint32_t vendor_day(int64_t now)
{
	struct str text;
	uint32_t day = 0;

	str_init(&text, 0);
	text_time(&text, now);
	for (size_t i = 0; i < text.len && text.s[i] != 'T'; i++)
		if (text.s[i] != '-')
			day = day * 10 + (uint32_t)(text.s[i] - '0');
	str_release(&text);
	return day;
}

/* The day is in the serial, if it is a new one: the clock here may be off. */
unsigned vendor_serial_writes(uint32_t from, uint32_t to, bool dated)
{
	unsigned least = from == to ? 0 : WRITES_COUNTED;

	for (unsigned new_day = 0; from != to && new_day <= dated; new_day++) {
		uint32_t serial = from, first = new_day ? to / 100 * 100 + 1 : 0;

		for (unsigned n = 1; n < least; n++) {
			serial = serial < first ? first : serial + 1;
			if (serial == to)
				least = n;
		}
	}
	return least;
}

const char *vendor_stored(const struct provider_run *run, const struct mx *mx)
{
	for (size_t i = 0; i < run->have.n; i++)
		if (*run->have.record[i].stored && mx_equal(&run->have.record[i].mx, mx))
			return run->have.record[i].stored;
	return "";
}

bool vendor_store(const struct provider_run *run, const json_t *value, const char *member, struct provider_record *record, struct err *err)
{
	const char *text = vendor_text(value, member);

	if (strlen(text) >= sizeof record->stored)
		return vendor_odd_record(run, *record->id ? record->id : record->stored, member, err);
	memcpy(record->stored, text, strlen(text) + 1);
	return true;
}

/* "@" is the zone itself, "" the root: of an MX record where shape_row.empty_is_null lets it pass. */
static const char *absolute(const char *name, const struct dname *zone, char text[DNAME_TEXT_MAX])
{
	if (!strcmp(name, "@"))
		return dname_text(zone, text);
	return *name ? name : ".";
}

void vendor_set_mx(struct mx *mx, uint32_t preference, const char *target, const struct dname *zone)
{
	char text[DNAME_TEXT_MAX];

	mx_set(mx, preference, absolute(target, zone, text));
}

void vendor_content(struct str *out, const struct mx *mx)
{
	char host[DNAME_TEXT_MAX];

	str_addf(out, "%u %s", (unsigned int)mx->preference, mx->host.len ? dname_text_dot(&mx->host, host) : mx->odd);
}

json_t *vendor_contents(const struct provider_run *run, const char *member)
{
	json_t *contents = json_array();
	struct str content;

	str_init(&content, 0);
	for (size_t i = 0; i < run->want.n; i++) {
		str_clear(&content);
		vendor_content(&content, &run->want.mx[i]);
		json_array_append_new(contents, member ? json_pack("{s:s}", member, content.s) : json_string(content.s));
	}
	str_release(&content);
	return contents;
}

const char *vendor_relative(const struct provider_run *run, const char *apex, char text[DNAME_TEXT_MAX])
{
	return dname_equal(&run->owner, &run->zone) ? apex : dname_relative(&run->owner, &run->zone, text);
}

bool vendor_is_name(const char *text, const struct dname *name)
{
	struct dname given;

	return dname_parse(&given, text, NULL) && dname_equal(&given, name);
}

bool vendor_is_relative(const char *text, const struct dname *name, const struct dname *zone)
{
	char relative[DNAME_TEXT_MAX];

	if (dname_equal(name, zone))
		return !*text || !strcmp(text, "@") || !strcmp(text, ".") || vendor_is_name(text, zone);
	return text_equal_fold(text, dname_relative(name, zone, relative));
}

void vendor_add_ns(struct provider_run *run, const char *name, const struct dname *zone)
{
	char text[DNAME_TEXT_MAX];

	if (run->n_ns < sizeof run->ns / sizeof *run->ns && dname_parse(&run->ns[run->n_ns], absolute(name, zone, text), NULL))
		run->n_ns++;
}

bool vendor_is_wanted(const struct provider_run *run)
{
	struct mxset now;
	bool same;

	mxset_init(&now);
	provider_set_published(&run->have, &now);
	same = mxset_equal(&now, &run->want) && !provider_set_ttl_mixed(&run->have);
	mxset_release(&now);
	return same;
}

void vendor_body(struct http_request *http, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);

	if (text)
		str_add(&http->body, text);
	free(text);
	json_decref(json);
	http_request_header(http, "Content-Type", "application/json", false);
}
