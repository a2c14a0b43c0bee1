/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dated steps of a cut-over, at once and with the TTL lowered first, and what goes wrong without patience. */
#include "sim/cutover/cutover.h"

#include <assert.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/text.h"
#include "base/banned.h"

#define NOTHING 1e-6

const char *cutover_kind_name(enum cutover_kind kind)
{
	static const char *const names[] = { "unknown", "nothing", "ttl", "keeps", "drops" };

	return names[kind];
}

const char *cutover_off_name(enum cutover_off off)
{
	static const char *const names[] = { "drained", "others", "unused", "name", "unknown" };

	return names[off];
}

const char *cutover_off_text(enum cutover_off off)
{
	static const char *const texts[] = {
		N_("with old answers mail goes there and nowhere else"),
		N_("the servers that stay take its mail, after a failed attempt"),
		N_("no sender tries it first"),
		N_("the server stays under another name; only this name's address records go"),
		N_("what becomes of mail without it is not known, as addresses are not known"),
	};

	return texts[off];
}

const char *cutover_step_name(enum cutover_step_kind kind)
{
	static const char *const names[] = { "lower-ttl", "wait", "change", "switch-off", "raise-ttl" };

	return names[kind];
}

/* ---- steps ---- */

static struct msg *add(struct cutover_plan *plan, enum cutover_step_kind kind, int64_t at, uint32_t ttl_s)
{
	struct cutover_step *step = &plan->step[plan->n++];

	assert(plan->n <= CUTOVER_STEPS);
	*step = (struct cutover_step){ .kind = kind, .at = at, .ttl_s = ttl_s };
	return &step->text;
}

/* A sentence with one length of time in it; id is marked with N_() by the caller. */
static void say(struct msg *msg, const char *id, uint64_t seconds)
{
	char text[TEXT_SPAN_MAX];

	*msg = (struct msg){ .id = id };
	text_copy(msg->arg[0], sizeof(msg->arg[0]), text_span(seconds, text));
}

/* Adds one step for all servers that go for the same reason. */
static void add_off(const struct cutover *result, struct cutover_plan *plan, enum cutover_off off, int64_t at)
{
	char name[DNAME_TEXT_MAX];
	struct str names;
	struct msg *text;

	str_init(&names, 0);
	for (size_t i = 0; i < result->n_host; i++) {
		if (result->host[i].off != off)
			continue;
		dname_show(&result->host[i].host, name);
		str_add_listed(&names, name);
	}
	if (names.len) {
		text = add(plan, MOVE_OFF, at, 0);
		if (off == OFF_DRAINED)
			msg_set(text, N_("Switch off %s, when the queues there are empty."), names.s);
		else if (off == OFF_UNUSED)
			msg_set(text, N_("No sender tries %s first: to switch that off loses no mail."), names.s);
		else if (off == OFF_OTHERS)
			msg_set(text, N_("From now on the servers that stay take the mail of %s, should it be switched off."), names.s);
		else if (off == OFF_UNKNOWN)
			msg_set(text,
				N_("Old answers lead to %s no more; before you switch it off, make sure that no name in the draft leads there."),
				names.s);
		else
			msg_set(text, N_("Take away the address records of %s; its server stays, under another name."), names.s);
	}
	str_release(&names);
}

/* From the change on: hold_s is what caches hold then. */
static void add_change(const struct cutover *result, struct cutover_plan *plan, int64_t at, uint32_t hold_s)
{
	uint32_t tail_s = (uint32_t)(result->tail_at - result->drained_at);

	plan->change_at = at;
	plan->drained_at = at + hold_s;
	plan->tail_at = plan->drained_at + tail_s;
	add_off(result, plan, OFF_OTHERS, at);
	add_off(result, plan, OFF_UNUSED, at);
	if (hold_s)
		say(add(plan, MOVE_WAIT, at, hold_s),
			result->negative ? N_("Wait %s: then caches have forgotten that there was no MX record.")
			: result->earlier && hold_s == result->hold_s
				? N_("Wait %s: until then caches may hold what stood before an earlier push.")
				: N_("Wait %s, the TTL: then caches that keep to it have the draft."),
			hold_s);
	if (tail_s && result->off_at > result->at)
		say(add(plan, MOVE_WAIT, plan->drained_at, tail_s),
			N_("Wait %s more for resolvers that stretch TTLs; how far they go is an assumption."), tail_s);
	add_off(result, plan, OFF_DRAINED, plan->tail_at);
	add_off(result, plan, OFF_NAME, plan->tail_at);
	add_off(result, plan, OFF_UNKNOWN, plan->tail_at);
}

