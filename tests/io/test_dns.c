/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include "io/dns.h"
#include "serve.h"

#define TIMEOUT_MS 4000

struct world {
	struct serve liar;
	struct loop *loop;
	struct dns *dns;
};

static struct dns_endpoint at_port(int port)
{
	struct dns_endpoint to = { .port = (uint16_t)port };

	assert_true(addr_parse(&to.addr, "127.0.0.1"));
	return to;
}

static struct dns_question question(const char *name, enum dns_type type)
{
	struct dns_question question = { .type = type };

	assert_true(dname_parse(&question.name, name, NULL));
	return question;
}

/* What came of one question. */
struct seen {
	struct dns_question question;
	unsigned calls;
	enum answer failed, read;
	int rcode;
	struct mxset set;
	uint64_t at_ms;
};

static void came(void *data, const struct dns_reply *reply)
{
	struct seen *seen = data;
	struct dname alias[FACTS_ALIASES], final;
	size_t n_alias = 0;
	uint32_t ttl_max_s;

	seen->calls++;
	seen->failed = reply->failed;
	seen->at_ms = loop_ms();
	assert_true((reply->failed == ANSWER_DATA) == (reply->answer != NULL));
	if (!reply->answer)
		return;
	seen->rcode = reply->answer->rcode;
	seen->read = dns_answer_read(reply->answer, &seen->question, alias, &n_alias, &final);
	if (seen->read == ANSWER_DATA)
		dns_answer_mx(reply->answer, &final, &seen->set, &ttl_max_s);
}

static void ask(struct dns *dns, const struct dns_endpoint *to, const char *name, struct seen *seen)
{
	memset(seen, 0, sizeof(*seen));
	mxset_init(&seen->set);
	seen->question = question(name, DNS_MX);
	dns_ask(dns, to, &seen->question, TIMEOUT_MS, (struct dns_then){ came, seen });
	assert_int_equal(seen->calls, 0); /* never from within the call */
}

static const struct lie {
	const char *name;
	enum answer failed, read;
	size_t n; /* of MX records, where there is an answer; 1: the truth */
} lies[] = {
	{ "wrong-id", ANSWER_DATA, ANSWER_DATA, 1 },
	{ "wrong-question", ANSWER_DATA, ANSWER_DATA, 1 },
	{ "wrong-port", ANSWER_DATA, ANSWER_DATA, 1 },
	{ "not-a-response", ANSWER_DATA, ANSWER_DATA, 1 },
	{ "wrong-class", ANSWER_DATA, ANSWER_DATA, 1 },
	{ "drop2", ANSWER_DATA, ANSWER_DATA, 1 },
	{ "late1500", ANSWER_DATA, ANSWER_DATA, 1 },
	{ "tc", ANSWER_DATA, ANSWER_DATA, 1 },
	{ "tcp-late3500", ANSWER_DATA, ANSWER_DATA, 1 }, /* over TCP too there is the whole time, not the share of one try */
	{ "two-hundred", ANSWER_DATA, ANSWER_DATA, 200 },
	{ "control", ANSWER_DATA, ANSWER_DATA, 7 },
	{ "label63", ANSWER_DATA, ANSWER_DATA, 1 },
	{ "name255", ANSWER_DATA, ANSWER_DATA, 1 },
	{ "servfail", ANSWER_DATA, ANSWER_SERVFAIL, 0 },
	{ "refused", ANSWER_DATA, ANSWER_REFUSED, 0 },
	{ "nxdomain", ANSWER_DATA, ANSWER_NXDOMAIN, 0 },
	{ "nodata", ANSWER_DATA, ANSWER_NODATA, 0 },
	{ "cname-loop", ANSWER_DATA, ANSWER_BROKEN, 0 },
	{ "silent", ANSWER_TIMEOUT, ANSWER_UNASKED, 0 },
	{ "garbage", ANSWER_TIMEOUT, ANSWER_UNASKED, 0 }, /* another's id: no answer to us */
	{ "short", ANSWER_TIMEOUT, ANSWER_UNASKED, 0 },
	{ "overlong", ANSWER_BROKEN, ANSWER_UNASKED, 0 },
	{ "bad-rdata", ANSWER_BROKEN, ANSWER_UNASKED, 0 },
	{ "rdata-name", ANSWER_BROKEN, ANSWER_UNASKED, 0 },
	{ "self-loop", ANSWER_BROKEN, ANSWER_UNASKED, 0 },
	{ "loop", ANSWER_BROKEN, ANSWER_UNASKED, 0 },
};
#define LIES (sizeof(lies) / sizeof(*lies))

