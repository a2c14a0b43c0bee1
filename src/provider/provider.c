/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "provider/shape.h"
#include "wire/zonetext.h"
#include "base/banned.h"

void provider_set_release(struct provider_set *set)
{
	free(set->record);
	free(set->kept);
	*set = (struct provider_set){ 0 };
}

void provider_set_copy(struct provider_set *to, const struct provider_set *from)
{
	provider_set_release(to);
	for (size_t i = 0; i < from->n; i++)
		*provider_set_add(to) = from->record[i];
	to->kept = mem_text(from->kept);
	memcpy(to->mark, from->mark, sizeof to->mark);
}

struct provider_record *provider_set_add(struct provider_set *set)
{
	set->record = mem_grow(set->record, set->n, &set->cap, sizeof *set->record);
	set->record[set->n] = (struct provider_record){ 0 };
	return &set->record[set->n++];
}

void provider_set_published(const struct provider_set *from, struct mxset *set)
{
	while (set->n)
		mxset_remove(set, set->n - 1);
	set->ttl_s = 0;
	for (size_t i = 0; i < from->n; i++) {
		const struct provider_record *record = &from->record[i];

		if (record->disabled)
			continue;
		if (!set->n || record->ttl_s < set->ttl_s)
			set->ttl_s = record->ttl_s;
		mxset_add(set, &record->mx);
	}
}

bool provider_set_ttl_mixed(const struct provider_set *set)
{
	const struct provider_record *first = NULL;

	for (size_t i = 0; i < set->n; i++) {
		if (set->record[i].disabled)
			continue;
		if (first && first->ttl_s != set->record[i].ttl_s)
			return true;
		first = &set->record[i];
	}
	return false;
}

bool provider_set_ttl_automatic(const struct provider_set *set)
{
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++) {
		if (set->record[i].disabled)
			continue;
		if (!set->record[i].automatic)
			return false;
		n++;
	}
	return n > 0;
}

bool provider_set_ttl_guessed(const struct provider *provider, const struct provider_set *set)
{
	for (size_t i = 0; provider->shape && provider->shape->ttl_guessed && i < set->n; i++)
		if (!set->record[i].disabled && set->record[i].automatic)
			return true;
	return false;
}

void request_init(struct request *request)
{
	*request = (struct request){ 0 };
	http_request_init(&request->http);
	str_init(&request->dns, 0);
	str_init(&request->signature, 0);
	str_init(&request->content, ZONETEXT_MAX);
}

void request_release(struct request *request)
{
	http_request_release(&request->http);
	str_release(&request->dns);
	str_release(&request->signature);
	str_release(&request->content);
	free(request->path);
	free(request->command);
	request->path = request->command = NULL;
}

void provider_run_init(struct provider_run *run, const struct provider_account *account, enum provider_goal goal, const struct dname *owner)
{
	*run = (struct provider_run){ .account = account, .goal = goal };
	if (account && account->provider)
		run->limits = account->provider->limits;
	if (owner)
		run->owner = *owner;
	mxset_init(&run->want);
	mxset_init(&run->disabled);
}

void provider_run_forget(struct provider_run *run)
{
	vendor_state_free(run->state);
	run->state = NULL;
}

void provider_run_release(struct provider_run *run)
{
	provider_run_forget(run);
	free(run->zone_id);
	run->zone_id = NULL;
	provider_set_release(&run->have);
	mxset_release(&run->want);
	mxset_release(&run->disabled);
}

void provider_run_set_zone_id(struct provider_run *run, const char *id)
{
	char *copy = id ? mem_text(id) : NULL;

	free(run->zone_id);
	run->zone_id = copy;
}

enum step provider_lists_none(const struct provider_run *run, struct err *err)
{
	err_set(err, ERR_REFUSED, N_("no list of the zones of account %s can be had from provider %s"), run->account->name,
		run->account->provider->name);
	err_hint(err, N_("Name the domain instead: its zone is found."));
	return STEP_FAILED;
}

