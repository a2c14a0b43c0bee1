/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A name server as the provider: dynamic update (RFC 2136) by TCP, each message signed with TSIG (RFC 8945), for BIND, Knot
 * and whoever else takes them. The set is replaced as one, and the server itself refuses where it no longer has exactly
 * the records that the change began from; TTLs it does not compare. An answer that the key did not sign counts for nothing.
 * A signed zone is signed anew by the server. No engine (shape.h) serves this: they speak HTTP.
 *
 * Over 200 lines: its own stages from the zone cut to the set, since nothing else here asks a name server, and a message for each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provider/rfc2136.h"
#include "provider/vendor.h"
#include "wire/dnsupdate.h"
#include "wire/dnswire.h"
#include "base/banned.h"

enum stage { STAGE_BEGIN, STAGE_ZONE, STAGE_SERVERS, STAGE_SET, STAGE_SERIAL, STAGE_WRITTEN };

static bool sign(struct provider_run *run, struct request *request, int64_t now, struct err *err)
{
	struct tsig_key key;

	if (!rfc2136_key(run->account, &key, err))
		return false;
	tsig_sign(&key, now, &request->dns, &request->signature);
	tsig_key_release(&key);
	return true;
}

/* ---- questions ---- */

static enum step ask(const struct provider_run *run, const struct dname *name, enum dns_type type, struct request *request)
{
	char text[DNAME_TEXT_MAX];
	struct str shown;

	str_init(&shown, 0);
	str_addf(&shown, "%s %s\n", dname_text_dot(name, text), type == DNS_MX ? "MX" : type == DNS_NS ? "NS" : "SOA");
	request->path = str_take(&shown);
	request->kind = REQUEST_DNS;
	dnswire_build_query(&(struct dns_question){ *name, type }, (unsigned int)run->now & 0xffff, false, false, &request->dns);
	return STEP_REQUEST;
}

static const struct dns_record *find(const struct dns_answer *answer, enum dns_section section, enum dns_type type)
{
	for (size_t i = 0; i < answer->n; i++)
		if (answer->record[i].section == section && answer->record[i].type == type)
			return &answer->record[i];
	return NULL;
}

/* The zone's serial: every update raises it (RFC 2136 section 3.6), and so do its signer and who edits it. */
static void take_mark(struct provider_run *run, const struct dns_record *soa)
{
	snprintf(run->have.mark, sizeof run->have.mark, "%u", (unsigned int)soa->soa.serial);
}

static enum step ask_zone(struct provider_run *run, struct request *request)
{
	char text[DNAME_TEXT_MAX];

	msg_set(&request->title, N_("find the zone of %s"), dname_text(&run->owner, text));
	return ask(run, &run->zone, DNS_SOA, request);
}

static enum step begin_zone(struct provider_run *run, struct request *request, struct err *err)
{
	const char *zone = provider_setting(run->account, "zone");
	char owner[DNAME_TEXT_MAX];

	run->stage = STAGE_ZONE;
	run->zone = run->owner;
	if (!run->owner.len)
		dname_root(&run->zone);
	if (*zone && !dname_parse(&run->zone, zone, err))
		return STEP_FAILED;
	if (*zone && run->goal == GOAL_ZONES && !dname_under(&run->owner, &run->zone)) {
		err_set(err, ERR_USAGE, N_("%s does not lie in the zone %s of account %s"), dname_text(&run->owner, owner), zone,
			run->account->name);
		return STEP_FAILED;
	}
	return ask_zone(run, request);
}

static enum step no_zone(const struct provider_run *run, struct err *err)
{
	char owner[DNAME_TEXT_MAX];

	err_set(err, ERR_REFUSED, N_("the name server %s (account %s) has no zone for %s"), run->account->endpoint, run->account->name,
		dname_text(&run->owner, owner));
	return STEP_FAILED;
}

/* The SOA is the zone's own, or comes with the answer that there is none at the name. Below an alias the parent is asked. */
static enum step take_zone(struct provider_run *run, const struct dns_answer *answer, struct request *request, struct err *err)
{
	const struct dns_record *own = find(answer, SECTION_ANSWER, DNS_SOA);
	const struct dns_record *soa = own ? own : find(answer, SECTION_AUTHORITY, DNS_SOA);
	char text[DNAME_TEXT_MAX];

