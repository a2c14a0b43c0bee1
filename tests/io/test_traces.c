/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is left of a secret in this program's own memory, heap and stack, after it was used: nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/mem.h"
#include "io/child.h"
#include "io/http.h"
#include "io/scratch.h"
#include "io/secret.h"

#define LEN 120
#define FROM 40 /* what is freed gets some bytes of the allocator's at its beginning */
#define TO 90
#define WINDOW ((size_t)1 << 16)

/* Byte i of the secret, which stands nowhere as a whole. */
static char of_secret(size_t i)
{
	return (char)('a' + (i * i + 7 * i) % 23);
}

static void reveal(char out[LEN + 1])
{
	for (size_t i = 0; i < LEN; i++)
		out[i] = of_secret(i);
	out[LEN] = '\0';
}

static bool is_here(const char *at)
{
	for (size_t i = FROM; i < TO; i++)
		if (at[i - FROM] != of_secret(i))
			return false;
	return true;
}

/* Reads as a debugger does: what is freed is no object of ours any more. */
static bool found_between(uintptr_t from, uintptr_t to, char *window)
{
	int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	bool found = false;

	for (uintptr_t at = from; at < to && !found; at += WINDOW - (TO - FROM)) {
		ssize_t n = pread(memory, window, to - at < WINDOW ? to - at : WINDOW, (off_t)at);

		for (ssize_t i = 0; i + TO - FROM <= n && !found; i++)
			found = is_here(window + i);
	}
	close(memory);
	return found;
}

