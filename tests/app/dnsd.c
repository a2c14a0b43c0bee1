/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dnsd.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/scratch.h"

#define FLAG_QR 0x80
#define FLAG_AA 0x04
#define FLAG_RA 0x80
#define RCODE_SERVFAIL 2
#define RCODE_REFUSED 5

/* ---- a namespace of its own ---- */

static bool put_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

static bool leave(void)
{
	char map[40];

	if (unshare(CLONE_NEWNET) == 0)
		return true;
	snprintf(map, sizeof(map), "0 %u 1", (unsigned)geteuid());
	return unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 && put_file("/proc/self/setgroups", "deny") &&
	       put_file("/proc/self/uid_map", map);
}

bool dnsd_enter(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd;
	bool up;

	if (!leave())
		return false;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	up = ioctl(fd, SIOCSIFFLAGS, &request) == 0;
	close(fd);
	return up;
}

/* ---- answers ---- */

struct packet {
	uint8_t bytes[4096];
	size_t len;
};

static void put(struct packet *packet, const void *bytes, size_t len)
{
	memcpy(packet->bytes + packet->len, bytes, len);
	packet->len += len;
}

static void put16(struct packet *packet, unsigned value)
{
	put(packet, (uint8_t[]){ (uint8_t)(value >> 8), (uint8_t)value }, 2);
}

static void put32(struct packet *packet, uint32_t value)
{
	put16(packet, value >> 16);
	put16(packet, value & 0xffff);
}

static void put_name(struct packet *packet, const struct dname *name)
{
	put(packet, name->wire, name->len);
}

static void put_text(struct packet *packet, const uint8_t *bytes, size_t len)
{
	do {
		uint8_t part = (uint8_t)(len < 255 ? len : 255);

		put(packet, &part, 1);
		put(packet, bytes, part);
		bytes += part;
		len -= part;
	} while (len);
}

static void put_data(struct packet *packet, const struct dns_answer *answer, const struct dns_record *record)
{
	switch (record->type) {
	case DNS_A:
		put(packet, record->addr.bytes, 4);
		break;
	case DNS_AAAA:
		put(packet, record->addr.bytes, 16);
		break;
	case DNS_SOA:
		put_name(packet, &(struct dname){ .len = 1 });
		put_name(packet, &(struct dname){ .len = 1 });
		put32(packet, record->soa.serial);
		put32(packet, 3600);
		put32(packet, 900);
		put32(packet, 604800);
		put32(packet, record->soa.minimum_s);
		break;
	case DNS_MX:
		put16(packet, record->mx.preference);
		put_name(packet, &record->mx.host);
		break;
	case DNS_TXT:
		put_text(packet, dns_answer_octets(answer, &record->txt), record->txt.len);
		break;
	case DNS_TLSA:
		put(packet, (uint8_t[]){ record->tlsa.usage, record->tlsa.selector, record->tlsa.matching }, 3);
		put(packet, dns_answer_octets(answer, &record->tlsa.data), record->tlsa.data.len);
		break;
	case DNS_DS:
		put16(packet, record->ds.key_tag);
		put(packet, (uint8_t[]){ record->ds.algorithm, record->ds.digest_type, 0xab }, 3);
		break;
	case DNS_RRSIG:
		put16(packet, record->rrsig.covers);
		put(packet, (uint8_t[]){ 13, (uint8_t)record->rrsig.labels }, 2);
		put32(packet, record->ttl_s);
		put32(packet, 0x7fffffff);
		put32(packet, 0);
		put16(packet, 1);
		put_name(packet, &(struct dname){ .len = 1 });
		put(packet, (uint8_t[64]){ 0 }, 64);
		break;
	default:
		put_name(packet, &record->target);
	}
}

static void put_record(struct packet *packet, const struct dns_answer *answer, const struct dns_record *record)
{
	size_t at;

	put_name(packet, &record->owner);
	put16(packet, record->type);
	put16(packet, 1);
	put32(packet, record->ttl_s);
	at = packet->len;
	put16(packet, 0);
	put_data(packet, answer, record);
	packet->bytes[at] = (uint8_t)((packet->len - at - 2) >> 8);
	packet->bytes[at + 1] = (uint8_t)(packet->len - at - 2);
}

static void put_section(struct packet *packet, const struct dns_answer *answer, enum dns_section section)
{
	unsigned n = 0;

	for (size_t i = 0; i < answer->n; i++)
		if (answer->record[i].section == section) {
			put_record(packet, answer, &answer->record[i]);
			n++;
		}
	packet->bytes[7 + 2 * section] = (uint8_t)n;
}

/* The answer of its own zones, or where it sends on to; "not found" where it knows nothing. */
static void look_up(struct dnsd_server *server, const struct dns_question *question, struct dns_answer *answer)
{
	for (size_t i = 0; i < server->n_referral; i++)
		if (dname_under(&question->name, &server->referral[i]) &&
			!(question->type == DNS_DS && dname_equal(&question->name, &server->referral[i]))) {
			struct dns_record *record = dns_answer_add(answer);

			*record = (struct dns_record){ .section = SECTION_AUTHORITY,
				.owner = server->referral[i],
				.type = DNS_NS,
				.ttl_s = 3600,
				.target = server->to[i] };
			answer->aa = false;
			return;
		}
	answer->aa = zoneworld_ask(server->world, question, answer);
	if (server->labels && question->type == DNS_MX && answer->n && answer->record[0].type == DNS_MX)
		*dns_answer_add(answer) = (struct dns_record){ .section = SECTION_ANSWER,
			.owner = question->name,
			.type = DNS_RRSIG,
			.ttl_s = 3600,
			.rrsig = { .covers = DNS_MX, .labels = (uint8_t)server->labels } };
	if (!answer->aa)
		answer->rcode = server->how == DNSD_RESOLVES ? 3 : RCODE_REFUSED;
}

