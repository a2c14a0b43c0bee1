/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vendor.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ZONE "exempel.com"

struct vendor_client {
	struct vendor *vendor;
	struct vendor_client *next;
	struct loop_handle *reads;
	int fd;
	size_t len;
	char text[16384];
};

/* ---- the records ---- */

void vendor_add(struct vendor *vendor, unsigned preference, const char *host, unsigned ttl_s)
{
	for (size_t i = 0; i < VENDOR_RECORDS; i++) {
		struct vendor_record *record = &vendor->record[i];

		if (record->id)
			continue;
		*record = (struct vendor_record){ .id = ++vendor->next_id, .preference = preference, .ttl_s = ttl_s };
		snprintf(record->host, sizeof(record->host), "%s", host);
		return;
	}
}

void vendor_remove(struct vendor *vendor, const char *host)
{
	for (size_t i = 0; i < VENDOR_RECORDS; i++)
		if (!strcmp(vendor->record[i].host, host))
			vendor->record[i] = (struct vendor_record){ 0 };
}

void vendor_hold(struct vendor *vendor, const char *text)
{
	char copy[512], *rest = NULL;
	unsigned ttl_s;

	snprintf(copy, sizeof(copy), "%s", text);
	memset(vendor->record, 0, sizeof(vendor->record));
	vendor->next_id = 0;
	ttl_s = (unsigned)strtoul(strtok_r(copy, " ", &rest), NULL, 10);
	for (char *word = strtok_r(NULL, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		size_t row = vendor->next_id;

		vendor_add(vendor, (unsigned)strtoul(word + (*word == '-'), NULL, 10), strtok_r(NULL, " ", &rest), ttl_s);
		vendor->record[row].disabled = *word == '-';
	}
}

const char *vendor_held(const struct vendor *vendor, char text[512])
{
	size_t len = 0;

	for (size_t i = 0; i < VENDOR_RECORDS; i++) {
		const struct vendor_record *record = &vendor->record[i];

		if (!record->id)
			continue;
		if (!len)
			len = (size_t)snprintf(text, 512, "%u", record->ttl_s);
		len += (size_t)snprintf(text + len, 512 - len, " %s%u %s", record->disabled ? "-" : "", record->preference, record->host);
	}
	if (!len)
		snprintf(text, 512, "none");
	return text;
}

/* A host as a vendor takes it: its final dot goes, and "@" is the zone. */
static void take_host(struct vendor_record *record, const char *text)
{
	size_t len = strlen(text);

	snprintf(record->host, sizeof(record->host), "%.*s", (int)(len && text[len - 1] == '.' ? len - 1 : len), text);
}

static const struct vendor_record *shown(struct vendor *vendor)
{
	if (!vendor->stale)
		return vendor->record;
	vendor->stale--;
	return vendor->before;
}

/* ---- PowerDNS ---- */

static json_t *pdns_zone(struct vendor *vendor)
{
	const struct vendor_record *record = shown(vendor);
	json_t *mx = json_array();
	unsigned ttl_s = 0;

	for (size_t i = 0; i < VENDOR_RECORDS; i++) {
		if (!record[i].id)
			continue;
		ttl_s = record[i].ttl_s;
		json_array_append_new(mx, json_pack("{s:o, s:b}", "content", json_sprintf("%u %s.", record[i].preference, record[i].host),
						  "disabled", (int)record[i].disabled));
	}
	return json_pack("{s:s, s:s, s:s, s:i, s:i, s:s, s:[{s:s, s:s, s:i, s:o}, {s:s, s:s, s:i, s:[{s:s, s:b}]}]}", "id", ZONE ".",
		"name", ZONE ".", "kind", "Native", "serial", (int)vendor->serial, "edited_serial", (int)vendor->serial, "soa_edit_api",
		vendor->soa_edit_api, "rrsets", "name", ZONE ".", "type", "MX", "ttl", (int)ttl_s, "records", mx, "name", ZONE ".", "type",
		"NS", "ttl", 3600, "records", "content", "ns1." ZONE ".", "disabled", 0);
}

static void pdns_patch(struct vendor *vendor, const char *body)
{
	json_t *json = json_loads(body, 0, NULL), *rrset = json_array_get(json_object_get(json, "rrsets"), 0), *record;
	size_t i;

	memset(vendor->record, 0, sizeof(vendor->record));
	vendor->serial++;
	json_array_foreach(json_object_get(rrset, "records"), i, record)
	{
		const char *content = json_string_value(json_object_get(record, "content"));
		struct vendor_record *row = &vendor->record[i];

		*row = (struct vendor_record){ .id = ++vendor->next_id, .preference = (unsigned)strtoul(content, NULL, 10) };
		take_host(row, strchr(content, ' ') + 1);
		row->ttl_s = (unsigned)json_integer_value(json_object_get(rrset, "ttl"));
		row->disabled = json_is_true(json_object_get(record, "disabled"));
	}
	json_decref(json);
}

static json_t *pdns(struct vendor *vendor, const struct vendor_call *call, int *http)
{
	if (call->writes) {
		if (!call->lost)
			pdns_patch(vendor, call->body);
		*http = 204;
		return NULL;
	}
	if (strstr(call->path, "/zones/"))
		return pdns_zone(vendor);
	return json_pack("[{s:s, s:s, s:s}]", "id", ZONE ".", "name", ZONE ".", "kind", "Native");
}

/* ---- DigitalOcean ---- */

static json_t *ocean_record(const struct vendor_record *record)
{
	return json_pack("{s:i, s:s, s:s, s:s, s:i, s:i}", "id", (int)record->id, "type", "MX", "name", "@", "data", record->host,
		"priority", (int)record->preference, "ttl", (int)record->ttl_s);
}

static json_t *ocean_list(struct vendor *vendor, const struct vendor_call *call)
{
	json_t *list = json_array();

	if (strstr(call->path, "type=NS")) {
		json_array_append_new(list,
			json_pack("{s:i, s:s, s:s, s:s, s:i}", "id", 900, "type", "NS", "name", "@", "data", "ns1." ZONE, "ttl", 3600));
	} else {
		const struct vendor_record *record = shown(vendor);

		for (size_t i = 0; i < VENDOR_RECORDS; i++)
			if (record[i].id)
				json_array_append_new(list, ocean_record(&record[i]));
	}
	return json_pack("{s:o, s:{}, s:{s:i}}", "domain_records", list, "links", "meta", "total", (int)json_array_size(list));
}

/* The record as it was asked for: 201 for a new one, 200 for a change, 204 for one that went, 404 where it is not there. */
static json_t *ocean_write(struct vendor *vendor, const struct vendor_call *call, int *http)
{
	unsigned id = (unsigned)strtoul(strrchr(call->path, '/') + 1, NULL, 10);
	json_t *json = json_loads(call->body, 0, NULL);
	struct vendor_record asked = { .id = id }, *row = NULL;
	bool gone = !strcmp(call->method, "DELETE");

	*http = !strcmp(call->method, "POST") ? 201 : gone ? 204 : 200;
	for (size_t i = 0; i < VENDOR_RECORDS && !row; i++)
		if (vendor->record[i].id == id)
			row = &vendor->record[i];
	if (json) {
		take_host(&asked, json_string_value(json_object_get(json, "data")));
		asked.preference = (unsigned)json_integer_value(json_object_get(json, "priority"));
		asked.ttl_s = (unsigned)json_integer_value(json_object_get(json, "ttl"));
		json_decref(json);
	}
	if (!row) {
		*http = 404;
		return json_pack("{s:s}", "message", "no such record");
	}
	if (!id)
		asked.id = vendor->next_id + 1;
	vendor->next_id += !id && !call->lost;
	if (!call->lost)
		*row = gone ? (struct vendor_record){ 0 } : asked;
	return gone ? NULL : json_pack("{s:o}", "domain_record", ocean_record(&asked));
}

static json_t *ocean(struct vendor *vendor, const struct vendor_call *call, int *http)
{
	if (call->writes)
		return ocean_write(vendor, call, http);
	if (strstr(call->path, "/records"))
		return ocean_list(vendor, call);
	return json_pack("{s:{s:s}}", "domain", "name", ZONE);
}

/* ---- HTTP ---- */

static void end_client(struct vendor_client *client)
{
	struct vendor_client **at = &client->vendor->client;

	while (*at != client)
		at = &(*at)->next;
	*at = client->next;
	loop_cancel(client->reads);
	close(client->fd);
	free(client);
}

static void send_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(fd, text, len, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		text += sent;
		len -= (size_t)sent;
	}
}

