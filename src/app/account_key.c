/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/account_key.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/banned.h"

void account_key_forget(struct account *account)
{
	if (account->key)
		mem_wipe(account->key, strlen(account->key));
	free(account->key);
	account->key = NULL;
}

static void leave(struct key_wait *wait)
{
	struct key_wait **at = &wait->account->key_waiting;

	while (*at != wait)
		at = &(*at)->next;
	*at = wait->next;
	wait->account = NULL;
}

void account_key_cancel(struct key_wait *wait)
{
	struct account *account = wait->account;

	if (!account)
		return;
	loop_cancel(wait->delivery);
	leave(wait);
	if (!account->key_waiting) {
		secret_cancel(account->fetching);
		account->fetching = NULL;
	}
}

static void tell(struct key_wait *wait, const char *key, const struct err *err)
{
	leave(wait);
	wait->fn(wait->data, key, err);
}

static struct key_wait *first_due(const struct account *account)
{
	struct key_wait *wait = account->key_waiting;

	while (wait && !wait->due)
		wait = wait->next;
	return wait;
}

/* Is the key that is kept of the section that is asked for? The configuration may have been read again since. */
static bool has_key(const struct key_wait *wait)
{
	return wait->account->key && wait->account->key_of == wait->source;
}

static void get(struct key_wait *wait);

/* Those that waited while the key of another section was fetched. */
static void get_for_the_rest(struct account *account)
{
	struct key_wait *wait = account->key_waiting;

	while (wait && wait->delivery)
		wait = wait->next;
	if (wait && !account->fetching)
		get(wait);
}

/* A caller that asks from within a callback waits for the next fetch. */
static void fetched(void *data, const char *key, const struct err *err)
{
	struct account *account = data;
	struct key_wait *wait;

	account->fetching = NULL;
	account_key_forget(account);
	account->key = mem_text(key);
	account->key_of = account->fetching_of;
	for (wait = account->key_waiting; wait; wait = wait->next)
		wait->due = wait->source == account->key_of;
	while ((wait = first_due(account)) != NULL)
		tell(wait, key, err);
	get_for_the_rest(account);
}

static void deliver(void *data);

static void get(struct key_wait *wait)
{
	struct account *account = wait->account;

	if (has_key(wait)) {
		wait->delivery = loop_after(account->loop, 0, deliver, wait);
	} else if (!account->fetching) {
		account->fetching_of = wait->source;
		account->fetching = secret_fetch(account->loop, wait->source, fetched, account);
	}
}

static void deliver(void *data)
{
	struct key_wait *wait = data;
	char *key = has_key(wait) ? mem_text(wait->account->key) : NULL;

	wait->delivery = NULL;
	if (!key) { /* forgotten meanwhile */
		get(wait);
		return;
	}
	tell(wait, key, NULL);
	mem_wipe(key, strlen(key));
	free(key);
}

void account_key(struct account *account, const struct config_section *source, struct key_wait *wait)
{
	wait->account = account;
	wait->source = source;
	wait->due = false;
	wait->next = account->key_waiting;
	account->key_waiting = wait;
	get(wait);
}
