/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A push to a name server by dynamic update: what its answer, or none, makes of the push. The server is the test's own, in its event
 * loop; it holds one set, signs with TSIG, and fails as it is told to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "lab.h"
#include "../core/sets.h"
#include "provider/digest.h"
#include "wire/dnswire.h"

#define SECRET "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="
#define OLD "3600 10 mx1.exempel.com"
#define NEW "3600 20 mx2.exempel.com"
#define OTHER "3600 50 mx3.exempel.com"
#define HEADER_LEN 12

enum how { ANSWERS, HANGS_UP, UNSIGNED, FORGED, BAD_KEY };

struct server {
	struct loop *loop;
	int listener, client, port;
	struct loop_handle *accepts, *reads;
	struct str in;
	struct mxset set;
	/* at an update: */
	bool takes;        /* the set becomes the new one */
	const char *other; /* it becomes this */
	int rcode;
	enum how how;
	unsigned raises; /* so much the serial goes up */
	unsigned serial, asked, updates;
};

static void add_number(struct str *out, uint64_t value, unsigned bytes)
{
	while (bytes--)
		str_add_char(out, (char)(value >> 8 * bytes & 0xff));
}

/* RFC 8945; the question's MAC stands 38 bytes before its end. */
static void sign(const struct server *server, enum how how, struct str *answer)
{
	static const char name[] = "\6mx-key", algorithm[] = "\13hmac-sha256";
	uint8_t sum[DIGEST_MAX];
	struct str text, key;
	size_t len = 0;

	str_init(&text, 0);
	str_init(&key, 0);
	add_number(&text, 32, 2);
	str_add_bytes(&text, server->in.s + server->in.len - 38, 32);
	str_add_bytes(&text, answer->s, answer->len);
	str_add_bytes(&text, name, sizeof(name));
	str_add_bytes(&text, "\0\xff\0\0\0\0", 6);
	str_add_bytes(&text, algorithm, sizeof(algorithm));
	add_number(&text, (uint64_t)loop_now(), 6);
	add_number(&text, 300, 2);
	add_number(&text, 0, 4);
	assert_true(base64_decode(&key, SECRET));
	if (how != BAD_KEY)
		len = digest_hmac(DIGEST_SHA256, (struct bytes){ key.s, key.len }, (struct bytes){ text.s, text.len }, sum);
	sum[3] ^= how == FORGED;
	answer->s[11]++;
	str_add_bytes(answer, name, sizeof(name));
	str_add_bytes(answer, "\0\xfa\0\xff\0\0\0\0", 8);
	add_number(answer, sizeof(algorithm) + 16 + len, 2);
	str_add_bytes(answer, algorithm, sizeof(algorithm));
	add_number(answer, (uint64_t)loop_now(), 6);
	add_number(answer, 300, 2);
	add_number(answer, len, 2);
	str_add_bytes(answer, sum, len);
	add_number(answer, (uint64_t)(unsigned char)answer->s[0] << 8 | (unsigned char)answer->s[1], 2);
	add_number(answer, how == BAD_KEY ? 17 : 0, 2);
	add_number(answer, 0, 2);
	str_release(&text);
	str_release(&key);
}

static void add_record(struct str *out, unsigned type, uint32_t ttl_s, const struct str *data)
{
	add_number(out, 0xc00c, 2); /* the question's name */
	add_number(out, type, 2);
	add_number(out, 1, 2);
	add_number(out, ttl_s, 4);
	add_number(out, data->len, 2);
	str_add_bytes(out, data->s, data->len);
	out->s[7]++;
}

static void add_records(const struct server *server, unsigned type, struct str *answer)
{
	struct str data;

	str_init(&data, 0);
	if (type == DNS_NS)
		str_add_bytes(&data, "\3ns1\xc0\x0c", 6);
	if (type == DNS_SOA) {
		str_add_bytes(&data, "\3ns1\xc0\x0c\1h\xc0\x0c", 10);
		add_number(&data, server->serial, 4);
		str_add_bytes(&data, "\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5", 16);
	}
	if (type != DNS_MX)
		add_record(answer, type, 7200, &data);
	for (size_t i = 0; type == DNS_MX && i < server->set.n; i++) {
		str_clear(&data);
		add_number(&data, server->set.mx[i].preference, 2);
		str_add_bytes(&data, server->set.mx[i].host.wire, server->set.mx[i].host.len);
		add_record(answer, type, server->set.ttl_s, &data);
	}
	str_release(&data);
}