static void respond(struct vendor_client *client, const struct vendor_call *call, json_t *json, int http)
{
	char *body = call->text ? strdup(call->text) : json && !call->http ? json_dumps(json, JSON_COMPACT) : strdup("");
	char head[512];
	int len = snprintf(head, sizeof(head),
		"HTTP/1.1 %d x\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n%sConnection: close\r\n\r\n",
		call->http ? call->http : http, strlen(body), call->header ? call->header : "");

	send_all(client->fd, head, (size_t)len);
	send_all(client->fd, body, strlen(body));
	free(body);
}

static bool is_set_read(const char *path)
{
	return strstr(path, "type=MX") || strstr(path, "/zones/");
}

static void answer(struct vendor_client *client, const char *method, const char *path, const char *body)
{
	struct vendor *vendor = client->vendor;
	struct vendor_call call = { .method = method, .path = path, .body = body, .writes = strcmp(method, "GET") != 0 };
	struct vendor_record before[VENDOR_RECORDS];
	size_t logged = strlen(vendor->log);
	int http = 200;
	json_t *json;

	snprintf(vendor->log + logged, sizeof(vendor->log) - logged, "%s %s\n", method, path);
	call.n = call.writes ? ++vendor->writes : is_set_read(path) ? ++vendor->reads : 0;
	if (vendor->hook)
		vendor->hook(vendor, &call);
	memcpy(before, vendor->record, sizeof(before));
	json = strstr(path, "/api/v1/") ? pdns(vendor, &call, &http) : ocean(vendor, &call, &http);
	if (call.stale) {
		memcpy(vendor->before, before, sizeof(before));
		vendor->stale = call.stale;
	}
	if (!call.drop)
		respond(client, &call, json, http);
	json_decref(json);
	end_client(client);
}

