/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/attempt/why.h"

#include "base/i18n.h"
#include "base/text.h"

#include "base/banned.h"

#define ATTEMPTS 5 /* that are told one by one */

struct why_list {
	struct why_row *row;
	size_t n;
	enum sender_group group;
};

static struct msg *next(struct why_list *rows)
{
	struct why_row *row = &rows->row[rows->n < WHY_ROWS ? rows->n++ : WHY_ROWS - 1];

	*row = (struct why_row){ .group = rows->group };
	return &row->text;
}

/* A duration as an argument. */
static const char *told(struct str *text, uint64_t seconds)
{
	str_clear(text);
	text_duration(text, seconds);
	return text->s;
}

static void why_order(struct why_list *rows, const struct sender *sender)
{
	static const char *const orders[] = {
		[ORDER_ADDRESS_SHUFFLE] =
			N_("All addresses of a preference are tried in random order: a host with two addresses gets twice the mail."),
		[ORDER_HOST_SHUFFLE] = N_("The hosts of a preference are tried in random order, each as often as another."),
		[ORDER_RESOLVER] = N_(
			"The hosts of a preference are tried in the order of the DNS answer; a resolver that rotates it spreads the mail."),
		[ORDER_RESOLVER_LIFO] = N_(
			"The hosts of a preference are tried in the order of the DNS answer: its first record first, then the others from the last."),
	};
	static const char *const families[] = {
		[FAMILY_MIXED] = N_("IPv6 and IPv4 addresses are mixed."),
		[FAMILY_V6_FIRST_HOST] = N_("A host's IPv6 addresses come before its IPv4 addresses."),
		[FAMILY_V6_BUBBLE_RUNG] =
			N_("IPv6 passes IPv4 from host to host, too: of two equal hosts the one that has IPv6 gets all the mail."),
		[FAMILY_V6_FIRST_RUNG] = N_("All IPv6 addresses of a preference come before its IPv4 addresses."),
		[FAMILY_V4_ONLY] = N_("Only IPv4 is used."),
		[FAMILY_RESOLVER] = N_("A host's addresses are tried in the resolver's order."),
	};
	static const char *const repeats[] = {
		[DEDUPE_NONE] = N_("What stands twice in the set is tried twice."),
		[DEDUPE_NAME] = N_("A host that stands twice in the set is tried once."),
		[DEDUPE_ADDRESS] = N_("An address that stands twice in the set is tried once."),
		[DEDUPE_ADDRESS_RUNG] = N_("An address that stands twice at one preference is tried once."),
	};

	next(rows)->id = orders[sender->order];
	next(rows)->id = families[sender->family];
	next(rows)->id = repeats[sender->dedupe];
}

static void why_limit(struct why_list *rows, const struct sender *sender, struct str *time)
{
	if (sender->address_max && sender->rung_exempt)
		msg_set(next(rows), N_("An attempt tries %u addresses, and past them the first of each later preference."),
			sender->address_max);
	else if (sender->address_max)
		msg_set(next(rows), N_("An attempt ends after %u addresses, whatever servers are left."), sender->address_max);
	else
		next(rows)->id = N_("An attempt has no limit of addresses.");
	if (sender->address_hard_max)
		msg_set(next(rows), N_("After %u addresses in all it ends in any case."), sender->address_hard_max);
	if (sender->host_max)
		msg_set(next(rows), N_("An attempt ends after %u hosts."), sender->host_max);
	if (sender->balances)
		next(rows)->id = N_("Where there are more, IPv4 and IPv6 both are kept within that limit.");
	if (sender->session_max)
		msg_set(next(rows), N_("An attempt ends after %u servers that answered EHLO and then failed."), sender->session_max);
	if (sender->after_session == AFTER_NEXT_HOST)
		next(rows)->id = N_("After a server that answered and failed the next host is tried, not its other addresses.");
	if (sender->step_delay_s)
		msg_set(next(rows), N_("Between two servers it waits %s."), told(time, sender->step_delay_s));
	if (sender->overlaps)
		next(rows)->id = N_("A silent server holds it up no longer: the next of the preference is tried meanwhile.");
	if (sender->route_penalty_s)
		msg_set(next(rows), N_("An attempt of more than %s begins anew at the top."), told(time, sender->route_penalty_s));
}

static const char *out_text(enum sender_out out)
{
	static const char *const texts[] = {
		[OUT_NEXT] = N_("The next server is tried; after the last the message waits."),
		[OUT_NEXT_ELSE_BOUNCE] = N_("The next server is tried; after the last the message is returned."),
		[OUT_QUEUE] = N_("The message waits; no other server is tried."),
		[OUT_BOUNCE] = N_("It returns the message immediately, whatever servers are left."),
		[OUT_CLEAR_SAME] = N_("The same server is tried again without TLS."),
		[OUT_OK] = N_("The message goes on in the clear."),
		[OUT_UNKNOWN] = "",
		[OUT_HANG] = N_("It goes no further from there; the message waits."),
	};

	return texts[out];
}