static void dns_ask__finds_the_truth__whatever_the_server_does(void **state)
{
	struct world *world = *state;
	static struct seen seen[LIES];
	char name[128];
	uint64_t began = loop_ms();
	bool ok = true;

	for (size_t i = 0; i < LIES; i++) {
		snprintf(name, sizeof(name), "%s.lie.exempel.com", lies[i].name);
		ask(world->dns, NULL, name, &seen[i]);
	}
	loop_run(world->loop);
	for (size_t i = 0; i < LIES; i++) {
		const struct seen *s = &seen[i];
		bool as_meant = s->calls == 1 && s->failed == lies[i].failed && s->read == lies[i].read && s->set.n == lies[i].n &&
				s->at_ms - began < TIMEOUT_MS + 500;
		char host[DNAME_TEXT_MAX];

		if (as_meant && lies[i].n == 1 && strncmp(lies[i].name, "label", 5) != 0 && strncmp(lies[i].name, "name", 4) != 0)
			as_meant = !strcmp(mx_host_text(&s->set.mx[0], host), "mx.lie.exempel.com");
		if (!as_meant)
			print_message("# %s: calls %u, failed %d, read %d, %zu records, %llu ms\n", lies[i].name, s->calls, s->failed,
				s->read, s->set.n, (unsigned long long)(s->at_ms - began));
		ok &= as_meant;
		mxset_release(&seen[i].set);
	}
	assert_true(ok);
}

/* Truncated, and TCP closes in the middle or at once: some failure, never data, in time. */
static void dns_ask__fails__when_tcp_breaks(void **state)
{
	static const char *const names[] = { "tc-no-tcp.lie.exempel.com", "tcp-cut.lie.exempel.com", "header.lie.exempel.com" };
	struct world *world = *state;
	struct seen seen;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		uint64_t began = loop_ms();
		ask(world->dns, NULL, names[i], &seen);
		loop_run(world->loop);
		assert_int_equal(seen.calls, 1);
		assert_true(seen.failed != ANSWER_DATA);
		assert_true(seen.at_ms - began < TIMEOUT_MS + 500);
	}
}

/* Of an address of its own: a port that was given back would be another test's a moment later. */
static void dns_ask__is_unreachable__where_nobody_listens(void **state)
{
	struct world *world = *state;
	struct dns_endpoint to;
	struct seen seen;

	assert_true(dns_endpoint_parse(&to, "127.213.7.9:9", NULL));
	ask(world->dns, &to, "exempel.com", &seen);
	loop_run(world->loop);
	assert_int_equal(seen.calls, 1);
	assert_int_equal(seen.failed, ANSWER_UNREACHABLE);
}

static void dns_cancel__keeps_the_callback_from_coming(void **state)
{
	struct world *world = *state;
	struct seen seen = { .question = question("silent.lie.exempel.com", DNS_MX) }, other;
	struct dns_query *query = dns_ask(world->dns, NULL, &seen.question, TIMEOUT_MS, (struct dns_then){ came, &seen });

	dns_cancel(query);
	dns_cancel(NULL);
	dns_refresh(world->dns);
	ask(world->dns, NULL, "exempel.com", &other);
	loop_run(world->loop);
	assert_int_equal(seen.calls, 0);
	assert_int_equal(other.set.n, 3);
	mxset_release(&other.set);
}

/* Questions in every stage: asked, answered but not told, late. */
static void dns_free__takes_along__what_is_under_way(void **state)
{
	struct world *world = *state;
	struct loop *loop = loop_new();
	struct dns_endpoint to = at_port(world->liar.port);
	struct dns *dns = dns_new(loop, &to, NULL);
	struct seen seen[3];

	ask(dns, NULL, "silent.lie.exempel.com", &seen[0]);
	ask(dns, NULL, "exempel.com", &seen[1]);
	dns_free(dns);
	loop_run(loop);
	loop_free(loop);
	assert_int_equal(seen[0].calls + seen[1].calls, 0);
}

/* No packet is sent: this only asks the machine's own table. */
static void dns_has_route__knows__what_is_near(void **state)
{
	struct addr addr;

	(void)state;
	assert_true(addr_parse(&addr, "127.0.0.1"));
	assert_true(dns_has_route(&addr));
	assert_true(dns_has_route(&(struct addr){ 0 }));
}