static void take_update(struct server *server)
{
	server->updates++;
	server->serial += server->raises;
	if (server->takes)
		set_from(&server->set, NEW);
	if (server->other)
		set_from(&server->set, server->other);
}

static void answer(struct server *server)
{
	const char *asked = server->in.s + 2;
	bool update = (asked[2] >> 3 & 15) == 5;
	enum how how = update ? server->how : ANSWERS;
	unsigned type = (unsigned)(unsigned char)asked[HEADER_LEN + 14];
	struct str out, framed;

	server->asked++;
	if (update)
		take_update(server);
	if (how == HANGS_UP)
		return;
	str_init(&out, 0);
	str_init(&framed, 0);
	str_add_bytes(&out, asked, HEADER_LEN + 17);
	out.s[2] = (char)(0x84 | (asked[2] & 0x78));
	out.s[3] = (char)(update ? server->rcode : 0);
	memset(out.s + 6, 0, 6);
	if (!update)
		add_records(server, type, &out);
	if (how != UNSIGNED)
		sign(server, how, &out);
	add_number(&framed, out.len, 2);
	str_add_bytes(&framed, out.s, out.len);
	assert_int_equal(send(server->client, framed.s, framed.len, MSG_NOSIGNAL), framed.len);
	str_release(&framed);
	str_release(&out);
}

static void hang_up(struct server *server)
{
	loop_cancel(server->reads);
	server->reads = NULL;
	close(server->client);
	str_clear(&server->in);
}

static void readable(void *data)
{
	struct server *server = data;
	char bytes[2000];
	ssize_t n = recv(server->client, bytes, sizeof(bytes), MSG_DONTWAIT);
	const uint8_t *in;

	if (n > 0)
		str_add_bytes(&server->in, bytes, (size_t)n);
	in = (const uint8_t *)server->in.s;
	if (n > 0 && (server->in.len < 2 || server->in.len < 2 + ((size_t)in[0] << 8 | in[1])))
		return;
	if (n > 0)
		answer(server);
	hang_up(server);
}

static void acceptable(void *data)
{
	struct server *server = data;

	if (server->reads)
		return;
	server->client = accept(server->listener, NULL, NULL);
	server->reads = loop_readable(server->loop, server->client, readable, server);
}

struct scene {
	struct lab lab;
	struct server server;
};

/* The lab's account, at our address and with our key. */
static void point_at(struct lab *lab, int port)
{
	struct config *config = &lab->app.config;

	for (size_t i = 0; i < config->n; i++)
		for (size_t k = 0; k < config->section[i].n; k++) {
			struct config_pair *pair = &config->section[i].pair[k];

			if (strcmp(pair->name, "endpoint") != 0)
				continue;
			free(pair->value);
			pair->value = malloc(40);
			snprintf(pair->value, 40, "127.0.0.1:%d", port);
		}
	setenv("LAB_KEY", SECRET, 1);
}

static int setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct server *server = &scene->server;
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);

	lab_open(&scene->lab, "rfc2136", "key_name = mx-key\nsettle = 0\n");
	server->loop = scene->lab.app.loop;
	server->listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(server->listener, (const struct sockaddr *)&at, len) || listen(server->listener, 8) ||
		getsockname(server->listener, (struct sockaddr *)&at, &len))
		return -1;
	server->port = ntohs(at.sin_port);
	server->accepts = loop_readable(server->loop, server->listener, acceptable, server);
	str_init(&server->in, 0);
	mxset_init(&server->set);
	point_at(&scene->lab, server->port);
	*state = scene;
	return 0;
}

static int teardown(void **state)
{
	struct scene *scene = *state;
	struct server *server = &scene->server;

	if (server->reads)
		hang_up(server);
	loop_cancel(server->accepts);
	close(server->listener);
	str_release(&server->in);
	mxset_release(&server->set);
	lab_close(&scene->lab);
	free(scene);
	return 0;
}

static const struct push *push_with(struct scene *scene, const struct server *how)
{
	struct server *server = &scene->server;

	lab_forget(&scene->lab);
	lab_plan(&scene->lab, OLD, NEW);
	set_from(&server->set, OLD);
	server->asked = server->updates = 0;
	server->takes = how->takes;
	server->other = how->other;
	server->raises = how->raises;
	server->rcode = how->rcode;
	server->how = how->how;
	return lab_push(&scene->lab, NULL);
}

