/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An MTA-STS policy as a survey fetches it: from a web server of openssl's own, which sends what the test wrote; and where there is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/survey.h"
#include "dnsd.h"
#include "io/dns_cache.h"
#include "io/scratch.h"

#define TXT "_mta-sts TXT \"v=STSv1; id=a1\"\n"
#define AT_SERVER TXT "mta-sts A 127.0.0.30\n"
#define POLICY "version: STSv1\nmode: enforce\nmax_age: 86400\nmx: mx1.exempel.com\n"

struct scene {
	char *dir;
	struct app app;
	struct dnsd dnsd;
	struct dnsd_server *resolver;
	struct facts facts;
	pid_t web;
};

static void put(const struct scene *scene, const char *name, const char *text, size_t len)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/%s", scene->dir, name);
	assert_true(store_write_file(path, text, len, 0600, NULL));
}

static bool is_open(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(443) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool open;

	inet_pton(AF_INET, "127.0.0.30", &at.sin_addr);
	open = connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0;
	close(fd);
	return open;
}

static pid_t start_web(const char *dir)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (chdir(dir) == 0 && freopen("/dev/null", "w", stdout) && freopen("/dev/null", "w", stderr))
			execlp("openssl", "openssl", "s_server", "-quiet", "-HTTP", "-accept", "127.0.0.30:443", "-key", "key", "-cert",
				"cert", (char *)NULL);
		_exit(127);
	}
	for (int tries = 0; tries < 1000 && !is_open(); tries++)
		usleep(10000);
	return pid;
}

static void open_app(struct scene *scene, const char *ca_file)
{
	struct app_options options = { .timeout_ms = 15000 };
	char config[300], state[300], text[400];

	snprintf(config, sizeof(config), "%s/config", scene->dir);
	snprintf(state, sizeof(state), "%s/state", scene->dir);
	snprintf(text, sizeof(text), "[dns]\nresolver = 127.0.0.53\nanchor_file = /nowhere\n%s%s%s%s\n", ca_file ? "ca_file = " : "",
		ca_file ? scene->dir : "", ca_file ? "/" : "", ca_file ? ca_file : "");
	put(scene, "config", text, strlen(text));
	options.config = config;
	options.state_dir = state;
	assert_true(app_open(&scene->app, &options, NULL));
	scene->dnsd = (struct dnsd){ .loop = scene->app.loop };
	scene->resolver = dnsd_add(&scene->dnsd, "127.0.0.53", DNSD_RESOLVES);
}

static int setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	char command[900];

	scene->dir = scratch_new(NULL);
	snprintf(command, sizeof(command),
		"cd %s && mkdir .well-known && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -keyout key -out cert "
		"-subj /CN=mta-sts.exempel.com -addext subjectAltName=DNS:mta-sts.exempel.com >/dev/null 2>&1",
		scene->dir);
	assert_int_equal(system(command), 0);
	setenv("no_proxy", "*", 1);
	scene->web = start_web(scene->dir);
	open_app(scene, "cert");
	*state = scene;
	return 0;
}

static int teardown(void **state)
{
	struct scene *scene = *state;

	facts_release(&scene->facts);
	dnsd_close(&scene->dnsd);
	app_close(&scene->app);
	kill(scene->web, SIGKILL);
	waitpid(scene->web, NULL, 0);
	scratch_free(scene->dir);
	free(scene);
	return 0;
}

static void moved(void *data, bool finished)
{
	(void)data, (void)finished;
}

static const struct sts_facts *look(struct scene *scene, const char *records)
{
	struct survey *survey;
	struct dname name;
	char zone[1000];

	dnsd_clear(scene->resolver);
	snprintf(zone, sizeof(zone), "@ NS ns1\n@ MX 10 mx1\n%s", records);
	dnsd_zone(scene->resolver, "exempel.com.", zone);
	dns_cache_forget(scene->app.answers);
	facts_release(&scene->facts);
	assert_true(dname_parse(&name, "exempel.com", NULL));
	facts_init(&scene->facts, &name);
	survey = survey_start(&scene->app, &(struct survey_want){ &scene->facts, NULL, NEEDS_STS_TXT | NEEDS_STS_POLICY }, moved, NULL);
	survey_wait(&scene->app, survey, 30000);
	assert_false(survey_running(survey));
	survey_free(survey);
	return &scene->facts.sts;
}

