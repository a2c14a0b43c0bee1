/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sender's fields by name, as the configuration sets them and lists show them. */
#include "sim/sender/sender.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#include "base/banned.h"

enum kind { KIND_WORD, KIND_YES_NO, KIND_COUNT, KIND_SECONDS, KIND_STEPS };

#define OUTS "next|next-or-bounce|queue|bounce|clear|accept|hang"
#define VERDICTS "||queue|bounce" /* in the endpoints of enum sender_out */
#define SELVES "cut|ignore|next|next-or-bounce|loop"
#define COUNT_MAX 100000u

struct field_row {
	const char *name;
	enum kind kind;
	enum sender_group group;
	size_t at;         /* offset in struct sender */
	const char *words; /* of WORD, in the order of the enum */
	const char *help;
};

#define AT(field) offsetof(struct sender, field)

static const struct field_row rows[] = {
	{ "order", KIND_WORD, GROUP_ORDER, AT(order), "addresses|hosts|resolver|resolver-last-first",
		N_("what is shuffled on a rung: addresses, hosts, or nothing") },
	{ "family", KIND_WORD, GROUP_ORDER, AT(family),
		"mixed|ipv6-first-of-host|ipv6-first-by-neighbours|ipv6-first-of-rung|ipv4-only|resolver",
		N_("IPv6 and IPv4: which comes first, of what") },
	{ "same", KIND_WORD, GROUP_ORDER, AT(dedupe), "again|once-a-name|once-an-address|once-an-address-of-rung",
		N_("what stands twice in the list is tried") },
	{ "shuffles_inside", KIND_YES_NO, GROUP_ORDER, AT(shuffles_inside), NULL, N_("a host's own addresses are shuffled too") },
	{ "addresses", KIND_COUNT, GROUP_LIMIT, AT(address_max), NULL, N_("an attempt ends after so many addresses; 0: never") },
	{ "first_of_rung_exempt", KIND_YES_NO, GROUP_LIMIT, AT(rung_exempt), NULL,
		N_("past that limit, the first address of each later rung is tried all the same") },
	{ "addresses_in_all", KIND_COUNT, GROUP_LIMIT, AT(address_hard_max), NULL,
		N_("an attempt ends after so many addresses in any case; 0: never") },
	{ "hosts", KIND_COUNT, GROUP_LIMIT, AT(host_max), NULL, N_("an attempt ends after so many hosts; 0: never") },
	{ "balances", KIND_YES_NO, GROUP_LIMIT, AT(balances), NULL, N_("keeps both IPv4 and IPv6 within that limit") },
	{ "conversations", KIND_COUNT, GROUP_LIMIT, AT(session_max), NULL,
		N_("an attempt ends after so many servers that answered EHLO; 0: never") },
	{ "after_answer", KIND_WORD, GROUP_LIMIT, AT(after_session), "next-address|next-host",
		N_("where it goes on after a server that answered and failed") },
	{ "step_delay", KIND_SECONDS, GROUP_LIMIT, AT(step_delay_s), NULL, N_("the wait between two servers") },
	{ "overlaps", KIND_YES_NO, GROUP_LIMIT, AT(overlaps), NULL,
		N_("after that wait the next server of the preference is tried, though one is not answered yet") },
	{ "restart_after", KIND_SECONDS, GROUP_LIMIT, AT(route_penalty_s), NULL,
		N_("an attempt longer than this begins anew at the top; 0: none does") },
	{ "connect_timeout", KIND_SECONDS, GROUP_CONNECT, AT(connect_timeout_s), NULL, N_("how long a silent server is waited for") },
	{ "greeting_timeout", KIND_SECONDS, GROUP_GREETING, AT(greeting_timeout_s), NULL, N_("how long a greeting is waited for") },
	{ "dane", KIND_YES_NO, GROUP_TLS, AT(dane), NULL, N_("goes by TLSA records: where they count, nothing is sent in the clear") },
	{ "mta_sts", KIND_YES_NO, GROUP_TLS, AT(sts), NULL,
		N_("keeps to MTA-STS: where a policy is enforced, only hosts that it lists get mail, by TLS with a valid certificate") },
	{ "mta_sts_bounces", KIND_YES_NO, GROUP_TLS, AT(sts_bounces), NULL,
		N_("returns the message where the policy lists no host of the set; else it waits") },
	{ "clear_after", KIND_SECONDS, GROUP_TLS, AT(clear_after_s), NULL,
		N_("from this age on, a message goes in the clear where TLS fails; 0: never") },
	{ "no_host", KIND_WORD, GROUP_DNS, AT(none_exists), VERDICTS, N_("no name of the set exists") },
	{ "no_host_for_now", KIND_WORD, GROUP_DNS, AT(none_soft), VERDICTS, N_("no host is known, and a lookup failed") },
	{ "null_mx", KIND_WORD, GROUP_DNS, AT(null_mx), VERDICTS, N_("the domain says that it takes no mail") },
	{ "null_mx_spoils", KIND_YES_NO, GROUP_DNS, AT(null_spoils), NULL, N_("a null MX beside other records counts for the whole set") },
	{ "no_address_spoils", KIND_YES_NO, GROUP_DNS, AT(bare_spoils), NULL,
		N_("one host that exists without any address returns the message, whatever others there are") },
	{ "domain_nxdomain", KIND_WORD, GROUP_DNS, AT(domain_nx), VERDICTS, N_("the domain does not exist") },
	{ "domain_servfail", KIND_WORD, GROUP_DNS, AT(domain_soft), VERDICTS, N_("the domain's lookup fails or is not answered") },
	{ "slow_name", KIND_WORD, GROUP_DNS, AT(slow_dns), "skip|stall", N_("one host's lookup is not answered") },
	{ "slow_name_wait", KIND_SECONDS, GROUP_DNS, AT(slow_dns_s), NULL, N_("how long such a lookup is waited for") },
	{ "loopback", KIND_WORD, GROUP_DNS, AT(self), SELVES, N_("a target at 127.0.0.0/8 or ::1") },
	{ "loopback6_refused", KIND_YES_NO, GROUP_DNS, AT(loop6_refuses), NULL, N_("nothing listens at ::1: the next address is tried") },
	{ "any_address", KIND_WORD, GROUP_DNS, AT(self_any), SELVES, N_("a target at 0.0.0.0 or ::") },
	{ "own_waits", KIND_YES_NO, GROUP_DNS, AT(cut_waits), NULL,
		N_("with cut: where only its own machine is left, the message waits if a better server could not be looked up") },
	{ "ignores_private", KIND_YES_NO, GROUP_DNS, AT(ignores_private), NULL, N_("private addresses count as absent") },
	{ "takes_address", KIND_YES_NO, GROUP_DNS, AT(takes_literal), NULL, N_("an IPv4 address in the place of a host's name works") },
	{ "retry", KIND_WORD, GROUP_RETRY, AT(retry), "age|square|grow|steps|rounds", N_("how the waits between attempts come about") },
	{ "retry_first", KIND_SECONDS, GROUP_RETRY, AT(retry_min_s), NULL, N_("the first wait, and the least") },
	{ "retry_longest", KIND_SECONDS, GROUP_RETRY, AT(retry_max_s), NULL, N_("the longest wait") },
	{ "retry_percent", KIND_COUNT, GROUP_RETRY, AT(retry_factor_percent), NULL,
		N_("each wait (with rounds: pause) against the one before, with grow and rounds") },
	{ "retry_round", KIND_COUNT, GROUP_RETRY, AT(retry_round), NULL, N_("attempts in a row, retry_first apart, with rounds") },
	{ "retry_pause", KIND_SECONDS, GROUP_RETRY, AT(retry_pause_s), NULL, N_("the first pause between rounds") },
	{ "retry_grid", KIND_SECONDS, GROUP_RETRY, AT(retry_grid_s), NULL, N_("the queue is looked at so often; 0: always") },
	{ "retry_steps", KIND_STEPS, GROUP_RETRY, AT(retry_step), NULL, N_("the waits by age, with steps") },
	{ "life", KIND_SECONDS, GROUP_RETRY, AT(life_s), NULL, N_("an older message is returned") },
	{ "warn", KIND_SECONDS, GROUP_RETRY, AT(warn_s), NULL, N_("the author is told of the delay after this; 0: never") },
	{ "memory", KIND_WORD, GROUP_MEMORY, AT(memory), "none|failure|silence", N_("what makes it leave an address alone for a while") },
	{ "memory_grows", KIND_WORD, GROUP_MEMORY, AT(memory_growth), "no|square|retry", N_("how that time grows with each failure") },
	{ "memory_time", KIND_SECONDS, GROUP_MEMORY, AT(memory_s), NULL, N_("for how long it leaves the address alone") },
	{ "memory_longest", KIND_SECONDS, GROUP_MEMORY, AT(memory_max_s), NULL, N_("the longest such time; 0: no limit") },
	{ "throttle", KIND_SECONDS, GROUP_MEMORY, AT(throttle_s), NULL, N_("for how long a whole domain is left alone; 0: never") },
	{ "throttle_after", KIND_COUNT, GROUP_MEMORY, AT(throttle_passes), NULL,
		N_("failed attempts at the same time that bring this about") },
	{ "parallel", KIND_COUNT, GROUP_MEMORY, AT(parallel), NULL,
		N_("deliveries to one domain at the same time, to begin with; 0: no limit") },
	{ "parallel_most", KIND_COUNT, GROUP_MEMORY, AT(parallel_max), NULL,
		N_("deliveries to one domain at the same time, once those before have got through") },
	{ "kept_idle", KIND_SECONDS, GROUP_MEMORY, AT(keep_idle_s), NULL,
		N_("how long a connection is kept for the next message, while messages come in a row; 0: not") },
	{ "kept_longest", KIND_SECONDS, GROUP_MEMORY, AT(keep_age_s), NULL, N_("a connection that is older is not kept") },
	{ "connection_mails", KIND_COUNT, GROUP_MEMORY, AT(session_mails), NULL, N_("messages that one connection carries; 0: one") },
	{ "connection_idle", KIND_SECONDS, GROUP_MEMORY, AT(session_idle_s), NULL, N_("how long it waits for the next one") },
};

