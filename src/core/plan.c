/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/plan.h"

#include <assert.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/banned.h"

void plan_init(struct plan *plan)
{
	*plan = (struct plan){ .account = mem_text(""),
		.provider = mem_text(""),
		.note = mem_text(""),
		.ticket = mem_text(""),
		.created_at = mem_text(""),
		.created_by = mem_text("") };
}

void approval_release(struct approval *approval)
{
	free(approval->by);
	free(approval->at);
	free(approval->note);
	free(approval->until);
	free(approval->signature);
	free(approval->key);
	free(approval->policy);
	*approval = (struct approval){ 0 };
}

static void drop_approvals(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_approval; i++)
		approval_release(&plan->approval[i]);
	free(plan->approval);
	plan->approval = NULL;
	plan->n_approval = 0;
}

void plan_release(struct plan *plan)
{
	drop_approvals(plan);
	mxset_release(&plan->base);
	mxset_release(&plan->want);
	free(plan->account);
	free(plan->provider);
	free(plan->note);
	free(plan->ticket);
	free(plan->created_at);
	free(plan->created_by);
	*plan = (struct plan){ 0 };
}

void plan_copy(struct plan *to, const struct plan *from)
{
	struct plan made = { .domain = from->domain, .zone = from->zone };

	made.account = mem_text(from->account);
	made.provider = mem_text(from->provider);
	made.note = mem_text(from->note);
	made.ticket = mem_text(from->ticket);
	made.created_at = mem_text(from->created_at);
	made.created_by = mem_text(from->created_by);
	memcpy(made.id, from->id, sizeof(made.id));
	mxset_copy(&made.base, &from->base);
	mxset_copy(&made.want, &from->want);
	for (size_t i = 0; i < from->n_approval; i++)
		plan_approve(&made, &from->approval[i]);
	plan_release(to);
	*to = made;
}

/* A JSON string of any text: what is no UTF-8 is escaped as for a terminal. */
static json_t *string(const char *text)
{
	const char *given = text ? text : "";
	json_t *value = json_string(given);
	struct str escaped;

	if (value)
		return value;
	str_init(&escaped, 0);
	text_escape(&escaped, given, strlen(given));
	value = json_string(escaped.s);
	str_release(&escaped);
	return value;
}

json_t *mxset_to_json(const struct mxset *set)
{
	json_t *object = json_object(), *records = json_array();
	char host[DNAME_TEXT_MAX];

	for (size_t i = 0; i < set->n; i++) {
		json_t *record = json_object();

		json_object_set_new(record, "preference", json_integer(set->mx[i].preference));
		json_object_set_new(record, "host", string(mx_host_text(&set->mx[i], host)));
		json_array_append_new(records, record);
	}
	json_object_set_new(object, "ttl", set->ttl_s == MX_TTL_UNKNOWN ? json_null() : json_integer(set->ttl_s));
	json_object_set_new(object, "records", records);
	return object;
}

/* The members that the id is made of. */
static void add_body(json_t *object, const struct plan *plan)
{
	char name[DNAME_TEXT_MAX];

	json_object_set_new(object, "domain", string(dname_text(&plan->domain, name)));
	json_object_set_new(object, "zone", string(dname_text(&plan->zone, name)));
	json_object_set_new(object, "account", string(plan->account));
	json_object_set_new(object, "provider", string(plan->provider));
	json_object_set_new(object, "base", mxset_to_json(&plan->base));
	json_object_set_new(object, "want", mxset_to_json(&plan->want));
}

static void dump(json_t *value, size_t flags, struct str *out)
{
	char *text = json_dumps(value, flags);

	assert(text);
	str_add(out, text);
	free(text);
	json_decref(value);
}

/* ---- the members of add_body() sorted and dense: written as they are, for each push makes its digest more than once ---- */

static bool is_plain(const char *text)
{
	while (*text >= ' ' && *text < 0x7f && *text != '"' && *text != '\\')
		text++;
	return !*text;
}

static void add_string(struct str *out, const char *text)
{
	const char *given = text ? text : "";

	if (!is_plain(given)) {
		dump(string(given), JSON_ENCODE_ANY, out);
		return;
	}
	str_add_char(out, '"');
	str_add(out, given);
	str_add_char(out, '"');
}

