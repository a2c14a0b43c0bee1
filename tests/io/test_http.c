/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/http.h"
#include "io/scratch.h"

#define TIMEOUT_MS 3000
#define LIFETIME_S 120

/* ---- a server on loopback: what it answers depends on the path, "/silent" getting none; connections stay open for more ---- */

struct server {
	pid_t pid;
	int port;
	volatile unsigned *posts; /* shared: POST requests seen */
	char endpoint[64];
};

static void say(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);
		if (n <= 0)
			_exit(0);
		text += n;
		len -= (size_t)n;
	}
}

static void say_text(int fd, const char *text)
{
	say(fd, text, strlen(text));
}

static void say_big(int fd)
{
	static char piece[65536];
	size_t pieces = HTTP_BODY_MAX / sizeof(piece) + 1;
	char head[128];

	memset(piece, 'x', sizeof(piece));
	snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", pieces * sizeof(piece));
	say_text(fd, head);
	while (pieces--)
		say(fd, piece, sizeof(piece));
}

static void say_back(int fd, const char *request, size_t len)
{
	char head[128];

	snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", len);
	say_text(fd, head);
	say(fd, request, len);
}

/* A value of one byte more than is kept, a name of as many as are read, and one of one more. */
static void say_long(int fd)
{
	char head[2000];

	snprintf(head, sizeof(head),
		"HTTP/1.1 200 OK\r\nContent-Type: %01001d\r\nRateLimit%054d: a\r\nRateLimit%055d: b\r\nContent-Length: 0\r\n\r\n", 0, 0, 0);
	say_text(fd, head);
}

static void answer(int fd, const char *request, size_t len)
{
	static const struct {
		const char *path, *reply;
		bool closes;
	} replies[] = {
		{ " /ok ",
			"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Other: 1\r\nX-RateLimit-Remaining:  7 \r\n"
			"Content-Length: 2\r\n\r\n{}",
			false },
		{ " /interim ", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 422 No\r\nContent-Length: 3\r\n\r\nnay", false },
		{ " /redirect ", "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n", false },
		{ " /later ", "HTTP/1.1 429 Slow\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n", false },
		{ " /empty ", "HTTP/1.1 204 No Content\r\n\r\n", false },
		{ " /half ", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789", true },
		{ " /garbage ", "hej\r\n\r\nnothing that one could read\r\n", true },
		{ " /cut ", "", true },
	};

	if (strstr(request, " /echo "))
		say_back(fd, request, len);
	else if (strstr(request, " /big "))
		say_big(fd);
	else if (strstr(request, " /long "))
		say_long(fd);
	for (size_t i = 0; i < sizeof(replies) / sizeof(*replies); i++) {
		if (!strstr(request, replies[i].path))
			continue;
		say_text(fd, replies[i].reply);
		if (replies[i].closes)
			_exit(0);
	}
}

static _Noreturn void talk(int fd, volatile unsigned *posts)
{
	char request[8192] = "";
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, request + len, sizeof(request) - 1 - len)) > 0) {
		const char *end, *length;
		len += (size_t)n;
		request[len] = 0;
		end = strstr(request, "\r\n\r\n");
		length = strstr(request, "Content-Length: ");
		if (!end || (length && (size_t)strtol(length + 16, NULL, 10) > len - (size_t)(end + 4 - request)))
			continue;
		if (!strncmp(request, "POST", 4))
			++*posts;
		answer(fd, request, len);
		len = 0;
	}
	_exit(0);
}

static _Noreturn void serve(int listener, volatile unsigned *posts)
{
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int fd = accept(listener, NULL, NULL);
		if (fork() == 0) {
			alarm(LIFETIME_S);
			talk(fd, posts);
		}
		close(fd);
	}
}

