/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of the account's zones holds a name: the longest that is known, asked for by name, or in the list of all. The root as the
 * owner asks for all of them. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "provider/engine.h"
#include "base/banned.h"

#define NAMED_MAX 8u /* after so many questions by name, one list is less to ask */
#define SHOWN 5

enum zones_stage { ZONES_START, ZONES_NAMED, ZONES_LISTED };

static struct zone_index *index_of(struct provider_run *run)
{
	struct vendor_state *state = vendor_state(run);

	if (run->account->zones)
		return run->account->zones;
	if (!state->index)
		state->index = mem_alloc(sizeof *state->index);
	return state->index;
}

/* ---- which zone it is ---- */

static bool is_chosen(const struct zone_entry *entry, const char *chosen)
{
	return entry->group ? text_equal_fold(entry->group, chosen) : !strcmp(entry->id, chosen) || text_equal_fold(entry->name, chosen);
}

static void say_ambiguous(const struct provider_run *run, const struct zone_entry *entry, size_t n, const char *setting, struct err *err)
{
	struct str list;

	str_init(&list, 0);
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		str_addf(&list, "%s%s", i ? "; " : "", entry[i].id);
		if (entry[i].note && *entry[i].note)
			str_addf(&list, " (%s)", entry[i].note);
	}
	err_set(err, ERR_REFUSED, N_("account %s sees more than one zone %s: %s"), run->account->name, entry->name, list.s);
	if (setting)
		err_hint(err, N_("Set %s in the account's section to the one that is meant."), setting);
	str_release(&list);
}

static void narrow(struct provider_limits *limits, const struct provider_limits *own)
{
	if (own->ttl_min_s)
		limits->ttl_min_s = own->ttl_min_s;
	if (own->ttl_max_s)
		limits->ttl_max_s = own->ttl_max_s;
	if (own->records_max)
		limits->records_max = own->records_max;
	if (own->ttls)
		limits->ttls = own->ttls;
}

static enum step take_zone(struct provider_run *run, const struct zone_entry *entry, struct err *err)
{
	if (entry->copy) {
		err_set(err, ERR_REFUSED, N_("%s is a secondary zone in account %s: a change would be lost at the next transfer"),
			entry->name, run->account->name);
		err_hint(err, N_("use an account of the primary server"));
		return STEP_FAILED;
	}
	if (entry->linked) {
		err_set(err, ERR_REFUSED, N_("%s has no records of its own in account %s: it shows those of another zone"), entry->name,
			run->account->name);
		err_hint(err, N_("Change the zone that it is linked to, or take away the link at the vendor first."));
		return STEP_FAILED;
	}
	dname_parse(&run->zone, entry->name, NULL); /* as dname_text() wrote it */
	provider_run_set_zone_id(run, entry->id);
	run->n_ns = 0;
	engine_take_servers(run, entry->servers);
	run->ns_usual = !run->n_ns && engine_shape(run)->usual_servers;
	if (run->ns_usual)
		engine_take_servers(run, engine_shape(run)->usual_servers);
	narrow(&run->limits, &entry->limits);
	run->first_ttl_s = entry->first_ttl_s;
	return STEP_DONE;
}

/* Takes one of the n zones of the same name: the only one, or the one that the setting names. */
static enum step choose(struct provider_run *run, const struct zone_entry *entry, size_t n, struct err *err)
{
	const char *setting = engine_shape(run)->zone_setting;
	const char *chosen = setting ? provider_setting(run->account, setting) : "";
	const struct zone_entry *one = NULL;
	size_t fit = 0;

	for (size_t i = 0; i < n; i++)
		if (!*chosen || is_chosen(&entry[i], chosen)) {
			one = &entry[i];
			fit++;
		}
	if (fit == 1)
		return take_zone(run, one, err);
	if (!fit)
		err_set(err, ERR_REFUSED, N_("no zone %s in account %s is the one that %s names"), entry->name, run->account->name,
			setting);
	else
		say_ambiguous(run, entry, n, setting, err);
	return STEP_FAILED;
}

/* The longest suffix that is a zone, as far as it is known: NULL, and *unknown where a name has to be asked for first. */
static const struct zone_entry *longest(struct provider_run *run, size_t *n, struct dname *unknown)
{
	struct zone_index *index = index_of(run);
	struct dname name = run->owner;
	char text[DNAME_TEXT_MAX];

	unknown->len = 0;
	for (; !dname_is_root(&name); dname_parent(&name, &name)) {
		const struct zone_entry *entry = zone_index_find(index, dname_text(&name, text), n);

		if (entry && !entry->none)
			return entry;
		if (!entry && !index->whole) {
			*unknown = name;
			return NULL;
		}
	}
	return NULL;
}

