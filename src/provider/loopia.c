/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LoopiaAPI (https://www.loopia.se/api/): XML-RPC, one call a record, user and password as each call's first parameters. A call says OK or
 * one word for what is wrong, in a list where it would give one. There is no status of HTTP's that tells.
 *
 * Over 200 lines: XML-RPC both ways, credentials inside each body, words for errors, and a name that has to be found in a list first.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "provider/shape.h"
#include "provider/xml.h"
#include "provider/xmlrpc.h"
#include "base/banned.h"

#define FIRST_PARAMETER "<params>"

static json_t *load(const struct str *body)
{
	bool fault;

	return xmlrpc_read(body->s, body->len, &fault);
}

static void dump(const json_t *json, struct http_request *http)
{
	xmlrpc_add_call(&http->body, vendor_text(json, "method"), json_object_get(json, "params"));
	http_request_header(http, "Content-Type", "text/xml", false);
}

/* What a call answers instead of its value; "" for none. A list of names may have but one, too: that is written small. */
static const char *word_of(const json_t *json)
{
	const char *first = json_array_size(json) == 1 ? json_string_value(json_array_get(json, 0)) : NULL;

	if (first)
		return first[strspn(first, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_")] ? "" : first;
	return json_is_string(json) ? json_string_value(json) : "";
}

static enum meaning meaning_of(const char *word, uint32_t fault)
{
	if (!strcmp(word, "AUTH_ERROR") || fault == 401 || fault == 403)
		return MEANING_AUTH;
	if (!strcmp(word, "RATE_LIMITED") || fault == 429)
		return MEANING_THROTTLED;
	return !strcmp(word, "UNKNOWN_ERROR") ? MEANING_FAILED : MEANING_REFUSED;
}

static void judge(const struct reply *reply, struct verdict *verdict)
{
	bool is_fault = false;
	json_t *json = verdict->meaning == MEANING_ACCEPTED ? xmlrpc_read(reply->http->body.s, reply->http->body.len, &is_fault) : NULL;
	const char *word = word_of(json);
	uint32_t fault = 0;

	if (is_fault)
		vendor_u32(json, "faultCode", &fault);
	if (is_fault || (*word && strcmp(word, "OK") != 0)) {
		verdict->meaning = meaning_of(word, fault);
		vendor_sentence(verdict, is_fault ? vendor_text(json, "faultString") : word);
	}
	json_decref(json);
}

static void add_parameter(struct str *out, const char *text)
{
	str_add(out, "<param><value><string>");
	xml_add_text(out, text);
	str_add(out, "</string></value></param>");
}

/* Adds user and password, once: they are the same at each sending. */
static bool sign(struct provider_run *run, struct request *request, int64_t now, struct err *err)
{
	struct str *body = &request->http.body;
	const char *at = strstr(body->s, FIRST_PARAMETER);
	struct str whole, secret;
	size_t head;

	(void)now;
	if (http_request_has_secret(&request->http))
		return true;
	if (!at)
		return vendor_odd(run, err) != STEP_FAILED;
	head = (size_t)(at - body->s) + strlen(FIRST_PARAMETER);
	str_init(&whole, 0);
	str_init(&secret, 0);
	str_add_bytes(&whole, body->s, head);
	add_parameter(&whole, provider_setting(run->account, "username"));
	add_parameter(&whole, run->account->key);
	str_add(&whole, body->s + head);
	xml_add_text(&secret, run->account->key);
	http_request_secret(&request->http, secret.s);
	str_clear(body);
	str_add_bytes(body, whole.s, whole.len);
	mem_wipe(whole.s, whole.len);
	mem_wipe(secret.s, secret.len);
	str_release(&whole);
	str_release(&secret);
	return true;
}

static json_t *body_of(const struct provider_run *run, const struct vendor_change *change)
{
	static const char *const methods[] = {
		[VENDOR_ADD] = "addZoneRecord", [VENDOR_CHANGE] = "updateZoneRecord", [VENDOR_REMOVE] = "removeZoneRecord"
	};
	char zone[DNAME_TEXT_MAX], name[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX];
	json_int_t id = strtoll(change->id, NULL, 10);
	json_t *last = json_integer(id);

	if (change->verb != VENDOR_REMOVE) {
		json_decref(last);
		last = json_pack("{s:s, s:I, s:I, s:s, s:I}", "type", "MX", "ttl", (json_int_t)change->ttl_s, "priority",
			(json_int_t)change->mx.preference, "rdata", dname_text_dot(&change->mx.host, host), "record_id", id);
	}
	return json_pack("{s:s, s:[s, s, o]}", "method", methods[change->verb], "params", dname_text(&run->zone, zone),
		vendor_relative(run, "@", name), last);
}

/* ---- a name below the zone's is asked for only where it is there: of another no records can be asked ---- */

enum { STAGE_NAMES = 100 }; /* beside those of the engine */

static enum step ask_names(struct provider_run *run, struct request *request)
{
	char zone[DNAME_TEXT_MAX];

	provider_set_release(&run->have);
	run->stage = STAGE_NAMES;
	shape_request(run, request, "POST", "");
	shape_body(run, request, json_pack("{s:s, s:[s]}", "method", "getSubdomains", "params", dname_text(&run->zone, zone)));
	msg_set(&request->title, N_("list the names in the zone %s"), zone);
	return STEP_REQUEST;
}

static enum step take_names(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	json_t *names = vendor_accepted(run, reply, err) ? load(&reply->http->body) : NULL;
	bool is_list = json_is_array(names), found = false;

	for (size_t i = 0; i < json_array_size(names) && !found; i++) {
		const char *name = json_string_value(json_array_get(names, i));

		found = name && vendor_is_relative(name, &run->owner, &run->zone);
	}
	json_decref(names);
	if (!is_list)
		return err && err->code != ERR_NONE ? STEP_FAILED : vendor_odd(run, err);
	run->stage = 0;
	return found ? engine_records(run, NULL, request, err) : STEP_DONE;
}

static enum step step(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	if (run->goal == GOAL_READ && run->stage == STAGE_NAMES)
		return take_names(run, reply, request, err);
	if (run->goal == GOAL_READ && !reply && !dname_equal(&run->owner, &run->zone))
		return ask_names(run, request);
	return engine_records(run, reply, request, err);
}

#define DOMAINS .path = "", .body = "{\"method\":\"getDomains\",\"params\":[]}", .rows = ""

static const struct shape shape = {
	.load = load,
	.dump = dump,
	.accept = "text/xml",
	.verify = { DOMAINS },
	.zone_list = { DOMAINS },
	.zone_name = "domain",
	.read = { .path = "", .body = "{\"method\":\"getZoneRecords\",\"params\":[\"{zone}\",\"{at}\"]}", .rows = "" },
	.usual_servers = "ns1.loopia.se ns2.loopia.se",
	.row = { .id = "record_id", .type = "type", .ttl = "ttl", .preference = "priority", .target = "rdata" },
	.add = { "POST", "", { 200 }, NULL },
	.change = { "POST", "", { 200 }, NULL },
	.remove = { "POST", "", { 200 }, NULL },
	.body = body_of,
	.remove_has_body = true,
};

static const struct provider_setting settings[] = {
	{ "username", NULL, N_("the API user (NAME@loopiaapi)") },
	{ NULL, NULL, NULL },
};

const struct provider provider_loopia = {
	.name = "loopia",
	.title = "Loopia",
	.endpoint = "https://api.loopia.se/RPCSERV",
	.limits = { .ttl_min_s = 300, .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_help = N_(
		"The key is the password of an API user with the methods getDomains, getSubdomains, getZoneRecords, addSubdomain, addZoneRecord, updateZoneRecord and removeZoneRecord."),
	.settings = settings,
	.sign = sign,
	.step = step,
	.shape = &shape,
	.judge = judge,
	.pace = (const struct provider_pace[]){ { .most = 60, .within_s = 60 }, { 0 } },
};