#define N_ROWS (sizeof rows / sizeof *rows)

static const char *const kind_values[] = {
	[KIND_YES_NO] = "yes|no",
	[KIND_COUNT] = "NUMBER",
	[KIND_SECONDS] = "DURATION",
	[KIND_STEPS] = "WAIT until AGE, WAIT ...",
};

/* What each failure past the lookup does: named as the state. */
static enum sender_group state_group(enum sim_state state)
{
	if (state <= SIM_TIMEOUT)
		return GROUP_CONNECT;
	if (state <= SIM_GREETING_5XX)
		return GROUP_GREETING;
	if (state <= SIM_EHLO_5XX)
		return GROUP_EHLO;
	if (state <= SIM_CERT_INVALID)
		return GROUP_TLS;
	return (state - SIM_MAIL_4XX) % 2 == 0 ? GROUP_SOFT : GROUP_HARD;
}

size_t sender_field_count(void)
{
	return N_ROWS + SIM_NXDOMAIN - SIM_REFUSED;
}

static struct field_row row_at(size_t i)
{
	enum sim_state state;

	if (i < N_ROWS)
		return rows[i];
	state = (enum sim_state)(i - N_ROWS + SIM_REFUSED);
	return (struct field_row){ .name = sim_states[state].name,
		.kind = KIND_WORD,
		.group = state_group(state),
		.at = AT(out) + state * sizeof(enum sender_out),
		.words = OUTS,
		.help = N_("what this failure of a server does") };
}

