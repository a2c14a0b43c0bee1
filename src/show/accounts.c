/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/accounts.h"

#include <string.h>

#include "app/account.h"
#include "base/i18n.h"
#include "base/text.h"
#include "show/translate.h"
#include "base/banned.h"

#define DOMAINS_SHOWN 30

const struct config_section *accounts_at(const struct config *config, size_t i)
{
	for (size_t k = 0; k < config->n; k++)
		if (!strcmp(config->section[k].kind, "account") && i-- == 0)
			return &config->section[k];
	return NULL;
}

static void add_escaped(struct str *out, const char *text)
{
	text_escape(out, text, strlen(text));
}

/* The names of the domains that the configuration gives to it, as far as `out` is wanted; how many. */
static size_t domains_of(const struct config *config, const struct config_section *account, struct str *out)
{
	size_t n = 0;

	for (size_t i = 0; i < config->n; i++) {
		const struct config_section *section = &config->section[i];
		const char *name = strcmp(section->kind, "domain") ? NULL : config_value(section, "account");

		if (!name || strcmp(name, account->name) != 0 || n++ >= DOMAINS_SHOWN || !out)
			continue;
		str_add(out, out->len ? "  " : "");
		add_escaped(out, section->name);
	}
	if (out && n > DOMAINS_SHOWN)
		str_add(out, "  …");
	return n;
}

static struct sign test_sign(const struct account_test *test)
{
	if (!test)
		return (struct sign){ ROLE_DIM, "·" };
	if (test->running)
		return (struct sign){ ROLE_PENDING, "…" };
	return test->err.code ? (struct sign){ ROLE_ERROR, "✖" } : (struct sign){ ROLE_OK, "✔" };
}

static const char *test_word(const struct account_test *test)
{
	if (!test)
		return _("not tried");
	if (test->running)
		return _("trying");
	return test->err.code == ERR_NONE ? _("can be used") : _("failed");
}

void account_add_row(
	const struct config *config, const struct config_section *section, const struct account_test *test, struct document *document)
{
	const struct provider *provider = account_provider(section);
	size_t n = domains_of(config, section, NULL);

	document_row(document);
	add_escaped(document_cell(document, ROLE_HOST, 0, ""), section->name);
	document_put(document, ROLE_TEXT, 1, provider ? _(provider->title) : "");
	str_add(document_sign(document, test_sign(test), 0), test_word(test));
	if (test && test->zones_known)
		str_addf(document_cell(document, ROLE_TEXT, 2, ""), ngettext("%zu zone", "%zu zones", test->zones), test->zones);
	else
		document_put(document, ROLE_TEXT, 2, "");
	str_addf(document_cell(document, ROLE_DIM, 3, ""), ngettext("%zu domain", "%zu domains", n), n);
}

/* ---- in full ---- */

static void add_key(const struct config_section *section, struct str *out)
{
	const struct provider *provider = account_provider(section);
	const char *file = config_value(section, "key_file"), *command = config_value(section, "key_command"),
		   *env = config_value(section, "key_env");
	struct msg msg = { 0 };

	if (file)
		msg_set(&msg, N_("The key is in the file %s."), file);
	else if (command)
		msg_set(&msg, N_("The key is what a command prints: %s"), command);
	else if (env)
		msg_set(&msg, N_("The key is in the variable %s of the environment."), env);
	else if (provider && provider->key_help)
		msg_set(&msg, N_("Nothing says where its key is."));
	else
		msg_set(&msg, N_("It needs no key."));
	translate_msg(out, &msg);
}

