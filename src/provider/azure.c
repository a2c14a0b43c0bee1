/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Azure DNS by the resource manager's API 2018-05-01 (https://learn.microsoft.com/rest/api/dns/): a login by client credentials, record
 * sets with an etag, and writes that fail where it is not the one that was read. A set's metadata goes back as it was. A zone's id is its
 * whole path.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "provider/oauth.h"
#include "provider/shape.h"
#include "base/banned.h"

#define API_VERSION "api-version=2018-05-01"

static enum step ask_token(struct provider_run *run, struct request *request)
{
	const struct provider_account *account = run->account;
	struct oauth_client client = { provider_setting(account, "client_id"), account->key, NULL };
	struct str scope, secret;
	char *path = shape_fill(run, "/{tenant}/oauth2/v2.0/token", false);

	str_init(&scope, 0);
	str_init(&secret, 0);
	str_addf(&scope, "%s/.default", account->endpoint);
	client.scope = scope.s;
	shape_request(run, request, "POST", path);
	request->base = "login";
	request->open = true;
	oauth_body_client(&request->http.body, &client);
	http_encode(&secret, account->key);
	http_request_secret(&request->http, secret.s);
	http_request_header(&request->http, "Content-Type", "application/x-www-form-urlencoded", false);
	msg_set(&request->title, N_("log in"));
	mem_wipe(secret.s, secret.len);
	str_release(&secret);
	str_release(&scope);
	free(path);
	return STEP_REQUEST;
}

static enum step login(
	struct provider_run *run, const struct reply *reply, struct request *request, struct provider_login *got, struct err *err)
{
	struct verdict verdict = { .meaning = MEANING_FAILED };
	struct oauth_token token = { 0 };
	enum oauth_answer answer;
	char detail[256];

	if (!reply)
		return ask_token(run, request);
	answer = oauth_read(reply->http, reply->now, &token, detail);
	if (answer == OAUTH_GOOD) {
		got->token = mem_text(token.token);
		got->until = token.until;
		oauth_token_release(&token);
		return STEP_DONE;
	}
	if (answer == OAUTH_ODD)
		return vendor_odd(run, err);
	if (answer == OAUTH_REFUSED)
		verdict.meaning = MEANING_AUTH;
	vendor_sentence(&verdict, detail);
	provider_fail(run->account, reply->http, &verdict, err);
	return STEP_FAILED;
}

/* The id goes into paths as it is: "/subscriptions/.../dnsZones/example.com". */
static bool is_path(const char *id)
{
	return !strncmp(id, "/subscriptions/", 15) && !strstr(id, "..") && !strstr(id, "//") && !strpbrk(id, "?#%\\ ");
}

static bool zone_of(const struct provider_run *run, const json_t *row, struct zone_entry *entry)
{
	const char *group = strstr(entry->id, "/resourceGroups/");
	const char *type = vendor_text(json_object_get(row, "properties"), "zoneType");
	struct str name;

	(void)run;
	if (!is_path(entry->id) || !strcmp(type, "Private"))
		return false;
	group = group ? group + strlen("/resourceGroups/") : "";
	str_init(&name, 0);
	str_add_bytes(&name, group, strcspn(group, "/"));
	entry->group = str_take(&name);
	return true;
}

static bool page(struct provider_run *run, const json_t *json, struct err *err)
{
	const json_t *metadata = shape_at(json, "properties/metadata");
	const char *etag = vendor_text(json, "etag");

	if (!*etag || strlen(etag) >= sizeof run->have.mark)
		return vendor_odd(run, err) != STEP_FAILED;
	memcpy(run->have.mark, etag, strlen(etag) + 1);
	if (json_object_size(metadata))
		run->have.kept = json_dumps(metadata, JSON_COMPACT);
	return true;
}

static void touch(const struct provider_run *run, struct request *request)
{
	if (run->goal == GOAL_WRITE && *run->have.mark)
		http_request_header(&request->http, "If-Match", run->have.mark, false);
	else if (run->goal == GOAL_WRITE)
		http_request_header(&request->http, "If-None-Match", "*", false);
}

static json_t *set_of(const struct provider_run *run)
{
	json_t *records = json_array(), *properties;
	char host[DNAME_TEXT_MAX];

	for (size_t i = 0; i < run->want.n; i++)
		json_array_append_new(records, json_pack("{s:I, s:s}", "preference", (json_int_t)run->want.mx[i].preference, "exchange",
						       dname_text(&run->want.mx[i].host, host)));
	properties = json_pack("{s:I, s:o}", "TTL", (json_int_t)run->want.ttl_s, "MXRecords", records);
	if (run->have.kept)
		json_object_set_new(properties, "metadata", json_loads(run->have.kept, 0, NULL));
	return json_pack("{s:o}", "properties", properties);
}

#define ZONES "/subscriptions/{subscription}[/resourceGroups/{resource_group}]/providers/Microsoft.Network/dnsZones?" API_VERSION
#define SET "{raw:zone}/MX/{at}?" API_VERSION

static const struct shape shape = {
	.sentence = (const char *const[]){ "error/message", "message", "error_description", NULL },
	.touch = touch,
	.verify = { .path = ZONES, .rows = "value" },
	.zone_list = { .path = ZONES, .rows = "value", .paging = PAGE_FOLLOW, .more = "nextLink" },
	.zone_name = "name",
	.zone_id = "id",
	.zone_servers = "properties/nameServers",
	.zone_setting = "resource_group",
	.zone = zone_of,
	.read = { .path = SET, .rows = "", .none_is_gone = true },
	.row = { .name = "name",
		.ttl = "properties/TTL",
		.values = "properties/MXRecords",
		.preference = "preference",
		.target = "exchange",
		.names = NAME_RELATIVE },
	.page = page,
	.replace = { "PUT", SET, { 200, 201 }, NULL },
	.clear = { "DELETE", SET, { 200, 204 }, NULL },
	.set_body = set_of,
};

static const struct provider_base bases[] = {
	{ "login", "https://login.microsoftonline.com", "login_endpoint" },
	{ NULL, NULL, NULL },
};

static const struct provider_setting settings[] = {
	{ "tenant", NULL, N_("the directory (tenant) of the app registration") },
	{ "client_id", NULL, N_("the application (client) id of the app registration") },
	{ "subscription", NULL, N_("the subscription that the zones are in") },
	{ "resource_group", "", N_("only zones of this resource group") },
	{ "login_endpoint", "https://login.microsoftonline.com", N_("where the login is asked for") },
	{ NULL, NULL, NULL },
};

const struct provider provider_azure = {
	.name = "azure",
	.title = "Azure DNS",
	.endpoint = "https://management.azure.com",
	.bases = bases,
	.caps = CAP_ATOMIC_SET | CAP_COMPARE,
	.limits = { .ttl_min_s = 1, .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_help = N_(
		"The key is a client secret of an app registration with the role DNS Zone Contributor on the zone or its resource group."),
	.settings = settings,
	.auth = { .header = "Authorization", .prefix = "Bearer " },
	.login = login,
	.step = engine_rrset,
	.shape = &shape,
	.in_flight = 4,
};