struct sender_field sender_field_at(size_t i)
{
	struct field_row row = row_at(i);

	return (struct sender_field){ row.name, row.words ? row.words + strspn(row.words, "|") : kind_values[row.kind], row.help,
		row.group };
}

/* ---- enums, counts and seconds are of one size, and go through a number ---- */

static unsigned number_of(const struct sender *sender, const struct field_row *row)
{
	unsigned value;

	if (row->kind == KIND_YES_NO)
		return *((const bool *)(const void *)((const char *)sender + row->at));
	memcpy(&value, (const char *)sender + row->at, sizeof value);
	return value;
}

static void set_number(struct sender *sender, const struct field_row *row, unsigned value)
{
	_Static_assert(sizeof(enum sender_out) == sizeof(unsigned) && sizeof(uint32_t) == sizeof(unsigned), "one size");
	if (row->kind == KIND_YES_NO)
		*((bool *)(void *)((char *)sender + row->at)) = value != 0;
	else
		memcpy((char *)sender + row->at, &value, sizeof value);
}

/* The n-th of "a|b|c". */
static void add_word(struct str *out, const char *words, unsigned n)
{
	for (; n > 0 && strchr(words, '|'); n--)
		words = strchr(words, '|') + 1;
	str_add_bytes(out, words, strcspn(words, "|"));
}

static bool find_word(const char *words, const char *word, unsigned *n)
{
	size_t len = strlen(word);

	for (*n = 0; len > 0; (*n)++) {
		size_t own = strcspn(words, "|");

		if (own == len && memcmp(words, word, len) == 0)
			return true;
		if (!words[own])
			return false;
		words += own + 1;
	}
	return false;
}

static void add_steps(struct str *out, const struct sender *sender)
{
	for (size_t i = 0; i < SENDER_STEPS && sender->retry_step[i].wait_s; i++) {
		str_add(out, i ? ", " : "");
		text_duration(out, sender->retry_step[i].wait_s);
		if (!sender->retry_step[i].until_s)
			return;
		str_add(out, " until ");
		text_duration(out, sender->retry_step[i].until_s);
	}
}

void sender_field_text(const struct sender *sender, size_t i, struct str *out)
{
	struct field_row row = row_at(i);

	switch (row.kind) {
	case KIND_WORD:
		add_word(out, row.words, number_of(sender, &row));
		break;
	case KIND_YES_NO:
		str_add(out, number_of(sender, &row) ? "yes" : "no");
		break;
	case KIND_COUNT:
		str_addf(out, "%u", number_of(sender, &row));
		break;
	case KIND_SECONDS:
		text_duration(out, number_of(sender, &row));
		break;
	case KIND_STEPS:
		add_steps(out, sender);
		break;
	}
}