static void add_set(struct str *out, const struct mxset *set)
{
	char host[DNAME_TEXT_MAX];

	str_add(out, "{\"records\":[");
	for (size_t i = 0; i < set->n; i++) {
		str_add(out, i ? ",{\"host\":" : "{\"host\":");
		add_string(out, mx_host_text(&set->mx[i], host));
		str_addf(out, ",\"preference\":%lu}", (unsigned long)set->mx[i].preference);
	}
	str_add(out, "],\"ttl\":");
	if (set->ttl_s == MX_TTL_UNKNOWN)
		str_add(out, "null}");
	else
		str_addf(out, "%lu}", (unsigned long)set->ttl_s);
}

void plan_canonical(const struct plan *plan, struct str *out)
{
	char name[DNAME_TEXT_MAX];

	str_add(out, "{\"account\":");
	add_string(out, plan->account);
	str_add(out, ",\"base\":");
	add_set(out, &plan->base);
	str_add(out, ",\"domain\":");
	add_string(out, dname_text(&plan->domain, name));
	str_add(out, ",\"provider\":");
	add_string(out, plan->provider);
	str_add(out, ",\"want\":");
	add_set(out, &plan->want);
	str_add(out, ",\"zone\":");
	add_string(out, dname_text(&plan->zone, name));
	str_add_char(out, '}');
}

void plan_digest_text(const struct str *text, char id[PLAN_ID_MAX])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned int len = 0;
	size_t at;

	if (EVP_Digest(text->s, text->len, sum, &len, EVP_sha256(), NULL) != 1)
		len = 0; /* an empty digest fits nothing */
	at = (size_t)snprintf(id, PLAN_ID_MAX, "sha256:");
	for (unsigned int i = 0; i < len; i++) {
		id[at++] = hex[sum[i] >> 4];
		id[at++] = hex[sum[i] & 15];
	}
	id[at] = '\0';
}

void plan_digest(const struct plan *plan, char id[PLAN_ID_MAX])
{
	struct str text;

	str_init(&text, 0);
	plan_canonical(plan, &text);
	plan_digest_text(&text, id);
	str_release(&text);
}

void plan_seal(struct plan *plan)
{
	char id[PLAN_ID_MAX];

	plan_digest(plan, id);
	if (strcmp(id, plan->id) != 0)
		drop_approvals(plan);
	memcpy(plan->id, id, sizeof(plan->id));
}

void plan_approve(struct plan *plan, const struct approval *approval)
{
	struct approval made = {
		.by = mem_text(approval->by),
		.at = mem_text(approval->at),
		.note = mem_text(approval->note),
		.until = mem_text(approval->until),
		.signature = mem_text(approval->signature),
		.key = mem_text(approval->key),
		.policy = mem_text(approval->policy),
		.first_form = approval->first_form,
	};

	/* No more than there are: a file may hold thousands of plans, with one or two each. */
	plan->approval = mem_resize(plan->approval, plan->n_approval + 1, sizeof(*plan->approval));
	plan->approval[plan->n_approval++] = made;
}

static bool is_signed(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_approval; i++)
		if (plan->approval[i].signature)
			return true;
	return false;
}

static bool is_ticket(const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	return len <= PLAN_TICKET_MAX && text[strspn(text, " ")];
}

bool plan_takes_ticket(const struct plan *plan, const char *ticket, struct err *err)
{
	if (!is_ticket(ticket))
		return err_set(err, ERR_USAGE, N_("a ticket is one line of up to %d bytes, such as CHG-1234"), PLAN_TICKET_MAX);
	if (*plan->ticket && strcmp(plan->ticket, ticket) != 0)
		return err_set(err, ERR_USAGE, N_("the plan is for the ticket %s, not for %s"), plan->ticket, ticket);
	return true;
}