static void came(void *data)
{
	struct vendor_client *client = data;
	ssize_t got = recv(client->fd, client->text + client->len, sizeof(client->text) - 1 - client->len, 0);
	char *body, *length, *method, *path, *rest = NULL;

	if (got <= 0) {
		end_client(client);
		return;
	}
	client->len += (size_t)got;
	client->text[client->len] = '\0';
	body = strstr(client->text, "\r\n\r\n");
	if (!body)
		return;
	length = strcasestr(client->text, "content-length:");
	if (length && strlen(body + 4) < strtoul(length + 15, NULL, 10))
		return;
	method = strtok_r(client->text, " ", &rest);
	path = strtok_r(NULL, " ", &rest);
	answer(client, method, path, body + 4);
}

static void connected(void *data)
{
	struct vendor *vendor = data;
	struct vendor_client *client = calloc(1, sizeof(*client));

	client->fd = accept(vendor->listener, NULL, NULL);
	client->vendor = vendor;
	client->next = vendor->client;
	vendor->client = client;
	client->reads = loop_readable(vendor->loop, client->fd, came, client);
}

bool vendor_open(struct vendor *vendor)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);

	*vendor = (struct vendor){ .serial = 2026112501, .soa_edit_api = "INCREASE" };
	vendor->listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(vendor->listener, (struct sockaddr *)&at, len) != 0 || listen(vendor->listener, 16) != 0 ||
		getsockname(vendor->listener, (struct sockaddr *)&at, &len) != 0)
		return false;
	vendor->port = ntohs(at.sin_port);
	return true;
}

void vendor_serve(struct vendor *vendor, struct loop *loop)
{
	vendor->loop = loop;
	vendor->accept = loop_readable(loop, vendor->listener, connected, vendor);
}

void vendor_close(struct vendor *vendor)
{
	while (vendor->client)
		end_client(vendor->client);
	loop_cancel(vendor->accept);
	close(vendor->listener);
}
