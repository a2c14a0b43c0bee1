/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a name server's answer is worth, and what is said of one that says no. */
#include <string.h>

#include "base/text.h"
#include "provider/rfc2136.h"
#include "provider/tsig.h"
#include "provider/vendor.h"
#include "wire/dnsupdate.h"
#include "wire/dnswire.h"
#include "base/banned.h"

bool rfc2136_key(const struct provider_account *account, struct tsig_key *key, struct err *err)
{
	struct tsig_words words = { provider_setting(account, "key_name"), provider_setting(account, "algorithm"), account->key };

	return tsig_key_read(key, &words, err);
}

enum tsig rfc2136_verify(const struct reply *reply, int64_t *server_time)
{
	struct tsig_key key;
	enum tsig verdict;

	if (!reply->account || !rfc2136_key(reply->account, &key, NULL))
		return TSIG_FORGED;
	verdict = tsig_verify(&key, &(struct tsig_asked){ reply->signature, reply->now },
		(struct bytes){ reply->content, reply->content_len }, server_time);
	tsig_key_release(&key);
	return verdict;
}

static int rcode_of(const struct reply *reply)
{
	return reply->content_len >= DNS_HEADER_LEN ? reply->content[3] & 15 : RCODE_SERVFAIL;
}

static bool answers_update(const struct reply *reply)
{
	return reply->content_len >= DNS_HEADER_LEN && (reply->content[2] >> 3 & 15) == 5;
}

static enum meaning meaning_of(const struct reply *reply)
{
	switch (rcode_of(reply)) {
	case RCODE_NOERROR:
		return MEANING_ACCEPTED;
	case RCODE_NXDOMAIN:
		return answers_update(reply) ? MEANING_STALE : MEANING_ACCEPTED;
	case RCODE_YXDOMAIN:
	case RCODE_YXRRSET:
	case RCODE_NXRRSET:
		return MEANING_STALE;
	case RCODE_SERVFAIL:
		return MEANING_FAILED;
	default:
		return MEANING_REFUSED;
	}
}

void rfc2136_judge(const struct reply *reply, struct verdict *verdict)
{
	int64_t server_time;

	switch (rfc2136_verify(reply, &server_time)) {
	case TSIG_GOOD:
		verdict->meaning = meaning_of(reply);
		break;
	case TSIG_BAD_KEY:
	case TSIG_BAD_SIG:
	case TSIG_BAD_TIME:
		verdict->meaning = MEANING_AUTH;
		break;
	default:
		verdict->meaning = MEANING_FAILED;
	}
}

static void say_times(const struct provider_account *account, int64_t theirs, int64_t ours, struct err *err)
{
	struct str server, here;

	str_init(&server, 0);
	str_init(&here, 0);
	text_time(&server, theirs);
	text_time(&here, ours);
	err_set(err, ERR_AUTH, N_("the name server %s (account %s) takes no signature of this time: its clock shows %s, ours %s"),
		account->endpoint, account->name, server.s, here.s);
	err_hint(err, N_("Set the clock that is wrong: the two may differ by at most %d minutes."), TSIG_FUDGE_S / 60);
	str_release(&server);
	str_release(&here);
}

static void say_credentials(const struct provider_account *account, const struct reply *reply, struct err *err)
{
	const char *key = provider_setting(account, "key_name");
	int64_t server_time;

	switch (rfc2136_verify(reply, &server_time)) {
	case TSIG_BAD_KEY:
		err_set(err, ERR_AUTH, N_("the name server %s (account %s) does not accept the key %s with the algorithm %s (BADKEY)"),
			account->endpoint, account->name, key, provider_setting(account, "algorithm"));
		err_hint(err, N_("It does not know it by that name and algorithm, or (Knot) no acl of the zone lets it do this."));
		break;
	case TSIG_BAD_SIG:
		err_set(err, ERR_AUTH, N_("the name server %s (account %s) has another secret for the key %s"), account->endpoint,
			account->name, key);
		break;
	default:
		say_times(account, server_time, reply->now, err);
	}
}

static void say_refused(const struct provider_run *run, const struct reply *reply, struct err *err)
{
	const struct provider_account *account = run->account;
	const char *rcode = dnsupdate_rcode_name(rcode_of(reply));
	char owner[DNAME_TEXT_MAX];

	dname_text(&run->owner, owner);
	if (rcode_of(reply) == RCODE_REFUSED && run->goal == GOAL_WRITE) {
		err_set(err, ERR_REFUSED, N_("the name server %s refused to change the MX records of %s for the key %s (%s)"),
			account->endpoint, owner, provider_setting(account, "key_name"), rcode);
		err_hint(err,
			N_("Its policy has to let the key change them: in BIND update-policy { grant KEY name DOMAIN MX; }, in Knot an "
			   "acl with action: update. BIND also refuses a host of its own zone that has no address, and every change while "
			   "the zone is frozen (rndc freeze). The server's log says why."));
	} else if (rcode_of(reply) == RCODE_REFUSED || rcode_of(reply) == RCODE_NOTAUTH) {
		err_set(err, ERR_REFUSED, N_("the name server %s (account %s) has no zone for %s, or does not show it to the key (%s)"),
			account->endpoint, account->name, owner, rcode);
	} else {
		err_set(err, ERR_REFUSED, N_("the name server %s (account %s) refused: %s"), account->endpoint, account->name, rcode);
	}
}

enum step rfc2136_fail(const struct provider_run *run, const struct reply *reply, enum meaning meaning, struct err *err)
{
	const struct provider_account *account = run->account;
	const char *rcode = dnsupdate_rcode_name(rcode_of(reply));
	int64_t server_time;

	if (meaning == MEANING_AUTH)
		say_credentials(account, reply, err);
	else if (meaning == MEANING_STALE)
		err_set(err, ERR_CONFLICT, N_("the name server %s (account %s) has another set than the change began from (%s)"),
			account->endpoint, account->name, rcode);
	else if (meaning == MEANING_REFUSED)
		say_refused(run, reply, err);
	else if (rfc2136_verify(reply, &server_time) == TSIG_GOOD)
		err_set(err, ERR_NETWORK, N_("the name server %s (account %s) failed: %s"), account->endpoint, account->name, rcode);
	else
		err_set(err, ERR_NETWORK,
			N_("the answer of the name server %s (account %s) is not signed with the key, and counts for nothing (%s)"),
			account->endpoint, account->name, rcode);
	return STEP_FAILED;
}

/* The answer's records; false with err where it is none to go by. Released by the caller. */
bool rfc2136_take(const struct provider_run *run, const struct reply *reply, struct dns_answer *answer, struct err *err)
{
	struct verdict verdict;

	provider_judge(run->account, reply, &verdict);
	if (verdict.meaning != MEANING_ACCEPTED)
		return rfc2136_fail(run, reply, verdict.meaning, err) != STEP_FAILED;
	if (!dnswire_parse((const uint8_t *)reply->content, reply->content_len, answer))
		return vendor_odd(run, err) != STEP_FAILED;
	if (!answer->aa)
		return err_set(err, ERR_REFUSED, N_("the name server %s (account %s) answers, but the zone is not its own"),
			run->account->endpoint, run->account->name);
	return true;
}
