/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which addresses a survey probes, how many at once, and what becomes of it: mail servers on port 25 of a namespace of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/session.h"
#include "app/session_private.h"
#include "app/survey_job.h"
#include "base/mem.h"
#include "core/facts/smtp.h"
#include "dnsd.h"
#include "io/scratch.h"
#include "../core/names.h"

#define SOA "@ SOA ns hostmaster 1 3600 900 604800 300\n"
#define HELD_MOST 128

#define TALKS 8

struct talk { /* with a server that says yes to everything */
	struct scene *scene;
	struct loop_handle *hears;
	int fd;
	uint8_t last; /* of its address */
};

struct scene {
	bool talks; /* else every connection gets a refusal */
	struct talk talk[TALKS];
	size_t n_talk;
	unsigned ehlos[256], rcpts[256]; /* by the last number of the address */
	char *dir;
	struct app app;
	struct dnsd dnsd;
	struct facts facts;
	struct survey *survey;
	struct session *session;
	unsigned changes, finished;
	int listening;
	struct loop_handle *accepts, *answers;
	int held[HELD_MOST]; /* connections that wait for a greeting */
	size_t n_held, most, greeted;
};

/* Every address of 192.0.2.0/24 is this machine's. */
static void make_addresses(void)
{
	struct ifreq request = { .ifr_name = "lo:1" };
	struct sockaddr_in at = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	inet_pton(AF_INET, "192.0.2.1", &at.sin_addr);
	memcpy(&request.ifr_addr, &at, sizeof(at));
	assert_int_equal(ioctl(fd, SIOCSIFADDR, &request), 0);
	inet_pton(AF_INET, "255.255.255.0", &at.sin_addr);
	memcpy(&request.ifr_netmask, &at, sizeof(at));
	assert_int_equal(ioctl(fd, SIOCSIFNETMASK, &request), 0);
	close(fd);
}

/* All that came are told, once no more have come for a while. */
static void answer(void *data)
{
	static const char words[] = "554 not today\r\n";
	struct scene *scene = data;

	scene->answers = NULL;
	if (scene->n_held > scene->most)
		scene->most = scene->n_held;
	while (scene->n_held) {
		int fd = scene->held[--scene->n_held];

		scene->greeted += write(fd, words, sizeof(words) - 1) == sizeof(words) - 1;
		close(fd);
	}
}

static void hear(void *data)
{
	static const char yes[] = "250 yes\r\n";
	struct talk *talk = data;
	char line[512];
	ssize_t n = read(talk->fd, line, sizeof(line));

	if (n <= 0) {
		loop_cancel(talk->hears);
		talk->hears = NULL;
		return;
	}
	talk->scene->ehlos[talk->last] += n > 4 && strncmp(line, "EHLO", 4) == 0;
	talk->scene->rcpts[talk->last] += n > 4 && strncmp(line, "RCPT", 4) == 0;
	assert_int_equal(write(talk->fd, yes, sizeof(yes) - 1), sizeof(yes) - 1);
}

static void begin_talk(struct scene *scene, int fd)
{
	static const char greeting[] = "220 mx ESMTP\r\n";
	struct talk *talk = &scene->talk[scene->n_talk++];
	struct sockaddr_in at;
	socklen_t len = sizeof(at);

	assert_true(scene->n_talk <= TALKS);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	*talk = (struct talk){ .scene = scene, .fd = fd, .last = (uint8_t)(ntohl(at.sin_addr.s_addr) & 255) };
	talk->hears = loop_readable(scene->app.loop, fd, hear, talk);
	assert_int_equal(write(fd, greeting, sizeof(greeting) - 1), sizeof(greeting) - 1);
}

static void come(void *data)
{
	struct scene *scene = data;
	int fd = accept(scene->listening, NULL, NULL);

	if (fd >= 0 && scene->talks) {
		begin_talk(scene, fd);
		return;
	}
	if (fd >= 0)
		scene->held[scene->n_held++] = fd;
	loop_cancel(scene->answers);
	scene->answers = loop_after(scene->app.loop, 40, answer, scene);
}

