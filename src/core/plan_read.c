/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading of core/plan.h: members are typed strictly, and an error names its place. */
#include "core/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "core/plan_list.h"
#include "base/banned.h"

#define WHERE_MAX 96     /* "plans[12].want.records[3].preference" */
#define RECORDS_MAX 4369 /* more do not fit into a DNS answer: 65535 octets, at least 15 for each */

/* An object of the file, and how to name it in an error; "" for the file itself. */
struct json_place {
	const json_t *json;
	char where[WHERE_MAX];
};

static char *append(char *at, const char *end, const char *text)
{
	while (*text && at < end)
		*at++ = *text++;
	return at;
}

/* "where.key", or the key alone at the top; cut when too long. Returns out. */
static const char *place(char out[WHERE_MAX], const char *where, const char *key)
{
	const char *end = out + (WHERE_MAX - 1);
	char *at = append(out, end, where);

	if (*where && *key != '[')
		at = append(at, end, ".");
	at = append(at, end, key);
	*at = '\0';
	return out;
}

static bool read_integer(const struct json_place *in, const char *key, json_int_t max, uint32_t *value, struct err *err)
{
	const json_t *member = json_object_get(in->json, key);
	char at[WHERE_MAX];

	if (!json_is_integer(member) || json_integer_value(member) < 0 || json_integer_value(member) > max)
		return err_set(err, ERR_USAGE, N_("%s must be a whole number from 0 to %lld"), place(at, in->where, key), (long long)max);
	*value = (uint32_t)json_integer_value(member);
	return true;
}

/* Borrowed. */
static const char *read_string(const struct json_place *in, const char *key, struct err *err)
{
	const json_t *member = json_object_get(in->json, key);
	char at[WHERE_MAX];

	if (!json_is_string(member))
		err_set(err, ERR_USAGE, N_("%s must be a string"), place(at, in->where, key));
	return json_string_value(member);
}

/* A copy in the place of *kept; missing or null leaves *kept as it is. */
static bool keep_string(const struct json_place *in, const char *key, char **kept, struct err *err)
{
	const json_t *member = json_object_get(in->json, key);
	const char *text;

	if (!member || json_is_null(member))
		return true;
	text = read_string(in, key, err);
	if (!text)
		return false;
	free(*kept);
	*kept = mem_text(text);
	return true;
}

static bool enter(struct json_place *into, const json_t *value, const char *where, const char *key, struct err *err)
{
	place(into->where, where, key);
	into->json = value;
	if (json_is_object(value))
		return true;
	return err_set(err, ERR_USAGE, N_("%s must be an object"), *into->where ? into->where : "JSON");
}

static bool enter_array(struct json_place *into, const json_t *value, const char *where, const char *key, struct err *err)
{
	place(into->where, where, key);
	into->json = value;
	if (json_is_array(value))
		return true;
	return err_set(err, ERR_USAGE, N_("%s must be an array"), into->where);
}

/* Element i of an array of objects. */
static bool enter_row(struct json_place *into, const struct json_place *array, size_t i, struct err *err)
{
	char key[32];

	snprintf(key, sizeof(key), "[%zu]", i);
	return enter(into, json_array_get(array->json, i), array->where, key, err);
}

static bool read_records(struct mxset *set, const struct json_place *records, struct err *err)
{
	size_t n = json_array_size(records->json);

	if (n > RECORDS_MAX)
		return err_set(err, ERR_USAGE, N_("%s has more records than a DNS answer can hold"), records->where);
	/* As many as there are: a file may hold thousands of sets. */
	set->mx = mem_resize(set->mx, n, sizeof(*set->mx));
	set->cap = n;
	for (size_t i = 0; i < n; i++) {
		struct json_place row;
		uint32_t preference;
		const char *host;

		if (!enter_row(&row, records, i, err) || !read_integer(&row, "preference", UINT32_MAX, &preference, err) ||
			!(host = read_string(&row, "host", err)))
			return false;
		mx_set(&set->mx[set->n++], preference, host);
	}
	mxset_sort(set);
	return true;
}

/* null: only a cache told the set, so its TTL is not known. */
static bool read_ttl(const struct json_place *set, uint32_t *ttl_s, struct err *err)
{
	if (!json_is_null(json_object_get(set->json, "ttl")))
		return read_integer(set, "ttl", MX_TTL_MAX, ttl_s, err);
	*ttl_s = MX_TTL_UNKNOWN;
	return true;
}

