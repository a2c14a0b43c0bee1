/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The MTA-STS policy of a change (RFC 8461 section 8.1): old and new hosts are named first, then the record's id changes, then nobody may
 * hold the earlier policy any more, and then the set changes. Afterwards the policy names no more than is needed.
 */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "check/companion_part.h"
#include "base/banned.h"

#define END_MAX_AGE_S 86400 /* of the policy that ends MTA-STS: short, RFC 8461 section 8.3 */

/* A new id of 1 to 32 letters and digits: the time, and a letter that tells the policies of one plan apart. */
static void add_id(const struct companion_scene *scene, char letter, struct str *out)
{
	char id[STS_ID_MAX + 1];
	struct str time;
	size_t n = 0;

	str_init(&time, 0);
	text_time(&time, scene->in->at);
	for (const char *c = time.s; *c && n < STS_ID_MAX - 1; c++)
		if (*c >= '0' && *c <= '9')
			id[n++] = *c;
	str_release(&time);
	id[n] = letter;
	id[n + 1] = '\0';
	if (!strcmp(id, scene->in->facts->sts.id)) /* published within this second: still another one */
		id[n] = (char)(letter + 2);
	str_add(out, id);
}

static void add_host(struct str *text, const char *star, const struct dname *host)
{
	char name[DNAME_TEXT_MAX];

	str_addf(text, "mx: %s%s\n", star, dname_text(host, name));
}

static void add_pattern(struct str *text, const struct sts_pattern *pattern)
{
	add_host(text, pattern->wildcard ? "*." : "", &pattern->name);
}

/* Can the policy be written as a whole from what was kept of it? */
static bool is_whole(const struct sts_policy *policy)
{
	return !policy->more && !policy->others && policy->mode != STS_MODE_UNKNOWN && !(policy->problems & (STS_NO_MAX_AGE | STS_TWICE));
}

static bool pattern_is_needed(const struct sts_pattern *pattern, const struct hosts *hosts)
{
	for (size_t i = 0; i < hosts->n; i++)
		if (sts_fits(pattern, &hosts->host[i]))
			return true;
	return false;
}

static void begin_policy(const struct sts_policy *policy, struct str *text)
{
	str_addf(text, "version: STSv1\nmode: %s\n", policy->mode == STS_ENFORCE ? "enforce" : "testing");
}

static void end_policy(const struct sts_policy *policy, struct str *text)
{
	str_addf(text, "max_age: %lu\n", (unsigned long)policy->max_age_s);
}

/* What the policy lacks of these hosts. */
static void add_lacking(const struct sts_policy *policy, const struct hosts *hosts, struct str *text)
{
	for (size_t i = 0; i < hosts->n; i++)
		if (!sts_covers(policy, &hosts->host[i]))
			add_host(text, "", &hosts->host[i]);
}

static const char *domain_of(const struct companion_scene *scene, char text[DNAME_TEXT_MAX])
{
	return dname_text(&scene->in->facts->domain, text);
}

/* ---- the record ---- */

static void wait_for_policy(struct companion *step, const struct sts_facts *sts)
{
	const struct sts_policy *policy = &sts->policy;
	bool aged = !(policy->problems & STS_NO_MAX_AGE);

	if (policy->mode == STS_ENFORCE && !aged)
		msg_set(&step->wait, N_("Then wait for as long as senders may hold the earlier policy; its max_age cannot be read."));
	else if (policy->mode == STS_ENFORCE && !(sts->ttl_known && sts->ttl_s > policy->max_age_s))
		companion_wait(step, policy->max_age_s,
			N_("Then wait %s, the policy's max_age: for so long senders may go on with the policy that they have."));
	else if (sts->ttl_known)
		companion_wait(step, sts->ttl_s, N_("Then wait %s, the record's TTL, until it has run out of caches."));
	else
		msg_set(&step->wait, N_("Then wait until the record has run out of caches; its TTL is not known."));
}

static struct companion *add_record(struct companion_scene *scene, const char *id, enum companion_when when, char letter)
{
	const struct sts_facts *sts = &scene->in->facts->sts;
	struct companion *step = companion_add(scene, id, when);
	char domain[DNAME_TEXT_MAX], owner[DNAME_TEXT_MAX + sizeof("_mta-sts.")];
	struct str text;