static void listen_at(struct scene *scene, uint16_t port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };

	loop_cancel(scene->accepts);
	if (scene->listening)
		close(scene->listening);
	scene->listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	assert_int_equal(setsockopt(scene->listening, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)), 0);
	assert_int_equal(bind(scene->listening, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(scene->listening, HELD_MOST), 0);
	scene->accepts = loop_readable(scene->app.loop, scene->listening, come, scene);
}

static int setup(void **state)
{
	struct scene *scene = mem_alloc(sizeof(*scene));

	scene->dir = dnsd_open_app(&scene->dnsd, &scene->app, NULL);
	scene->app.timeout_ms = 15000;
	scene->app.world = zoneworld_new();
	listen_at(scene, 25);
	*state = scene;
	return 0;
}

static int teardown(void **state)
{
	struct scene *scene = *state;

	survey_free(scene->survey);
	facts_release(&scene->facts);
	loop_cancel(scene->accepts);
	loop_cancel(scene->answers);
	for (; scene->n_talk; close(scene->talk[scene->n_talk].fd))
		loop_cancel(scene->talk[--scene->n_talk].hears);
	while (scene->n_held)
		close(scene->held[--scene->n_held]);
	close(scene->listening);
	dnsd_close_app(&scene->dnsd, &scene->app, scene->dir);
	free(scene);
	return 0;
}

static void moved(void *data, bool finished)
{
	struct scene *scene = data;

	scene->changes++;
	scene->finished += finished;
}

static void zone(struct scene *scene, const char *records)
{
	struct str text;

	str_init(&text, 0);
	str_addf(&text, "$ORIGIN exempel.com.\n$TTL 3600\n" SOA "%s", records);
	assert_true(zoneworld_add(scene->app.world, "exempel.com", text.s, text.len, NULL));
	str_release(&text);
}

static void begin(struct scene *scene, const struct mxset *also, unsigned needs)
{
	struct dname name = name_of("exempel.com");

	facts_init(&scene->facts, &name);
	scene->survey = survey_start(&scene->app, &(struct survey_want){ &scene->facts, also, needs }, moved, scene);
}

static void probe(struct scene *scene)
{
	struct err err = { 0 };

	assert_true(survey_probe(scene->survey, &err));
	assert_true(scene->facts.probed);
	survey_wait(&scene->app, scene->survey, 15000);
	assert_false(survey_running(scene->survey));
	assert_false(survey_probing(scene->survey));
	assert_int_equal(scene->finished, 1);
}

/* "mx1.exempel.com 192.0.2.1 greeting-5xx" of each row. */
static void expect_rows(const struct scene *scene, const char *wanted)
{
	char host[DNAME_TEXT_MAX], addr[ADDR_TEXT_MAX];
	struct str text;

	str_init(&text, 0);
	for (size_t i = 0; i < scene->facts.n_smtp; i++) {
		const struct smtp_facts *row = &scene->facts.smtp[i];

		str_addf(&text, "%s %s %s\n", dname_text(&row->host, host), addr_text(&row->addr, addr), smtp_seen_name(row->seen));
	}
	assert_string_equal(text.s, wanted);
	str_release(&text);
}