	if (find(answer, SECTION_ANSWER, DNS_CNAME)) {
		if (!dname_parent(&run->zone, &run->zone))
			return no_zone(run, err);
		return ask_zone(run, request);
	}
	if (!soa || !dname_under(&run->owner, &soa->owner))
		return no_zone(run, err);
	if (*provider_setting(run->account, "zone") && !dname_equal(&soa->owner, &run->zone))
		return no_zone(run, err);
	run->zone = soa->owner;
	take_mark(run, soa);
	/* A negative answer's TTL is not the record's own (RFC 2308 section 3). */
	run->first_ttl_s = own ? own->ttl_s : 0;
	run->stage = STAGE_SERVERS;
	msg_set(&request->title, N_("read the name servers of %s"), dname_text(&run->zone, text));
	return ask(run, &run->zone, DNS_NS, request);
}

static void take_servers(struct provider_run *run, const struct dns_answer *answer)
{
	run->n_ns = 0;
	for (size_t i = 0; i < answer->n && run->n_ns < sizeof run->ns / sizeof run->ns[0]; i++)
		if (answer->record[i].section == SECTION_ANSWER && answer->record[i].type == DNS_NS)
			run->ns[run->n_ns++] = answer->record[i].target;
}

static enum step zones(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	struct dns_answer answer = { 0 };
	enum step step = STEP_FAILED;

	if (!reply)
		return begin_zone(run, request, err);
	if (rfc2136_take(run, reply, &answer, err)) {
		step = STEP_DONE;
		if (run->stage == STAGE_ZONE)
			step = take_zone(run, &answer, request, err);
		else
			take_servers(run, &answer);
	}
	dns_answer_release(&answer);
	return step;
}

/* Without a zone to ask about, the root is asked for: most servers refuse that, but sign the refusal where the key is good. */
static enum step verify_key(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	bool blind = !run->owner.len && !*provider_setting(run->account, "zone");
	struct verdict verdict;
	int64_t server_time;
	enum step step;

	if (!reply) {
		step = begin_zone(run, request, err);
		msg_set(&request->title, N_("ask whether the key is good"));
		return step;
	}
	provider_judge(run->account, reply, &verdict);
	if (verdict.meaning == MEANING_ACCEPTED || (blind && verdict.meaning == MEANING_REFUSED))
		return STEP_DONE;
	if (blind && rfc2136_verify(reply, &server_time) == TSIG_NONE) {
		run->told.wants_zone = true;
		err_set(err, ERR_NETWORK, N_("the name server %s (account %s) says nothing of the key without a zone"),
			run->account->endpoint, run->account->name);
		err_hint(err, N_("Write zone = NAME in the account's section, or account = %s in a domain's."), run->account->name);
		return STEP_FAILED;
	}
	return rfc2136_fail(run, reply, verdict.meaning, err);
}

/* ---- the set ---- */

static bool take_set(struct provider_run *run, const struct dns_answer *answer, struct err *err)
{
	const struct dns_record *soa = find(answer, SECTION_AUTHORITY, DNS_SOA);
	char owner[DNAME_TEXT_MAX], mark[sizeof run->have.mark];

	/* Of before the set was read, when the zone was looked for. */
	memcpy(mark, run->have.mark, sizeof mark);
	provider_set_release(&run->have);
	memcpy(run->have.mark, mark, sizeof mark);
	for (size_t i = 0; i < answer->n; i++) {
		const struct dns_record *record = &answer->record[i];

		if (record->section != SECTION_ANSWER || !dname_equal(&record->owner, &run->owner))
			continue;
		if (record->type == DNS_CNAME)
			return err_set(
				err, ERR_REFUSED, N_("%s is an alias: no MX record can stand beside it"), dname_text(&run->owner, owner));
		if (record->type == DNS_MX)
			*provider_set_add(&run->have) =
				(struct provider_record){ .mx = { .preference = record->mx.preference, .host = record->mx.host },
					.ttl_s = record->ttl_s };
	}
	if (soa)
		take_mark(run, soa);
	run->marked &= !soa;
	return true;
}

static enum step ask_serial(struct provider_run *run, struct request *request)
{
	char zone[DNAME_TEXT_MAX];

	run->stage = STAGE_SERIAL;
	*run->have.mark = '\0';
	msg_set(&request->title, N_("read the serial of %s"), dname_text(&run->zone, zone));
	return ask(run, &run->zone, DNS_SOA, request);
}

static void take_serial(struct provider_run *run, const struct dns_answer *answer)
{
	const struct dns_record *soa = find(answer, SECTION_ANSWER, DNS_SOA);

	if (soa && dname_equal(&soa->owner, &run->zone))
		take_mark(run, soa);
}

