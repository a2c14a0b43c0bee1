/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Google Cloud DNS v1 (https://cloud.google.com/dns/docs/reference/rest/v1): a change names the old set exactly and the new
 * one, and holds only where the old one is what is there. It goes on after it was taken, and is asked for until it is done.
 * The key is a service account's JSON file; a JWT signed with it is exchanged for a token.
 *
 * Over 200 lines: a login of its own, exact deletions, and a change that is waited for.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "provider/oauth.h"
#include "provider/shape.h"
#include "provider/url.h"
#include "base/banned.h"

#define SCOPE "https://www.googleapis.com/auth/ndev.clouddns.readwrite"
#define ZONES "/projects/{project_id}/managedZones"
#define PAGED .paging = PAGE_CURSOR, .more = "nextPageToken"

/* ---- the login ---- */

/* "login": where the key's token_uri says; its path is the request's. */
static char *own_base(const struct provider_account *account, const char *base)
{
	struct oauth_service service;
	char *address = NULL;

	if (strcmp(base, "login") != 0 || !oauth_service_read(&service, account->key ? account->key : "", NULL))
		return NULL;
	address = mem_text(service.token_url);
	address[url_path(service.token_url) - service.token_url] = '\0';
	oauth_service_release(&service);
	return address;
}

static bool ask_token(const struct provider_run *run, const struct oauth_service *service, struct request *request, struct err *err)
{
	struct str assertion;
	bool ok;

	str_init(&assertion, 0);
	ok = oauth_assertion(service, SCOPE, run->now, &assertion, err);
	request->base = "login";
	request->open = true;
	http_request_set(&request->http, "POST", "%s", url_path(service->token_url));
	http_request_header(&request->http, "Content-Type", "application/x-www-form-urlencoded", false);
	http_request_secret(&request->http, assertion.s);
	oauth_body_assertion(&request->http.body, assertion.s);
	msg_set(&request->title, N_("log in"));
	mem_wipe(assertion.s, assertion.len);
	str_release(&assertion);
	return ok;
}

static bool take_token(const struct provider_run *run, const struct reply *reply, struct provider_login *got, struct err *err)
{
	struct oauth_token token = { 0 };
	struct verdict verdict = { .meaning = MEANING_AUTH };
	struct str ours;
	char detail[256];

	switch (oauth_read(reply->http, reply->now, &token, detail)) {
	case OAUTH_GOOD:
		got->token = token.token;
		got->until = token.until;
		return true;
	case OAUTH_REFUSED:
		vendor_sentence(&verdict, detail);
		provider_fail(run->account, reply->http, &verdict, err);
		str_init(&ours, 0);
		text_time(&ours, reply->now);
		err_hint(err,
			N_("The key may have been deleted, or be another account's. A clock that is minutes off does the same: this one "
			   "shows %s."),
			ours.s);
		str_release(&ours);
		return false;
	case OAUTH_FAILED:
		return vendor_accepted(run, reply, err);
	default:
		return vendor_odd(run, err) != STEP_FAILED;
	}
}

static enum step login(
	struct provider_run *run, const struct reply *reply, struct request *request, struct provider_login *got, struct err *err)
{
	struct oauth_service service;
	enum step step = STEP_FAILED;

	if (!oauth_service_read(&service, run->account->key, err))
		return STEP_FAILED;
	if (!reply)
		step = ask_token(run, &service, request, err) ? STEP_REQUEST : STEP_FAILED;
	else if (take_token(run, reply, got, err))
		step = STEP_DONE;
	oauth_service_release(&service);
	return step;
}

/* {project_id}: the setting, or the service account's own. */
static bool word(const struct provider_run *run, const char *name, struct str *out)
{
	const char *project = provider_setting(run->account, "project");
	struct oauth_service service = { 0 };

	if (strcmp(name, "project_id") != 0)
		return false;
	if (!*project && oauth_service_read(&service, run->account->key, NULL))
		project = service.project;
	str_add(out, project);
	oauth_service_release(&service);
	return true;
}

/* ---- what answers mean ---- */

/* A list without members may leave its member out. */
static json_t *load(const struct str *body)
{
	json_t *json = json_loadb(body->s, body->len, 0, NULL);
	const char *kind = vendor_text(json, "kind");
	const char *member = !strcmp(kind, "dns#managedZonesListResponse")         ? "managedZones"
			     : !strcmp(kind, "dns#resourceRecordSetsListResponse") ? "rrsets"
										   : NULL;

	if (member && !json_object_get(json, member))
		json_object_set_new(json, member, json_array());
	return json;
}

/* Quotas are told as 403; a set that is gone, and was to be deleted, as 404. */
static void judge(const struct reply *reply, struct verdict *verdict)
{
	bool told = verdict->meaning == MEANING_AUTH || verdict->meaning == MEANING_GONE;
	json_t *json = told ? vendor_tree(reply) : NULL;
	char scratch[24];
	const char *reason = shape_text(json, "error/errors/0/reason", scratch);

	if (verdict->meaning == MEANING_AUTH && (strstr(reason, "ateLimitExceeded") || !strcmp(reason, "quotaExceeded")))
		verdict->meaning = MEANING_THROTTLED;
	if (verdict->meaning == MEANING_GONE && strstr(shape_text(json, "error/message", scratch), "entity.change.deletions"))
		verdict->meaning = MEANING_STALE;
	json_decref(json);
}

/* ---- zones and sets ---- */

/* managed_zone may be name or id. Private zones of the same name are other networks'. */
static bool zone_of(const struct provider_run *run, const json_t *row, struct zone_entry *entry)
{
	const char *chosen = provider_setting(run->account, "managed_zone");
	char scratch[24];

	if (*chosen && !strcmp(shape_text(row, "id", scratch), chosen))
		entry->group = mem_text(chosen);
	return strcmp(vendor_text(row, "visibility"), "private") != 0;
}

static json_t *rrset_of(const struct provider_run *run, uint32_t ttl_s, json_t *rrdatas)
{
	char owner[DNAME_TEXT_MAX];

	return json_pack("[{s:s, s:s, s:I, s:o}]", "name", dname_text_dot(&run->owner, owner), "type", "MX", "ttl", (json_int_t)ttl_s,
		"rrdatas", rrdatas);
}

static json_t *change_of(const struct provider_run *run)
{
	json_t *body = json_object(), *old = json_array();

	for (size_t i = 0; i < run->have.n; i++)
		json_array_append_new(old, json_string(run->have.record[i].stored));
	if (run->have.n)
		json_object_set_new(body, "deletions", rrset_of(run, run->have.record[0].ttl_s, old));
	else
		json_decref(old);
	if (run->want.n)
		json_object_set_new(body, "additions", rrset_of(run, run->want.ttl_s, vendor_contents(run, NULL)));
	return body;
}

static const struct shape shape = {
	.load = load,
	.word = word,
	.sentence = (const char *const[]){ "error/message", NULL },
	.verify = { .path = ZONES "?maxResults=1", .rows = "managedZones" },
	.zone_named = { .path = ZONES "?dnsName={ask_dot}[&pageToken={cursor}]", .rows = "managedZones", PAGED },
	.zone_list = { .path = ZONES "?maxResults=500[&pageToken={cursor}]", .rows = "managedZones", PAGED },
	.zone_name = "dnsName",
	.zone_id = "name",
	.zone_servers = "nameServers",
	.zone_setting = "managed_zone",
	.zone = zone_of,
	.read = { .path = ZONES "/{zone}/rrsets?name={owner_dot}&type=MX[&pageToken={cursor}]", .rows = "rrsets", PAGED },
	.row = { .type = "type", .name = "name", .ttl = "ttl", .policy = "routingPolicy", .values = "rrdatas" },
	.replace = { "POST", ZONES "/{zone}/changes", { 200 }, NULL },
	.set_body = change_of,
	.wait = { .id = "id", .path = ZONES "/{zone}/changes/{operation}", .state = "status", .done = "done", .every_ms = 500 },
};

static const struct provider_setting settings[] = {
	{ "project", "", N_("the project, where it is not the service account's own") },
	{ "managed_zone", "", N_("name or id of the zone, where one name is a zone twice") },
	{ NULL, NULL, NULL },
};

const struct provider provider_google = {
	.name = "google",
	.title = "Google Cloud DNS",
	.endpoint = "https://dns.googleapis.com/dns/v1",
	.caps = CAP_ATOMIC_SET | CAP_NULL_MX | CAP_COMPARE,
	.limits = { .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_lines = KEY_WHOLE,
	.key_help = N_("The key is a service account's JSON file, whole; the account needs the role roles/dns.admin on the project."),
	.settings = settings,
	.auth = { .header = "Authorization", .prefix = "Bearer " },
	.login = login,
	.own_base = own_base,
	.step = engine_rrset,
	.shape = &shape,
	.judge = judge,
	.in_flight = 4,
};