static void why_states(struct why_list *rows, const struct sender *sender, enum sim_state from, enum sim_state step)
{
	for (enum sim_state s = from; s < from + 8 * step && s <= SIM_DOT_5XX; s += step) {
		next(rows)->id = out_text(sender->out[s]);
		rows->row[rows->n - 1].state = s;
		if (step == 1 && (s == SIM_TIMEOUT || s == SIM_GREETING_5XX || s == SIM_EHLO_5XX || s == SIM_TLS_FAIL))
			break;
	}
}

const char why_policy_taken[] = N_(
	"Of MTA-STS the policy that is served now is taken: a sender may still hold an earlier one, for as long as the max_age of that says.");

static void why_tls(struct why_list *rows, const struct sender *sender, struct str *time)
{
	why_states(rows, sender, SIM_NO_STARTTLS, 1);
	if (sender->dane)
		next(rows)->id =
			N_("Where TLSA records count (DANE), it sends nothing in the clear, nor where the certificate does not fit them.");
	if (sender->sts) {
		next(rows)->id = N_(
			"Where an MTA-STS policy is enforced, it leaves out hosts that the policy does not list, and servers without TLS or a valid certificate.");
		if (sender->sts_bounces)
			next(rows)->id = N_("Where the policy lists no host of the set, it returns the message immediately.");
		next(rows)->id = why_policy_taken;
	}
	if (sender->clear_after_s)
		msg_set(next(rows), N_("From %s of age on, a message whose TLS fails goes in the clear."),
			told(time, sender->clear_after_s));
}

static void why_dns(struct why_list *rows, const struct sender *sender)
{
	static const char *const selves[] = {
		[SELF_CUT] = N_("Where it finds its own address in the set, it drops that preference and all higher ones."),
		[SELF_IGNORE] = N_("Targets at its own address count as absent."),
		[SELF_NEXT] = N_("Where a target is its own address, it goes on with the next."),
		[SELF_NEXT_ELSE_BOUNCE] =
			N_("Where a target is its own address, it goes on with the next; after the last the message is returned."),
		[SELF_LOOP] = N_("Where a target is its own address, it takes the message itself, round and round."),
	};

	next(rows)->id = sender->null_mx == OUT_BOUNCE ? N_("At a null MX it returns the message immediately.")
						       : N_("It does not know the null MX: the message waits until it is too old.");
	if (sender->null_spoils)
		next(rows)->id = N_("A null MX beside other records counts for the whole set.");
	if (sender->bare_spoils)
		next(rows)->id = N_("One host that exists without any address returns the message, whatever others there are.");
	next(rows)->id = sender->slow_dns == SLOW_STALL ? N_("One host whose lookup is not answered stops all mail for the domain.")
							: N_("A host that cannot be looked up is left out.");
	next(rows)->id = sender->none_exists == OUT_BOUNCE ? N_("When no host of the set exists, it returns the message immediately.")
							   : N_("When no host of the set exists, the message waits.");
	next(rows)->id = selves[sender->self];
	if (sender->loop6_refuses)
		next(rows)->id = N_("Nothing of its own listens at ::1: it goes on with the next address.");
	if (sender->ignores_private)
		next(rows)->id = N_("Targets at private addresses count as absent.");
}

static void why_retry(struct why_list *rows, const struct sender *sender, struct str *time)
{
	struct str list;
	uint64_t at_s = 0;

	str_init(&list, 0);
	for (unsigned n = 1; n <= ATTEMPTS; n++) {
		at_s = sender_attempt_s(sender, n, at_s);
		str_add(&list, n > 1 ? ", " : "");
		str_add(&list, told(time, at_s));
	}
	if (sender->memory_growth == GROWTH_RETRY)
		msg_set(next(rows), N_("A server that failed is tried again after %s and so on, and with it all that waits for it."),
			list.s);
	else
		msg_set(next(rows), N_("A message that waits is tried again after %s and so on."), list.s);
	str_release(&list);
	msg_set(next(rows), N_("After %s the message is returned."), told(time, sender->life_s));
	if (sender->warn_s)
		msg_set(next(rows), N_("After %s its author is told of the delay."), told(time, sender->warn_s));
	else
		next(rows)->id = N_("Its author is not told of a delay.");
}

