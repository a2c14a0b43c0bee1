/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The set of a name out of a vendor's rows. A row of another name is not looked at: what is wrong with it harms nobody. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "provider/engine.h"
#include "base/banned.h"

enum read_stage { READ_START, READ_SERVERS, READ_ROWS, READ_EACH };

/* ---- a row ---- */

static bool is_ours(const struct provider_run *run, const json_t *row)
{
	const struct shape_row *shape = &engine_shape(run)->row;
	char scratch[24];
	const char *name;

	if (shape->type && strcmp(shape_text(row, shape->type, scratch), shape->mx ? shape->mx : "MX") != 0)
		return false;
	if (!shape->name)
		return true;
	name = shape_text(row, shape->name, scratch);
	return shape->names == NAME_FULL ? vendor_is_name(name, &run->owner) : vendor_is_relative(name, &run->owner, &run->zone);
}

/* The last member of a pointer, for a message. */
static const char *shown(const char *pointer)
{
	const char *slash = strrchr(pointer, '/');

	return slash ? slash + 1 : pointer;
}

static bool take_ttl(struct provider_run *run, const json_t *row, struct provider_record *record, struct err *err)
{
	const struct shape *shape = engine_shape(run);
	const json_t *ttl = shape->row.ttl ? shape_at(row, shape->row.ttl) : NULL;

	record->automatic = shape->has_automatic && (!ttl || json_is_null(ttl));
	if (!record->automatic && (!vendor_number(ttl, &record->ttl_s) || record->ttl_s > MX_TTL_MAX))
		return vendor_odd_record(run, record->id, shape->row.ttl ? shown(shape->row.ttl) : "TTL", err);
	record->automatic |= shape->has_automatic && ttl && !json_is_null(ttl) && record->ttl_s == shape->ttl_automatic;
	if (record->automatic)
		record->ttl_s = shape->ttl_automatic_s ? shape->ttl_automatic_s : run->first_ttl_s;
	return true;
}

/* "10 mx1.example.net.": where the target begins; NULL where there is no number before it. */
static const char *split(const char *text, uint32_t *preference)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (end == text || *text == '-' || *text == '+' || (*end != ' ' && *end != '\t') || number > UINT32_MAX)
		return NULL;
	*preference = (uint32_t)number;
	end += strspn(end, " \t");
	return *end ? end : NULL;
}

static bool is_relative(const struct provider_run *run, const char *target)
{
	return engine_shape(run)->row.targets == TARGET_DOT && *target && strcmp(target, "@") != 0 && target[strlen(target) - 1] != '.';
}

static void set_mx(const struct provider_run *run, struct mx *mx, uint32_t preference, const char *target)
{
	char zone[DNAME_TEXT_MAX];
	struct str whole;

	if (!is_relative(run, target)) {
		vendor_set_mx(mx, preference, target, &run->zone);
		return;
	}
	str_init(&whole, 0);
	str_addf(&whole, "%s.%s", target, dname_text(&run->zone, zone));
	mx_set(mx, preference, whole.s);
	str_release(&whole);
}

static bool take_mx(struct provider_run *run, const json_t *value, struct provider_record *record, struct err *err)
{
	const struct shape_row *shape = &engine_shape(run)->row;
	const json_t *target = shape->target ? shape_at(value, shape->target) : value;
	const char *member = shape->target ? shown(shape->target) : "value", *text = json_string_value(target), *host = text;
	uint32_t preference = 0;

	if (shape->preference && !vendor_number(shape_at(value, shape->preference), &preference) &&
		!(shape->preference_else && vendor_number(shape_at(value, shape->preference_else), &preference)))
		return vendor_odd_record(run, record->id, shown(shape->preference), err);
	if (text && !shape->preference)
		host = split(text, &preference);
	if (!host || (!*host && !(shape->empty_is_null && preference == 0)))
		return vendor_odd_record(run, record->id, member, err);
	set_mx(run, &record->mx, preference, host);
	if (strlen(text) < sizeof record->stored)
		memcpy(record->stored, text, strlen(text) + 1);
	return true;
}

/* Drops the earlier of two records with one id: a list that grows while it is read shows a record on two pages. On one page two of
 * them cannot both be true. */
static bool drop_repeat(struct provider_run *run, struct err *err)
{
	struct provider_set *set = &run->have;
	const struct provider_record *last = &set->record[set->n - 1];

	for (size_t i = 0; *last->id && i + 1 < set->n; i++) {
		struct provider_record *record = &set->record[i];

		if (strcmp(record->id, last->id) != 0)
			continue;
		if (i >= run->state->read && (!mx_equal(&record->mx, &last->mx) || record->ttl_s != last->ttl_s))
			return err_set(err, ERR_NETWORK, N_("%s (account %s) sent two different records with the id %s"),
				run->account->provider->title, run->account->name, last->id);
		*record = *last;
		set->n--;
		return true;
	}
	return true;
}