static void add_test(const struct account_test *test, struct document *document)
{
	struct str text;

	if (test->running) {
		str_add(document_sentence(document, ROLE_PENDING, "…"), _("The provider is asked whether it accepts the account …"));
		return;
	}
	str_init(&text, 0);
	text_time(&text, test->at);
	if (test->err.code) {
		str_addf(document_sentence(document, ROLE_DIM, ""), _("Tried %s:"), text.s);
		translate_err(document_sentence(document, ROLE_ERROR, "✖"), &test->err);
	} else {
		str_addf(document_sentence(document, ROLE_OK, "✔"),
			_("Tried %s: it can be used. Whether it may write, only a push tells: the trial changed nothing."), text.s);
	}
	str_clear(&text);
	if (test->who) {
		add_escaped(&text, test->who);
		str_addf(document_sentence(document, ROLE_TEXT, ""), _("The provider knows it as %s."), text.s);
		str_clear(&text);
	}
	if (test->until) {
		text_time(&text, test->until);
		str_addf(document_sentence(document, ROLE_TEXT, ""), _("Its login ends %s, and is renewed before."), text.s);
	}
	if (test->zones_known)
		str_addf(document_sentence(document, ROLE_TEXT, ""), ngettext("It lists %zu zone.", "It lists %zu zones.", test->zones),
			test->zones);
	else if (test->why_no_zones.code)
		translate_err(document_sentence(document, ROLE_WARNING, "▲"), &test->why_no_zones);
	str_release(&text);
}

void account_document(
	const struct config *config, const struct config_section *section, const struct account_test *test, struct document *document)
{
	const struct provider *provider = account_provider(section);
	const char *endpoint = config_value(section, "endpoint");
	struct str text;

	add_escaped(document_heading(document), section->name);
	if (provider)
		str_add(document_sentence(document, ROLE_TEXT, ""), _(provider->title));
	str_init(&text, 0);
	add_escaped(&text, endpoint ? endpoint : provider ? provider->endpoint : "");
	if (text.len)
		str_addf(document_sentence(document, ROLE_ADDRESS, ""), _("Address: %s"), text.s);
	add_key(section, document_sentence(document, ROLE_TEXT, ""));
	if (provider && provider->key_help)
		str_add(document_sentence(document, ROLE_DIM, ""), _(provider->key_help));
	if (test)
		add_test(test, document);
	else
		str_add(document_sentence(document, ROLE_DIM, ""), _("It was not tried in this run."));
	str_clear(&text);
	if (domains_of(config, section, &text))
		str_addf(document_sentence(document, ROLE_TEXT, ""), _("Domains: %s"), text.s);
	else
		str_add(document_sentence(document, ROLE_TEXT, ""), _("No domain of the configuration names it."));
	str_release(&text);
}

/* As of then: others may use the account too. */
static void add_told(const struct pace_told *told, struct document *document)
{
	struct str at, reset;

	str_init(&at, 0);
	str_init(&reset, 0);
	text_time(&at, told->at);
	text_time(&reset, told->reset);
	if (told->reset)
		str_addf(document_sentence(document, ROLE_DIM, ""),
			ngettext("Its answer of %s: %lld more request is taken until %s.",
				"Its answer of %s: %lld more requests are taken until %s.", (unsigned long)told->left),
			at.s, (long long)told->left, reset.s);
	else
		str_addf(document_sentence(document, ROLE_DIM, ""),
			ngettext("Its answer of %s: %lld more request is taken.", "Its answer of %s: %lld more requests are taken.",
				(unsigned long)told->left),
			at.s, (long long)told->left);
	str_release(&at);
	str_release(&reset);
}

void account_pace_document(const struct app *app, const char *name, struct document *document)
{
	struct account_use use;
	struct str within;

	str_init(&within, 0);
	for (size_t i = 0; account_use(app, name, i, &use); i++) {
		str_clear(&within);
		text_duration(&within, use.within_s);
		str_addf(document_sentence(document, ROLE_DIM, ""),
			use.writes ? _("Of at most %u writing requests in %s, this run has used %u.")
				   : _("Of at most %u requests in %s, this run has used %u."),
			use.most, within.s, use.used);
	}
	if (account_told(app, name))
		add_told(account_told(app, name), document);
	str_release(&within);
}

void account_removal_text(const struct config *config, const struct config_section *section, struct str *out)
{
	size_t n = domains_of(config, section, NULL);

	str_add(out,
		_("Its section goes out of the configuration; the rest of the file stays as it is. Nothing is changed at the provider."));
	str_add(out, " ");
	if (n) {
		str_addf(out,
			ngettext("%zu domain that names it has no account then.", "%zu domains that name it have no account then.", n), n);
		str_add(out, " ");
	}
	if (config_value(section, "key_file"))
		str_add(out, _("The file of its key stays."));
}
