/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/i18n.h"
#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/print.h"
#include "base/banned.h"

static json_t *account_json(const struct config_section *section, const char *provider, bool verify, const struct err *why)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "account", json_text(section->name), "provider", json_text(provider), "verified",
		verify ? json_boolean(why->code == ERR_NONE) : json_null(), "error", why->code ? json_err(why) : json_null());
}

static void account_text(const struct config_section *section, const char *provider, bool verify, const struct err *why)
{
	const struct provider *vendor = provider ? provider_find(provider) : NULL;
	struct str text;

	print_text(stdout, section->name);
	fputs("  ", stdout);
	print_text(stdout, provider ? provider : "");
	str_init(&text, 0);
	if (why->code)
		err_format(why, &translate_tongue, &text);
	else if (verify)
		str_add(&text, vendor && vendor->needs_key ? _("the provider accepts the key") : _("can be used"));
	printf("%s%s\n", text.len ? "  " : "", text.s);
	str_release(&text);
}

/* One account; the exit status of its check. */
static int account_one(struct call *call, const struct config_section *section, json_t *list)
{
	const char *provider = config_get(&call->app.config, "account", section->name, "provider");
	bool verify = call_has(call, "--verify");
	struct provider_account account = { 0 };
	struct dname none = { 0 };
	struct err why = { 0 };

	dname_root(&none);
	if (app_account(&call->app, &none, section->name, &account, &why) && verify)
		subject_verify(call, &account, &why);
	if (list)
		json_array_append_new(list, account_json(section, provider, verify, &why));
	else
		account_text(section, provider, verify, &why);
	return err_exit_status(why.code);
}

static int run(struct call *call, struct err *err)
{
	const struct config *config = &call->app.config;
	json_t *list = call->json ? json_array() : NULL;
	size_t count = 0;
	int status = 0, one;

	for (size_t i = 0; i < config->n; i++) {
		if (strcmp(config->section[i].kind, "account") != 0)
			continue;
		if (call->app.account && strcmp(call->app.account, config->section[i].name) != 0)
			continue;
		count++;
		one = account_one(call, &config->section[i], list);
		status = status ? status : one;
	}
	if (count == 0 && call->app.account) {
		json_decref(list);
		err_set(err, ERR_USAGE, N_("no account is named %s"), call->app.account);
		return -1;
	}
	if (list)
		print_json(json_pack("{s:o}", "accounts", list));
	else if (count == 0)
		print(stdout, N_("No account is configured in %s."), config->path ? config->path : "");
	return status;
}

static const struct option_row options[] = {
	{ "--verify", 0, NULL, N_("ask each provider whether it accepts the key; nothing is changed") },
	{ NULL, 0, NULL, NULL },
};

const struct command cmd_accounts = {
	.name = "accounts",
	.operands = "",
	.flags = NEEDS_APP,
	.help = N_("list the configured accounts"),
	.text = N_(
		"Lists the accounts of the configuration. A key itself never stands there: key_command, key_file or key_env say where it is."),
	.options = options,
	.run = run,
};