void provider_run_know(struct provider_run *run, const struct provider_run *found)
{
	run->zone = found->zone;
	provider_run_set_zone_id(run, found->zone_id);
	run->n_ns = found->n_ns;
	memcpy(run->ns, found->ns, sizeof run->ns);
	run->ns_usual = found->ns_usual;
	run->limits = found->limits;
	run->first_ttl_s = found->first_ttl_s;
}

/* ---- limits ---- */

static bool is_listed(const uint32_t *ttls, uint32_t ttl_s)
{
	while (*ttls && *ttls != ttl_s)
		ttls++;
	return *ttls;
}

static bool listed_ttl(const struct provider *provider, const uint32_t *ttls, uint32_t ttl_s, struct err *err)
{
	char span[TEXT_SPAN_MAX];
	struct str text;

	if (!ttls || is_listed(ttls, ttl_s))
		return true;
	str_init(&text, 0);
	for (; *ttls; ttls++)
		str_addf(&text, "%s%s", text.len ? ", " : "", text_span(*ttls, span));
	err_set(err, ERR_REFUSED, N_("%s takes no TTL of %s, only one of these: %s"), provider->title, text_span(ttl_s, span), text.s);
	str_release(&text);
	return false;
}

static bool takes_ttl(const struct provider *provider, const struct provider_limits *limits, uint32_t ttl_s, struct err *err)
{
	char least[TEXT_SPAN_MAX], most[TEXT_SPAN_MAX], span[TEXT_SPAN_MAX];

	if (ttl_s == MX_TTL_UNKNOWN)
		return err_set(err, ERR_USAGE, N_("the TTL of the set that is wanted is not known: set one"));
	if (ttl_s >= limits->ttl_min_s && (!limits->ttl_max_s || ttl_s <= limits->ttl_max_s))
		return listed_ttl(provider, limits->ttls, ttl_s, err);
	if (!limits->ttl_max_s || limits->ttl_max_s >= MX_TTL_MAX)
		return err_set(err, ERR_REFUSED, N_("%s takes a TTL from %s on, not %s"), provider->title,
			text_span(limits->ttl_min_s, least), text_span(ttl_s, span));
	return err_set(err, ERR_REFUSED, N_("%s takes a TTL from %s to %s, not %s"), provider->title, text_span(limits->ttl_min_s, least),
		text_span(limits->ttl_max_s, most), text_span(ttl_s, span));
}

static bool takes_records(const struct provider *provider, const struct provider_limits *limits, const struct mxset *want, struct err *err)
{
	if (limits->records_max && want->n > limits->records_max)
		return err_set(
			err, ERR_REFUSED, N_("%s takes %zu records of a name, not %zu"), provider->title, limits->records_max, want->n);
	for (size_t i = 0; i < want->n && limits->preference_max; i++)
		if (want->mx[i].preference > limits->preference_max)
			return err_set(err, ERR_REFUSED, N_("%s takes a preference up to %u, not %u"), provider->title,
				(unsigned int)limits->preference_max, (unsigned int)want->mx[i].preference);
	return true;
}

bool provider_limits_take(const struct provider *provider, const struct provider_limits *limits, const struct mxset *want, struct err *err)
{
	if (!want->n)
		return true;
	if (!takes_ttl(provider, limits, want->ttl_s, err) || !takes_records(provider, limits, want, err))
		return false;
	for (size_t i = 0; i < want->n && !(provider->caps & CAP_NULL_MX); i++)
		if (dname_is_root(&want->mx[i].host))
			return err_set(err, ERR_REFUSED, N_("a null MX is not written at %s: it refuses one, or is not known to take one"),
				provider->title);
	return true;
}

bool provider_takes(const struct provider *provider, const struct mxset *want, struct err *err)
{
	return provider_limits_take(provider, &provider->limits, want, err);
}
