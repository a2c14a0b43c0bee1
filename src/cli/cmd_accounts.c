/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/i18n.h"
#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/print.h"
#include "base/banned.h"

struct seen {
	const char *provider;
	bool verify;
	struct provider_told told;
	struct err why;
};

static json_t *told_json(const char *text)
{
	return *text ? json_text(text) : json_null();
}

static json_t *account_json(const struct config_section *section, const struct seen *seen)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "account", json_text(section->name), "provider", json_text(seen->provider),
		"verified", seen->verify ? json_boolean(seen->why.code == ERR_NONE) : json_null(), "who", told_json(seen->told.who),
		"until", told_json(seen->told.until), "rights", told_json(seen->told.rights), "error",
		seen->why.code ? json_err(&seen->why) : json_null());
}

/* Prints what the provider tells of the key. */
static void told_text(const struct provider_told *told)
{
	if (*told->who)
		print(stdout, N_("  it is the key of %s"), told->who);
	if (*told->until)
		print(stdout, N_("  it is good until %s"), told->until);
	if (*told->rights)
		print(stdout, N_("  its rights: %s"), told->rights);
}

static void account_text(const struct config_section *section, const struct seen *seen)
{
	const struct provider *vendor = seen->provider ? provider_find(seen->provider) : NULL;
	struct str text;

	print_text(stdout, section->name);
	fputs("  ", stdout);
	print_text(stdout, seen->provider ? seen->provider : "");
	str_init(&text, 0);
	if (seen->why.code)
		err_format(&seen->why, &translate_tongue, &text);
	else if (seen->verify)
		str_add(&text, vendor && vendor->key_help ? _("the provider accepts the key") : _("can be used"));
	printf("%s%s\n", text.len ? "  " : "", text.s);
	str_release(&text);
	told_text(&seen->told);
}

/* One account; the exit status of its check. */
static int account_one(struct call *call, const struct config_section *section, json_t *list)
{
	struct seen seen = { .provider = config_get(&call->app.config, "account", section->name, "provider"),
		.verify = call_has(call, "--verify") };
	struct provider_account account = { 0 };
	struct dname none = { 0 };

	dname_root(&none);
	if (app_account(&call->app, &none, section->name, &account, &seen.why) && seen.verify)
		subject_verify(call, &account, &seen.told, &seen.why);
	if (list)
		json_array_append_new(list, account_json(section, &seen));
	else
		account_text(section, &seen);
	return err_exit_status(seen.why.code);
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