static int listen_somewhere(int *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (const struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(fd, 64), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

/* ---- exchanges ---- */

struct seen {
	unsigned calls;
	int status;
	char type[64], remaining[16], body[1024];
	size_t len;
	bool sent;
	enum err_code code;
	char said[1200];
	const char *hint;
	size_t n_header, type_len;
	struct http_exchange *exchange;
	enum http_end end;
};

static void came(void *data, const struct http_response *response, const struct err *err, bool sent)
{
	struct seen *seen = data;
	struct str said;

	seen->calls++;
	seen->sent = sent;
	assert_true(!response == !!err);
	if (response) {
		const char *type = http_response_header(response, "content-type");
		const char *remaining = http_response_header(response, "x-ratelimit-remaining");
		seen->status = response->status;
		seen->len = response->body.len;
		seen->n_header = response->n_header;
		seen->type_len = type ? strlen(type) : 0;
		snprintf(seen->body, sizeof(seen->body), "%s", response->body.s);
		snprintf(seen->type, sizeof(seen->type), "%s", type ? type : "");
		snprintf(seen->remaining, sizeof(seen->remaining), "%s", remaining ? remaining : "");
		return;
	}
	seen->code = err->code;
	seen->hint = err->hint.id;
	if (seen->exchange)
		seen->end = http_end(seen->exchange);
	str_init(&said, 0);
	err_format(err, NULL, &said);
	snprintf(seen->said, sizeof(seen->said), "%s", said.s);
	str_release(&said);
}

struct room {
	struct server server;
	struct loop *loop;
	struct http *http;
};

static struct http_exchange *send_it(struct room *room, const char *endpoint, const struct http_request *request, struct seen *seen)
{
	return http_send(
		room->http, &(struct http_place){ .base = endpoint, .timeout_ms = TIMEOUT_MS }, request, (struct http_then){ came, seen });
}

static struct seen get_at(struct room *room, const struct http_place *place, const char *path, bool secret)
{
	struct http_request request;
	struct seen seen = { 0 };

	http_request_init(&request);
	http_request_set(&request, "GET", "%s", path);
	if (secret)
		http_request_header(&request, "X-API-Key", "s3cret", true);
	seen.exchange = http_send(room->http, place, &request, (struct http_then){ came, &seen });
	assert_int_equal(seen.calls, 0);
	http_request_release(&request); /* it was copied */
	loop_run(room->loop);
	assert_int_equal(seen.calls, 1);
	assert_null(strstr(seen.said, "s3cret"));
	return seen;
}

static struct seen get(struct room *room, const char *endpoint, const char *path, bool secret)
{
	return get_at(room, &(struct http_place){ .base = endpoint, .timeout_ms = TIMEOUT_MS }, path, secret);
}

static void http_send__brings__status_headers_and_body(void **state)
{
	static const struct {
		const char *path;
		int status;
		const char *body;
	} cases[] = {
		{ "/ok", 200, "{}" },
		{ "/interim", 422, "nay" },
		{ "/redirect", 302, "" },
		{ "/later", 429, "" },
		{ "/empty", 204, "" },
	};
	struct room *room = *state;
	struct seen seen;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		seen = get(room, room->server.endpoint, cases[i].path, true);
		assert_int_equal(seen.code, ERR_NONE);
		assert_int_equal(seen.status, cases[i].status);
		assert_string_equal(seen.body, cases[i].body);
		assert_true(seen.sent);
	}
	seen = get(room, room->server.endpoint, "/ok", false);
	assert_string_equal(seen.type, "application/json");
	assert_string_equal(seen.remaining, "7");
}

static void http_send__sends__what_the_request_says(void **state)
{
	struct room *room = *state;
	struct http_request request;
	struct seen seen = { 0 };

	http_request_init(&request);
	http_request_set(&request, "PATCH", "/echo");
	http_request_header(&request, "X-API-Key", "s3cret", true);
	http_request_header(&request, "Content-Type", "application/json", false);
	str_add(&request.body, "{\"a\":1}");
	send_it(room, room->server.endpoint, &request, &seen);
	loop_run(room->loop);
	assert_int_equal(strncmp(seen.body, "PATCH /echo HTTP/1.1\r\n", 22), 0);
	assert_non_null(strstr(seen.body, "\r\nX-API-Key: s3cret\r\n"));
	assert_non_null(strstr(seen.body, "\r\nContent-Type: application/json\r\n"));
	assert_non_null(strstr(seen.body, "\r\nContent-Length: 7\r\n"));
	assert_non_null(strstr(seen.body, "\r\n\r\n{\"a\":1}"));
	assert_null(strstr(seen.body, "Expect"));
	http_request_set(&request, "POST", "/echo");
	send_it(room, room->server.endpoint, &request, &seen);
	loop_run(room->loop);
	assert_non_null(strstr(seen.body, "\r\nContent-Length: 0\r\n"));
	http_request_release(&request);
}

static void http_send__keeps__so_much_of_a_reply(void **state)
{
	struct room *room = *state;
	struct http_place place = { .base = room->server.endpoint, .timeout_ms = TIMEOUT_MS, .most = 2 };
	struct seen seen = get(room, room->server.endpoint, "/long", false);
	char wanted[200];

	assert_int_equal(seen.status, 200);
	assert_int_equal(seen.type_len, 1000);
	assert_int_equal(seen.n_header, 2);
	assert_int_equal(get_at(room, &place, "/ok", false).status, 200);
	place.most = 1;
	seen = get_at(room, &place, "/ok", false);
	snprintf(wanted, sizeof(wanted), "the reply of %s/ok is longer than 1 bytes", room->server.endpoint);
	assert_string_equal(seen.said, wanted);
	assert_int_equal(seen.end, HTTP_TOO_LONG);
	seen = get(room, room->server.endpoint, "/cut", false);
	assert_int_equal(seen.end, HTTP_ENDED);
	assert_null(seen.hint);
}

/* A socket of this machine, which a key may go to; and addresses that no resolver is asked for. */
static void http_send__goes__where_the_place_says(void **state)
{
	struct room *room = *state;
	char *dir = scratch_new(NULL), base[200];
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);
	struct addr addr[2];
	struct seen seen;
	pid_t pid;

	snprintf(at.sun_path, sizeof(at.sun_path), "%s/s", dir);
	snprintf(base, sizeof(base), "unix:%s/s", dir);
	assert_int_equal(bind(listener, (const struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(listener, 4), 0);
	pid = fork();
	if (pid == 0)
		serve(listener, room->server.posts);
	close(listener);
	seen = get(room, base, "/echo", true);
	assert_int_equal(seen.status, 200);
	assert_int_equal(strncmp(seen.body, "GET /echo HTTP/1.1\r\nHost: localhost\r\n", 37), 0);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	scratch_free(dir);
	seen = get(room, "unix:/nonexistent/s", "/ok", true);
	assert_int_equal(strncmp(seen.said, "no answer from unix:/nonexistent/s /ok: ", 40), 0);
	assert_false(seen.sent);
	assert_true(addr_parse(&addr[0], "127.0.0.1") && addr_parse(&addr[1], "127.0.0.2"));
	seen = get_at(
		room, &(struct http_place){ .base = "https://mx.invalid", .timeout_ms = TIMEOUT_MS, .at = addr, .n_at = 2 }, "/ok", true);
	assert_int_equal(seen.code, ERR_NETWORK);
	assert_non_null(strstr(seen.said, "connect")); /* nobody is asked for the name */
}

static void http_send__fails__and_says_that_it_was_sent(void **state)
{
	static const char *const paths[] = { "/cut", "/half", "/garbage", "/silent", "/big" };
	struct room *room = *state;

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		uint64_t began = loop_ms();
		struct seen seen = get(room, room->server.endpoint, paths[i], true);

		if (seen.code != ERR_NETWORK || !seen.sent)
			fail_msg("%s: code %d, sent %d, %s", paths[i], seen.code, seen.sent, seen.said);
		assert_true(loop_ms() - began < TIMEOUT_MS + 12000);
	}
}

static void http_send__fails__and_says_that_nothing_was_sent(void **state)
{
	struct room *room = *state;
	char closed[64], tls[64];
	int port, fd = listen_somewhere(&port);
	struct seen seen;

	close(fd);
	snprintf(closed, sizeof(closed), "http://127.0.0.1:%d", port);
	snprintf(tls, sizeof(tls), "https://127.0.0.1:%d", room->server.port);
	const struct {
		const char *endpoint;
		enum err_code code;
		const char *said; /* NULL: the library's words */
	} cases[] = {
		{ closed, ERR_NETWORK, NULL },
		{ tls, ERR_NETWORK, NULL },
		{ "https://name.invalid", ERR_NETWORK, NULL },
		{ "http://192.0.2.1", ERR_USAGE, "the key would cross the network unencrypted to http://192.0.2.1/ok" },
		{ "http://127.0.0.1.example", ERR_USAGE, "the key would cross the network unencrypted to http://127.0.0.1.example/ok" },
		{ "http://localhost.example", ERR_USAGE, "the key would cross the network unencrypted to http://localhost.example/ok" },
		{ "http://128.0.0.1", ERR_USAGE, "the key would cross the network unencrypted to http://128.0.0.1/ok" },
		{ "http://126.255.255.255", ERR_USAGE, "the key would cross the network unencrypted to http://126.255.255.255/ok" },
		{ "http://[::2]", ERR_USAGE, "the key would cross the network unencrypted to http://[::2]/ok" },
		{ "ftp://127.0.0.1", ERR_USAGE, "the endpoint is no http or https address: ftp://127.0.0.1/ok" },
		{ "file:///etc/passwd", ERR_USAGE, "the endpoint is no http or https address: file:///etc/passwd/ok" },
		{ "", ERR_USAGE, "the endpoint is no http or https address: /ok" },
		{ "http://", ERR_USAGE, NULL },
		{ "https://user:s3cret@api.example", ERR_USAGE, "the endpoint of an account may hold no user name or password" },
		{ "http://127.0.0.1@192.0.2.1", ERR_USAGE, "the endpoint of an account may hold no user name or password" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		seen = get(room, cases[i].endpoint, "/ok", true);
		if (seen.code != cases[i].code || seen.sent)
			fail_msg("%s: code %d, sent %d, %s", cases[i].endpoint, seen.code, seen.sent, seen.said);
		if (cases[i].said)
			assert_string_equal(seen.said, cases[i].said);
	}
}

static void http_send__sends_no_write_twice__on_a_connection_used_before(void **state)
{
	struct room *room = *state;
	struct http_request request;
	struct seen seen = { 0 };
	unsigned before;

	assert_int_equal(get(room, room->server.endpoint, "/ok", false).status, 200);
	before = *room->server.posts;
	http_request_init(&request);
	http_request_set(&request, "POST", "/cut");
	send_it(room, room->server.endpoint, &request, &seen);
	loop_run(room->loop);
	assert_int_equal(seen.code, ERR_NETWORK);
	assert_int_equal(*room->server.posts - before, 1);
	http_request_release(&request);
}

static void http_send__asks_no_proxy__for_loopback(void **state)
{
	struct room *room = *state;

	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("all_proxy", "http://127.0.0.1:1", 1);
	assert_int_equal(get(room, room->server.endpoint, "/ok", true).status, 200);
	unsetenv("http_proxy");
	unsetenv("all_proxy");
}

static void http_send__runs__many_at_once_and_cancels(void **state)
{
	struct room *room = *state;
	struct http_request request;
	struct seen seen[20] = { 0 }, cancelled = { 0 };
	struct http_exchange *exchange;

	http_request_init(&request);
	http_request_set(&request, "GET", "/silent");
	exchange = send_it(room, room->server.endpoint, &request, &cancelled);
	http_request_set(&request, "GET", "/ok");
	for (size_t i = 0; i < 20; i++)
		send_it(room, room->server.endpoint, &request, &seen[i]);
	http_cancel(exchange);
	http_cancel(NULL);
	loop_run(room->loop);
	for (size_t i = 0; i < 20; i++)
		assert_int_equal(seen[i].status, 200);
	assert_int_equal(cancelled.calls, 0);
	http_request_set(&request, "GET", "/silent");
	send_it(room, room->server.endpoint, &request, &cancelled); /* the tear-down takes it along */
	http_request_release(&request);
}

/* ---- TLS ---- */

static int start_tls(pid_t *pid, const char *dir)
{
	char command[700], line[256];
	int port = 0, ends[2];
	FILE *said;

	snprintf(command, sizeof(command),
		"cd %s && openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out cert -days 2 "
		"-subj /CN=localhost -addext subjectAltName=DNS:localhost >req.log 2>&1",
		dir);
	*pid = fork();
	if (*pid == 0) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	waitpid(*pid, NULL, 0);
	assert_int_equal(pipe(ends), 0);
	*pid = fork();
	if (*pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		fclose(stderr);
		if (chdir(dir) != 0)
			_exit(1);
		alarm(LIFETIME_S);
		execlp("openssl", "openssl", "s_server", "-accept", "127.0.0.1:0", "-key", "key", "-cert", "cert", "-www", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	said = fdopen(ends[0], "r");
	while (!port && fgets(line, sizeof(line), said))
		sscanf(line, "ACCEPT 127.0.0.1:%d", &port);
	fclose(said);
	return port;
}

static void http_send__refuses__a_certificate_that_nobody_vouches_for(void **state)
{
	struct room *room = *state;
	char *dir = scratch_new(NULL), endpoint[64], ca_file[300];
	pid_t pid;
	int port = start_tls(&pid, dir);
	struct seen seen;

	assert_true(port > 0);
	snprintf(endpoint, sizeof(endpoint), "https://localhost:%d", port);
	snprintf(ca_file, sizeof(ca_file), "%s/cert", dir);
	seen = get(room, endpoint, "/", true);
	assert_int_equal(seen.code, ERR_NETWORK);
	assert_false(seen.sent);
	assert_int_equal(seen.end, HTTP_MISTRUSTED);
	assert_string_equal(seen.hint, "The server's certificate is not one to be trusted; nothing was sent.");
	seen = get_at(room, &(struct http_place){ .base = endpoint, .timeout_ms = TIMEOUT_MS, .ca_file = "" }, "/", true);
	assert_int_equal(seen.end, HTTP_MISTRUSTED);
	seen = get_at(room, &(struct http_place){ .base = endpoint, .timeout_ms = TIMEOUT_MS, .ca_file = ca_file }, "/", true);
	assert_int_equal(seen.status, 200);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	scratch_free(dir);
}

static int set_up(void **state)
{
	struct room *room = calloc(1, sizeof(*room));
	int listener = listen_somewhere(&room->server.port);

	room->server.posts = mmap(NULL, sizeof(unsigned), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	room->server.pid = fork();
	if (room->server.pid == 0)
		serve(listener, room->server.posts);
	close(listener);
	snprintf(room->server.endpoint, sizeof(room->server.endpoint), "http://127.0.0.1:%d", room->server.port);
	room->loop = loop_new();
	room->http = http_new(room->loop);
	*state = room;
	return 0;
}

static int tear_down(void **state)
{
	struct room *room = *state;

	http_free(room->http);
	http_free(NULL);
	loop_free(room->loop);
	kill(room->server.pid, SIGTERM);
	waitpid(room->server.pid, NULL, 0);
	munmap((void *)(uintptr_t)room->server.posts, sizeof(unsigned));
	free(room);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(http_send__brings__status_headers_and_body),
		cmocka_unit_test(http_send__sends__what_the_request_says),
		cmocka_unit_test(http_send__keeps__so_much_of_a_reply),
		cmocka_unit_test(http_send__goes__where_the_place_says),
		cmocka_unit_test(http_send__fails__and_says_that_it_was_sent),
		cmocka_unit_test(http_send__fails__and_says_that_nothing_was_sent),
		cmocka_unit_test(http_send__sends_no_write_twice__on_a_connection_used_before),
		cmocka_unit_test(http_send__asks_no_proxy__for_loopback),
		cmocka_unit_test(http_send__refuses__a_certificate_that_nobody_vouches_for),
		cmocka_unit_test(http_send__runs__many_at_once_and_cancels),
	};
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
