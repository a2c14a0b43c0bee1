/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/companion.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "check/companion_part.h"
#include "check/rules.h"
#include "core/drain.h"
#include "base/banned.h"

/* ---- the hosts of both sets ---- */

static int by_name(const void *a, const void *b)
{
	return dname_cmp(a, b);
}

/* Without MX records: has the domain an address of its own, which takes the mail then? */
static enum fact takes_itself(const struct facts *facts)
{
	const struct host_facts *own = facts_host(facts, &facts->domain);

	if (own && own->n_addr)
		return FACT_YES;
	if (facts->mx == ANSWER_NXDOMAIN || (own && (own->a == ANSWER_NXDOMAIN || own->aaaa == ANSWER_NXDOMAIN)))
		return FACT_NO;
	return own && own->a == ANSWER_NODATA && own->aaaa == ANSWER_NODATA ? FACT_NO : FACT_UNKNOWN;
}

static void hosts_of(struct hosts *hosts, const struct mxset *set, const struct facts *facts)
{
	size_t n = 0;

	hosts->host = mem_alloc((set->n + 1) * sizeof(*hosts->host));
	for (size_t i = 0; i < set->n; i++)
		if (target_is_name(&set->mx[i]))
			hosts->host[n++] = set->mx[i].host;
	if (!set->n && takes_itself(facts) != FACT_NO)
		hosts->host[n++] = facts->domain;
	qsort(hosts->host, n, sizeof(*hosts->host), by_name);
	hosts->n = 0;
	for (size_t i = 0; i < n; i++)
		if (!i || !dname_equal(&hosts->host[i], &hosts->host[i - 1]))
			hosts->host[hosts->n++] = hosts->host[i];
}

static bool has_host(const struct hosts *hosts, const struct dname *host)
{
	return hosts->n && bsearch(host, hosts->host, hosts->n, sizeof(*hosts->host), by_name);
}

static const struct dname *next_without(const struct hosts *hosts, const struct hosts *other, size_t *i)
{
	while (*i < hosts->n) {
		const struct dname *host = &hosts->host[(*i)++];

		if (!has_host(other, host))
			return host;
	}
	return NULL;
}

const struct dname *scene_added(const struct companion_scene *scene, size_t *i)
{
	return next_without(&scene->after, &scene->before, i);
}

const struct dname *scene_removed(const struct companion_scene *scene, size_t *i)
{
	return next_without(&scene->before, &scene->after, i);
}

/* ---- the list ---- */

struct companion *companion_add(struct companion_scene *scene, const char *id, enum companion_when when)
{
	struct companions *out = scene->out;
	struct companion *companion;

	out->companion = mem_grow(out->companion, out->n, &out->cap, sizeof(*out->companion));
	companion = &out->companion[out->n++];
	*companion = (struct companion){ .id = id, .when = when, .seen = FACT_NO };
	return companion;
}

void companion_take(struct companion *companion, struct str *text)
{
	if (text->len)
		companion->text = str_take(text);
	str_release(text);
}

void companion_wait(struct companion *companion, uint32_t wait_s, const char *id)
{
	char text[TEXT_SPAN_MAX];

	companion->wait = (struct msg){ .id = id };
	text_copy(companion->wait.arg[0], sizeof(companion->wait.arg[0]), text_span(wait_s, text));
	companion->wait_known = true;
	companion->wait_s = wait_s;
}

struct drain companion_drain(const struct companion_scene *scene)
{
	const struct companion_input *in = scene->in;
	const struct facts *facts = in->facts;
	struct drain drain = drain_of(in->base, mxset_equal(in->base, &facts->live) ? facts->ttl_max_s : 0, facts->negative_ttl_s);

	drain_add_past(&drain, &facts->past);
	return drain;
}

/* The change of the set, between what goes before and what comes after. */
static void add_change(struct companion_scene *scene)
{
	const struct companion_input *in = scene->in;
	const struct facts *facts = in->facts;
	struct companion *change = companion_add(scene, "mx", COMPANION_CHANGE);
	struct drain drain = companion_drain(scene);
	bool live = facts->mx == ANSWER_DATA || facts->mx == ANSWER_NODATA || facts->mx == ANSWER_NXDOMAIN;
	char domain[DNAME_TEXT_MAX];
	size_t i = 0;

	change->seen = !live ? FACT_UNKNOWN : mxset_same_records(&facts->live, in->want) ? FACT_YES : FACT_NO;
	msg_set(&change->what, N_("Push the change of the MX set."));
	if (companion_moves(scene))
		msg_set(&change->why,
			N_("Then see that each name server gives the new set, and that a message from elsewhere arrives: mxladder verify %s."),
			dname_show(&facts->domain, domain));
	if (!scene_removed(scene, &i))
		return;
	if (drain.known)
		companion_wait(change, drain_left(&drain, in->at),
			N_("Then keep the old servers up for %s, until the old set has run out of caches; some resolvers hold it up to a day "
			   "longer."));
	else
		msg_set(&change->wait, N_("Then keep the old servers up until the old set has run out of caches; its TTL is not known."));
}

/* Each as early as the waits before it allow. */
static void date_steps(struct companions *companions, int64_t at)
{
	for (size_t i = 0; i < companions->n; i++) {
		struct companion *step = &companions->companion[i];

		step->not_before = at;
		if (!at || !step->wait.id || step->apart)
			continue;
		at = step->wait_known ? at + step->wait_s : 0;
	}
}

void companions_find(struct companions *companions, const struct companion_input *in)
{
	struct companion_scene scene = { .in = in, .out = companions };
	size_t before;

	companions_release(companions);
	if (mxset_same_records(in->base, in->want))
		return;
	hosts_of(&scene.before, in->base, in->facts);
	hosts_of(&scene.after, in->want, in->facts);
	companion_move_before(&scene);
	companion_reports_before(&scene);
	companion_spf_before(&scene);
	companion_dane_before(&scene);
	companion_sts_before(&scene);
	companion_move_last(&scene);
	before = companions->n;
	add_change(&scene);
	companion_move_after(&scene);
	companion_sts_after(&scene);
	companion_dane_after(&scene);
	companion_spf_after(&scene);
	if (!before && companions->n == 1)
		companions_release(companions);
	date_steps(companions, in->at);
	free(scene.before.host);
	free(scene.after.host);
}

void companions_of_plan(struct companions *companions, const struct plan *plan, const struct facts *facts, int64_t now)
{
	struct companion_input in = { .base = &plan->base, .want = &plan->want, .facts = facts, .at = now };
	int64_t made;

	if (plan->created_at && text_parse_time(plan->created_at, &made))
		in.at = made;
	companions_find(companions, &in);
}

void companion_date_msg(const struct companions *companions, size_t i, struct msg *msg)
{
	int64_t at = companions->companion[i].not_before;
	struct str text;

	*msg = (struct msg){ 0 };
	if (!at || at <= companions->companion[0].not_before)
		return;
	str_init(&text, 0);
	text_time(&text, at);
	msg_set(msg, N_("Not before %s, if each step before it is done at once."), text.s);
	str_release(&text);
}

void companions_release(struct companions *companions)
{
	for (size_t i = 0; i < companions->n; i++)
		free(companions->companion[i].text);
	free(companions->companion);
	*companions = (struct companions){ 0 };
}

const char *companion_when_name(enum companion_when when)
{
	static const char *const names[] = { "before", "change", "after" };

	return names[when];
}
