/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/smtp.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/tls.h"
#include "wire/smtpwire.h"
#include "base/banned.h"

#define BYE_MS 1000 /* for the reply to QUIT, which changes nothing */
#define NAME_MAX_BYTES 256

struct smtp_prober {
	struct loop *loop;
	struct tls_roots *roots;
	char *name; /* NULL: this machine's */
	uint16_t port;
	uint32_t connect_ms, reply_ms;
};

struct smtp_probe {
	const struct smtp_prober *prober;
	struct smtp_then then;
	struct smtp_facts facts;
	struct smtpwire wire;
	const struct smtp_trial *trial; /* borrowed, or NULL */
	char name[NAME_MAX_BYTES];      /* in EHLO */
	int fd;
	struct loop_handle *reader, *writer, *timer;
	uint64_t began_ms, connected_ms;
	struct str out; /* to be sent, from n_out on */
	size_t n_out;
	struct tls *tls; /* from the handshake on */
	bool handshakes, bye;
};

struct smtp_prober *smtp_prober_new(struct loop *loop, const struct smtp_options *options, struct err *err)
{
	struct smtp_prober *prober = mem_alloc(sizeof(*prober));

	*prober = (struct smtp_prober){ .loop = loop,
		.roots = tls_roots_new(options->ca_file, err),
		.name = options->name ? mem_text(options->name) : NULL,
		.port = options->port ? options->port : SMTP_PORT,
		.connect_ms = options->connect_ms ? options->connect_ms : SMTP_CONNECT_MS,
		.reply_ms = options->reply_ms ? options->reply_ms : SMTP_REPLY_MS };
	if (prober->roots)
		return prober;
	smtp_prober_free(prober);
	return NULL;
}

void smtp_prober_free(struct smtp_prober *prober)
{
	if (!prober)
		return;
	tls_roots_free(prober->roots);
	free(prober->name);
	free(prober);
}

uint32_t smtp_prober_ms(const struct smtp_prober *prober, bool trial)
{
	return prober->connect_ms + (trial ? SMTPWIRE_REPLIES : SMTPWIRE_REPLIES_PLAIN) * prober->reply_ms + BYE_MS;
}

static void release(struct smtp_probe *probe)
{
	loop_cancel(probe->reader);
	loop_cancel(probe->writer);
	loop_cancel(probe->timer);
	tls_free(probe->tls);
	if (probe->fd >= 0)
		close(probe->fd);
	str_release(&probe->out);
	free(probe);
}

void smtp_probe_cancel(struct smtp_probe *probe)
{
	if (probe)
		release(probe);
}

static void finish(struct smtp_probe *probe)
{
	probe->facts.whole_ms = (uint32_t)(loop_ms() - probe->began_ms);
	probe->then.fn(probe->then.data, &probe->facts);
	release(probe);
}

/* ---- no connection ---- */

static enum smtp_seen seen_of(int number)
{
	if (number == ECONNREFUSED)
		return SMTP_REFUSED;
	return number == ETIMEDOUT ? SMTP_SILENT : SMTP_UNREACHABLE;
}

static void no_connection(struct smtp_probe *probe, int number)
{
	probe->facts.seen = seen_of(number);
	snprintf(probe->facts.reason, sizeof(probe->facts.reason), "%s", strerror(number));
	finish(probe);
}

static void never_begun(void *data)
{
	struct smtp_probe *probe = data;

	probe->timer = NULL;
	finish(probe);
}

static void not_connected(void *data)
{
	struct smtp_probe *probe = data;

	probe->timer = NULL;
	probe->facts.seen = SMTP_SILENT;
	finish(probe);
}

/* ---- the talk ---- */

static void too_late(void *data)
{
	struct smtp_probe *probe = data;

	probe->timer = NULL;
	if (probe->handshakes) {
		probe->facts.odd |= SMTP_ODD_LATE;
		smtpwire_unsecured(&probe->wire);
	} else {
		smtpwire_late(&probe->wire);
	}
	finish(probe);
}

static void wait_for_reply(struct smtp_probe *probe)
{
	loop_cancel(probe->timer);
	probe->timer = loop_after(probe->prober->loop, probe->bye ? BYE_MS : probe->prober->reply_ms, too_late, probe);
}

static bool is_nothing_yet(int number)
{
	return number == EAGAIN || number == EWOULDBLOCK || number == EINTR;
}

