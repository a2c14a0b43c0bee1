/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adding an account, a question after the other; what is judged and tried is app/enroll.h's. */
#include <stdio.h>
#include <string.h>

#include "app/account.h"
#include "app/enroll.h"
#include "base/i18n.h"
#include "base/text.h"
#include "show/translate.h"
#include "tui/fuzzy.h"
#include "tui/ui.h"
#include "base/banned.h"

#define SHOWN 60 /* zones and names below a question */
#define TITLES 6 /* providers up to which each has a line */

static void next_question(struct ui *ui, enum question_kind ask, const char *filled)
{
	ui->asks_on = true;
	ui_prompt_open(ui, ask, filled);
}

/* ---- it is accepted ---- */

/* A domain that is open and has the account now is read by it; else the list of domains is shown. */
static void reopen(struct ui *ui, struct err *err)
{
	struct provider_account account;
	struct dname domain;

	if (!ui->session || !app_account(ui->hooks.app, session_domain(ui->session), NULL, &account, NULL) ||
		strcmp(account.name, ui->enroll->name) != 0) {
		ui_show(ui, "domains", NULL);
		return;
	}
	domain = *session_domain(ui->session);
	if (ui_open(ui, &domain, err))
		ui_survey(ui);
}

/* why: the open domain could not be opened anew. */
static void tell_added(struct ui *ui, const struct err *why)
{
	const char *name = ui->enroll->name, *path = ui->hooks.app->config.path;
	struct str text, reason;

	str_init(&text, 0);
	str_init(&reason, 0);
	if (why->code != ERR_NONE) {
		translate_err(&reason, why);
		str_addf(&text, _("Account %s stands in %s now. The open domain could not be read anew: %s"), name, path, reason.s);
	} else {
		str_addf(&text, _("Account %s stands in %s now."), name, path);
	}
	ui_message(ui, why->code != ERR_NONE ? ROLE_ERROR : ROLE_OK, text.s);
	str_release(&text);
	str_release(&reason);
}

static bool added(struct ui *ui, struct err *err)
{
	struct enroll *enroll = ui->enroll;
	struct err why = { 0 };

	if (!enroll_write(enroll, err))
		return false;
	/* From here on it stands in the configuration: what fails is told, and nothing is asked again. */
	for (size_t i = 0; i < enroll->n_domain; i++) {
		struct known_domain domain = { .configured = true, .account = enroll->name };

		if (dname_parse(&domain.name, enroll->domain[i], NULL))
			ui_know(ui, &domain);
	}
	roster_sort(ui->roster, ui->roster->order);
	reopen(ui, &why);
	tell_added(ui, &why);
	enroll_free(enroll);
	ui->enroll = NULL;
	return true;
}

/* ---- trying it ---- */

static void ask_domains(struct ui *ui)
{
	struct account_zone zone;
	size_t at = 0, n = 0;
	char only[DNAME_TEXT_MAX] = "";

	while (ui->enroll->zones && account_zone(ui->enroll->zones, &at, &zone) && n++ < 2)
		snprintf(only, sizeof(only), "%s", zone.name);
	ui_prompt_open(ui, ASK_ACCOUNT_DOMAINS, n == 1 ? only : "");
}

/* What was refused is asked for again: the rest need not be typed anew. */
static void ask_again(struct ui *ui, const struct err *err)
{
	const struct enroll *enroll = ui->enroll;
	struct str filled;

	str_init(&filled, 0);
	str_clear(&ui->message);
	if (enroll->wants_domain && err->code != ERR_AUTH && err->code != ERR_FILE) {
		for (size_t i = 0; i < enroll->n_domain; i++)
			str_addf(&filled, "%s%s", i ? " " : "", enroll->domain[i]);
		ui_prompt_open(ui, ASK_ACCOUNT_DOMAINS, filled.s);
	} else if ((err->code != ERR_AUTH && err->code != ERR_FILE) || !enroll->provider->key_help) {
		str_add(&filled, enroll->endpoint ? enroll->endpoint : enroll->provider->endpoint);
		ui_prompt_open(ui, ASK_ACCOUNT_ENDPOINT, filled.s);
	} else if (enroll->key_written) {
		ui_prompt_open(ui, ASK_ACCOUNT_KEY, "");
	} else {
		str_addf(&filled, "%s%s", enroll->key_command ? "! " : "", enroll->key_command ? enroll->key_command : enroll->key_file);
		ui_prompt_open(ui, ASK_ACCOUNT_KEY_PLACE, filled.s);
	}
	if (!enroll->wants_domain || enroll->n_domain)
		ui_refuse(ui, err);
	str_release(&filled);
}

static void on_tried(void *data, const struct err *err)
{
	struct ui *ui = data;
	struct err why = { 0 };

	if (err && ui->ask) {
		ui_error(ui, err);
	} else if (err) {
		ask_again(ui, err);
	} else if (!ui->enroll->n_domain) {
		str_clear(&ui->message);
		ask_domains(ui);
	} else if (!added(ui, &why)) {
		ui_error(ui, &why);
	}
	if (ui->hooks.changed)
		ui->hooks.changed(ui->hooks.data);
}

static bool try_it(struct ui *ui, struct err *err)
{
	struct str text;

	if (!enroll_try(ui->enroll, on_tried, ui, err))
		return false;
	str_init(&text, 0);
	str_addf(&text, _("Asking %s whether it accepts the account …"), ui->enroll->provider->title);
	ui_message(ui, ROLE_PENDING, text.s);
	str_release(&text);
	return true;
}

