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

static void ask(struct seen *seen, const char *endpoint, const struct str *message, uint32_t timeout_ms)
{
	*seen = (struct seen){ .loop = loop_new() };
	str_init(&seen->answer, 0);
	assert_non_null(dnstcp_send(seen->loop, endpoint, message, timeout_ms, (struct dnstcp_then){ on_answer, seen }));
	assert_int_equal(seen->calls, 0); /* never from within */
	loop_run(seen->loop);
	assert_int_equal(seen->calls, 1);
}

static void forget(struct seen *seen)
{
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

static void dnstcp_cancel__tells__nothing(void **state)
{
	struct seen seen = { .loop = loop_new() };
	struct str message;
	struct server server;

	(void)state;
	message_of(&message, "hello");
	listen_at(&server, AF_INET);
	dnstcp_cancel(dnstcp_send(seen.loop, server.endpoint, &message, 50, (struct dnstcp_then){ on_answer, &seen }));
	dnstcp_cancel(dnstcp_send(seen.loop, "nowhere", &message, 50, (struct dnstcp_then){ on_answer, &seen }));
	dnstcp_cancel(NULL);
	loop_run(seen.loop); /* nothing is left to wait for */
	assert_int_equal(seen.calls, 0);
	close(server.fd);
	str_release(&message);
	loop_free(seen.loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dnstcp__gives__the_answer_in_any_pieces),
		cmocka_unit_test(dnstcp__carries__the_longest_message),
		cmocka_unit_test(dnstcp__says__that_there_is_no_whole_answer),
		cmocka_unit_test(dnstcp__knows__that_nothing_was_sent),
		cmocka_unit_test(dnstcp_cancel__tells__nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