static void plan_direct(const struct cutover_input *input, struct cutover *result)
{
	struct cutover_plan *plan = &result->direct;

	msg_set(add(plan, MOVE_CHANGE, result->at, input->draft->n ? input->draft->ttl_s : 0), N_("Push the draft."));
	add_change(result, plan, result->at, result->hold_s);
}

static void compare(struct cutover *result)
{
	char direct[TEXT_SPAN_MAX], staged[TEXT_SPAN_MAX];

	msg_set(&result->gain, N_("Old and new answers live side by side for %s; step by step for %s, stretched ones apart."),
		text_span((uint64_t)(result->direct.drained_at - result->direct.change_at), direct),
		text_span((uint64_t)(result->staged.drained_at - result->staged.change_at), staged));
}

static bool has_short(const struct cutover_input *input, uint32_t ttl)
{
	const struct mxset *live = input->live ? input->live : &input->facts->live;

	return live->ttl_s <= ttl && input->facts->ttl_max_s <= ttl;
}

static void plan_staged(const struct cutover_input *input, struct cutover *result)
{
	struct cutover_plan *plan = &result->staged;
	uint32_t later = input->draft->n ? input->draft->ttl_s : 0, ttl = result->assume.short_ttl_s;
	int64_t lower_at = result->at - result->hold_s;

	if (later && later < ttl)
		ttl = later;
	if (lower_at < result->now)
		lower_at = result->now;
	if (!has_short(input, ttl))
		say(add(plan, MOVE_LOWER, lower_at, ttl), N_("Lower the TTL of the present set to %s; its records stay."), ttl);
	say(add(plan, MOVE_WAIT, lower_at, result->hold_s),
		result->earlier ? N_("Wait %s: until then caches may hold what stood before an earlier push.")
				: N_("Wait %s, the old TTL: then caches hold the short one."),
		result->hold_s);
	lower_at += result->hold_s;
	if (later > ttl)
		say(add(plan, MOVE_CHANGE, lower_at, ttl), N_("Push the draft, with the TTL at %s for now."), ttl);
	else
		msg_set(add(plan, MOVE_CHANGE, lower_at, ttl), N_("Push the draft."));
	add_change(result, plan, lower_at, ttl);
	if (later > ttl)
		say(add(plan, MOVE_RAISE, result->off_at > result->at ? plan->tail_at : plan->drained_at, later),
			N_("Raise the TTL to %s, when you will not want to go back."), later);
	compare(result);
	for (size_t i = 0; i < result->n_point; i++)
		result->point[i].planned = result->to_old * cutover_old(&result->assume, ttl, result->point[i].t_s);
}

void cutover_plans(const struct cutover_input *input, struct cutover *result)
{
	const char *reason = NULL;

	plan_direct(input, result);
	if (result->kind == CUTOVER_TTL)
		reason = N_("Only the TTL changes: to lower it first gains nothing.");
	else if (result->negative)
		reason = N_("There is no MX record yet whose TTL could be lowered first.");
	else if (result->hold_s <= result->assume.short_ttl_s)
		reason = N_("The TTL is short already: to lower it first gains nothing.");
	else if (result->to_old < NOTHING && result->fails < NOTHING && cutover_tells(result) && !cutover_lacks_any(input, input->draft))
		reason = N_("Mail gets through with old answers and with new: to lower the TTL first gains nothing.");
	if (reason)
		result->no_stages.id = reason;
	else
		plan_staged(input, result);
}

/* ---- words ---- */

static const char *percent(double share, char out[24])
{
	struct str text;

	str_init(&text, 0);
	text_share(&text, share);
	text_copy(out, 24, text.s);
	str_release(&text);
	return out;
}

/* How long the least patient of the senders whose mail would wait keeps it. */
static uint32_t patience(const struct cutover *result)
{
	uint32_t least = 0;

	for (size_t i = 0; i < result->n_sender; i++) {
		uint32_t life_s = result->sender[i].sender->life_s;

		if (result->sender[i].waits > NOTHING && life_s && (!least || life_s < least))
			least = life_s;
	}
	return least;
}

static struct msg *warn(struct cutover *result)
{
	return &result->warning[result->n_warning++];
}

static void warn_returned(struct cutover *result)
{
	char share[24];
	struct str who;

	str_init(&who, 0);
	for (size_t i = 0; i < result->n_sender; i++)
		if (cutover_returns(result, &result->sender[i]))
			str_add_listed(&who, sender_title(result->sender[i].sender));
	msg_set(warn(result),
		N_("If the old servers were switched off at the change, %s of the mail would be returned to its authors, by %s."),
		percent(result->lost, share), who.s);
	str_release(&who);
}