static void probes__go__to_each_address_of_the_set(void **state)
{
	struct scene *scene = *state;

	zone(scene,
		"@ MX 10 mx1\n@ MX 20 mx2\n@ MX 30 .\n@ A 192.0.2.9\nmx1 A 192.0.2.1\nmx1 A 192.0.2.2\nmx2 A 192.0.2.1\nmx3 A 192.0.2.3\n");
	begin(scene, NULL, NEEDS_HOSTS);
	probe(scene);
	expect_rows(scene, "mx1.exempel.com 192.0.2.1 greeting-5xx\nmx1.exempel.com 192.0.2.2 greeting-5xx\n"
			   "mx2.exempel.com 192.0.2.1 greeting-5xx\n");
	assert_int_equal(scene->greeted, 3);
	for (size_t i = 0; i < scene->facts.n_smtp; i++) {
		assert_int_equal(scene->facts.smtp[i].code, 554);
		assert_string_equal(scene->facts.smtp[i].reply, "not today");
		assert_int_equal(scene->facts.smtp[i].dane, FACT_UNKNOWN);
	}
	assert_in_range(scene->changes, 3, 50); /* it is told of answers, and not without end while it waits for one */
	/* asked again, nothing more is */
	assert_true(survey_probe(scene->survey, NULL));
	assert_false(survey_probing(scene->survey));
	assert_int_equal(scene->facts.n_smtp, 3);
}

/* A trial asks anew, also whom a probe asked before; what it has to say is the survey's own. */
static void tries__ask__anew(void **state)
{
	struct scene *scene = *state;
	struct smtp_trial trial = { { "postmaster@exempel.com", "nobody@exempel.com", "nobody@example.org" } };

	zone(scene, "@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 192.0.2.1\nmx2 A 192.0.2.2\n");
	begin(scene, NULL, NEEDS_HOSTS);
	probe(scene);
	assert_int_equal(scene->greeted, 2);
	assert_false(scene->facts.intrusive);
	assert_true(survey_try(scene->survey, &trial, NULL));
	memset(&trial, 'x', sizeof trial);
	assert_true(scene->facts.intrusive);
	assert_true(survey_probing(scene->survey));
	assert_int_equal(scene->facts.smtp[0].seen, SMTP_PENDING);
	assert_int_equal(scene->facts.n_smtp, 2);
	survey_wait(&scene->app, scene->survey, 15000);
	expect_rows(scene, "mx1.exempel.com 192.0.2.1 greeting-5xx\nmx2.exempel.com 192.0.2.2 greeting-5xx\n");
	assert_int_equal(scene->greeted, 4);
	assert_false(scene->facts.smtp[0].tried);
	/* half-way through it can be begun again, or be left */
	assert_true(survey_try(scene->survey, &trial, NULL));
	assert_true(survey_try(scene->survey, &trial, NULL));
}

/* Who confirmed it did so for the hosts that were there: one that a draft brings later is asked for no recipient. */
static void tries__name__no_recipient_to_hosts_that_come_later(void **state)
{
	struct scene *scene = *state;
	const struct smtp_trial trial = { { "postmaster@exempel.com", "nobody@exempel.com", "nobody@example.org" } };
	struct mxset also = { 0 };
	struct mx mx;

	scene->talks = true;
	zone(scene, "@ MX 10 mx1\nmx1 A 192.0.2.1\nmx3 A 192.0.2.3\n");
	begin(scene, NULL, NEEDS_HOSTS);
	survey_wait(&scene->app, scene->survey, 15000);
	assert_true(survey_try(scene->survey, &trial, NULL));
	survey_wait(&scene->app, scene->survey, 15000);
	assert_int_equal(scene->ehlos[1], 1);
	assert_int_equal(scene->rcpts[1], 3);
	assert_true(facts_smtp(&scene->facts, &scene->facts.smtp[0].host, &scene->facts.smtp[0].addr)->tried);

	mx_set(&mx, 20, "mx3.exempel.com");
	mxset_add(&also, &mx);
	survey_more(scene->survey, &also);
	survey_wait(&scene->app, scene->survey, 15000);
	assert_int_equal(scene->facts.n_smtp, 2);
	assert_int_equal(scene->ehlos[3], 1);
	assert_int_equal(scene->rcpts[3], 0);
	assert_false(scene->facts.smtp[1].tried);
	assert_int_equal(scene->rcpts[1], 3);

	/* Confirmed anew, it is for both. */
	assert_true(survey_try(scene->survey, &trial, NULL));
	survey_wait(&scene->app, scene->survey, 15000);
	assert_int_equal(scene->rcpts[1], 6);
	assert_int_equal(scene->rcpts[3], 3);
	mxset_release(&also);
}