static enum step none_fits(struct provider_run *run, struct err *err)
{
	struct zone_index *index = index_of(run);
	char text[DNAME_TEXT_MAX];
	struct str some;
	size_t n = 0;

	str_init(&some, 0);
	for (size_t i = 0; i < index->n; i++)
		if (!index->entry[i].none && n++ < SHOWN)
			str_add_listed(&some, index->entry[i].name);
	err_set(err, ERR_REFUSED, N_("no zone for %s in account %s"), dname_text(&run->owner, text), run->account->name);
	if (!index->whole)
		err_hint(err, N_("neither it nor a name above it is a zone at %s"), run->account->endpoint);
	else if (n > SHOWN)
		err_hint(err, N_("it has %zu zones, among them: %s"), n, some.s);
	else if (n)
		err_hint(err, N_("it has: %s"), some.s);
	else
		err_hint(err, N_("the account has no zone that this key may see"));
	str_release(&some);
	return STEP_FAILED;
}

/* ---- what is asked ---- */

static const struct shape_list *list_of(const struct provider_run *run)
{
	const struct shape *shape = engine_shape(run);

	return shape->zone_list.path ? &shape->zone_list : &shape->zone_all;
}

static enum step ask_list(struct provider_run *run, struct request *request)
{
	run->stage = ZONES_LISTED;
	engine_ask(run, list_of(run), request);
	msg_set(&request->title, N_("list the zones"));
	return STEP_REQUEST;
}

static enum step ask_name(struct provider_run *run, const struct dname *name, struct request *request)
{
	char text[DNAME_TEXT_MAX];

	run->stage = ZONES_NAMED;
	vendor_state(run)->ask = *name;
	engine_ask(run, &engine_shape(run)->zone_named, request);
	msg_set(&request->title, N_("look for the zone %s"), dname_text(name, text));
	return STEP_REQUEST;
}

static enum step all_zones(struct provider_run *run, struct request *request, struct err *err)
{
	if (index_of(run)->whole)
		return STEP_DONE;
	engine_first(run);
	return list_of(run)->path ? ask_list(run, request) : provider_lists_none(run, err);
}

/* Finds the zone in what is known, or asks the next question. */
static enum step go_on(struct provider_run *run, struct request *request, struct err *err)
{
	const struct shape *shape = engine_shape(run);
	struct zone_index *index = index_of(run);
	struct dname unknown;
	const struct zone_entry *entry;
	size_t n;

	if (dname_is_root(&run->owner))
		return all_zones(run, request, err);
	entry = longest(run, &n, &unknown);
	if (entry)
		return choose(run, entry, n, err);
	if (!unknown.len)
		return none_fits(run, err);
	engine_first(run);
	if (shape->zone_list.path && (!shape->zone_named.path || dname_labels(&unknown) < 2 || index->named >= NAMED_MAX))
		return ask_list(run, request);
	index->named++;
	return ask_name(run, &unknown, request);
}

/* ---- what is answered ---- */

/* A zone's id becomes a part of paths, and must not lead to another path. */
static bool is_segment(const char *id)
{
	return *id && strcmp(id, ".") != 0 && strcmp(id, "..") != 0;
}

/* Frees what entry has. */
static void add_entry(struct provider_run *run, const json_t *row, struct zone_entry *entry)
{
	const struct shape *shape = engine_shape(run);

	if (is_segment(entry->id) && (!shape->zone || shape->zone(run, row, entry)))
		zone_index_add(index_of(run), entry);
	free(entry->name);
	free(entry->id);
	free(entry->group);
	free(entry->note);
	free(entry->servers);
}

static char *names_of(const json_t *array)
{
	struct str names;

	str_init(&names, 0);
	for (size_t i = 0; i < json_array_size(array); i++)
		if (json_is_string(json_array_get(array, i)))
			str_addf(&names, "%s ", json_string_value(json_array_get(array, i)));
	return str_take(&names);
}