/* Sends what is left. A failure shows when the connection is read. */
static void send_more(void *data)
{
	struct smtp_probe *probe = data;
	ssize_t n = send(probe->fd, probe->out.s + probe->n_out, probe->out.len - probe->n_out, MSG_NOSIGNAL);

	probe->n_out += n > 0 ? (size_t)n : 0;
	if (n < 0 && !is_nothing_yet(errno))
		probe->n_out = probe->out.len;
	if (probe->n_out == probe->out.len) {
		loop_cancel(probe->writer);
		probe->writer = NULL;
		str_clear(&probe->out);
		probe->n_out = 0;
	} else if (!probe->writer) {
		probe->writer = loop_writable(probe->prober->loop, probe->fd, send_more, probe);
	}
}

/* Sends what the talk wants to say, as it is or within TLS. */
static void say(struct smtp_probe *probe, const struct str *words)
{
	if (!words->len)
		return;
	if (probe->tls)
		tls_write(probe->tls, words->s, words->len, &probe->out);
	else
		str_add_bytes(&probe->out, words->s, words->len);
	wait_for_reply(probe);
}

static bool take_step(struct smtp_probe *probe, enum smtpwire_step step, struct str *words);

static bool shake(struct smtp_probe *probe, const char *bytes, size_t n)
{
	enum tls_step step = tls_handshake(probe->tls, bytes, n, &probe->out);
	struct str words;
	bool goes_on = true;

	if (step == TLS_MORE)
		return true;
	probe->handshakes = false;
	if (step == TLS_FAILED) {
		tls_reason(probe->facts.reason);
		smtpwire_unsecured(&probe->wire);
		return false;
	}
	tls_look(probe->tls, &probe->facts.cert);
	str_init(&words, 0);
	goes_on = take_step(probe, smtpwire_secured(&probe->wire, &words), &words);
	str_release(&words);
	return goes_on;
}

/* False: it is over. */
static bool take_step(struct smtp_probe *probe, enum smtpwire_step step, struct str *words)
{
	char host[DNAME_TEXT_MAX];

	probe->bye = step == SMTPWIRE_BYE;
	say(probe, words);
	if (step != SMTPWIRE_TLS)
		return step != SMTPWIRE_OVER;
	probe->tls = tls_new(probe->prober->roots, dname_text(&probe->facts.host, host));
	probe->handshakes = true;
	wait_for_reply(probe);
	return shake(probe, NULL, 0);
}

static bool hear(struct smtp_probe *probe, const char *bytes, size_t n)
{
	enum smtpwire_stage stage = probe->wire.stage;
	struct str words;
	bool goes_on;

	str_init(&words, 0);
	goes_on = take_step(probe, smtpwire_feed(&probe->wire, bytes, n, &words), &words);
	if (stage == SMTPWIRE_GREETING && probe->wire.stage != stage)
		probe->facts.greeting_ms = (uint32_t)(loop_ms() - probe->connected_ms);
	str_release(&words);
	return goes_on;
}

static bool hear_secret(struct smtp_probe *probe, const char *bytes, size_t n)
{
	struct str clear;
	bool lasts, goes_on = true;

	str_init(&clear, 0);
	lasts = tls_read(probe->tls, bytes, n, &clear, &probe->out);
	if (clear.len)
		goes_on = hear(probe, clear.s, clear.len);
	if (goes_on && !lasts)
		smtpwire_closed(&probe->wire);
	str_release(&clear);
	return goes_on && lasts;
}

static bool take_bytes(struct smtp_probe *probe, const char *bytes, size_t n)
{
	if (probe->handshakes)
		return shake(probe, bytes, n);
	return probe->tls ? hear_secret(probe, bytes, n) : hear(probe, bytes, n);
}

static void closed(struct smtp_probe *probe)
{
	if (probe->handshakes) {
		probe->facts.odd |= SMTP_ODD_CLOSED;
		smtpwire_unsecured(&probe->wire);
	} else {
		smtpwire_closed(&probe->wire);
	}
}

static void readable(void *data)
{
	struct smtp_probe *probe = data;
	char bytes[4096];
	ssize_t n = recv(probe->fd, bytes, sizeof(bytes), 0);

	if (n < 0 && is_nothing_yet(errno))
		return;
	if (n <= 0)
		closed(probe);
	bool goes_on = n > 0 && take_bytes(probe, bytes, (size_t)n);
	if (probe->out.len)
		send_more(probe);
	if (!goes_on)
		finish(probe);
}

/* ---- the connection ---- */