static void probes__go__to_what_is_asked_for_beside_the_set(void **state)
{
	struct scene *scene = *state;
	struct mxset also = { 0 };
	struct mx mx;

	zone(scene, "@ MX 10 mx1\nmx1 A 192.0.2.1\nmx3 A 192.0.2.3\n");
	mx_set(&mx, 10, "mx3.exempel.com");
	mxset_add(&also, &mx);
	begin(scene, &also, NEEDS_HOSTS);
	probe(scene);
	assert_int_equal(scene->facts.n_smtp, 2);
	assert_int_equal(scene->greeted, 2);
	mxset_release(&also);
}

/* Without a record mail goes to the domain's own address; with one it does not. */
static void probes__go__to_the_domain_without_a_record(void **state)
{
	struct scene *scene = *state;

	zone(scene, "@ A 192.0.2.9\n");
	begin(scene, NULL, NEEDS_HOSTS);
	probe(scene);
	expect_rows(scene, "exempel.com 192.0.2.9 greeting-5xx\n");
}

/* Addresses that mean this machine, or none, are left alone; those right beside them are not. */
static void probes__leave_out__what_means_this_machine(void **state)
{
	struct scene *scene = *state;

	zone(scene,
		"@ MX 10 mx\nmx A 0.0.0.1\nmx A 0.255.255.255\nmx A 1.0.0.0\nmx A 126.255.255.255\nmx A 127.0.0.1\nmx A 127.255.255.255\n"
		"mx A 128.0.0.0\nmx A 223.255.255.255\nmx A 224.0.0.0\nmx A 255.255.255.255\n"
		"mx AAAA ::\nmx AAAA ::1\nmx AAAA ::2\nmx AAAA ::ffff:192.0.2.1\nmx AAAA ::fffe:c000:201\nmx AAAA ff00::1\nmx AAAA ffff::1\nmx AAAA feff::1\n");
	begin(scene, NULL, NEEDS_HOSTS);
	probe(scene);
	expect_rows(scene, "mx.exempel.com 1.0.0.0 unreachable\nmx.exempel.com 126.255.255.255 unreachable\n"
			   "mx.exempel.com 128.0.0.0 unreachable\nmx.exempel.com 223.255.255.255 unreachable\n"
			   "mx.exempel.com ::2 unreachable\nmx.exempel.com ::fffe:c000:201 unreachable\n"
			   "mx.exempel.com feff::1 unreachable\n");
}

/* Sixty-four connections at a time; the rest come as these end. */
static void probes__are__sixty_four_at_once(void **state)
{
	struct scene *scene = *state;
	struct str records;

	str_init(&records, 0);
	for (unsigned host = 1; host <= 3; host++) {
		str_addf(&records, "@ MX 10 mx%u\n", host);
		for (unsigned i = 0; i < 30; i++)
			str_addf(&records, "mx%u A 192.0.2.%u\n", host, host * 40 + i);
	}
	zone(scene, records.s);
	begin(scene, NULL, NEEDS_HOSTS);
	survey_wait(&scene->app, scene->survey, 15000); /* all addresses are known */
	scene->finished = 0;
	probe(scene);
	assert_int_equal(scene->facts.n_smtp, 90);
	assert_int_equal(scene->greeted, 90);
	assert_int_equal(scene->most, 64);
	for (size_t i = 0; i < 90; i++)
		assert_int_equal(scene->facts.smtp[i].seen, SMTP_GREETS_5XX);
	str_release(&records);
}