static void answer_question(struct dnsd_server *server, const uint8_t *id, const struct dns_question *question, struct packet *packet)
{
	struct dns_answer answer = { 0 };

	if (server->how == DNSD_ANSWERS || server->how == DNSD_RESOLVES)
		look_up(server, question, &answer);
	else
		answer.rcode = server->how == DNSD_REFUSES ? RCODE_REFUSED : server->how == DNSD_FAILS ? RCODE_SERVFAIL : 0;
	put(packet, id, 2);
	put(packet, (uint8_t[]){ FLAG_QR, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, 10);
	if (server->how == DNSD_ANSWERS && answer.aa)
		packet->bytes[2] |= FLAG_AA;
	packet->bytes[3] = (uint8_t)((server->how == DNSD_RESOLVES ? FLAG_RA : 0) | answer.rcode);
	put_name(packet, &question->name);
	put16(packet, question->type);
	put16(packet, 1);
	for (int section = SECTION_ANSWER; section <= SECTION_ADDITIONAL; section++)
		put_section(packet, &answer, (enum dns_section)section);
	dns_answer_release(&answer);
}

/* ---- sockets ---- */

static const char *type_name(enum dns_type type)
{
	switch ((int)type) {
	case DNS_MX:
		return "MX";
	case DNS_NS:
		return "NS";
	case DNS_SOA:
		return "SOA";
	case DNS_TXT:
		return "TXT";
	case DNS_TLSA:
		return "TLSA";
	case DNS_PTR:
		return "PTR";
	case DNS_DS:
		return "DS";
	default:
		return "other";
	}
}

static void note(struct dnsd_server *server, const struct dns_question *question)
{
	size_t len = strlen(server->dnsd->log);
	char text[DNAME_TEXT_MAX];

	server->asked++;
	if (question->type != DNS_A && question->type != DNS_AAAA)
		snprintf(server->dnsd->log + len, sizeof(server->dnsd->log) - len, "%s %s %s\n", server->addr,
			dname_text(&question->name, text), type_name(question->type));
}

static void came(void *data)
{
	struct dnsd_server *server = data;
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	struct packet packet = { .len = 0 };
	struct dns_question question;
	uint8_t bytes[1500];
	size_t at = 12;
	ssize_t got = recvfrom(server->fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &from_len);

	if (got < 17)
		return;
	while (bytes[at])
		at += bytes[at] + 1u;
	at++;
	if (!dname_from_wire(&question.name, bytes + 12, at - 12))
		return;
	question.type = (enum dns_type)(bytes[at] << 8 | bytes[at + 1]);
	note(server, &question);
	if (server->hook)
		server->hook(server, &question);
	if (server->how == DNSD_SILENT)
		return;
	answer_question(server, bytes, &question, &packet);
	sendto(server->fd, packet.bytes, packet.len, 0, (struct sockaddr *)&from, from_len);
}

struct dnsd_server *dnsd_add(struct dnsd *dnsd, const char *addr, enum dnsd_how how)
{
	struct dnsd_server *server = &dnsd->server[dnsd->n++];
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(53) };

	*server = (struct dnsd_server){ .dnsd = dnsd, .how = how, .fd = socket(AF_INET, SOCK_DGRAM, 0), .world = zoneworld_new() };
	snprintf(server->addr, sizeof(server->addr), "%s", addr);
	inet_pton(AF_INET, addr, &at.sin_addr);
	if (bind(server->fd, (struct sockaddr *)&at, sizeof(at)) != 0)
		abort();
	server->reads = loop_readable(dnsd->loop, server->fd, came, server);
	return server;
}

void dnsd_clear(struct dnsd_server *server)
{
	zoneworld_free(server->world);
	server->world = zoneworld_new();
}

void dnsd_zone(struct dnsd_server *server, const char *origin, const char *records)
{
	char text[2000];

	snprintf(text, sizeof(text), "$ORIGIN %s\n$TTL 3600\n@ SOA ns hostmaster 7 3600 900 604800 300\n%s", origin, records);
	if (!zoneworld_add(server->world, origin, text, strlen(text), NULL))
		abort();
}

void dnsd_refer(struct dnsd_server *server, const char *zone, const char *to)
{
	size_t i = server->n_referral++;

	if (!dname_parse(&server->referral[i], zone, NULL) || !dname_parse(&server->to[i], to, NULL))
		abort();
}

char *dnsd_open_app(struct dnsd *dnsd, struct app *app, const char *server)
{
	static const char config[] = "[dns]\nresolver = 127.0.0.53\nanchor_file = /nowhere\n[push]\nwatch = 2m\nseen_apart = 10s\n";
	struct app_options options = { .timeout_ms = 150, .server = server };
	char path[200], state[200], *dir = scratch_new(NULL);

	snprintf(path, sizeof(path), "%s/config", dir);
	snprintf(state, sizeof(state), "%s/state", dir);
	options.config = path;
	options.state_dir = state;
	if (!store_write_file(path, config, sizeof(config) - 1, 0600, NULL) || !app_open(app, &options, NULL))
		abort();
	*dnsd = (struct dnsd){ .loop = app->loop };
	return dir;
}

void dnsd_close(struct dnsd *dnsd)
{
	for (size_t i = 0; i < dnsd->n; i++) {
		loop_cancel(dnsd->server[i].reads);
		close(dnsd->server[i].fd);
		zoneworld_free(dnsd->server[i].world);
	}
}

void dnsd_close_app(struct dnsd *dnsd, struct app *app, char *dir)
{
	dnsd_close(dnsd);
	app_close(app);
	scratch_free(dir);
}