static void dns_endpoint_parse__reads__each_form(void **state)
{
	static const struct {
		const char *text, *again;
	} cases[] = {
		{ "127.0.0.1", "127.0.0.1" },
		{ "127.0.0.1:5300", "127.0.0.1:5300" },
		{ "::1", "::1" },
		{ "[::1]", "::1" },
		{ "[2001:db8::53]:53", "[2001:db8::53]:53" },
		{ "", NULL },
		{ "localhost", NULL },
		{ "127.0.0.1:", NULL },
		{ "127.0.0.1:0", NULL },
		{ "127.0.0.1:65536", NULL },
		{ "127.0.0.1:+5", NULL },
		{ "[::1", NULL },
		{ "[::1]x", NULL },
		{ ":53", NULL },
		{ "[]:53", NULL },
		{ "[::1]:", NULL },
		{ "127.0.0.1:1", "127.0.0.1:1" },
		{ "127.0.0.1:9", "127.0.0.1:9" },
		{ "127.0.0.1:65535", "127.0.0.1:65535" },
		{ "[::1]:65535", "[::1]:65535" },
		{ "[127.0.0.1]:53", "127.0.0.1:53" },
		{ "[::1]:65536", NULL },
		{ "[::1]:0", NULL },
		{ "127.0.0.1:53x", NULL },
		{ "127.0.0.1: 53", NULL },
		{ "127.0.0.1:-1", NULL },
		{ "127.0.0.1:/", NULL },
		{ "127.0.0.1::", NULL },
		{ "[::1]53", NULL },
		{ "::1]:53", NULL },
		{ "192.0.2.531", NULL },
		{ "0123456789012345678901234567890123456789012345678901234567890123456789:53", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct dns_endpoint endpoint;
		struct err err = { 0 };
		struct str text;
		bool ok = dns_endpoint_parse(&endpoint, cases[i].text, &err);

		assert_int_equal(ok, cases[i].again != NULL);
		assert_int_equal(err.code, ok ? ERR_NONE : ERR_USAGE);
		str_init(&text, 0);
		if (ok) {
			dns_endpoint_text(&endpoint, &text);
			assert_string_equal(text.s, cases[i].again);
		}
		str_release(&text);
	}
}

/* A server that says yes to everything, and from which ports it was asked. */
struct echo {
	struct dns *dns;
	struct loop *loop;
	struct dns_endpoint to;
	int fd;
	unsigned asked, answered, of;
	size_t n_port;
	struct from {
		uint16_t port;
		unsigned n;
	} from[16];
};

static void count_port(struct echo *echo, uint16_t port)
{
	size_t i = 0;

	while (i < echo->n_port && echo->from[i].port != port)
		i++;
	assert_true(i < sizeof(echo->from) / sizeof(*echo->from));
	echo->n_port += i == echo->n_port;
	echo->from[i].port = port;
	echo->from[i].n++;
}

static void throw_back(void *data)
{
	struct echo *echo = data;
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	uint8_t packet[512];
	ssize_t n = recvfrom(echo->fd, packet, sizeof(packet), 0, (struct sockaddr *)&from, &len);

	assert_true(n > 12);
	count_port(echo, from.sin_port);
	packet[2] |= 0x80;
	assert_int_equal(sendto(echo->fd, packet, (size_t)n, 0, (struct sockaddr *)&from, len), n);
}

static void ask_next(struct echo *echo);

static void echoed(void *data, const struct dns_reply *reply)
{
	struct echo *echo = data;

	assert_int_equal(reply->failed, ANSWER_DATA);
	if (++echo->answered == echo->of)
		loop_stop(echo->loop);
	else if (echo->asked < echo->of)
		ask_next(echo);
}

static void ask_next(struct echo *echo)
{
	struct dns_question one = question("mx.exempel.com", DNS_A);

	echo->asked++;
	dns_ask(echo->dns, &echo->to, &one, TIMEOUT_MS, (struct dns_then){ echoed, echo });
}

/* Who watches one port long enough finds out its number: no port is used for more than 250 questions (RFC 5452 section 4.5). */
static void dns_ask__changes__its_port(void **state)
{
	struct world *world = *state;
	struct echo echo = { .dns = world->dns, .loop = world->loop, .of = 760 };
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct loop_handle *readable;
	socklen_t len = sizeof(at);

	echo.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(echo.fd, (struct sockaddr *)&at, len), 0);
	assert_int_equal(getsockname(echo.fd, (struct sockaddr *)&at, &len), 0);
	echo.to = at_port(ntohs(at.sin_port));
	readable = loop_readable(world->loop, echo.fd, throw_back, &echo);
	for (unsigned i = 0; i < 10; i++)
		ask_next(&echo);
	loop_run(world->loop);
	loop_cancel(readable);
	close(echo.fd);
	assert_int_equal(echo.answered, 760);
	assert_int_equal(echo.n_port, 4);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(echo.from[i].n, 250);
	assert_int_equal(echo.from[3].n, 10);
}

static int set_up(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	char data[512];
	struct dns_endpoint to;

	if (!serve_start(&world->liar, (const char *[]){ "liar.py", "--state", serve_path("exempel.json", data), NULL }))
		return -1;
	to = at_port(world->liar.port);
	world->loop = loop_new();
	world->dns = dns_new(world->loop, &to, NULL);
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	dns_free(world->dns);
	loop_free(world->loop);
	serve_stop(&world->liar);
	free(world);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dns_ask__finds_the_truth__whatever_the_server_does),
		cmocka_unit_test(dns_ask__changes__its_port),
		cmocka_unit_test(dns_ask__fails__when_tcp_breaks),
		cmocka_unit_test(dns_ask__is_unreachable__where_nobody_listens),
		cmocka_unit_test(dns_cancel__keeps_the_callback_from_coming),
		cmocka_unit_test(dns_free__takes_along__what_is_under_way),
		cmocka_unit_test(dns_has_route__knows__what_is_near),
		cmocka_unit_test(dns_endpoint_parse__reads__each_form),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
