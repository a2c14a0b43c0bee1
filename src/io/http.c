/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "io/curl_lib.h"
#include "base/banned.h"

#define CONNECT_TIMEOUT_MS 10000L
#define HEADER_MAX 1000 /* bytes of a header's value that are kept */

struct http {
	struct loop *loop;
	struct curl_lib curl;
	struct err missing; /* the library: no exchange can be made */
	CURLM *multi;
	struct loop_handle *timer;
	struct http_exchange *exchanges;
};

struct socket_watch {
	struct http *http;
	curl_socket_t fd;
	struct loop_handle *readable, *writable;
};

struct http_exchange {
	struct http *http;
	struct http_exchange *next;
	struct http_then then;
	CURL *easy;
	struct curl_slist *headers, *resolved;
	size_t most;
	char *url, *shown; /* shown: without secrets */
	char *socket;      /* of a server on this machine, or NULL */
	const char *const *keep;
	struct str body;
	struct http_response response;
	struct loop_handle *delivery;
	struct err err; /* known before anything was sent */
	CURLcode result;
	bool too_long, loopback;
};

/* ---- an exchange's end ---- */

static void release(struct http_exchange *exchange)
{
	struct http_exchange **at = &exchange->http->exchanges;
	const struct curl_lib *curl = &exchange->http->curl;

	while (*at != exchange)
		at = &(*at)->next;
	*at = exchange->next;
	if (exchange->easy) {
		curl->multi_remove_handle(exchange->http->multi, exchange->easy);
		curl->easy_cleanup(exchange->easy);
	}
	for (struct curl_slist *line = exchange->headers; line; line = line->next)
		mem_wipe(line->data, strlen(line->data));
	if (exchange->headers)
		curl->slist_free_all(exchange->headers);
	if (exchange->resolved)
		curl->slist_free_all(exchange->resolved);
	loop_cancel(exchange->delivery);
	http_response_release(&exchange->response);
	mem_wipe(exchange->body.s, exchange->body.len);
	str_release(&exchange->body);
	mem_wipe(exchange->url, strlen(exchange->url));
	free(exchange->url);
	free(exchange->shown);
	free(exchange->socket);
	free(exchange);
}

/* Whether some of the request may have reached the server. */
static bool was_sent(const struct http_exchange *exchange)
{
	long size = 0;

	if (!exchange->easy)
		return false;
	exchange->http->curl.easy_getinfo(exchange->easy, CURLINFO_REQUEST_SIZE, &size);
	return size > 0;
}

static void say_failure(const struct http_exchange *exchange, struct err *err)
{
	CURLcode result = exchange->result;

	if (exchange->too_long)
		err_set(err, ERR_NETWORK, N_("the reply of %s is longer than %lu bytes"), exchange->shown, (unsigned long)exchange->most);
	else if (result == CURLE_OPERATION_TIMEDOUT)
		err_set(err, ERR_NETWORK, N_("no answer from %s in time"), exchange->shown);
	else
		err_set(err, ERR_NETWORK, N_("no answer from %s: %s"), exchange->shown, exchange->http->curl.easy_strerror(result));
	if (result == CURLE_PEER_FAILED_VERIFICATION)
		err_hint(err, N_("The server's certificate is not one to be trusted; nothing was sent."));
}

static void deliver(void *data)
{
	struct http_exchange *exchange = data;
	struct err err = exchange->err;
	bool sent = was_sent(exchange);
	bool ok = err.code == ERR_NONE && exchange->result == CURLE_OK;
	long status = 0;

	exchange->delivery = NULL;
	if (!ok && err.code == ERR_NONE)
		say_failure(exchange, &err);
	if (ok) {
		exchange->http->curl.easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
		exchange->response.status = (int)status;
	}
	exchange->then.fn(exchange->then.data, ok ? &exchange->response : NULL, ok ? NULL : &err, sent);
	release(exchange);
}

enum http_end http_end(const struct http_exchange *exchange)
{
	if (exchange->too_long)
		return HTTP_TOO_LONG;
	return exchange->result == CURLE_PEER_FAILED_VERIFICATION ? HTTP_MISTRUSTED : HTTP_ENDED;
}

void http_cancel(struct http_exchange *exchange)
{
	if (exchange)
		release(exchange);
}

/* ---- libcurl on the loop ---- */

static void look_for_ends(struct http *http)
{
	CURLMsg *msg;
	int left;

	while ((msg = http->curl.multi_info_read(http->multi, &left))) {
		struct http_exchange *exchange;
		if (msg->msg != CURLMSG_DONE)
			continue;
		http->curl.easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &exchange);
		exchange->result = msg->data.result;
		exchange->delivery = loop_after(http->loop, 0, deliver, exchange);
	}
}

static void act(struct http *http, curl_socket_t fd, int what)
{
	int running;

	http->curl.multi_socket_action(http->multi, fd, what, &running);
	look_for_ends(http);
}

static void readable(void *data)
{
	struct socket_watch *watch = data;

	act(watch->http, watch->fd, CURL_CSELECT_IN);
}

static void writable(void *data)
{
	struct socket_watch *watch = data;

	act(watch->http, watch->fd, CURL_CSELECT_OUT);
}