static enum step read_set(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	struct dns_answer answer = { 0 };
	char owner[DNAME_TEXT_MAX];
	bool ok;

	if (!reply) {
		run->stage = STAGE_SET;
		msg_set(&request->title, N_("read the MX set of %s"), dname_text(&run->owner, owner));
		return ask(run, &run->owner, DNS_MX, request);
	}
	ok = rfc2136_take(run, reply, &answer, err);
	if (run->stage == STAGE_SERIAL)
		take_serial(run, &answer);
	else
		ok = ok && take_set(run, &answer, err);
	dns_answer_release(&answer);
	if (ok && run->stage == STAGE_SET && run->marked)
		return ask_serial(run, request);
	return ok ? STEP_DONE : STEP_FAILED;
}

static enum step begin_write(struct provider_run *run, struct request *request, struct err *err)
{
	struct mxset have;
	const struct dnsupdate update = { &run->zone, &run->owner, &have, &run->want };
	char owner[DNAME_TEXT_MAX];
	struct str shown;
	bool fits;

	if (vendor_is_wanted(run))
		return STEP_DONE;
	if (!vendor_check_want(run, err))
		return STEP_FAILED;
	mxset_init(&have);
	provider_set_published(&run->have, &have);
	fits = dnsupdate_build(&update, (unsigned int)run->now & 0xffff, &request->dns);
	str_init(&shown, 0);
	dnsupdate_show(&update, &shown);
	request->path = str_take(&shown);
	mxset_release(&have);
	if (!fits) {
		err_set(err, ERR_REFUSED, N_("the set of %s does not fit into a DNS message"), dname_text(&run->owner, owner));
		return STEP_FAILED;
	}
	run->stage = STAGE_WRITTEN;
	request->kind = REQUEST_DNS;
	request->writes = true;
	msg_set(&request->title, N_("replace the MX set of %s, where it is still the old one"), dname_text(&run->owner, owner));
	return STEP_REQUEST;
}

static enum step write_set(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	struct verdict verdict;

	if (!reply)
		return begin_write(run, request, err);
	provider_judge(run->account, reply, &verdict);
	if (verdict.meaning != MEANING_ACCEPTED)
		return rfc2136_fail(run, reply, verdict.meaning, err);
	run->wrote = true;
	return STEP_DONE;
}

static enum step step(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	if (!*run->account->endpoint) {
		err_set(err, ERR_USAGE, N_("account %s names no name server"), run->account->name);
		err_hint(err, N_("Write endpoint = ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT in its section."));
		return STEP_FAILED;
	}
	switch (run->goal) {
	case GOAL_VERIFY:
		return verify_key(run, reply, request, err);
	case GOAL_ZONES:
		if (!reply && dname_is_root(&run->owner))
			return provider_lists_none(run, err);
		return zones(run, reply, request, err);
	case GOAL_READ:
		return read_set(run, reply, request, err);
	case GOAL_WRITE:
		return write_set(run, reply, request, err);
	case GOAL_COMMIT:
		break;
	}
	return STEP_DONE;
}

/* Each update adds at least one; where the serial went back, nothing is counted. */
static unsigned writes_between(const char *before, const char *after)
{
	uint32_t more = (uint32_t)strtoul(after, NULL, 10) - (uint32_t)strtoul(before, NULL, 10);

	return more < 0x80000000u ? more : WRITES_UNKNOWN - 1;
}

static const struct provider_setting settings[] = {
	{ "key_name", NULL, N_("the name of the TSIG key, as the server has it") },
	{ "algorithm", "hmac-sha256", N_("the key's algorithm: hmac-sha256, hmac-sha224, hmac-sha384, hmac-sha512, hmac-sha1, hmac-md5") },
	{ "zone", "", N_("the zone, where it is not to be found by asking") },
	{ NULL, NULL, NULL },
};

const struct provider provider_rfc2136 = {
	.name = "rfc2136",
	.title = "Dynamic DNS update (RFC 2136)",
	.endpoint = "",
	.caps = CAP_ATOMIC_SET | CAP_NULL_MX | CAP_COMPARE | CAP_NO_TTL,
	.limits = { .ttl_max_s = MX_TTL_MAX },
	.settle_s = 1,
	.key_help =
		N_("The key is the secret of a TSIG key, in base64, as the server's configuration has it. The server's policy has to let "
		   "it change the MX records of the names; tsig-keygen makes one."),
	.settings = settings,
	.sign = sign,
	.step = step,
	.judge = rfc2136_judge,
	.writes_between = writes_between,
	.writes_most = true,
	.in_flight = 8,
};
