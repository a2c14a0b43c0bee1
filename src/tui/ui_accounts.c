/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts that are there: they are tried, and taken out of the configuration. Adding one is ui_account.c's. */
#include <stdlib.h>
#include <string.h>

#include "app/account_test.h"
#include "app/setup.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "show/accounts.h"
#include "show/translate.h"
#include "tui/ui.h"
#include "base/banned.h"

static bool is_at_work(const struct ui *ui, const char *name)
{
	const struct push *push;

	for (size_t i = 0; (push = work_running(ui->hooks.app, i)); i++)
		if (push->plan.account && !strcmp(push->plan.account, name))
			return true;
	return false;
}

static bool may_be_removed(const struct ui *ui, const char *name, struct err *err)
{
	const struct app *app = ui->hooks.app;

	if (app->read_only || app->demo)
		return err_set(
			err, ERR_USAGE, N_("the account would be taken out of the configuration, which --read-only and --demo forbid"));
	return !is_at_work(ui, name) ||
	       err_set(err, ERR_USAGE, N_("a push through the account %s is still running; wait for its end"), name);
}

bool ui_accounts_react(struct ui *ui, const struct reaction *reaction, struct err *err)
{
	if (reaction->action != ACTION_REMOVE_ACCOUNT) {
		account_test_begin(ui->tests, reaction->name);
		return true;
	}
	if (!may_be_removed(ui, reaction->name, err))
		return false;
	free(ui->removed);
	ui->removed = mem_text(reaction->name);
	ui_prompt_open(ui, ASK_REMOVE_ACCOUNT, "");
	return true;
}

void ui_accounts_note(const struct ui *ui, struct str *out)
{
	const struct config_section *section = ui->removed ? config_find(&ui->hooks.app->config, "account", ui->removed) : NULL;

	if (ui->ask == ASK_REMOVE_ACCOUNT && section)
		account_removal_text(&ui->hooks.app->config, section, out);
}

/* Forgets what was known of the account. Requests that use it now go on. */
static void forget(struct ui *ui, const char *name)
{
	account_test_forget(ui->tests, name);
	for (size_t i = 0; i < ui->roster->n; i++)
		if (!strcmp(ui->roster->row[i]->account, name))
			roster_know(ui->roster, &ui->roster->row[i]->name, "");
	if (ui->account && !strcmp(ui->account, name)) {
		free(ui->account);
		ui->account = NULL;
	}
}

static bool remove_it(struct ui *ui, struct err *err)
{
	struct msg msg;
	struct str text;

	if (!may_be_removed(ui, ui->removed, err) || !setup_remove(ui->hooks.app, ui->removed, err) || !app_read_again(ui->hooks.app, err))
		return false;
	forget(ui, ui->removed);
	str_init(&text, 0);
	msg_set(&msg, N_("Account %s stands in the configuration no more."), ui->removed);
	translate_msg(&text, &msg);
	ui_message(ui, ROLE_OK, text.s);
	str_release(&text);
	return true;
}

bool ui_accounts_answer(struct ui *ui, const char *text)
{
	struct err err = { 0 };

	if (!*text)
		return true;
	if (strcmp(text, ui->removed) != 0) {
		str_clear(&ui->refusal);
		str_add(&ui->refusal, _("That is not the account's name."));
		return false;
	}
	return remove_it(ui, &err) || ui_refuse(ui, &err);
}

void ui_accounts_release(struct ui *ui)
{
	account_tests_free(ui->tests);
	free(ui->removed);
}
