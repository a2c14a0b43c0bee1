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

/* A caller that asks from within a callback waits for the next fetch. */
static void fetched(void *data, const char *key, const struct err *err)
{
	struct account *account = data;
	struct key_wait *wait;

	account->fetching = NULL;
	account_key_forget(account);
	account->key = mem_text(key);
	for (wait = account->key_waiting; wait; wait = wait->next)
		wait->due = true;
	while ((wait = first_due(account)) != NULL)
		tell(wait, key, err);
}

static void deliver(void *data);

static void get(struct key_wait *wait)
{
	struct account *account = wait->account;

	if (account->key)
		wait->delivery = loop_after(account->loop, 0, deliver, wait);
	else if (!account->fetching)
		account->fetching = secret_fetch(account->loop, wait->source, fetched, account);
}

static void deliver(void *data)
{
	struct key_wait *wait = data;
	char *key = mem_text(wait->account->key);

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