static void warn_waits(struct cutover *result)
{
	char share[24], longest[TEXT_SPAN_MAX], patient[TEXT_SPAN_MAX];

	msg_set(warn(result),
		N_("If the old servers were switched off at the change, %s of the mail would wait in the senders' queues, up to %s, "
		   "until they see the draft. The least patient of them returns mail after %s."),
		percent(result->waits, share), text_span((uint64_t)(result->tail_at - result->at), longest),
		text_span(patience(result), patient));
}

/* The names of the set whose addresses are not known; without records it is the domain's own. */
static void add_lacking(const struct cutover_input *input, const struct mxset *set, struct str *names)
{
	char name[DNAME_TEXT_MAX];

	for (size_t i = 0; i < set->n; i++)
		if (cutover_lacks(input->facts, &set->mx[i].host))
			str_add_listed(names, dname_show(&set->mx[i].host, name));
	if (!set->n && cutover_lacks(input->facts, input->domain))
		str_add(names, dname_show(input->domain, name));
}

static void warn_unknown(const struct cutover_input *input, struct cutover *result)
{
	double part = result->unknown > result->unknown_off ? result->unknown : result->unknown_off;
	char share[24];
	struct str old, new;

	str_init(&old, 0);
	str_init(&new, 0);
	add_lacking(input, input->live ? input->live : &input->facts->live, &old);
	add_lacking(input, input->draft, &new);
	if (result->presumed)
		msg_set(warn(result), N_("What is live now is not known: the old set is here the one that the draft began from."));
	if (part > NOTHING && !old.len)
		msg_set(warn(result),
			N_("As addresses are not known, nobody can say of %s of the mail with old answers what becomes of it; the other figures "
			   "leave that part out."),
			percent(part, share));
	else if (part > NOTHING)
		msg_set(warn(result),
			N_("The addresses of %s are not known, so of %s of the mail with old answers nobody can say what becomes of it; the "
			   "other figures leave that part out."),
			old.s, percent(part, share));
	if (new.len && result->n_host)
		msg_set(warn(result),
			N_("The addresses of %s are not known: a server that goes by an old name may be one that the draft leads to."),
			new.s);
	str_release(&old);
	str_release(&new);
}

static void tell_basis(struct cutover *result)
{
	char share[24];

	if (!result->negative && result->hold_assumed)
		say(&result->basis[result->n_basis++],
			N_("Nobody told the TTL of the old set; that caches hold it for %s is an assumption here."), result->hold_s);
	else if (result->earlier)
		say(&result->basis[result->n_basis++],
			N_("Caches may hold what stood before an earlier push for %s, longer than the TTL of now, and are of an even age."),
			result->hold_s);
	else if (!result->negative)
		say(&result->basis[result->n_basis++],
			N_("Caches hold the old set for %s, its TTL, and are of an even age (RFC 1034 section 3.6, RFC 2181 section 5.2)."),
			result->hold_s);
	else if (result->hold_assumed)
		say(&result->basis[result->n_basis++],
			N_("Caches hold \"no MX record\" for %s: assumed, as the SOA record is not known (RFC 2308 section 5)."),
			result->hold_s);
	else
		say(&result->basis[result->n_basis++],
			N_("Caches hold \"no MX record\" for %s, as the SOA record says (RFC 2308 section 5)."), result->hold_s);
	if (result->tail_at > result->drained_at) {
		snprintf(share, sizeof(share), "%.4g %%", result->assume.stretch_share * 100);
		msg_set(&result->basis[result->n_basis++], N_("%s of resolvers hold answers longer than the TTL; source: %s."), share,
			CUTOVER_SOURCE);
		say(&result->basis[result->n_basis++], N_("By how much they stretch it is an assumption here: %s at most."),
			result->assume.stretch_s);
	}
	msg_set_n(&result->basis[result->n_basis++], result->n_sender,
		NP_("Where mail goes is simulated with %zu kind of sending server.",
			"Where mail goes is simulated with %zu kinds of sending servers."),
		result->n_sender);
	msg_set(&result->basis[result->n_basis++],
		N_("That all name servers have the draft when it is pushed is an assumption; a push tells when each has."));
}

void cutover_describe(const struct cutover_input *input, struct cutover *result)
{
	char share[24];

	warn_unknown(input, result);
	if (result->lost > NOTHING)
		warn_returned(result);
	if (result->waits > NOTHING)
		warn_waits(result);
	if (result->nameless > result->lost + NOTHING)
		msg_set(warn(result),
			N_("If the old names had no address records any more, senders would return %s of the mail immediately."),
			percent(result->nameless, share));
	if (result->fails > NOTHING)
		msg_set(warn(result), N_("With the old answers %s of the mail is not delivered, whatever is switched off."),
			percent(result->fails, share));
	tell_basis(result);
}