bool mxset_from_json(struct mxset *set, const json_t *value, const char *where, struct err *err)
{
	struct mxset made = { 0 };
	struct json_place node, records;

	if (!enter(&node, value, "", where, err) || !read_ttl(&node, &made.ttl_s, err) ||
		!enter_array(&records, json_object_get(value, "records"), node.where, "records", err))
		return false;
	if (!read_records(&made, &records, err)) {
		mxset_release(&made);
		return false;
	}
	mxset_release(set);
	*set = made;
	return true;
}

static bool read_name(const struct json_place *in, const char *key, struct dname *name, struct err *err)
{
	const char *text = read_string(in, key, err);
	char at[WHERE_MAX];

	return text && (dname_parse(name, text, err) || err_context(err, "%s", place(at, in->where, key)));
}

/* Reads the zone. "" stands for a zone that the draft does not know. */
static bool read_zone(const struct json_place *in, struct dname *zone, struct err *err)
{
	const char *text = json_string_value(json_object_get(in->json, "zone"));

	return (text && !*text) || read_name(in, "zone", zone, err);
}

static bool read_set(const struct json_place *in, const char *key, struct mxset *set, struct err *err)
{
	char at[WHERE_MAX];

	return mxset_from_json(set, json_object_get(in->json, key), place(at, in->where, key), err);
}

static bool read_approval(struct approval *approval, const struct json_place *in, struct err *err)
{
	approval->by = mem_text("");
	approval->at = mem_text("");
	approval->note = mem_text("");
	approval->first_form = !json_object_get(in->json, "until") && !json_object_get(in->json, "key");
	return keep_string(in, "by", &approval->by, err) && keep_string(in, "at", &approval->at, err) &&
	       keep_string(in, "note", &approval->note, err) && keep_string(in, "until", &approval->until, err) &&
	       keep_string(in, "policy", &approval->policy, err) && keep_string(in, "key", &approval->key, err) &&
	       keep_string(in, "signature", &approval->signature, err);
}

static bool read_approvals(struct plan *plan, const struct json_place *in, struct err *err)
{
	const json_t *value = json_object_get(in->json, "approvals");
	struct json_place array, row;

	if (!value)
		return true;
	if (!enter_array(&array, value, in->where, "approvals", err))
		return false;
	if (json_array_size(value) > PLAN_APPROVALS_MAX)
		return err_set(err, ERR_USAGE, N_("%s holds more than %u approvals"), array.where, PLAN_APPROVALS_MAX);
	for (size_t i = 0; i < json_array_size(value); i++) {
		plan_approve(plan, &(struct approval){ 0 });
		if (!enter_row(&row, &array, i, err) || !read_approval(&plan->approval[i], &row, err))
			return false;
	}
	return true;
}

/* A file that was written by hand may have no id yet; what was approved always has one. */
static bool check_id(struct plan *plan, const struct json_place *in, struct err *err)
{
	const json_t *value = json_object_get(in->json, "id");
	const char *id = "";

	plan_digest(plan, plan->id);
	if (!value && plan->n_approval == 0)
		return true;
	if (value && !(id = read_string(in, "id", err)))
		return false;
	if (strcmp(id, plan->id) == 0)
		return true;
	if (plan->n_approval)
		return err_set(err, ERR_APPROVAL, N_("the plan was changed after it was approved: its id does not fit what it says"));
	err_set(err, ERR_USAGE, N_("the plan was changed after it was made: its id does not fit what it says"));
	err_hint(err, N_("If you changed it on purpose, delete the member \"id\"."));
	return false;
}

/* Checks what several members tell only together. */
static bool check_whole(struct plan *plan, const struct json_place *in, struct err *err)
{
	if (plan->zone.len && !dname_under(&plan->domain, &plan->zone))
		return err_set(err, ERR_USAGE, N_("the domain does not lie in the zone"));
	return check_id(plan, in, err);
}

static bool read_version(const struct json_place *in, const char *key, struct err *err)
{
	const json_t *version = json_object_get(in->json, key);

	if (json_is_integer(version) && json_integer_value(version) == 1)
		return true;
	if (!version)
		err_set(err, ERR_USAGE, N_("this is no plan: it has no member \"%s\""), key);
	else
		err_set(err, ERR_USAGE, N_("this program reads version 1 of \"%s\" only"), key);
	return *in->where && err_context(err, "%s", in->where);
}