/* TLSA records may come before the chain or after it: once both are there, they are compared. */
static void chains__are_matched__with_the_records_of_their_host(void **state)
{
	static const enum fact wanted[] = { FACT_YES, FACT_NO, FACT_UNKNOWN };
	struct scene *scene = *state;

	zone(scene, "@ MX 10 mx1\n@ MX 20 mx2\n@ MX 30 mx3\nmx1 A 192.0.2.1\nmx2 A 192.0.2.2\nmx3 A 192.0.2.3\n"
		    "_25._tcp.mx1 TLSA 3 1 1 0707070707070707070707070707070707070707070707070707070707070707\n"
		    "_25._tcp.mx2 TLSA 3 1 1 0808080808080808080808080808080808080808080808080808080808080808\n");
	begin(scene, NULL, NEEDS_HOSTS | NEEDS_TLSA);
	probe(scene);
	for (size_t i = 0; i < 3; i++) {
		struct smtp_facts *row = &scene->facts.smtp[i];

		assert_int_equal(row->dane, FACT_UNKNOWN);
		row->tls = SMTP_TLS_UP;
		row->cert.n_chain = row->cert.n_linked = 1;
		memset(row->cert.chain[0].key_sha256, 7, sizeof(row->cert.chain[0].key_sha256));
	}
	assert_true(survey_probe(scene->survey, NULL));
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(scene->facts.smtp[i].dane, wanted[i]);
}

/* Freed while probes run, it tells nobody, and its connections are closed. */
static void survey__that_is_freed__ends_its_probes(void **state)
{
	struct scene *scene = *state;

	zone(scene, "@ MX 10 mx1\nmx1 A 192.0.2.1\nmx1 A 192.0.2.2\nmx1 A 192.0.2.3\n");
	begin(scene, NULL, NEEDS_HOSTS);
	survey_wait(&scene->app, scene->survey, 15000);
	assert_true(survey_probe(scene->survey, NULL));
	assert_true(survey_probing(scene->survey));
	assert_true(survey_running(scene->survey));
	assert_false(survey_asking(scene->survey));
	scene->changes = 0;
	survey_free(scene->survey);
	scene->survey = NULL;
	loop_after(scene->app.loop, 60, (loop_fn)loop_stop, scene->app.loop);
	loop_run(scene->app.loop);
	assert_int_equal(scene->changes, 0);
	assert_int_equal(scene->facts.smtp[0].seen, SMTP_PENDING);
}

/* ---- the prober, and the session's word for it ---- */

static void configure(struct scene *scene, const char *text)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/probes", scene->dir);
	assert_true(store_write_file(path, text, strlen(text), 0600, NULL));
	config_release(&scene->app.config);
	assert_true(config_read(&scene->app.config, path, NULL, NULL));
}