static void timer_fired(void *data)
{
	struct http *http = data;

	http->timer = NULL;
	act(http, CURL_SOCKET_TIMEOUT, 0);
}

static int set_timer(CURLM *multi, long ms, void *data)
{
	struct http *http = data;

	(void)multi;
	loop_cancel(http->timer);
	http->timer = ms < 0 ? NULL : loop_after(http->loop, (uint64_t)ms, timer_fired, http);
	return 0;
}

static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *of_socket)
{
	struct http *http = data;
	struct socket_watch *watch = of_socket;

	(void)easy;
	if (watch) {
		loop_cancel(watch->readable);
		loop_cancel(watch->writable);
		watch->readable = watch->writable = NULL;
	}
	if (what == CURL_POLL_REMOVE) {
		free(watch);
		http->curl.multi_assign(http->multi, fd, NULL);
		return 0;
	}
	if (!watch) {
		watch = mem_alloc(sizeof(*watch));
		*watch = (struct socket_watch){ .http = http, .fd = fd };
		http->curl.multi_assign(http->multi, fd, watch);
	}
	if (what & CURL_POLL_IN)
		watch->readable = loop_readable(http->loop, fd, readable, watch);
	if (what & CURL_POLL_OUT)
		watch->writable = loop_writable(http->loop, fd, writable, watch);
	return 0;
}

struct http *http_new(struct loop *loop)
{
	struct http *http = mem_alloc(sizeof(*http));
	const struct curl_lib *curl = &http->curl;

	http->loop = loop;
	if (!curl_lib_open(&http->curl, &http->missing))
		return http;
	curl_lib_begin(&http->curl);
	http->multi = curl->multi_init();
	curl->multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl->multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	curl->multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl->multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	return http;
}

void http_free(struct http *http)
{
	if (!http)
		return;
	while (http->exchanges)
		release(http->exchanges);
	if (http->multi)
		http->curl.multi_cleanup(http->multi);
	loop_cancel(http->timer);
	if (http->multi)
		http->curl.global_cleanup();
	free(http);
}

/* ---- what comes in ---- */

static size_t take_body(char *bytes, size_t size, size_t n, void *data)
{
	struct http_exchange *exchange = data;

	if (exchange->response.body.len + size * n > exchange->most) {
		exchange->too_long = true;
		return 0;
	}
	str_add_bytes(&exchange->response.body, bytes, size * n);
	return size * n;
}

static bool is_among(const char *const *names, const char *name, size_t len)
{
	for (; names && *names; names++)
		if (len == strlen(*names) && !strncasecmp(name, *names, len))
			return true;
	return false;
}

static bool of_interest(const struct http_exchange *exchange, const char *name, size_t len)
{
	static const char *const names[] = { "content-type", "retry-after", "location", "etag", "link", "date", NULL };

	if (is_among(names, name, len) || is_among(exchange->keep, name, len))
		return true;
	return len >= 9 && (!strncasecmp(name, "ratelimit", 9) || !strncasecmp(name, "x-ratelim", 9));
}

static size_t take_header(char *line, size_t size, size_t n, void *data)
{
	struct http_exchange *exchange = data;
	size_t len = size * n, name_len;
	char name[64], value[HEADER_MAX + 1];
	const char *colon = memchr(line, ':', len), *from, *end = line + len;

	if (len > 5 && !memcmp(line, "HTTP/", 5)) /* a new head: what an interim reply had does not count */
		http_response_clear(&exchange->response);
	name_len = colon ? (size_t)(colon - line) : 0;
	if (!name_len || name_len >= sizeof(name) || !of_interest(exchange, line, name_len))
		return len;
	for (size_t i = 0; i < name_len; i++)
		name[i] = (char)(line[i] >= 'A' && line[i] <= 'Z' ? line[i] | 32 : line[i]);
	name[name_len] = 0;
	for (from = colon + 1; from < end && (*from == ' ' || *from == '\t'); from++)
		;
	while (end > from && (end[-1] == '\r' || end[-1] == '\n' || end[-1] == ' '))
		end--;
	if (end - from > HEADER_MAX)
		end = from + HEADER_MAX;
	memcpy(value, from, (size_t)(end - from));
	value[end - from] = 0;
	http_response_add_header(&exchange->response, name, value);
	return len;
}

/* ---- sending ---- */

/* A secret never crosses a network in the clear. */
static bool may_send(struct http_exchange *exchange, const struct http_request *request)
{
	bool secret = http_request_has_secret(request), tls = !strncmp(exchange->url, "https://", 8), ok = false;
	const struct curl_lib *curl = &exchange->http->curl;
	CURLU *parts = curl->url();

	if ((!tls && strncmp(exchange->url, "http://", 7) != 0) || !parts ||
		curl->url_set(parts, CURLUPART_URL, exchange->url, 0) != CURLUE_OK) {
		err_set(&exchange->err, ERR_USAGE, N_("the endpoint is no http or https address: %s"), exchange->shown);
	} else if (curl_url_has_user(curl, parts)) {
		err_set(&exchange->err, ERR_USAGE, N_("the endpoint of an account may hold no user name or password"));
	} else {
		exchange->loopback = exchange->socket || curl_url_is_loopback(curl, parts);
		ok = tls || !secret || exchange->loopback ||
		     err_set(&exchange->err, ERR_USAGE, N_("the key would cross the network unencrypted to %s"), exchange->shown);
	}
	curl->url_cleanup(parts);
	if (!ok)
		err_hint(&exchange->err, N_("Set an https endpoint for the account."));
	return ok;
}