/* "15m until 2h": a wait, and the age up to which it counts; without one it counts for ever, and ends the list. */
static bool parse_step(char *text, uint32_t *wait_s, uint32_t *until_s)
{
	char *until = strstr(text, " until ");

	*until_s = 0;
	if (until) {
		*until = '\0';
		if (!text_parse_duration(until + strlen(" until "), until_s) || *until_s == 0)
			return false;
	}
	return text_parse_duration(text, wait_s) && *wait_s > 0;
}

static bool parse_steps(struct sender *sender, const char *value)
{
	struct sender made = { 0 };
	uint32_t last = 0;

	for (size_t n = 0; n < SENDER_STEPS; n++) {
		size_t len = strcspn(value, ",");
		uint32_t wait_s, until_s;
		char text[64];

		if (len >= sizeof text)
			return false;
		memcpy(text, value, len);
		text[len] = '\0';
		if (!parse_step(text, &wait_s, &until_s) || (until_s && until_s <= last) || (until_s != 0) != (value[len] == ','))
			return false;
		made.retry_step[n].wait_s = wait_s;
		made.retry_step[n].until_s = last = until_s;
		if (!until_s) {
			memcpy(sender->retry_step, made.retry_step, sizeof made.retry_step);
			return true;
		}
		value += len + 1;
		value += strspn(value, " ");
	}
	return false;
}

static bool parse_number(const struct field_row *row, const char *value, unsigned *number)
{
	uint32_t seconds;

	switch (row->kind) {
	case KIND_WORD:
		return find_word(row->words, value, number);
	case KIND_YES_NO:
		*number = strcmp(value, "yes") == 0;
		return *number || strcmp(value, "no") == 0;
	case KIND_COUNT:
		if (value[strspn(value, "0123456789")] != '\0' || !text_parse_duration(value, &seconds) || seconds > COUNT_MAX)
			return false;
		break;
	default:
		if (!text_parse_duration(value, &seconds))
			return false;
		break;
	}
	*number = seconds;
	return true;
}

static bool unknown_field(const char *name, struct err *err)
{
	err_set(err, ERR_USAGE, N_("a sender has no field called %s"), name);
	err_hint(err, N_("mxladder list mechanisms shows the fields and what they may be."));
	return false;
}

/* A life time of nothing, waits of nothing or thousands of attempts would make no schedule that could be followed. */
static bool stays_whole(const struct sender *sender)
{
	bool steps = sender->retry == RETRY_STEPS, square = sender->retry == RETRY_SQUARE, rounds = sender->retry == RETRY_ROUNDS;
	uint64_t at_s = 0;
	unsigned n = 0;

	if (sender->life_s == 0 || (steps ? sender->retry_step[0].wait_s : sender->retry_min_s) == 0)
		return false;
	if (rounds && (sender->retry_round == 0 || sender->retry_pause_s == 0 || sender->retry_max_s < sender->retry_pause_s))
		return false;
	if (((sender->retry == RETRY_GROW || rounds) && sender->retry_factor_percent < 100) ||
		(!steps && !square && sender->retry_max_s < sender->retry_min_s))
		return false;
	while (at_s <= sender->life_s && n < SENDER_ATTEMPTS)
		at_s = sender_attempt_s(sender, ++n, at_s);
	return n < SENDER_ATTEMPTS;
}

bool sender_field_set(struct sender *sender, const char *name, const char *value, struct err *err)
{
	struct sender made = *sender;
	size_t i = 0;
	struct field_row row;
	unsigned number = 0;
	bool good;

	while (i < sender_field_count() && strcmp(row_at(i).name, name) != 0)
		i++;
	if (i == sender_field_count())
		return unknown_field(name, err);
	row = row_at(i);
	good = row.kind == KIND_STEPS ? parse_steps(&made, value) : parse_number(&row, value, &number);
	if (!good) {
		err_set(err, ERR_USAGE, N_("%s of a sender cannot be \"%s\""), name, value);
		err_hint(err, N_("It is one of %s."), sender_field_at(i).values);
		return false;
	}
	if (row.kind != KIND_STEPS)
		set_number(&made, &row, number);
	made.source[row.group] = (struct sender_source){ SURE_CONFIGURED, "configuration" };
	*sender = made;
	return true;
}

bool sender_check(const struct sender *sender, struct err *err)
{
	if (stays_whole(sender))
		return true;
	err_set(err, ERR_USAGE, N_("sender %s has no schedule that could be followed"), sender->name);
	err_hint(err,
		N_("It needs a life, a first wait and, with age, grow and rounds, a longest wait that is not shorter; grow and rounds need a percentage of 100 or more; rounds need attempts in a row and a pause; and %d attempts in its life at most."),
		SENDER_ATTEMPTS);
	return false;
}