/* ---- the way through the questions ---- */

static bool after_settings(struct ui *ui, struct err *err)
{
	const struct provider *provider = ui->enroll->provider;

	if (enroll_setting(ui->enroll))
		next_question(ui, ASK_ACCOUNT_SETTING, "");
	else if (provider->key_help && !ui->enroll->key_file && !ui->enroll->key_command)
		next_question(ui, ASK_ACCOUNT_KEY_PLACE, "");
	else
		return try_it(ui, err);
	return true;
}

static bool answer(struct ui *ui, enum question_kind ask, const char *text, struct err *err)
{
	struct enroll *enroll = ui->enroll;

	switch (ask) {
	case ASK_ACCOUNT_PROVIDER:
		if (!enroll_provider(enroll, text, err))
			return false;
		next_question(ui, ASK_ACCOUNT_NAME, enroll->provider->name);
		return true;
	case ASK_ACCOUNT_NAME:
		if (!enroll_name(enroll, text, err))
			return false;
		next_question(ui, ASK_ACCOUNT_ENDPOINT, enroll->provider->endpoint);
		return true;
	case ASK_ACCOUNT_ENDPOINT:
		return enroll_endpoint(enroll, text, err) && after_settings(ui, err);
	case ASK_ACCOUNT_SETTING:
		return enroll_set(enroll, text, err) && after_settings(ui, err);
	case ASK_ACCOUNT_KEY_PLACE:
		if (!*text)
			next_question(ui, ASK_ACCOUNT_KEY, "");
		return !*text || (enroll_key_place(enroll, text, err) && try_it(ui, err));
	case ASK_ACCOUNT_KEY:
		return enroll_key(enroll, text, err) && try_it(ui, err);
	default:
		return enroll_domains(enroll, text, err) && (enroll->wants_domain ? try_it(ui, err) : added(ui, err));
	}
}

bool ui_account_answer(struct ui *ui, enum question_kind ask, const char *text)
{
	struct err err = { 0 };

	return answer(ui, ask, text, &err) || ui_refuse(ui, &err);
}

void ui_account_begin(struct ui *ui)
{
	const struct app *app = ui->hooks.app;

	if (app->read_only || app->demo) {
		ui_message(ui, ROLE_ERROR, _("An account is written into the configuration, which --read-only and --demo forbid."));
		return;
	}
	enroll_free(ui->enroll);
	ui->enroll = enroll_new(ui->hooks.app);
	ui_prompt_open(ui, ASK_ACCOUNT_PROVIDER, "");
}

/* ---- what is said below a question ---- */

static void add_zones(const struct ui *ui, struct str *out)
{
	struct account_zone zone;
	size_t at = 0, n = 0;

	if (ui->enroll->wants_domain) {
		str_add(out,
			_("The server says nothing of the key without a zone. Name domains, with blanks between them: the key is tried at the zone of "
			  "the first."));
		return;
	}
	if (!ui->enroll->zones) {
		str_add(out, _("The account can be used. Names with blanks between them; none: they can be added later."));
		return;
	}
	str_add(out, _("The account can be used, and has these zones. Names with blanks between them, or * for all:"));
	while (account_zone(ui->enroll->zones, &at, &zone) && n++ < SHOWN) {
		str_add(out, n == 1 ? "\n" : "  ");
		text_escape(out, zone.name, strlen(zone.name));
	}
	if (n > SHOWN)
		str_add(out, " …");
}

/* Those whose name or title holds what is typed: few with their titles, a line each; many by name. */
static void add_providers(const char *typed, struct str *out)
{
	const struct provider *provider;
	size_t n = 0;

	for (size_t i = 0; (provider = enroll_offer(i)); i++)
		n += fuzzy_holds(provider->name, typed) || fuzzy_holds(_(provider->title), typed);
	for (size_t i = 0; (provider = enroll_offer(i)); i++)
		if (!fuzzy_holds(provider->name, typed) && !fuzzy_holds(_(provider->title), typed))
			continue;
		else if (n > TITLES)
			str_addf(out, "%s  ", provider->name);
		else
			str_addf(out, "%s%s: %s", out->len ? "\n" : "", provider->name, _(provider->title));
	if (!*typed)
		str_addf(out, "\n%s",
			_("rfc2136 is a BIND, Knot or other name server of your own; zonefile is files. Tab completes a name."));
}

void ui_account_note(const struct ui *ui, struct str *out)
{
	const struct provider_setting *setting;

	switch (ui->ask) {
	case ASK_ACCOUNT_PROVIDER:
		add_providers(ui->prompt.text.s, out);
		break;
	case ASK_ACCOUNT_SETTING:
		setting = enroll_setting(ui->enroll);
		if (setting)
			str_addf(out, "%s: %s", setting->name, _(setting->help));
		break;
	case ASK_ACCOUNT_KEY_PLACE:
		str_addf(out, "%s\n%s", _(ui->enroll->provider->key_help),
			_("A file that holds the key, or ! and a command that prints it. Empty: the key is typed next."));
		break;
	case ASK_ACCOUNT_KEY:
		str_add(out, _("It is not shown, and goes into a file of its own beside the configuration that nobody else can read."));
		break;
	case ASK_ACCOUNT_DOMAINS:
		add_zones(ui, out);
		break;
	default:
		break;
	}
}

const char *ui_account_completion(const char *typed)
{
	for (size_t i = 0; enroll_offer(i); i++)
		if (!strncmp(enroll_offer(i)->name, typed, strlen(typed)))
			return enroll_offer(i)->name;
	return NULL;
}
