/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/vendor.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/banned.h"

#define ZONES_NAMED 5

struct vendor_state *vendor_state(struct provider_run *run)
{
	struct vendor_state *state = run->state;

	if (!state) {
		state = run->state = mem_alloc(sizeof *state);
		str_init(&state->zones, 0);
	}
	return state;
}

void vendor_state_release(void *data)
{
	struct vendor_state *state = data;

	if (!state)
		return;
	str_release(&state->zones);
	free(state->change);
	for (size_t i = 0; i < state->n_include; i++)
		free(state->include[i].path);
	free(state->include);
	free(state);
}

static json_t *load(const struct http_response *http)
{
	return json_loadb(http->body.s, http->body.len, JSON_DECODE_ANY, NULL);
}

bool vendor_accepted(const struct provider_run *run, const struct reply *reply, const char *(*detail)(const json_t *json), struct err *err)
{
	json_t *json;

	if (reply->http->status >= 200 && reply->http->status < 300)
		return true;
	json = load(reply->http);
	provider_fail(run->account, reply->http, json ? detail(json) : NULL, err);
	json_decref(json);
	return false;
}

json_t *vendor_json(const struct provider_run *run, const struct reply *reply, const char *(*detail)(const json_t *json), struct err *err)
{
	json_t *json;

	if (!vendor_accepted(run, reply, detail, err))
		return NULL;
	json = load(reply->http);
	if (!json)
		vendor_odd(run, err);
	return json;
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
	*value = (uint32_t)number;
	return number <= UINT32_MAX;
}

bool vendor_u32(const json_t *object, const char *name, uint32_t *value)
{
	const json_t *number = json_object_get(object, name);

	if (json_is_string(number))
		return digits(json_string_value(number), value);
	if (!json_is_number(number) || !in_range(json_number_value(number)))
		return false;
	*value = (uint32_t)json_number_value(number);
	return true;
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

bool vendor_offer_zone(struct provider_run *run, const char *name, const char *id)
{
	struct vendor_state *state = vendor_state(run);
	struct dname zone;

	if (!dname_parse(&zone, name, NULL))
		return false;
	if (state->n_zone++ < ZONES_NAMED)
		str_addf(&state->zones, "%s%s", state->zones.len ? ", " : "", name);
	if (!dname_under(&run->owner, &zone) || (run->zone.len && zone.len <= run->zone.len))
		return false;
	if (strlen(id) >= sizeof run->zone_id)
		return false;
	run->zone = zone;
	memcpy(run->zone_id, id, strlen(id) + 1);
	return true;
}

enum step vendor_zones_done(struct provider_run *run, struct err *err)
{
	struct vendor_state *state = vendor_state(run);
	char text[DNAME_TEXT_MAX];

	if (run->zone.len)
		return STEP_DONE;
	err_set(err, ERR_REFUSED, N_("no zone for %s in account %s"), dname_text(&run->owner, text), run->account->name);
	if (state->n_zone > ZONES_NAMED)
		err_hint(err, N_("it has %zu zones, among them: %s"), state->n_zone, state->zones.s);
	else if (state->n_zone)
		err_hint(err, N_("it has: %s"), state->zones.s);
	else
		err_hint(err, N_("the account has no zone that this key may see"));
	return STEP_FAILED;
}

/* "@" is the zone itself, "" the root (no vendor keeps an empty target otherwise). */
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

void vendor_bearer(struct http_request *http, const struct provider_account *account)
{
	struct str value;

	str_init(&value, 0);
	str_addf(&value, "Bearer %s", account->key ? account->key : "");
	http_request_header(http, "Authorization", value.s, true);
	http_request_header(http, "Accept", "application/json", false);
	mem_wipe(value.s, value.len);
	str_release(&value);
}