static bool read_plan(struct plan *plan, const struct json_place *in, struct err *err)
{
	const json_t *created = json_object_get(in->json, "created");
	struct json_place maker;

	if (!read_version(in, "mxladder_plan", err) || !read_name(in, "domain", &plan->domain, err) || !read_zone(in, &plan->zone, err) ||
		!keep_string(in, "account", &plan->account, err) || !keep_string(in, "provider", &plan->provider, err) ||
		!read_set(in, "base", &plan->base, err) || !read_set(in, "want", &plan->want, err) ||
		!keep_string(in, "note", &plan->note, err) || !keep_string(in, "ticket", &plan->ticket, err) ||
		!read_approvals(plan, in, err))
		return false;
	if (created && !(enter(&maker, created, in->where, "created", err) && keep_string(&maker, "at", &plan->created_at, err) &&
			       keep_string(&maker, "by", &plan->created_by, err)))
		return false;
	return check_whole(plan, in, err) || (*in->where && err_context(err, "%s", in->where));
}

bool plan_from_json(struct plan *plan, const json_t *value, struct err *err)
{
	struct json_place top;
	struct plan made;
	bool ok;

	plan_init(&made);
	ok = enter(&top, value, "", "", err) && read_plan(&made, &top, err);
	plan_release(ok ? plan : &made);
	if (ok)
		*plan = made;
	return ok;
}

static struct plan *add_plan(struct plans *plans)
{
	plans->plan = mem_grow(plans->plan, plans->n, &plans->cap, sizeof(*plans->plan));
	plan_init(&plans->plan[plans->n]);
	return &plans->plan[plans->n++];
}

/* Element i of the list of a file. */
static bool read_listed(struct plans *plans, const json_t *value, size_t i, struct err *err)
{
	struct json_place row;
	char key[32];

	snprintf(key, sizeof(key), "[%zu]", i);
	return enter(&row, value, "plans", key, err) && read_plan(add_plan(plans), &row, err);
}

static bool no_json(const json_error_t *wrong, struct err *err)
{
	return err_set(err, ERR_USAGE, N_("line %d is no JSON: %s"), wrong->line, wrong->text);
}

/* Reads the plans one by one: all of them as JSON values would take many times the room of their text. */
static bool read_list(struct plans *plans, struct plan_list *list, struct err *err)
{
	json_error_t wrong;
	json_t *value;
	bool ok = true;

	for (size_t i = 0; ok && (value = plan_list_next(list, &wrong)) != NULL; i++) {
		ok = read_listed(plans, value, i, err);
		json_decref(value);
	}
	return ok && (!wrong.line || no_json(&wrong, err));
}

static bool read_many(struct plans *plans, const struct json_place *top, struct plan_list *list, struct err *err)
{
	struct json_place array;

	plans->many = true;
	if (!read_version(top, "mxladder_plans", err) || !enter_array(&array, json_object_get(top->json, "plans"), "", "plans", err))
		return false;
	if (list && !read_list(plans, list, err))
		return false;
	for (size_t i = 0; !list && i < json_array_size(array.json); i++)
		if (!read_listed(plans, json_array_get(array.json, i), i, err))
			return false;
	return plans->n || err_set(err, ERR_USAGE, N_("the file holds no plan"));
}

static bool read_file(struct plans *plans, const json_t *file, struct plan_list *list, struct err *err)
{
	struct json_place top;

	if (!enter(&top, file, "", "", err))
		return false;
	if (!json_object_get(file, "mxladder_plans"))
		return read_plan(add_plan(plans), &top, err);
	return read_many(plans, &top, list, err);
}

bool plans_parse(struct plans *plans, const char *text, size_t len, struct err *err)
{
	struct plan_list list;
	struct plans made = { 0 };
	json_error_t wrong;
	json_t *file;
	bool ok, listed;

	if (len > PLAN_FILE_MAX)
		return err_set(err, ERR_USAGE, N_("a plan file is at most %zu bytes"), PLAN_FILE_MAX);
	listed = plan_list_find(&list, text, len);
	file = listed ? plan_list_rest(&list, &wrong) : json_loadb(text, len, JSON_REJECT_DUPLICATES, &wrong);
	if (!file)
		return no_json(&wrong, err);
	ok = read_file(&made, file, listed ? &list : NULL, err);
	json_decref(file);
	plans_release(ok ? plans : &made);
	if (ok)
		*plans = made;
	return ok;
}