static void add_header(struct http_exchange *exchange, const char *name, const char *value)
{
	struct str line;

	str_init(&line, 0);
	str_addf(&line, "%s: %s", name, value);
	exchange->headers = exchange->http->curl.slist_append(exchange->headers, line.s);
	mem_wipe(line.s, line.len);
	str_release(&line);
}

static bool takes_body(const char *method)
{
	return !strcmp(method, "POST") || !strcmp(method, "PUT") || !strcmp(method, "PATCH");
}

/* "HOST:443:ADDRESS,ADDRESS" for https://HOST. */
static void set_resolved(struct http_exchange *exchange, const struct http_place *place)
{
	const struct curl_lib *curl = &exchange->http->curl;
	const char *host = strstr(place->base, "://");
	char addr[ADDR_TEXT_MAX];
	struct str line;

	str_init(&line, 0);
	str_addf(&line, "%s:443:", host ? host + 3 : place->base);
	for (size_t i = 0; i < place->n_at; i++)
		str_addf(&line, i ? ",%s" : "%s", addr_text(&place->at[i], addr));
	exchange->resolved = curl->slist_append(NULL, line.s);
	curl->easy_setopt(exchange->easy, CURLOPT_RESOLVE, exchange->resolved);
	str_release(&line);
}

static void set_up(struct http_exchange *exchange, const struct http_request *request, const struct http_place *place)
{
	const struct curl_lib *curl = &exchange->http->curl;
	CURL *easy = exchange->easy;

	for (size_t i = 0; i < request->n_header; i++)
		add_header(exchange, request->header[i].name, request->header[i].value);
	add_header(exchange, "Expect", "");
	curl->easy_setopt(easy, CURLOPT_PRIVATE, exchange);
	curl->easy_setopt(easy, CURLOPT_URL, exchange->url);
	curl->easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
	curl->easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->headers);
	curl->easy_setopt(easy, CURLOPT_USERAGENT, "mxladder/" PACKAGE_VERSION);
	curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl->easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
	curl->easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(place->timeout_ms ? place->timeout_ms : HTTP_TIMEOUT_MS));
	curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	curl->easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
	curl->easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
	curl->easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
	curl->easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (place->ca_file && *place->ca_file)
		curl->easy_setopt(easy, CURLOPT_CAINFO, place->ca_file);
	if (place->at)
		set_resolved(exchange, place);
	if (exchange->socket)
		curl->easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, exchange->socket);
	if (exchange->loopback)
		curl->easy_setopt(easy, CURLOPT_NOPROXY, "*"); /* a proxy of the environment is no loopback */
	if (strcmp(request->method, "GET") != 0)
		/* On a connection used before, libcurl would send it again by itself where no answer came: it may have taken effect. */
		curl->easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	if (exchange->body.len || takes_body(request->method)) {
		curl->easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body.len);
		curl->easy_setopt(easy, CURLOPT_POSTFIELDS, exchange->body.s);
	}
}

#define UNIX "unix:"

static void set_address(struct http_exchange *exchange, const char *base, const struct http_request *request)
{
	bool local = base && !strncmp(base, UNIX, strlen(UNIX));
	struct str url, shown;

	exchange->socket = local ? mem_text(base + strlen(UNIX)) : NULL;
	str_init(&url, 0);
	str_init(&shown, 0);
	str_addf(&url, "%s%s", local ? "http://localhost" : base ? base : "", request->path ? request->path : "");
	if (local)
		str_addf(&shown, "%s ", base);
	http_request_mask(request, local ? request->path : url.s, &shown);
	exchange->url = str_take(&url);
	exchange->shown = str_take(&shown);
}

struct http_exchange *http_send(
	struct http *http, const struct http_place *place, const struct http_request *request, struct http_then then)
{
	struct http_exchange *exchange = mem_alloc(sizeof(*exchange));

	*exchange = (struct http_exchange){ .http = http, .next = http->exchanges, .then = then, .keep = request->keep };
	exchange->most = place->most ? place->most : HTTP_BODY_MAX;
	http->exchanges = exchange;
	http_response_init(&exchange->response);
	str_init(&exchange->body, HTTP_BODY_MAX);
	str_add_bytes(&exchange->body, request->body.s, request->body.len);
	set_address(exchange, place->base, request);
	exchange->err = http->missing;
	if (http->multi && may_send(exchange, request)) {
		exchange->easy = http->curl.easy_init();
		set_up(exchange, request, place);
		http->curl.multi_add_handle(http->multi, exchange->easy);
	} else {
		exchange->delivery = loop_after(http->loop, 0, deliver, exchange);
	}
	return exchange;
}