	if (sts->owner.len)
		dname_text(&sts->owner, owner);
	else
		snprintf(owner, sizeof(owner), "_mta-sts.%s", domain_of(scene, domain));
	str_init(&text, 0);
	str_addf(&text, "%s. IN TXT \"v=STSv1; id=", owner);
	add_id(scene, letter, &text);
	str_add(&text, ";\"\n");
	companion_take(step, &text);
	msg_set(&step->what, N_("When the policy is there, give the record %s a new id."), owner);
	msg_set(&step->why,
		N_("By the id senders see that the policy has changed; one that looks too early would keep the old policy under the new id."));
	return step;
}

/* ---- before ---- */

static void set_why(struct companion *step, enum sts_mode mode)
{
	msg_set(&step->why,
		mode == STS_ENFORCE ? N_("Senders that honour MTA-STS skip a server that the policy does not name.")
		: mode == STS_TESTING
			? N_("In testing mode senders deliver, and report a server that the policy does not name.")
			: N_("If there is a policy in enforce mode, senders that honour it skip a server that it does not name."));
}

/* The step where nobody can tell whether the policy names the new hosts. */
static void add_unknown(struct companion_scene *scene)
{
	const struct sts_facts *sts = &scene->in->facts->sts;
	struct companion *step = companion_add(scene, "sts-policy", COMPANION_BEFORE);
	char domain[DNAME_TEXT_MAX];
	const struct dname *host;
	struct str text;
	size_t i = 0;

	domain_of(scene, domain);
	step->seen = FACT_UNKNOWN;
	str_init(&text, 0);
	while ((host = scene_added(scene, &i)) != NULL)
		add_host(&text, "", host);
	companion_take(step, &text);
	set_why(step, STS_MODE_UNKNOWN);
	if (sts->n_record) {
		msg_set(&step->what, N_("Look at the MTA-STS policy of %s: it has to name the new servers before the set does."), domain);
		msg_set(&step->missing, sts_is_read(sts)
						? N_("The policy has no mode that is known. These are the lines for the new servers alone.")
						: N_("The policy could not be read. These are the lines for the new servers alone."));
		msg_set(&step->wait, N_("Then wait for the policy's max_age, which is not known."));
	} else {
		msg_set(&step->what, N_("Find out whether %s has an MTA-STS policy: it has to name the new servers before the set does."),
			domain);
		msg_set(&step->missing,
			N_("The record that says so could not be looked up. These are the lines for the new servers alone."));
	}
}

static void add_lines(struct companion *step, const struct companion_scene *scene, struct str *text)
{
	const struct sts_policy *policy = &scene->in->facts->sts.policy;
	struct str old;

	str_init(&old, 0);
	add_lacking(policy, &scene->before, &old);
	if (is_whole(policy)) {
		begin_policy(policy, text);
		for (size_t i = 0; i < policy->n_mx; i++)
			add_pattern(text, &policy->mx[i]);
	} else {
		msg_set(&step->missing, N_("The policy has lines that are not kept here: add these to it, where it lacks them."));
	}
	str_add(text, old.s);
	str_release(&old);
}

/* The first of the new hosts that no pattern fits; NULL: all are named. */
static const struct dname *first_unnamed(const struct companion_scene *scene)
{
	const struct dname *host;
	size_t i = 0;

	while ((host = scene_added(scene, &i)) != NULL)
		if (!sts_covers(&scene->in->facts->sts.policy, host))
			return host;
	return NULL;
}

static void add_new_policy(struct companion_scene *scene)
{
	const struct sts_policy *policy = &scene->in->facts->sts.policy;
	struct companion *step = companion_add(scene, "sts-policy", COMPANION_BEFORE);
	char domain[DNAME_TEXT_MAX];
	const struct dname *host;
	struct str text;
	size_t i = 0;

	step->seen = policy->more ? FACT_UNKNOWN : FACT_NO;
	msg_set(&step->what,
		N_("Publish the MTA-STS policy with the old servers and the new ones, at https://mta-sts.%s/.well-known/mta-sts.txt."),
		domain_of(scene, domain));
	set_why(step, policy->mode);
	str_init(&text, 0);
	add_lines(step, scene, &text);
	while ((host = scene_added(scene, &i)) != NULL)
		if (!sts_covers(policy, host))
			add_host(&text, "", host);
	if (is_whole(policy))
		end_policy(policy, &text);
	companion_take(step, &text);
	wait_for_policy(add_record(scene, "sts-id", COMPANION_BEFORE, 'a'), &scene->in->facts->sts);
}