/* Adds the name that was asked for as a zone; its rows, if any, have its name servers. */
static void add_named(struct provider_run *run, const json_t *json, const json_t *rows)
{
	const struct dname *ask = &vendor_state(run)->ask;
	struct zone_entry entry = { .id = NULL };
	char text[DNAME_TEXT_MAX];
	struct str names;

	str_init(&names, 0);
	if (engine_shape(run)->rows_have_servers)
		engine_servers(run, ask, rows, &names);
	entry.name = mem_text(dname_text(ask, text));
	entry.id = mem_text(text);
	entry.servers = str_take(&names);
	add_entry(run, json, &entry);
}

static void add_zone(struct provider_run *run, const json_t *row)
{
	const struct shape *shape = engine_shape(run);
	char name_scratch[24], id_scratch[24], text[DNAME_TEXT_MAX];
	const char *given = shape_text(row, shape->zone_name, name_scratch);
	struct zone_entry entry = { .id = NULL };
	struct dname name;

	if (!dname_parse(&name, given, NULL) || dname_is_root(&name))
		return;
	entry.name = mem_text(dname_text(&name, text));
	entry.id = mem_text(shape->zone_id ? shape_text(row, shape->zone_id, id_scratch) : given);
	if (shape->zone_ttl)
		vendor_number(shape_at(row, shape->zone_ttl), &entry.first_ttl_s);
	if (shape->zone_servers)
		entry.servers = names_of(shape_at(row, shape->zone_servers));
	add_entry(run, row, &entry);
}

static void add_none(struct provider_run *run, const struct dname *name)
{
	char text[DNAME_TEXT_MAX];
	struct zone_entry none = { .name = text, .none = true };
	size_t n;

	dname_text(name, text);
	if (!zone_index_find(index_of(run), text, &n))
		zone_index_add(index_of(run), &none);
}

/* Notes that the names asked for are no zones, so that they are not asked for again. */
static void add_nones(struct provider_run *run)
{
	struct dname name = vendor_state(run)->ask;
	size_t n;
	char text[DNAME_TEXT_MAX];

	do {
		if (zone_index_find(index_of(run), dname_text(&name, text), &n))
			break;
		add_none(run, &name);
	} while (engine_shape(run)->one_asks && dname_parent(&name, &name) && !dname_is_root(&name));
}

/* An object in the place of a list is one zone, or no answer of this API. */
static bool is_zone(const struct provider_run *run, const json_t *row)
{
	const struct shape *shape = engine_shape(run);
	char scratch[24];
	struct dname name;

	return shape->load || !json_is_object(row) || dname_parse(&name, shape_text(row, shape->zone_name, scratch), NULL);
}

static bool take_rows(struct provider_run *run, const json_t *json, const json_t *rows, struct err *err)
{
	if (rows && run->stage == ZONES_NAMED && engine_shape(run)->named_is_zone) {
		add_named(run, json, rows);
		return true;
	}
	if (!is_zone(run, rows))
		return vendor_odd(run, err) != STEP_FAILED;
	for (size_t i = 0; i < engine_rows(rows); i++)
		add_zone(run, engine_row(rows, i));
	return true;
}

/* Takes the set out of the answer about the zone. */
static enum step take_set(struct provider_run *run, const json_t *json, struct err *err)
{
	const json_t *rows = shape_at(json, engine_shape(run)->read.rows);

	if (!rows)
		return vendor_odd(run, err);
	provider_set_release(&run->have);
	if (!engine_take(run, json, rows, err))
		return STEP_FAILED;
	run->has_read = true;
	return STEP_DONE;
}

static enum step take_page(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	const struct shape *shape = engine_shape(run);
	bool named = run->stage == ZONES_NAMED;
	const struct shape_list *list = named ? &shape->zone_named : list_of(run);
	const json_t *rows;
	json_t *json = engine_open(run, list, reply, &rows, err);
	enum engine_more more;
	enum step step;

	if (!json)
		return STEP_FAILED;
	more = !take_rows(run, json, rows, err) ? MORE_FAILED : rows ? engine_more(run, list, reply, json, err) : MORE_NO;
	if (more == MORE_YES) {
		step = named ? ask_name(run, &vendor_state(run)->ask, request) : ask_list(run, request);
	} else if (more == MORE_FAILED) {
		step = STEP_FAILED;
	} else {
		index_of(run)->whole |= !named;
		if (named)
			add_nones(run);
		step = go_on(run, request, err);
		if (step == STEP_DONE && named && rows && shape->zone_holds_set)
			step = take_set(run, json, err);
	}
	json_decref(json);
	return step;
}

enum step engine_zones(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	return reply ? take_page(run, reply, request, err) : go_on(run, request, err);
}
