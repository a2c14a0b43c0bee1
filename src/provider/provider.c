/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/banned.h"

#define DETAIL_CELLS 200
#define FILE_MAX ((size_t)64 << 20)

void provider_set_release(struct provider_set *set)
{
	free(set->record);
	*set = (struct provider_set){ 0 };
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

void request_init(struct request *request)
{
	*request = (struct request){ 0 };
	http_request_init(&request->http);
	str_init(&request->content, FILE_MAX);
	str_init(&request->expect, FILE_MAX);
}

void request_release(struct request *request)
{
	http_request_release(&request->http);
	str_release(&request->content);
	str_release(&request->expect);
	free(request->path);
	free(request->command);
	request->path = request->command = NULL;
}

void provider_run_init(struct provider_run *run, const struct provider_account *account, enum provider_goal goal, const struct dname *owner)
{
	*run = (struct provider_run){ .account = account, .goal = goal };
	if (owner)
		run->owner = *owner;
	mxset_init(&run->want);
	mxset_init(&run->disabled);
}

void provider_run_release(struct provider_run *run)
{
	if (run->state && run->account->provider->release_state)
		run->account->provider->release_state(run->state);
	run->state = NULL;
	provider_set_release(&run->have);
	mxset_release(&run->want);
	mxset_release(&run->disabled);
}

static enum err_code status_code(int status)
{
	if (status == 401 || status == 403)
		return ERR_AUTH;
	if (status == 409 || status == 412)
		return ERR_CONFLICT;
	return status == 429 || status >= 500 || status < 400 ? ERR_NETWORK : ERR_REFUSED;
}

#define QUOTED 8 /* that much of a key is a part of it, not chance */

static bool quotes_key(const char *text, const char *key)
{
	char part[QUOTED + 1];

	if (!key || !*key)
		return false;
	snprintf(part, sizeof part, "%s", key);
	return strstr(text, part) != NULL;
}

bool provider_fail(const struct provider_account *account, const struct http_response *response, const char *detail, struct err *err)
{
	enum err_code code = status_code(response->status);
	const char *title = account->provider->title;
	struct str cut = { 0 };

	/* A vendor may quote the request back: the key stays out of what is shown and kept. */
	if (detail && (!*detail || quotes_key(detail, account->key)))
		detail = NULL;
	str_init(&cut, 0);
	if (detail)
		str_add_bytes(&cut, detail, text_fit(detail, DETAIL_CELLS));
	if (code == ERR_AUTH && detail)
		err_set(err, code, N_("%s refused the credentials of account %s: %s"), title, account->name, cut.s);
	else if (code == ERR_AUTH)
		err_set(err, code, N_("%s refused the credentials of account %s (HTTP %d)"), title, account->name, response->status);
	else if (response->status == 429)
		err_set(err, code, N_("%s lets account %s ask no more for now"), title, account->name);
	else if (code == ERR_NETWORK && detail)
		err_set(err, code, N_("%s (account %s) failed with HTTP %d: %s"), title, account->name, response->status, cut.s);
	else if (code == ERR_NETWORK)
		err_set(err, code, N_("%s (account %s) failed with HTTP %d at %s"), title, account->name, response->status,
			account->endpoint);
	else if (response->status == 404 && detail)
		err_set(err, code, N_("%s (account %s) finds nothing at %s: %s"), title, account->name, account->endpoint, cut.s);
	else if (detail)
		err_set(err, code, N_("%s (account %s) refused: %s"), title, account->name, cut.s);
	else
		err_set(err, code, N_("%s (account %s) refused with HTTP %d"), title, account->name, response->status);
	if (response->status == 404)
		err_hint(err, N_("check the endpoint of the account: %s"), account->endpoint);
	if (err && code == ERR_AUTH && account->provider->key_help)
		err->hint = (struct msg){ .id = account->provider->key_help };
	str_release(&cut);
	return false;
}

static bool takes_ttl(const struct provider *provider, uint32_t ttl_s, struct err *err)
{
	if (ttl_s == MX_TTL_UNKNOWN)
		return err_set(err, ERR_USAGE, N_("the TTL of the set that is wanted is not known: set one"));
	if ((!provider->ttl_min_s || ttl_s >= provider->ttl_min_s) && (!provider->ttl_max_s || ttl_s <= provider->ttl_max_s))
		return true;
	return err_set(err, ERR_REFUSED, N_("%s takes a TTL from %u to %u seconds, not %u"), provider->title,
		(unsigned int)provider->ttl_min_s, (unsigned int)provider->ttl_max_s, (unsigned int)ttl_s);
}

bool provider_takes(const struct provider *provider, const struct mxset *want, struct err *err)
{
	if (!want->n)
		return true;
	if (!takes_ttl(provider, want->ttl_s, err))
		return false;
	if (provider->records_max && want->n > provider->records_max)
		return err_set(
			err, ERR_REFUSED, N_("%s takes %zu records of a name, not %zu"), provider->title, provider->records_max, want->n);
	for (size_t i = 0; i < want->n && !(provider->caps & CAP_NULL_MX); i++)
		if (dname_is_root(&want->mx[i].host))
			return err_set(err, ERR_REFUSED, N_("%s takes no null MX"), provider->title);
	return true;
}
