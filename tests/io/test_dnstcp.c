/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/dnstcp.h"

/* A server of one connection: reads a message, checks it against `asked`, writes the pieces, closes (or keeps still). */
struct script {
	const char *asked; /* with prefix */
	size_t n_asked;
	const char *piece[4];
	size_t n_piece[4];
	bool hangs, resets;
};

struct server {
	pid_t pid;
	int fd;
	char endpoint[64];
};

static void listen_at(struct server *server, int family)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_in in4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const struct sockaddr *at = family == AF_INET ? (const struct sockaddr *)&in4 : (const struct sockaddr *)&in6;
	socklen_t len = family == AF_INET ? sizeof in4 : sizeof in6;

	server->pid = 0;
	server->fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(server->fd >= 0);
	assert_int_equal(bind(server->fd, at, len), 0);
	assert_int_equal(listen(server->fd, 4), 0);
	if (family == AF_INET) {
		assert_int_equal(getsockname(server->fd, (struct sockaddr *)&in4, &len), 0);
		snprintf(server->endpoint, sizeof server->endpoint, "127.0.0.1:%u", (unsigned)ntohs(in4.sin_port));
	} else {
		assert_int_equal(getsockname(server->fd, (struct sockaddr *)&in6, &len), 0);
		snprintf(server->endpoint, sizeof server->endpoint, "[::1]:%u", (unsigned)ntohs(in6.sin6_port));
	}
}

static void play(const struct server *server, const struct script *script)
{
	char bytes[70000];
	size_t n = 0;
	int fd = accept(server->fd, NULL, NULL);

	while (n < script->n_asked) {
		ssize_t got = recv(fd, bytes + n, sizeof bytes - n, 0);

		if (got <= 0)
			_exit(3);
		n += (size_t)got;
	}
	if (script->asked && (n != script->n_asked || memcmp(bytes, script->asked, n) != 0))
		_exit(4);
	for (int i = 0; i < 4 && script->piece[i]; i++) {
		if (send(fd, script->piece[i], script->n_piece[i], MSG_NOSIGNAL) < 0)
			_exit(5);
		usleep(2000);
	}
	if (script->resets)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
	if (script->hangs)
		pause();
	close(fd);
	_exit(0);
}

static void serve(struct server *server, int family, const struct script *script)
{
	listen_at(server, family);
	server->pid = fork();
	if (server->pid == 0)
		play(server, script);
}