static void why_memory(struct why_list *rows, const struct sender *sender, struct str *time)
{
	if (sender->memory == MEMORY_SILENCE)
		msg_set(next(rows), N_("After two silences, two minutes or more apart, it leaves an address alone for %s, with all mail."),
			told(time, sender->memory_s));
	else if (sender->memory == MEMORY_FAILURE && sender->memory_growth == GROWTH_RETRY)
		msg_set(next(rows),
			N_("After a failure it leaves an address alone for %s, with all mail; later for as long as its schedule has it."),
			told(time, sender->memory_s));
	else if (sender->memory == MEMORY_FAILURE)
		msg_set(next(rows), N_("After a failure it leaves an address alone for %s, with all mail."), told(time, sender->memory_s));
	if (sender->throttle_s)
		msg_set_n(next(rows), sender->throttle_passes,
			NP_("After %u failed attempt it leaves the whole domain alone for %s.",
				"After %u failed attempts at the same time it leaves the whole domain alone for %s."),
			sender->throttle_passes, told(time, sender->throttle_s));
	if (sender->parallel_max > sender->parallel && sender->parallel)
		msg_set(next(rows),
			N_("It begins with %u deliveries to a domain at the same time, and goes up to %u as they get through; further messages wait."),
			sender->parallel, sender->parallel_max);
	else if (sender->parallel)
		msg_set_n(next(rows), sender->parallel,
			NP_("It begins with %u delivery to a domain at a time; further messages wait until that one gets through.",
				"It begins with %u deliveries to a domain at the same time; further messages wait until these get through."),
			sender->parallel);
	if (sender->keep_idle_s)
		msg_set(next(rows), N_("While messages come in a row, a connection is kept for %s for the next one."),
			told(time, sender->keep_idle_s));
	if (sender->session_mails > 1)
		msg_set(next(rows), N_("One connection carries up to %u messages while they come within %s of each other."),
			sender->session_mails, told(time, sender->session_idle_s));
	if (sender->memory == MEMORY_NONE && !sender->throttle_s && !sender->keep_idle_s)
		next(rows)->id = N_("It remembers nothing from one message to the next.");
}

size_t why_sender(const struct sender *sender, struct why_row row[WHY_ROWS])
{
	struct why_list rows = { .row = row };
	struct str time;

	str_init(&time, 0);
	for (rows.group = GROUP_ORDER; rows.group < SENDER_GROUPS; rows.group++) {
		switch (rows.group) {
		case GROUP_ORDER:
			why_order(&rows, sender);
			break;
		case GROUP_LIMIT:
			why_limit(&rows, sender, &time);
			break;
		case GROUP_CONNECT:
			msg_set(next(&rows), N_("A silent server is waited for %s; a refusal costs nothing."),
				told(&time, sender->connect_timeout_s));
			why_states(&rows, sender, SIM_REFUSED, 1);
			break;
		case GROUP_GREETING:
			msg_set(next(&rows), N_("A greeting is waited for %s."), told(&time, sender->greeting_timeout_s));
			why_states(&rows, sender, SIM_DROP, 1);
			break;
		case GROUP_EHLO:
			why_states(&rows, sender, SIM_EHLO_4XX, 1);
			break;
		case GROUP_TLS:
			why_tls(&rows, sender, &time);
			break;
		case GROUP_SOFT:
			why_states(&rows, sender, SIM_MAIL_4XX, 2);
			break;
		case GROUP_HARD:
			why_states(&rows, sender, SIM_MAIL_5XX, 2);
			break;
		case GROUP_DNS:
			why_dns(&rows, sender);
			break;
		case GROUP_RETRY:
			why_retry(&rows, sender, &time);
			break;
		case GROUP_MEMORY:
			why_memory(&rows, sender, &time);
			break;
		case SENDER_GROUPS:
			break;
		}
	}
	str_release(&time);
	return rows.n;
}

const char *why_group_title(enum sender_group group)
{
	static const char *const titles[SENDER_GROUPS] = {
		[GROUP_ORDER] = N_("Order"),
		[GROUP_LIMIT] = N_("Limits of an attempt"),
		[GROUP_CONNECT] = N_("Connection"),
		[GROUP_GREETING] = N_("Greeting"),
		[GROUP_EHLO] = N_("EHLO"),
		[GROUP_TLS] = N_("TLS"),
		[GROUP_SOFT] = N_("Refused for now"),
		[GROUP_HARD] = N_("Refused for good"),
		[GROUP_DNS] = N_("DNS"),
		[GROUP_RETRY] = N_("Retries"),
		[GROUP_MEMORY] = N_("Memory"),
	};

	return titles[group];
}

const char *sender_sure_label(enum sender_sure sure)
{
	static const char *const labels[] = {
		[SURE_MEASURED] = N_("measured"),
		[SURE_SOURCE] = N_("from its source"),
		[SURE_DOCUMENT] = N_("from documents"),
		[SURE_CONFIGURED] = N_("configured"),
		[SURE_ASSUMED] = N_("assumed"),
	};

	return labels[sure];
}