static bool take_record(struct provider_run *run, const json_t *row, const json_t *value, struct err *err)
{
	const struct shape *shape = engine_shape(run);
	struct provider_record *record = provider_set_add(&run->have);
	char scratch[24];

	if (shape->row.id) {
		const char *id = shape_text(value, shape->row.id, scratch);

		if (!*id || strlen(id) >= sizeof record->id)
			return vendor_odd_record(run, "?", shown(shape->row.id), err);
		memcpy(record->id, id, strlen(id) + 1);
	}
	if (!take_ttl(run, row, record, err) || !take_mx(run, value, record, err))
		return false;
	record->disabled = shape->row.disabled && json_is_true(shape_at(value, shape->row.disabled));
	if (shape->record && !shape->record(run, row, value, record, err))
		return false;
	return drop_repeat(run, err);
}

static bool take_row(struct provider_run *run, const json_t *row, struct err *err)
{
	const struct shape *shape = engine_shape(run);
	char owner[DNAME_TEXT_MAX];
	const json_t *values;

	if (!is_ours(run, row))
		return true;
	if (shape->row.policy && shape_at(row, shape->row.policy))
		return err_set(err, ERR_REFUSED, N_("the MX set of %s follows a routing policy at %s: change it there"),
			dname_text(&run->owner, owner), run->account->provider->title);
	if (!shape->row.values)
		return take_record(run, row, row, err);
	values = shape_at(row, shape->row.values);
	if (!json_is_array(values) && !json_is_object(values))
		return vendor_odd_record(run, "MX", shown(shape->row.values), err);
	for (size_t i = 0; i < engine_rows(values); i++)
		if (!take_record(run, row, engine_row(values, i), err))
			return false;
	return true;
}

/* ---- name servers ---- */

static void add_server(const struct provider_run *run, const struct dname *zone, const char *name, struct str *names)
{
	char text[DNAME_TEXT_MAX];

	if (!engine_shape(run)->server && is_relative(run, name))
		str_addf(names, "%s.%s ", name, dname_text(zone, text));
	else if (*name)
		str_addf(names, "%s ", name);
}

void engine_servers(const struct provider_run *run, const struct dname *zone, const json_t *rows, struct str *names)
{
	const struct shape *shape = engine_shape(run);
	const char *server = shape->server ? shape->server : shape->row.target;

	for (size_t i = 0; i < engine_rows(rows); i++) {
		const json_t *row = engine_row(rows, i);
		char scratch[24];

		if (json_is_object(row) && shape->row.type && strcmp(shape_text(row, shape->row.type, scratch), "NS") != 0)
			continue;
		if (json_is_object(row) && shape->row.name && !vendor_is_relative(shape_text(row, shape->row.name, scratch), zone, zone))
			continue;
		add_server(run, zone, shape_text(row, json_is_object(row) ? server : "", scratch), names);
	}
}

static bool is_known(const struct provider_run *run, const char *name)
{
	for (size_t i = 0; i < run->n_ns; i++)
		if (vendor_is_name(name, &run->ns[i]))
			return true;
	return false;
}

void engine_take_servers(struct provider_run *run, const char *names)
{
	while (names && *names) {
		size_t len = strcspn(names, " ");
		char name[DNAME_TEXT_MAX];

		if (len && len < sizeof name) {
			memcpy(name, names, len);
			name[len] = '\0';
			if (!is_known(run, name))
				vendor_add_ns(run, name, &run->zone);
		}
		names += len + (names[len] == ' ');
	}
}

static void take_servers(struct provider_run *run, const json_t *rows)
{
	struct str names;

	str_init(&names, 0);
	engine_servers(run, &run->zone, rows, &names);
	engine_take_servers(run, names.s);
	str_release(&names);
}

/* Names that are relative to it would look like ours. */
static bool is_its_zone(const struct provider_run *run, const json_t *json, struct err *err)
{
	char scratch[24], text[DNAME_TEXT_MAX];
	const char *named = shape_text(json, engine_shape(run)->zone_name, scratch);

	if (!*named || vendor_is_name(named, &run->zone))
		return true;
	return err_set(err, ERR_NETWORK, N_("%s (account %s) was asked for the zone %s, and sent %s"), run->account->provider->title,
		run->account->name, dname_text(&run->zone, text), named);
}

bool engine_take(struct provider_run *run, const json_t *json, const json_t *rows, struct err *err)
{
	const struct shape *shape = engine_shape(run);

	vendor_state(run)->read = run->have.n;
	if (shape->read_names_zone && !is_its_zone(run, json, err))
		return false;
	if (shape->page && !shape->page(run, json, err))
		return false;
	if (shape->rows_have_servers)
		take_servers(run, rows);
	for (size_t i = 0; i < engine_rows(rows); i++)
		if (!take_row(run, engine_row(rows, i), err))
			return false;
	return true;
}

