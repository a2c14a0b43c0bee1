/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accounts that are tried: does the provider accept the key, and which zones does it list? Nothing is changed, and nothing is learnt of
 * whether the key may write. Owns its rows.
 */
#ifndef APP_ACCOUNT_TEST_H
#define APP_ACCOUNT_TEST_H

#include "app/app.h"

struct account_test {
	char *name;
	bool running;
	int64_t at;       /* when it ended, seconds since 1970 */
	struct err err;   /* code ERR_NONE: the key is accepted */
	bool zones_known; /* else the provider gives no list, or it could not be read: why_no_zones */
	size_t zones;
	char *who;     /* the account's own id at the provider, where its login tells; or NULL */
	int64_t until; /* when the login ends; 0: no end is known */
	struct err why_no_zones;
};

struct account_tests;
struct account_tests *account_tests_new(struct app *app, void (*changed)(void *data), void *data);
void account_tests_free(struct account_tests *tests);                                            /* cancels what runs; NULL is accepted */
void account_test_begin(struct account_tests *tests, const char *name);                          /* nothing where it runs */
const struct account_test *account_test_of(const struct account_tests *tests, const char *name); /* NULL: it was not tried */
const struct provider *account_provider(const struct config_section *section); /* that it names; NULL: none that there is */
void account_test_forget(struct account_tests *tests, const char *name);

#endif