/* What its process ended with; -1 when it had to be killed. */
static int stop(struct server *server, bool kills)
{
	int status = 0;

	if (kills)
		kill(server->pid, SIGKILL);
	waitpid(server->pid, &status, 0);
	close(server->fd);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct seen {
	struct loop *loop;
	struct dnstcp_pool *pool;
	int calls;
	bool sent;
	struct err err;
	struct str answer;
};

static void on_answer(void *data, const struct str *answer, const struct err *err, bool sent)
{
	struct seen *seen = data;

	seen->calls++;
	seen->sent = sent;
	if (err)
		seen->err = *err;
	if (answer)
		str_add_bytes(&seen->answer, answer->s, answer->len);
	assert_true((answer == NULL) == (err != NULL));
	loop_stop(seen->loop);
}

#define LONG_MS 60000
#define SHORT_MS 20

static void open_pool(struct seen *seen, uint32_t idle_ms)
{
	*seen = (struct seen){ .loop = loop_new() };
	seen->pool = dnstcp_pool_new(seen->loop, idle_ms);
	str_init(&seen->answer, 0);
}

static void ask_more(struct seen *seen, const struct dnstcp_message *message)
{
	seen->calls = 0;
	seen->err = (struct err){ 0 };
	str_clear(&seen->answer);
	assert_non_null(dnstcp_send(seen->pool, message, (struct dnstcp_then){ on_answer, seen }));
	assert_int_equal(seen->calls, 0); /* never from within */
	loop_run(seen->loop);
	assert_int_equal(seen->calls, 1);
}

static void ask(struct seen *seen, const char *endpoint, const struct str *message, uint32_t timeout_ms)
{
	open_pool(seen, LONG_MS);
	ask_more(seen, &(struct dnstcp_message){ endpoint, message, timeout_ms, false });
}

static void forget(struct seen *seen)
{
	dnstcp_pool_free(seen->pool);
	str_release(&seen->answer);
	loop_free(seen->loop);
}

static void err_is(const struct err *err, enum err_code code, const char *want)
{
	struct str text;

	str_init(&text, 0);
	err_format(err, NULL, &text);
	assert_int_equal(err->code, code);
	assert_string_equal(text.s, want);
	str_release(&text);
}

static void message_of(struct str *message, const char *text)
{
	str_init(message, 0);
	str_add(message, text);
}

static void dnstcp__gives__the_answer_in_any_pieces(void **state)
{
	static const struct script scripts[] = {
		{ "\0\5hello", 7, { "\0\3one" }, { 5 }, false, false },
		{ "\0\5hello", 7, { "\0", "\3o", "n", "e" }, { 1, 2, 1, 1 }, true, false },
		{ "\0\5hello", 7, { "\0\3onetwo" }, { 8 }, false, false }, /* what comes after is another message */
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof scripts / sizeof scripts[0]; i++) {
		const struct script *script = &scripts[i / 2];
		struct server server;
		struct seen seen;
		struct str message;

		message_of(&message, "hello");
		serve(&server, i % 2 ? AF_INET6 : AF_INET, script);
		ask(&seen, server.endpoint, &message, 5000);
		assert_int_equal(seen.err.code, ERR_NONE);
		assert_true(seen.sent);
		assert_int_equal(seen.answer.len, 3);
		assert_string_equal(seen.answer.s, "one");
		assert_int_equal(stop(&server, script->hangs), script->hangs ? -1 : 0);
		str_release(&message);
		forget(&seen);
	}
}

static void dnstcp__carries__the_longest_message(void **state)
{
	char asked[2 + 65535] = { (char)0xff, (char)0xff };
	struct script script = { asked, sizeof asked, { asked }, { sizeof asked }, false, false };
	struct server server;
	struct seen seen;
	struct str message;

	(void)state;
	memset(asked + 2, 'x', 65535);
	str_init(&message, 0);
	str_add_bytes(&message, asked + 2, 65535);
	serve(&server, AF_INET, &script);
	ask(&seen, server.endpoint, &message, 5000);
	assert_int_equal(seen.answer.len, 65535);
	assert_memory_equal(seen.answer.s, asked + 2, 65535);
	assert_int_equal(stop(&server, false), 0);
	forget(&seen);
	str_add_char(&message, 'x');
	ask(&seen, "127.0.0.1:9", &message, 5000);
	err_is(&seen.err, ERR_REFUSED, "the message for 127.0.0.1:9 is longer than a DNS message can be");
	assert_false(seen.sent);
	str_release(&message);
	forget(&seen);
}

static void dnstcp__says__that_there_is_no_whole_answer(void **state)
{
	static const struct {
		struct script script;
		uint32_t timeout_ms;
		const char *before, *after; /* the server */
	} cases[] = {
		{ { "\0\5hello", 7, { NULL }, { 0 }, false, false }, 5000, "", " closed the connection without a whole answer" },
		{ { "\0\5hello", 7, { "\0\4one" }, { 5 }, false, false }, 5000, "", " closed the connection without a whole answer" },
		{ { "\0\5hello", 7, { "\0" }, { 1 }, false, false }, 5000, "", " closed the connection without a whole answer" },
		{ { "\0\5hello", 7, { "\0\4one" }, { 5 }, true, false }, 60, "no answer from ", " in time" },
		{ { "\0\5hello", 7, { NULL }, { 0 }, false, true }, 5000, "no answer from ", ": Connection reset by peer" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct server server;
		struct seen seen;
		struct str message;
		char said[128];

		message_of(&message, "hello");
		serve(&server, AF_INET, &cases[i].script);
		ask(&seen, server.endpoint, &message, cases[i].timeout_ms);
		snprintf(said, sizeof said, "%s%s%s", cases[i].before, server.endpoint, cases[i].after);
		err_is(&seen.err, ERR_NETWORK, said);
		assert_true(seen.sent);
		assert_int_equal(stop(&server, cases[i].script.hangs), cases[i].script.hangs ? -1 : 0);
		str_release(&message);
		forget(&seen);
	}
}

static void dnstcp__knows__that_nothing_was_sent(void **state)
{
	struct server server;
	struct seen seen;
	struct str message;
	char said[128];

	(void)state;
	message_of(&message, "hello");
	listen_at(&server, AF_INET);
	close(server.fd);
	ask(&seen, server.endpoint, &message, 5000);
	snprintf(said, sizeof said, "no answer from %s: Connection refused", server.endpoint);
	err_is(&seen.err, ERR_NETWORK, said);
	assert_false(seen.sent);
	forget(&seen);
	ask(&seen, "ns1.exempel.com", &message, 0);
	err_is(&seen.err, ERR_USAGE, "not the address of a server: ns1.exempel.com");
	assert_false(seen.sent);
	forget(&seen);
	str_release(&message);
}

/* ---- kept connections ---- */

/* What the server does with one connection after the other: it answers so many messages with the connection's letter, and "half"
 * of another; reads a last one; and goes away. */
struct round {
	int answers;
	bool half, reads_one_more, waits_for_end;
};

static bool read_hello(int fd)
{
	char bytes[7];

	return recv(fd, bytes, sizeof bytes, MSG_WAITALL) == sizeof bytes;
}

static void play_rounds(const struct server *server, const struct round *round, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char answer[] = { 0, 1, (char)('a' + i) };
		int fd = accept(server->fd, NULL, NULL);

		for (int k = 0; k < round[i].answers; k++)
			if (!read_hello(fd) || send(fd, answer, sizeof answer, MSG_NOSIGNAL) < 0)
				_exit(3);
		if (round[i].half && (!read_hello(fd) || send(fd, answer, 2, MSG_NOSIGNAL) < 0))
			_exit(4);
		if (round[i].reads_one_more && !read_hello(fd))
			_exit(5);
		if (round[i].waits_for_end && read_hello(fd))
			_exit(6);
		close(fd);
	}
	_exit(0);
}

static void serve_rounds(struct server *server, const struct round *round, size_t n)
{
	listen_at(server, AF_INET);
	server->pid = fork();
	if (server->pid == 0)
		play_rounds(server, round, n);
}

static void is_answered(struct seen *seen, const struct dnstcp_message *message, const char *want)
{
	ask_more(seen, message);
	assert_int_equal(seen->err.code, ERR_NONE);
	assert_string_equal(seen->answer.s, want);
}

static void dnstcp__asks_again__on_a_kept_connection(void **state)
{
	static const struct round rounds[] = { { 3, .waits_for_end = true }, { 1, .waits_for_end = true }, { 1, false, false, false } };
	struct server server;
	struct seen seen, soon;
	struct str bytes;

	(void)state;
	message_of(&bytes, "hello");
	serve_rounds(&server, rounds, 3);
	open_pool(&seen, LONG_MS);
	for (int i = 0; i < 3; i++)
		is_answered(&seen, &(struct dnstcp_message){ server.endpoint, &bytes, 5000, false }, "a");
	forget(&seen);
	open_pool(&soon, SHORT_MS);
	is_answered(&soon, &(struct dnstcp_message){ server.endpoint, &bytes, 5000, false }, "b");
	loop_run(soon.loop); /* nothing but the end of the kept connection is left to wait for */
	is_answered(&soon, &(struct dnstcp_message){ server.endpoint, &bytes, 5000, false }, "c");
	assert_int_equal(stop(&server, false), 0);
	str_release(&bytes);
	forget(&soon);
}

static void dnstcp__sends_a_change__on_a_connection_of_its_own(void **state)
{
	static const struct round rounds[] = { { 2, false, false, false }, { 2, false, false, false } };
	struct server server;
	struct seen seen, other;
	struct str bytes;

	(void)state;
	message_of(&bytes, "hello");
	serve_rounds(&server, rounds, 1);
	open_pool(&seen, LONG_MS);
	open_pool(&other, LONG_MS);
	is_answered(&seen, &(struct dnstcp_message){ server.endpoint, &bytes, 5000, true }, "a");
	is_answered(&seen, &(struct dnstcp_message){ server.endpoint, &bytes, 5000, false }, "a"); /* the question has the change's */
	assert_int_equal(stop(&server, false), 0);
	serve_rounds(&server, rounds, 2);
	is_answered(&other, &(struct dnstcp_message){ server.endpoint, &bytes, 5000, false }, "a");
	assert_non_null(dnstcp_send(
		other.pool, &(struct dnstcp_message){ server.endpoint, &bytes, 80, true }, (struct dnstcp_then){ on_answer, &other }));
	loop_run(other.loop); /* the server is at the kept one, and nothing came on it */
	assert_string_equal(other.err.what.id, "no answer from %s in time");
	stop(&server, true);
	str_release(&bytes);
	forget(&other);
	forget(&seen);
}

static void dnstcp__asks_anew__where_a_kept_connection_ends(void **state)
{
	static const struct {
		struct round round[2];
		const char *want; /* of the second message; NULL: it failed */
	} cases[] = {
		{ { { 1, false, false, false }, { 1, false, false, false } }, "b" },
		{ { { 1, false, true, false }, { 1, false, false, false } }, "b" },
		{ { { 1, true, false, false }, { 1, false, false, false } }, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct server server;
		struct seen seen;
		struct str bytes;

		message_of(&bytes, "hello");
		serve_rounds(&server, cases[i].round, 2);
		open_pool(&seen, LONG_MS);
		is_answered(&seen, &(struct dnstcp_message){ server.endpoint, &bytes, 5000, false }, "a");
		ask_more(&seen, &(struct dnstcp_message){ server.endpoint, &bytes, 5000, false });
		assert_int_equal(seen.err.code, cases[i].want ? ERR_NONE : ERR_NETWORK);
		assert_string_equal(seen.answer.s, cases[i].want ? cases[i].want : "");
		stop(&server, !cases[i].want);
		str_release(&bytes);
		forget(&seen);
	}
}

static void dnstcp_cancel__tells__nothing(void **state)
{
	struct seen seen;
	struct str message;
	struct server server;

	(void)state;
	open_pool(&seen, LONG_MS);
	message_of(&message, "hello");
	listen_at(&server, AF_INET);
	dnstcp_cancel(dnstcp_send(
		seen.pool, &(struct dnstcp_message){ server.endpoint, &message, 50, false }, (struct dnstcp_then){ on_answer, &seen }));
	dnstcp_cancel(dnstcp_send(
		seen.pool, &(struct dnstcp_message){ "nowhere", &message, 50, false }, (struct dnstcp_then){ on_answer, &seen }));
	dnstcp_cancel(NULL);
	dnstcp_pool_free(NULL);
	loop_run(seen.loop); /* nothing is left to wait for */
	assert_int_equal(seen.calls, 0);
	close(server.fd);
	str_release(&message);
	forget(&seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dnstcp__gives__the_answer_in_any_pieces),
		cmocka_unit_test(dnstcp__carries__the_longest_message),
		cmocka_unit_test(dnstcp__says__that_there_is_no_whole_answer),
		cmocka_unit_test(dnstcp__knows__that_nothing_was_sent),
		cmocka_unit_test(dnstcp__asks_again__on_a_kept_connection),
		cmocka_unit_test(dnstcp__sends_a_change__on_a_connection_of_its_own),
		cmocka_unit_test(dnstcp__asks_anew__where_a_kept_connection_ends),
		cmocka_unit_test(dnstcp_cancel__tells__nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