/* The step where the policy names the new hosts already, and nobody knows since when. */
static void add_named(struct companion_scene *scene)
{
	const struct sts_policy *policy = &scene->in->facts->sts.policy;
	struct companion *step = companion_add(scene, "sts-policy", COMPANION_BEFORE);
	char domain[DNAME_TEXT_MAX];

	step->seen = FACT_YES;
	msg_set(&step->what, N_("The MTA-STS policy of %s names the new servers."), domain_of(scene, domain));
	set_why(step, policy->mode);
	if (policy->mode == STS_ENFORCE && !(policy->problems & STS_NO_MAX_AGE))
		companion_wait(step, policy->max_age_s,
			N_("Since when is not known here: for %s from then on, the policy's max_age, senders may go on with an earlier one."));
}

void companion_sts_before(struct companion_scene *scene)
{
	enum fact binds = sts_binds(&scene->in->facts->sts);
	size_t i = 0;

	if (binds == FACT_NO || !scene_added(scene, &i))
		return;
	if (binds == FACT_UNKNOWN)
		add_unknown(scene);
	else if (first_unnamed(scene))
		add_new_policy(scene);
	else
		add_named(scene);
}

/* ---- after ---- */

/* Does a pattern go with the hosts that go? */
static bool is_loose(const struct companion_scene *scene)
{
	const struct sts_policy *policy = &scene->in->facts->sts.policy;
	const struct dname *host;
	size_t i = 0;

	while ((host = scene_removed(scene, &i)) != NULL)
		for (size_t k = 0; k < policy->n_mx; k++)
			if (sts_fits(&policy->mx[k], host) && !pattern_is_needed(&policy->mx[k], &scene->after))
				return true;
	return false;
}

static void add_tight(struct companion_scene *scene)
{
	const struct sts_policy *policy = &scene->in->facts->sts.policy;
	struct companion *step = companion_add(scene, "sts-tighten", COMPANION_AFTER);
	bool whole = is_whole(policy);
	struct str text;

	msg_set(&step->what, whole ? N_("Publish the MTA-STS policy without the servers that are gone.")
				   : N_("Take these lines out of the MTA-STS policy."));
	msg_set(&step->why, N_("Who can forge the DNS may lead mail to any server that the policy names."));
	str_init(&text, 0);
	if (whole)
		begin_policy(policy, &text);
	for (size_t i = 0; i < policy->n_mx; i++)
		if (pattern_is_needed(&policy->mx[i], &scene->after) == whole)
			add_pattern(&text, &policy->mx[i]);
	if (whole) {
		add_lacking(policy, &scene->after, &text);
		end_policy(policy, &text);
	}
	companion_take(step, &text);
	add_record(scene, "sts-tighten-id", COMPANION_AFTER, 'b');
}

/* The step for a set without servers: a last policy that ends MTA-STS. */
static void add_end(struct companion_scene *scene)
{
	const struct sts_policy *policy = &scene->in->facts->sts.policy;
	struct companion *step = companion_add(scene, "sts-end", COMPANION_AFTER);
	struct str text;

	str_init(&text, 0);
	str_addf(&text, "version: STSv1\nmode: none\nmax_age: %d\n", END_MAX_AGE_S);
	companion_take(step, &text);
	msg_set(&step->what, N_("End MTA-STS with this policy."));
	msg_set(&step->why, N_("A policy that is taken away without it is held by senders until it has run out."));
	step = add_record(scene, "sts-end-id", COMPANION_AFTER, 'b');
	if (!(policy->problems & STS_NO_MAX_AGE))
		companion_wait(
			step, policy->max_age_s, N_("Take record and policy away when %s have passed, the max_age of the policy before."));
	else
		msg_set(&step->wait, N_("Take record and policy away when the policy before has run out; its max_age cannot be read."));
}

void companion_sts_after(struct companion_scene *scene)
{
	if (sts_binds(&scene->in->facts->sts) != FACT_YES)
		return;
	if (!scene->after.n && scene->before.n)
		add_end(scene);
	else if (scene->after.n && is_loose(scene))
		add_tight(scene);
}
