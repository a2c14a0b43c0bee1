/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A name server for the tests of rfc2136: questions and updates are read by ldns, answers are built by it and signed here. */
#ifndef TESTS_PROVIDER_NAME_SERVER_H
#define TESTS_PROVIDER_NAME_SERVER_H

#include <ldns/ldns.h>

#include "drive.h"

#include "provider/digest.h"

#define SECRET "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="
#define SERVER "192.0.2.53:5300"
#define NOW 1795430400

static const char *const plain[] = { "key_name", "mx-key", NULL };

static inline void begin(struct drive *drive, enum provider_goal goal, const char *owner, const char *const *settings)
{
	drive->settings = settings ? settings : plain;
	drive_begin(drive, "rfc2136", goal, owner);
	drive->account.key = SECRET;
	drive->account.endpoint = SERVER;
	drive->run.now = NOW;
}

static inline void err_is(const struct drive *drive, enum err_code code, const char *want)
{
	struct str text;

	assert_int_equal(drive->step, STEP_FAILED);
	str_init(&text, 0);
	err_format(&drive->err, NULL, &text);
	assert_string_equal(text.s, want);
	assert_int_equal(drive->err.code, code);
	str_release(&text);
}

static inline void title_is(const struct drive *drive, const char *want)
{
	struct str text;

	assert_int_equal(drive->step, STEP_REQUEST);
	assert_int_equal(drive->request.kind, REQUEST_DNS);
	str_init(&text, 0);
	msg_format(&drive->request.title, NULL, &text);
	assert_string_equal(text.s, want);
	str_release(&text);
}

/* What was asked, in words and on the wire; signed with our key. */
static inline void asked_is(const struct drive *drive, const char *shown, const char *question)
{
	ldns_pkt *packet = NULL;
	char *text;

	assert_int_equal(drive->step, STEP_REQUEST);
	assert_string_equal(drive->request.path, shown);
	assert_int_equal(ldns_wire2pkt(&packet, (const uint8_t *)drive->request.dns.s, drive->request.dns.len), LDNS_STATUS_OK);
	text = ldns_rr_list2str(ldns_pkt_question(packet));
	assert_string_equal(text, question);
	assert_true(ldns_pkt_tsig_verify(packet, (const uint8_t *)drive->request.dns.s, drive->request.dns.len, "mx-key.", SECRET, NULL));
	assert_int_equal(drive->request.signature.len, 32);
	free(text);
	ldns_pkt_free(packet);
}

/* ---- the server ---- */

struct said {
	int rcode;
	bool not_aa;
	const char *answer, *authority; /* zone text, a line a record */
	enum { SIGNED, UNSIGNED, FORGED, BAD_KEY, BAD_SIG, BAD_TIME } manner;
};

static inline void push_records(ldns_pkt *packet, ldns_pkt_section section, const char *lines)
{
	char copy[1024], *rest = NULL;

	snprintf(copy, sizeof copy, "%s", lines ? lines : "");
	for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		ldns_rr *rr = NULL;

		assert_int_equal(ldns_rr_new_frm_str(&rr, line, 0, NULL, NULL), LDNS_STATUS_OK);
		ldns_pkt_push_rr(packet, section, rr);
	}
}

static inline void add_number(struct str *out, uint64_t value, unsigned int bytes)
{
	while (bytes--)
		str_add_char(out, (char)(value >> 8 * bytes & 0xff));
}

#define KEY_WIRE "\6mx-key"
#define ALGORITHM_WIRE "\13hmac-sha256"

