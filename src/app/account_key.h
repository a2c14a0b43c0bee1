/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The key of an account: fetched once for all runs of the process, kept by the account, wiped at the end. What the vendor refuses is
 * forgotten, so that a key that was changed meanwhile is found.
 */
#ifndef APP_ACCOUNT_KEY_H
#define APP_ACCOUNT_KEY_H

#include "app/account.h"
#include "io/secret.h"

/* Owned by who waits. fn comes once, from the loop, and may free it; not after account_key_cancel(). */
struct key_wait {
	struct account *account; /* NULL: it does not wait */
	const struct config_section *source;
	secret_fn fn;
	void *data;
	struct loop_handle *delivery;
	bool due; /* was there when the fetch that has ended began */
	struct key_wait *next;
};
/* source: of the key, as secret_fetch() takes it. fn and data are set. */
void account_key(struct account *account, const struct config_section *source, struct key_wait *wait);
void account_key_cancel(struct key_wait *wait); /* nothing where it does not wait */
void account_key_forget(struct account *account);

#endif