bool plan_set_ticket(struct plan *plan, const char *ticket, struct err *err)
{
	if (!plan_takes_ticket(plan, ticket, err))
		return false;
	if (*plan->ticket)
		return true;
	if (is_signed(plan))
		return err_set(
			err, ERR_USAGE, N_("the plan was signed without a ticket, and a signature covers it: make the plan with one"));
	free(plan->ticket);
	plan->ticket = mem_text(ticket);
	return true;
}

void plan_unapprove(struct plan *plan)
{
	assert(plan->n_approval);
	approval_release(&plan->approval[--plan->n_approval]);
}

static json_t *string_or_null(const char *text)
{
	return text ? string(text) : json_null();
}

/* A plan without one looks as it always did. */
static void add_ticket(json_t *object, const struct plan *plan)
{
	if (plan->ticket && *plan->ticket)
		json_object_set_new(object, "ticket", string(plan->ticket));
}

/* An approval without a policy keeps the form that it had before policies. */
static void add_policy(json_t *object, const struct approval *approval)
{
	if (approval->policy)
		json_object_set_new(object, "policy", string(approval->policy));
}

void plan_approval_canonical(const struct plan *plan, const struct approval *approval, struct str *out)
{
	json_t *object = json_object();

	json_object_set_new(object, "at", string(approval->at));
	json_object_set_new(object, "by", string(approval->by));
	json_object_set_new(object, "note", string(approval->note));
	json_object_set_new(object, "plan", string(plan->id));
	add_policy(object, approval);
	add_ticket(object, plan);
	json_object_set_new(object, "until", string_or_null(approval->until));
	dump(object, JSON_SORT_KEYS | JSON_COMPACT, out);
}

static json_t *approval_to_json(const struct approval *approval)
{
	json_t *object = json_object();

	json_object_set_new(object, "by", string(approval->by));
	json_object_set_new(object, "at", string(approval->at));
	if (!approval->first_form) {
		json_object_set_new(object, "until", string_or_null(approval->until));
		json_object_set_new(object, "key", string_or_null(approval->key));
	}
	add_policy(object, approval);
	json_object_set_new(object, "note", string(approval->note));
	json_object_set_new(object, "signature", string_or_null(approval->signature));
	return object;
}

json_t *plan_to_json(const struct plan *plan)
{
	json_t *object = json_object(), *created = json_object(), *approvals = json_array();

	json_object_set_new(object, "mxladder_plan", json_integer(1));
	add_body(object, plan);
	json_object_set_new(object, "note", string(plan->note));
	add_ticket(object, plan);
	json_object_set_new(created, "at", string(plan->created_at));
	json_object_set_new(created, "by", string(plan->created_by));
	json_object_set_new(object, "created", created);
	json_object_set_new(object, "id", string(plan->id));
	for (size_t i = 0; i < plan->n_approval; i++)
		json_array_append_new(approvals, approval_to_json(&plan->approval[i]));
	json_object_set_new(object, "approvals", approvals);
	return object;
}

/* Adds a plan as it stands in a file's list. One at a time: all plans as JSON values would take many times the room of their text. */
static void add_listed(const struct plan *plan, struct str *out)
{
	struct str text;

	str_init(&text, PLAN_FILE_MAX);
	dump(plan_to_json(plan), JSON_INDENT(2), &text);
	for (const char *line = text.s; *line;) {
		size_t len = strcspn(line, "\n");

		str_add(out, "\n    ");
		str_add_bytes(out, line, len);
		line += len + (line[len] != '\0');
	}
	str_release(&text);
}

void plans_format(const struct plans *plans, struct str *out)
{
	if (plans->n == 1 && !plans->many) {
		dump(plan_to_json(&plans->plan[0]), JSON_INDENT(2), out);
	} else {
		str_add(out, "{\n  \"mxladder_plans\": 1,\n  \"plans\": [");
		for (size_t i = 0; i < plans->n; i++) {
			str_add(out, i ? "," : "");
			add_listed(&plans->plan[i], out);
		}
		str_add(out, plans->n ? "\n  ]\n}" : "]\n}");
	}
	str_add_char(out, '\n');
}

void plans_release(struct plans *plans)
{
	for (size_t i = 0; i < plans->n; i++)
		plan_release(&plans->plan[i]);
	free(plans->plan);
	*plans = (struct plans){ 0 };
}