/* RFC 8945: the question's MAC, the message, the variables. */
static inline void sign(struct str *message, const struct str *asked, const struct said *said)
{
	uint8_t sum[DIGEST_MAX] = { 0 };
	struct str text, key;
	unsigned int error = said->manner == BAD_KEY ? 17 : said->manner == BAD_SIG ? 16 : said->manner == BAD_TIME ? 18 : 0;
	size_t len = 0, n_other = said->manner == BAD_TIME ? 6 : 0;

	str_init(&text, 0);
	str_init(&key, 0);
	add_number(&text, asked->len, 2);
	str_add_bytes(&text, asked->s, asked->len);
	str_add_bytes(&text, message->s, message->len);
	str_add_bytes(&text, KEY_WIRE "\0\0\xff\0\0\0\0" ALGORITHM_WIRE, 8 + 6 + 13);
	add_number(&text, NOW, 6);
	add_number(&text, 300, 2);
	add_number(&text, error, 2);
	add_number(&text, n_other, 2);
	if (n_other)
		add_number(&text, NOW + 86400, 6);
	assert_true(base64_decode(&key, SECRET));
	if (said->manner != BAD_KEY && said->manner != BAD_SIG)
		len = digest_hmac(DIGEST_SHA256, (struct bytes){ key.s, key.len }, (struct bytes){ text.s, text.len }, sum);
	sum[5] ^= said->manner == FORGED;
	message->s[11]++;
	str_add_bytes(message, KEY_WIRE "\0\0\xfa\0\xff\0\0\0\0", 8 + 8);
	add_number(message, 13 + 16 + len + n_other, 2);
	str_add_bytes(message, ALGORITHM_WIRE, 13);
	add_number(message, NOW, 6);
	add_number(message, 300, 2);
	add_number(message, len, 2);
	str_add_bytes(message, sum, len);
	add_number(message, (uint64_t)(unsigned char)message->s[0] << 8 | (unsigned char)message->s[1], 2);
	add_number(message, error, 2);
	add_number(message, n_other, 2);
	if (n_other)
		add_number(message, NOW + 86400, 6);
	str_release(&text);
	str_release(&key);
}

/* The answer to drive's request, and the next step. Returns what the answer was worth to exec and push. */
static inline enum meaning say(struct drive *drive, const struct said *said)
{
	ldns_pkt *asked = NULL, *packet = ldns_pkt_new();
	struct reply reply = { .account = &drive->account, .now = NOW };
	struct verdict verdict;
	struct str message, signature;
	uint8_t *wire = NULL;
	size_t len = 0;

	assert_int_equal(drive->step, STEP_REQUEST);
	assert_int_equal(ldns_wire2pkt(&asked, (const uint8_t *)drive->request.dns.s, drive->request.dns.len), LDNS_STATUS_OK);
	ldns_pkt_set_id(packet, ldns_pkt_id(asked));
	ldns_pkt_set_qr(packet, true);
	ldns_pkt_set_aa(packet, !said->not_aa);
	ldns_pkt_set_opcode(packet, ldns_pkt_get_opcode(asked));
	ldns_pkt_set_rcode(packet, (uint8_t)said->rcode);
	ldns_pkt_push_rr(packet, LDNS_SECTION_QUESTION, ldns_rr_clone(ldns_rr_list_rr(ldns_pkt_question(asked), 0)));
	push_records(packet, LDNS_SECTION_ANSWER, said->answer);
	push_records(packet, LDNS_SECTION_AUTHORITY, said->authority);
	assert_int_equal(ldns_pkt2wire(&wire, packet, &len), LDNS_STATUS_OK);
	str_init(&message, 0);
	str_add_bytes(&message, wire, len);
	str_init(&signature, 0);
	str_add_bytes(&signature, drive->request.signature.s, drive->request.signature.len);
	if (said->manner != UNSIGNED)
		sign(&message, &signature, said);
	request_release(&drive->request);
	request_init(&drive->request);
	reply.content = message.s;
	reply.content_len = message.len;
	reply.signature = &signature;
	provider_judge(&drive->account, &reply, &verdict);
	drive_step(drive, &reply);
	free(wire);
	ldns_pkt_free(asked);
	ldns_pkt_free(packet);
	str_release(&message);
	str_release(&signature);
	return verdict.meaning;
}

#define SOA(zone) zone ". 7200 IN SOA ns1." zone ". hostmaster." zone ". 2026010101 3600 900 604800 300\n"
#define NS "exempel.com. 3600 IN NS ns1.exempel.com.\nexempel.com. 3600 IN NS ns2.exempel.net.\n"

#endif
