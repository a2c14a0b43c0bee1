/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/push_kind.h"

#include "base/i18n.h"
#include "base/banned.h"

static enum push_notice notice_of(const struct provider *provider)
{
	if (provider->caps & CAP_LOCAL)
		return NOTICE_FILE;
	if (provider->caps & CAP_COMPARE)
		return provider->caps & CAP_NO_TTL ? NOTICE_RECORDS : NOTICE_BEFORE;
	if (!(provider->caps & CAP_ATOMIC_SET))
		return NOTICE_READ;
	return provider->writes_between ? NOTICE_SERIAL : NOTICE_NONE;
}

/* Is everything wanted there, and something to go? Then one request more may keep another editor from emptying the set. */
static bool only_removes(const struct plan *plan)
{
	for (size_t i = 0; i < plan->want.n; i++)
		if (!mxset_has(&plan->base, &plan->want.mx[i]))
			return false;
	return plan->want.n && plan->want.n < plan->base.n;
}

/* Counts the requests that the dry run foresees. */
static void count(struct push_kind *kind, const struct push *preview)
{
	for (size_t i = 0; preview && i < preview->n_step; i++) {
		kind->requests += preview->step[i].writes && !preview->step[i].commit;
		kind->commit |= preview->step[i].commit;
	}
}

bool push_kind(const struct plan *plan, const struct push *preview, struct push_kind *kind)
{
	const struct provider *provider = plan->provider ? provider_find(plan->provider) : NULL;

	if (!provider || mxset_equal(&plan->base, &plan->want) || (preview && preview->state == PUSH_UNCHANGED))
		return false;
	*kind = (struct push_kind){
		.whole = provider->caps & (CAP_ATOMIC_SET | CAP_BATCH), .empties = !plan->want.n, .notice = notice_of(provider)
	};
	if (preview && preview->done)
		count(kind, preview);
	if (!kind->whole && only_removes(plan))
		kind->requests = 0;
	/* A command that is not configured is none. */
	kind->commit |= provider->caps & CAP_COMMIT && !(provider->caps & CAP_LOCAL);
	return true;
}

static void steps_msg(const struct push_kind *kind, struct msg *msg)
{
	if (kind->requests == 1)
		msg_set(msg, N_("One step: a single request makes the whole change."));
	else if (kind->whole && kind->requests)
		msg_set_n(msg, kind->requests,
			NP_("%u request: the records change in one of them, as a whole, and the TTL in another.",
				"%u requests: the records change in one of them, as a whole, and the TTL in another."),
			kind->requests);
	else if (kind->whole)
		msg_set(msg, N_("The records change as a whole, never one by one."));
	else if (kind->empties)
		msg_set(msg, N_("A request for each record, one after the other; after the last one the name has no MX record."));
	else if (kind->requests)
		msg_set_n(msg, kind->requests,
			NP_("%u request: what is new comes first, and this push never leaves the name without a record in between.",
				"%u requests, one after the other: what is new comes first, and this push never leaves the name without a record in "
				"between."),
			kind->requests);
	else
		msg_set(msg,
			N_("A request for each record that changes, one after the other: what is new comes first, and this push never leaves the "
			   "name without a record in between."));
}

static void notice_msg(const struct push_kind *kind, struct msg *msg)
{
	static const char *const ids[] = {
		[NOTICE_BEFORE] =
			N_("Another editor is noticed before anything is written: the provider refuses the write where the records are not "
			   "those that were read."),
		[NOTICE_FILE] = N_(
			"Another editor is noticed before anything is written: the file is replaced only while it still is what was read."),
		[NOTICE_READ] =
			N_("Another editor is noticed when the set is read again; a change of the same record within the round trip of a "
			   "request may not be."),
		[NOTICE_SERIAL] = N_(
			"Another editor is noticed by the read right before the write. A change within that round trip is written over; the "
			"zone's serial, where it counts, shows it afterwards."),
		[NOTICE_NONE] = N_(
			"Another editor is noticed by the read right before the write. A change within that round trip is written over, and "
			"nothing shows it."),
		[NOTICE_RECORDS] = N_(
			"Another editor is noticed before anything is written: the provider refuses the write where the records are "
			"not those that were read. It compares no TTL: a change of the TTL alone within that round trip is written over, and "
			"nothing shows it."),
	};

	*msg = (struct msg){ .id = ids[kind->notice] };
}

size_t push_kind_msgs(const struct push_kind *kind, struct msg msg[PUSH_KIND_MSGS])
{
	size_t n = 0;

	steps_msg(kind, &msg[n++]);
	if (kind->commit)
		msg_set(&msg[n++], N_("It is published when a last step after that has succeeded."));
	notice_msg(kind, &msg[n++]);
	return n;
}

json_t *push_kind_json(const struct push_kind *kind)
{
	static const char *const names[] = { "before", "file", "read", "serial", "none", "records" };

	if (!kind)
		return json_null();
	return json_pack("{s:b, s:o, s:b, s:s}", "whole", (int)kind->whole, "requests",
		kind->requests ? json_integer(kind->requests) : json_null(), "last_step", (int)kind->commit, "noticed",
		names[kind->notice]);
}