static void policy__is_told__by_what_the_server_sends(void **state)
{
	static const struct {
		const char *response; /* its status and header */
		enum sts_fetch fetch;
		int status;
		const char *reason;
		bool read;
	} rows[] = {
		{ "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n", STS_FETCH_OK, 200, "", true },
		{ "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n", STS_FETCH_OK, 200, "", true },
		{ "HTTP/1.1 200 OK\r\nContent-Type: Text/Plain\r\n", STS_FETCH_OK, 200, "", true },
		{ "HTTP/1.1 200 OK\r\nContent-Type: text/plainer\r\n", STS_FETCH_TYPE, 200, "", true },
		{ "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", STS_FETCH_TYPE, 200, "", true },
		{ "HTTP/1.1 200 OK\r\nX: y\r\n", STS_FETCH_TYPE, 200, "", true },
		{ "HTTP/1.1 299 Odd\r\nContent-Type: text/plain\r\n", STS_FETCH_STATUS, 299, "", false },
		{ "HTTP/1.1 300 Choose\r\nContent-Type: text/plain\r\n", STS_FETCH_REDIRECT, 300, "", false },
		{ "HTTP/1.1 301 Moved\r\nLocation: https://other.example/\r\n", STS_FETCH_REDIRECT, 301, "https://other.example/", false },
		{ "HTTP/1.1 399 Odd\r\nContent-Type: text/plain\r\n", STS_FETCH_REDIRECT, 399, "", false },
		{ "HTTP/1.1 400 Bad\r\nContent-Type: text/plain\r\n", STS_FETCH_STATUS, 400, "", false },
		{ "HTTP/1.1 404 Gone\r\nContent-Type: text/plain\r\n", STS_FETCH_STATUS, 404, "", false },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct sts_facts *sts;
		char response[600];

		snprintf(response, sizeof(response), "%sConnection: close\r\n\r\n" POLICY, rows[i].response);
		put(scene, ".well-known/mta-sts.txt", response, strlen(response));
		sts = look(scene, AT_SERVER);
		if (sts->fetch != rows[i].fetch || sts->status != rows[i].status || strcmp(sts->reason, rows[i].reason) != 0)
			fail_msg("row %zu: fetch %d, status %ld, \"%s\"", i, sts->fetch, sts->status, sts->reason);
		assert_int_equal(sts->policy.mode, rows[i].read ? STS_ENFORCE : STS_MODE_UNKNOWN);
		assert_int_equal(sts->policy.max_age_s, rows[i].read ? 86400 : 0);
		assert_int_equal(sts->policy.n_mx, rows[i].read ? 1 : 0);
		assert_int_equal(sts->policy.problems, 0);
		assert_int_equal(sts->n_record, 1);
		assert_string_equal(sts->id, "a1");
		assert_false(sts->ttl_known); /* a resolver told it */
	}
}

static void policy__that_is_too_large__is_not_read(void **state)
{
	struct scene *scene = *state;
	const struct sts_facts *sts;
	static const size_t lens[] = { 65536, 65537, 200000 };

	for (size_t i = 0; i < 3; i++) {
		struct str text;
		size_t head;

		str_init(&text, 0);
		str_add(&text, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n");
		head = text.len;
		str_add(&text, POLICY);
		while (text.len - head < lens[i])
			str_add_char(&text, '\n');
		put(scene, ".well-known/mta-sts.txt", text.s, text.len);
		sts = look(scene, AT_SERVER);
		assert_int_equal(sts->fetch, i ? STS_FETCH_TOO_LARGE : STS_FETCH_OK);
		assert_int_equal(!*sts->reason, !i);
		assert_int_equal(sts->policy.mode, i ? STS_MODE_UNKNOWN : STS_ENFORCE);
		str_release(&text);
	}
}

static void policy__of_a_server_that_nobody_vouches_for__is_not_read(void **state)
{
	struct scene *scene = *state;
	const struct sts_facts *sts;

	dnsd_close(&scene->dnsd);
	app_close(&scene->app);
	open_app(scene, NULL);
	sts = look(scene, AT_SERVER);
	assert_int_equal(sts->fetch, STS_FETCH_CERTIFICATE);
	assert_int_equal(sts->status, 0);
	assert_true(*sts->reason);
}

static void fail_policy_host(struct dnsd_server *server, const struct dns_question *question)
{
	server->how = !memcmp(question->name.wire, "\7mta-sts", 8) ? DNSD_FAILS : DNSD_RESOLVES;
}

static void policy__that_cannot_be_fetched__says_why(void **state)
{
	struct scene *scene = *state;
	const struct sts_facts *sts;

	sts = look(scene, "");
	assert_int_equal(sts->fetch, STS_FETCH_UNASKED);
	assert_int_equal(sts->n_record, 0);
	sts = look(scene, TXT);
	assert_int_equal(sts->fetch, STS_FETCH_NO_ADDRESS);
	assert_int_equal(sts->address, ANSWER_NXDOMAIN);
	sts = look(scene, TXT "mta-sts TXT x\n");
	assert_int_equal(sts->fetch, STS_FETCH_NO_ADDRESS);
	assert_int_equal(sts->address, ANSWER_NODATA);
	sts = look(scene, TXT "mta-sts A 127.0.0.31\n"); /* nobody listens there */
	assert_int_equal(sts->fetch, STS_FETCH_UNREACHABLE);
	assert_int_equal(sts->address, ANSWER_DATA);
	assert_int_equal(sts->status, 0);
	assert_true(*sts->reason);
	scene->resolver->hook = fail_policy_host;
	sts = look(scene, AT_SERVER);
	assert_int_equal(sts->fetch, STS_FETCH_UNREACHABLE);
	assert_int_equal(sts->address, ANSWER_SERVFAIL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(policy__is_told__by_what_the_server_sends),
		TEST(policy__that_is_too_large__is_not_read),
		TEST(policy__of_a_server_that_nobody_vouches_for__is_not_read),
		TEST(policy__that_cannot_be_fetched__says_why),
	};

	if (system("command -v openssl >/dev/null") != 0)
		return puts("1..0 # SKIP openssl is not there") < 0;
	if (!dnsd_enter())
		return puts("1..0 # SKIP this machine lets no network namespace be made") < 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
