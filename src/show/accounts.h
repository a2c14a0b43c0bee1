/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The accounts of the configuration, in words: a row each, and one of them in full. A key is never read for it: where it is, is said. */
#ifndef SHOW_ACCOUNTS_H
#define SHOW_ACCOUNTS_H

#include "app/account_test.h"
#include "show/document.h"

const struct config_section *accounts_at(const struct config *config, size_t i); /* the i-th account; NULL past the last */
/* test NULL: it was not tried in this run. */
void account_add_row(
	const struct config *config, const struct config_section *section, const struct account_test *test, struct document *document);
void account_document(
	const struct config *config, const struct config_section *section, const struct account_test *test, struct document *document);
/* How much of what its provider allows this run has used; nothing where no limit is known, or nothing was asked. */
void account_pace_document(const struct app *app, const char *name, struct document *document);
/* What becomes of the key when the account is taken out of the configuration, and which domains name it. */
void account_removal_text(const struct config *config, const struct config_section *section, struct str *out);

#endif