static bool is_in_memory(void)
{
	char line[512], *window = mmap(NULL, WINDOW, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	FILE *maps = fopen("/proc/self/maps", "r");
	bool found = false;
	unsigned long from, to;

	assert_true(maps && window != MAP_FAILED);
	while (fgets(line, sizeof line, maps))
		if ((strstr(line, "[heap]") || strstr(line, "[stack]")) && sscanf(line, "%lx-%lx", &from, &to) == 2)
			found |= found_between(from, to, window);
	fclose(maps);
	munmap(window, WINDOW);
	return found;
}

/* Where allocations lie elsewhere (a sanitizer's), nothing can be seen. */
static bool has_sight(void)
{
	char text[LEN + 1], *copy;
	bool seen;

	reveal(text);
	copy = mem_text(text);
	explicit_bzero(text, sizeof text);
	seen = is_in_memory();
	explicit_bzero(copy, LEN);
	free(copy);
	assert_false(is_in_memory());
	return seen;
}

static void write_secret(int fd)
{
	char text[LEN + 1];

	reveal(text);
	assert_int_equal(write(fd, text, LEN), LEN);
	explicit_bzero(text, sizeof text);
}

static char *file_of_secret(const char *dir)
{
	struct str path;
	int fd;

	str_init(&path, 0);
	str_addf(&path, "%s/secret", dir);
	fd = open(path.s, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	write_secret(fd);
	close(fd);
	return str_take(&path);
}

static bool is_secret(const char *text)
{
	size_t i = 0;

	while (i < LEN && text[i] == of_secret(i))
		i++;
	return i == LEN && !text[i];
}

static void key_came(void *data, const char *key, const struct err *err)
{
	*(bool *)data = !err && is_secret(key);
}

static void key__leaves__no_trace(void **state)
{
	char *dir, *file;

	(void)state;
	if (!has_sight())
		return;
	dir = scratch_new(NULL);
	file = file_of_secret(dir);
	for (size_t i = 0; i < 2; i++) {
		char name[20], value[300], lab[] = "lab", account[] = "account";
		struct config_pair pair = { name, value, 1 };
		struct config_section section = { .kind = account, .name = lab, .n = 1, .pair = &pair };
		struct loop *loop = loop_new();
		bool came = false;

		snprintf(name, sizeof name, "%s", i ? "key_file" : "key_command");
		snprintf(value, sizeof value, i ? "%s" : "cat %s", file);
		secret_fetch(loop, &section, key_came, &came);
		loop_run(loop);
		assert_true(came);
		assert_false(is_in_memory());
		loop_free(loop);
	}
	free(file);
	scratch_free(dir);
}

struct told {
	bool out, diag;
};

static void child_ended(void *data, const struct child_result *result, const struct err *err)
{
	struct told *told = data;

	assert_null(err);
	told->out = is_secret(result->out);
	told->diag = is_secret(result->diag);
}

/* What it is given, and what it says, soon or with its last breath. */
static void child__leaves__no_trace(void **state)
{
	static const char *const commands[] = { "cat", "sh -c 'cat >&2'", "sh -c 'read -r x; exec 2>&1; sleep 0.05; printf %s \"$x\"'" };
	char *text;

	(void)state;
	if (!has_sight())
		return;
	text = mem_alloc(LEN + 1);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		char **words = child_argv(commands[i], NULL);
		struct loop *loop = loop_new();
		struct told told = { false, false };

		reveal(text);
		child_run(loop, &(struct child_job){ .words = words, .input = text, .input_len = LEN }, child_ended, &told);
		explicit_bzero(text, LEN);
		loop_run(loop);
		assert_int_equal(told.out, i != 1);
		assert_int_equal(told.diag, i == 1);
		assert_false(is_in_memory());
		loop_free(loop);
		child_argv_free(words);
	}
	free(text);
}

/* Path, header, body, and what is told as secret: where it is sent, and where it only was made. */
static void request__leaves__no_trace(void **state)
{
	struct http_request request;
	char text[LEN + 1];

	(void)state;
	if (!has_sight())
		return;
	for (int i = 0; i < 4; i++) {
		http_request_init(&request);
		reveal(text);
		http_request_set(&request, "POST", "/%s", i == 0 ? text : "");
		if (i != 2)
			http_request_secret(&request, text);
		if (i == 2)
			http_request_header(&request, "X-Key", text, true);
		if (i == 3)
			str_add(&request.body, text);
		explicit_bzero(text, sizeof text);
		assert_true(is_in_memory());
		http_request_release(&request);
		assert_false(is_in_memory());
	}
}

/* ---- a server of one request ---- */

static pid_t serve(int *port)
{
	static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), fd;
	char bytes[4096];
	size_t got = 0;
	pid_t pid;

	assert_int_equal(bind(listener, (const struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &len), 0);
	*port = ntohs(at.sin_port);
	pid = fork();
	if (pid == 0) {
		alarm(20);
		fd = accept(listener, NULL, NULL);
		while (got < 3 * LEN) { /* path, header and body */
			ssize_t n = read(fd, bytes, sizeof bytes);

			if (n <= 0)
				_exit(1);
			got += (size_t)n;
		}
		if (write(fd, reply, sizeof reply - 1) < 0)
			_exit(2);
		_exit(0);
	}
	close(listener);
	return pid;
}

static void http_came(void *data, const struct http_response *response, const struct err *err, bool sent)
{
	*(int *)data = !err && sent ? response->status : -1;
}

static void exchange__leaves__no_trace(void **state)
{
	struct http_request request;
	char *text, base[64];
	int port, status = 0;
	struct http *http;
	struct loop *loop;
	pid_t pid;

	(void)state;
	if (!has_sight())
		return;
	loop = loop_new();
	http = http_new(loop);
	text = mem_alloc(LEN + 1);
	pid = serve(&port);
	snprintf(base, sizeof base, "http://127.0.0.1:%d", port);
	http_request_init(&request);
	reveal(text);
	http_request_set(&request, "POST", "/%s", text);
	http_request_secret(&request, text);
	http_request_header(&request, "X-Key", text, true);
	str_add(&request.body, text);
	explicit_bzero(text, LEN);
	http_send(http, &(struct http_place){ .base = base }, &request, (struct http_then){ http_came, &status });
	http_request_release(&request);
	loop_run(loop);
	assert_int_equal(status, 200);
	http_free(http);
	assert_false(is_in_memory());
	waitpid(pid, NULL, 0);
	loop_free(loop);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(key__leaves__no_trace),
		cmocka_unit_test(child__leaves__no_trace),
		cmocka_unit_test(request__leaves__no_trace),
		cmocka_unit_test(exchange__leaves__no_trace),
	};

	return cmocka_run_group_tests_name("traces", tests, NULL, NULL);
}