static void read_address(const struct sockaddr_storage *address, struct addr *out)
{
	if (address->ss_family == AF_INET) {
		out->family = 4;
		memcpy(out->bytes, &((const struct sockaddr_in *)address)->sin_addr, sizeof(struct in_addr));
	} else if (address->ss_family == AF_INET6) {
		out->family = 6;
		memcpy(out->bytes, &((const struct sockaddr_in6 *)address)->sin6_addr, sizeof(struct in6_addr));
	}
}

/* The name for EHLO. A name without a dot could not be looked up: then the address is sent (RFC 5321 section 4.1.4). */
static void name_ourselves(struct smtp_probe *probe)
{
	struct sockaddr_storage address = { 0 };
	socklen_t len = sizeof(address);
	struct dname whole;
	char text[ADDR_TEXT_MAX], name[NAME_MAX_BYTES] = "";

	if (getsockname(probe->fd, (struct sockaddr *)&address, &len) == 0)
		read_address(&address, &probe->facts.from);
	gethostname(name, sizeof(name) - 1);
	if (probe->prober->name)
		snprintf(probe->name, sizeof(probe->name), "%s", probe->prober->name);
	else if (strchr(name, '.') && dname_parse(&whole, name, NULL))
		snprintf(probe->name, sizeof(probe->name), "%s", name);
	else
		snprintf(probe->name, sizeof(probe->name), "[%s%s]", probe->facts.from.family == 6 ? "IPv6:" : "",
			addr_text(&probe->facts.from, text));
}

static void connected(void *data)
{
	struct smtp_probe *probe = data;
	int number = 0;
	socklen_t len = sizeof(number);

	if (getsockopt(probe->fd, SOL_SOCKET, SO_ERROR, &number, &len) != 0)
		number = errno;
	if (number) {
		no_connection(probe, number);
		return;
	}
	loop_cancel(probe->writer);
	probe->writer = NULL;
	probe->connected_ms = loop_ms();
	probe->facts.connect_ms = (uint32_t)(probe->connected_ms - probe->began_ms);
	name_ourselves(probe);
	smtpwire_begin(&probe->wire, &probe->facts, probe->name);
	probe->wire.trial = probe->trial;
	probe->reader = loop_readable(probe->prober->loop, probe->fd, readable, probe);
	wait_for_reply(probe);
}

static socklen_t write_address(const struct addr *addr, uint16_t port, struct sockaddr_storage *out)
{
	struct sockaddr_in *in4 = (struct sockaddr_in *)out;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;

	*out = (struct sockaddr_storage){ .ss_family = addr->family == 4 ? AF_INET : AF_INET6 };
	if (addr->family == 4) {
		in4->sin_port = htons(port);
		memcpy(&in4->sin_addr, addr->bytes, sizeof(in4->sin_addr));
		return sizeof(*in4);
	}
	in6->sin6_port = htons(port);
	memcpy(&in6->sin6_addr, addr->bytes, sizeof(in6->sin6_addr));
	return sizeof(*in6);
}

/* What fails at once is told by errno. */
static bool begin(struct smtp_probe *probe)
{
	struct sockaddr_storage address;
	socklen_t len = write_address(&probe->facts.addr, probe->prober->port, &address);

	probe->fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (probe->fd < 0 || (connect(probe->fd, (const struct sockaddr *)&address, len) != 0 && errno != EINPROGRESS))
		return false;
	probe->writer = loop_writable(probe->prober->loop, probe->fd, connected, probe);
	return true;
}

struct smtp_probe *smtp_probe_start(const struct smtp_prober *prober, const struct dname *host, const struct addr *addr,
	const struct smtp_trial *trial, struct smtp_then then)
{
	struct smtp_probe *probe = mem_alloc(sizeof(*probe));

	*probe = (struct smtp_probe){ .prober = prober, .then = then, .trial = trial, .fd = -1, .began_ms = loop_ms() };
	probe->facts = (struct smtp_facts){ .host = *host, .addr = *addr, .at = loop_now(), .seen = SMTP_PENDING };
	str_init(&probe->out, 0);
	if (begin(probe)) {
		probe->timer = loop_after(prober->loop, prober->connect_ms, not_connected, probe);
	} else {
		probe->facts.seen = seen_of(errno);
		snprintf(probe->facts.reason, sizeof(probe->facts.reason), "%s", strerror(errno));
		probe->timer = loop_after(prober->loop, 0, never_begun, probe);
	}
	return probe;
}