static void push__ends__by_what_the_server_says(void **state)
{
	static const struct {
		struct server server;
		enum push_state state;
		enum err_code code;
		unsigned updates, written; /* what is read back as old is sent again: it compares */
		int step;
		const char *held;
	} cases[] = {
		{ { .takes = true }, PUSH_PUBLISHED, ERR_NONE, 1, 1, PUSHED_OK, NEW },
		{ { .takes = true, .how = HANGS_UP }, PUSH_PUBLISHED, ERR_NONE, 1, 1, PUSHED_SENT, NEW },
		{ { .takes = true, .rcode = 2 }, PUSH_PUBLISHED, ERR_NONE, 1, 1, PUSHED_SENT, NEW },
		{ { .takes = true, .how = UNSIGNED }, PUSH_PUBLISHED, ERR_NONE, 1, 1, PUSHED_SENT, NEW },
		{ { .takes = true, .how = FORGED }, PUSH_PUBLISHED, ERR_NONE, 1, 1, PUSHED_SENT, NEW },
		{ { .how = HANGS_UP }, PUSH_UNKNOWN, ERR_INTERRUPTED, 3, 3, PUSHED_SENT, OLD },
		/* the old set, and more than one write: ours may have been taken back */
		{ { .how = HANGS_UP, .raises = 2 }, PUSH_UNKNOWN, ERR_INTERRUPTED, 1, 1, PUSHED_SENT, OLD },
		{ { .how = HANGS_UP, .raises = 1 }, PUSH_UNKNOWN, ERR_INTERRUPTED, 2, 2, PUSHED_SENT, OLD },
		{ { .how = UNSIGNED }, PUSH_UNKNOWN, ERR_INTERRUPTED, 3, 3, PUSHED_SENT, OLD },
		{ { .rcode = 2 }, PUSH_UNKNOWN, ERR_INTERRUPTED, 3, 3, PUSHED_SENT, OLD },
		{ { .rcode = 5 }, PUSH_FAILED, ERR_REFUSED, 1, 0, PUSHED_BAD, OLD },
		{ { .rcode = 9, .how = BAD_KEY }, PUSH_FAILED, ERR_AUTH, 1, 0, PUSHED_BAD, OLD },
		{ { .rcode = 8, .other = OTHER }, PUSH_CONFLICT, ERR_CONFLICT, 1, 0, PUSHED_BAD, OTHER },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct push *push = push_with(scene, &cases[i].server);
		char held[4096];

		print_message("# row %zu: %s\n", i, lab_text(&push->err.what));
		lab_expect(push, cases[i].state, cases[i].code);
		assert_int_equal(push->written, cases[i].written);
		assert_int_equal(push->n_step, cases[i].updates);
		assert_int_equal(push->step[push->n_step - 1].state, cases[i].step);
		assert_int_equal(push->step[0].http, 0);
		assert_true(push->step[0].writes);
		assert_int_equal(scene->server.updates, cases[i].updates);
		assert_string_equal(set_text(&scene->server.set, held), cases[i].held);
	}
}

static void push__needs__five_questions(void **state)
{
	struct scene *scene = *state;

	push_with(scene, &(struct server){ .takes = true });
	assert_int_equal(scene->server.asked, 5); /* the zone, its servers, the set; changed, read back */
}

static void push__shows__the_update_in_words(void **state)
{
	struct scene *scene = *state;
	const struct push *push = push_with(scene, &(struct server){ .takes = true });

	assert_string_equal(push->step[0].request, "zone exempel.com.\nprereq nxrrset exempel.com. CNAME\n"
						   "prereq yxrrset exempel.com. MX 10 mx1.exempel.com.\nupdate delete exempel.com. MX\n"
						   "update add exempel.com. 3600 MX 20 mx2.exempel.com.\n");
}

static void account__that_lacks_a_setting__is_refused(void **state)
{
	struct scene *scene = *state;
	struct config *config = &scene->lab.app.config;
	struct provider_account account;
	struct err err = { 0 };

	assert_true(app_account(&scene->lab.app, NULL, "lab", &account, &err));
	for (size_t i = 0; i < config->n; i++)
		for (size_t k = 0; k < config->section[i].n; k++)
			if (!strcmp(config->section[i].pair[k].name, "key_name"))
				config->section[i].pair[k].value[0] = '\0';
	assert_false(app_account(&scene->lab.app, NULL, "lab", &account, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(lab_text(&err.what), "account lab lacks key_name, which Dynamic DNS update (RFC 2136) needs");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(push__ends__by_what_the_server_says, setup, teardown),
		cmocka_unit_test_setup_teardown(push__needs__five_questions, setup, teardown),
		cmocka_unit_test_setup_teardown(push__shows__the_update_in_words, setup, teardown),
		cmocka_unit_test_setup_teardown(account__that_lacks_a_setting__is_refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