static void prober__is__as_it_was_configured(void **state)
{
	struct scene *scene = *state;
	struct err err = { 0 };

	configure(scene, "[probe]\nport = 2525\nname = me.example\nconnect_timeout = 7\nreply_timeout = 11\n");
	listen_at(scene, 2525);
	zone(scene, "@ MX 10 mx1\nmx1 A 192.0.2.1\n");
	begin(scene, NULL, NEEDS_HOSTS);
	probe(scene);
	expect_rows(scene, "mx1.exempel.com 192.0.2.1 greeting-5xx\n");
	assert_int_equal(app_probe_ms(&scene->app, false), 7000 + 6 * 11000 + 1000);
	assert_int_equal(app_probe_ms(&scene->app, true), 7000 + 15 * 11000 + 1000);
	assert_ptr_equal(app_prober(&scene->app, &err), app_prober(&scene->app, &err));
	scene->app.demo = true;
	assert_null(app_prober(&scene->app, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.what.id, "the demo probes no mail server");
	assert_int_equal(app_probe_ms(&scene->app, false), 0);
	scene->app.demo = false;
}

static void authorities__that_cannot_be_read__stop_the_probes(void **state)
{
	struct scene *scene = *state;
	struct err err = { 0 };

	configure(scene, "[probe]\nca_file = /nowhere/at/all\n");
	zone(scene, "@ MX 10 mx1\nmx1 A 192.0.2.1\n");
	begin(scene, NULL, NEEDS_HOSTS);
	assert_false(survey_probe(scene->survey, &err));
	assert_int_equal(err.code, ERR_FILE);
	assert_false(scene->facts.probed);
	assert_int_equal(scene->facts.n_smtp, 0);
	assert_int_equal(app_probe_ms(&scene->app, false), 0);
}

static void told_by_session(void *data)
{
	struct scene *scene = data;

	loop_stop(scene->app.loop);
}

/* What probes met can be taken for the servers' state once all have been answered. */
static void session__marks__what_the_probes_met(void **state)
{
	struct scene *scene = *state;
	struct dname name = name_of("exempel.com");
	struct survey_proof proof = { 0 };
	struct err err = { 0 };
	unsigned long revision;

	zone(scene, "@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 192.0.2.1\nmx2 A 192.0.2.2\n");
	scene->session = session_open(&scene->app, &name, told_by_session, scene);
	revision = session_revision(scene->session);
	assert_false(session_probing(scene->session));
	assert_false(session_mark_probed(scene->session, &err));
	assert_string_equal(err.what.id, "no mail server was probed");
	assert_true(session_probe(scene->session, &err));
	assert_int_equal(session_revision(scene->session), revision + 2); /* surveyed, and probed */
	assert_true(session_surveying(scene->session));
	while (!session_probing(scene->session))
		loop_run(scene->app.loop);
	assert_false(session_mark_probed(scene->session, &err));
	assert_string_equal(err.what.id, "the probes are not all answered yet");
	while (session_probing(scene->session) || survey_running(scene->session->survey))
		loop_run(scene->app.loop);
	/* TLSA records that are not validated yet may still tell a certificate from the right one */
	scene->session->survey->proofs = &proof;
	assert_false(session_mark_probed(scene->session, &err));
	scene->session->survey->proofs = NULL;
	assert_true(session_mark_probed(scene->session, &err));
	assert_int_equal(session_marks(scene->session)->n, 2);
	revision = session_revision(scene->session);
	assert_true(session_try(scene->session, "exempel.com", &err));
	assert_int_equal(session_revision(scene->session), revision + 1);
	session_close(scene->session);
	scene->session = NULL;
}

static void session__says__why_it_cannot_probe(void **state)
{
	struct scene *scene = *state;
	struct dname name = name_of("exempel.com");

	zone(scene, "@ MX 10 mx1\nmx1 A 192.0.2.1\n");
	scene->app.demo = true;
	for (int tries = 0; tries < 2; tries++) {
		struct err err = { 0 };
		unsigned long revision;

		scene->session = session_open(&scene->app, &name, told_by_session, scene);
		revision = session_revision(scene->session);
		assert_false(tries ? session_try(scene->session, "exempel.com", &err) : session_probe(scene->session, &err));
		assert_string_equal(err.what.id, "the demo probes no mail server");
		assert_false(session_probing(scene->session));
		assert_false(session_facts(scene->session)->probed || session_facts(scene->session)->intrusive);
		assert_int_equal(session_revision(scene->session), revision + 1); /* a survey was begun for it, and no more */
		session_close(scene->session);
		scene->session = NULL;
	}
	scene->app.demo = false;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(probes__go__to_each_address_of_the_set),
		TEST(tries__ask__anew),
		TEST(tries__name__no_recipient_to_hosts_that_come_later),
		TEST(probes__go__to_what_is_asked_for_beside_the_set),
		TEST(probes__go__to_the_domain_without_a_record),
		TEST(probes__leave_out__what_means_this_machine),
		TEST(probes__are__sixty_four_at_once),
		TEST(chains__are_matched__with_the_records_of_their_host),
		TEST(survey__that_is_freed__ends_its_probes),
		TEST(prober__is__as_it_was_configured),
		TEST(authorities__that_cannot_be_read__stop_the_probes),
		TEST(session__marks__what_the_probes_met),
		TEST(session__says__why_it_cannot_probe),
	};

	if (!dnsd_enter())
		return puts("1..0 # SKIP this machine lets no network namespace be made") < 0;
	make_addresses();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