bool engine_row_is(struct provider_run *run, const json_t *row, const struct vendor_change *change)
{
	struct provider_set kept = run->have;
	struct err err = { 0 };
	bool is;

	if (!json_is_object(row) || !is_ours(run, row))
		return false;
	run->have = (struct provider_set){ 0 };
	is = take_record(run, row, row, &err) && mx_equal(&run->have.record[0].mx, &change->mx);
	provider_set_release(&run->have);
	run->have = kept;
	return is;
}

/* ---- the questions ---- */

static enum step ask_servers(struct provider_run *run, struct request *request)
{
	char text[DNAME_TEXT_MAX];

	run->stage = READ_SERVERS;
	engine_ask(run, &engine_shape(run)->servers, request);
	msg_set(&request->title, N_("read the name servers of %s"), dname_text(&run->zone, text));
	return STEP_REQUEST;
}

static enum step ask_rows(struct provider_run *run, struct request *request)
{
	const struct shape *shape = engine_shape(run);
	char text[DNAME_TEXT_MAX];

	run->stage = READ_ROWS;
	engine_ask(run, &shape->read, request);
	if (shape->zone_holds_set)
		msg_set(&request->title, N_("read the zone %s"), dname_text(&run->zone, text));
	else
		msg_set(&request->title, N_("read the MX records of %s"), dname_text(&run->owner, text));
	return STEP_REQUEST;
}

static enum step ask_each(struct provider_run *run, struct request *request)
{
	struct vendor_state *state = vendor_state(run);
	char *path, text[DNAME_TEXT_MAX];

	if (run->at >= state->n_id)
		return STEP_DONE;
	run->stage = READ_EACH;
	free(state->id);
	state->id = mem_text(state->ids[run->at++]);
	path = shape_fill(run, engine_shape(run)->read_each, false);
	shape_request(run, request, "GET", path);
	free(path);
	msg_set(&request->title, N_("read the MX records of %s"), dname_text(&run->owner, text));
	return STEP_REQUEST;
}

/* ---- the answers ---- */

static bool take_ids(struct provider_run *run, const json_t *rows, struct err *err)
{
	struct vendor_state *state = vendor_state(run);

	for (size_t i = 0; i < engine_rows(rows); i++) {
		char scratch[24];
		const char *id = shape_text(engine_row(rows, i), "", scratch);

		if (!*id)
			return vendor_odd_record(run, "?", "id", err);
		state->ids = mem_grow(state->ids, state->n_id, &state->cap_id, sizeof *state->ids);
		state->ids[state->n_id++] = mem_text(id);
	}
	return true;
}

static enum step take_each(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	const struct shape_list list = { .rows = engine_shape(run)->each, .none_is_gone = true };
	const json_t *rows;
	json_t *json = engine_open(run, &list, reply, &rows, err);
	bool ok = json && (!rows || engine_take(run, json, rows, err));

	json_decref(json);
	return ok ? ask_each(run, request) : STEP_FAILED;
}

static enum step take_page(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	const struct shape *shape = engine_shape(run);
	bool servers = run->stage == READ_SERVERS;
	const struct shape_list *list = servers ? &shape->servers : &shape->read;
	const json_t *rows;
	json_t *json = engine_open(run, list, reply, &rows, err);
	enum engine_more more = MORE_FAILED;
	bool ok = json != NULL;

	if (ok && json_is_object(rows) && !shape->load && !servers && !is_ours(run, rows))
		ok = vendor_odd(run, err) != STEP_FAILED; /* one row was asked for, and this is something else */
	else if (ok && rows && servers)
		take_servers(run, rows);
	else if (ok && rows)
		ok = shape->read_each ? take_ids(run, rows, err) : engine_take(run, json, rows, err);
	if (ok)
		more = rows ? engine_more(run, list, reply, json, err) : MORE_NO;
	json_decref(json);
	if (more == MORE_FAILED)
		return STEP_FAILED;
	if (more == MORE_YES)
		return servers ? ask_servers(run, request) : ask_rows(run, request);
	if (servers) {
		engine_first(run);
		return ask_rows(run, request);
	}
	return shape->read_each ? ask_each(run, request) : STEP_DONE;
}

/* Reads the name servers first and the records last, so that what is compared is as fresh as can be. */
enum step engine_read(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	if (reply)
		return run->stage == READ_EACH ? take_each(run, reply, request, err) : take_page(run, reply, request, err);
	provider_set_release(&run->have);
	engine_first(run);
	return engine_shape(run)->servers.path && !run->n_ns ? ask_servers(run, request) : ask_rows(run, request);
}
