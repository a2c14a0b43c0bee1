/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/account.h"
#include "app/setup.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/print.h"
#include "cli/subject.h"
#include "cli/unseen.h"
#include "core/meant.h"
#include "base/banned.h"

#define KEY_MAX_BYTES 4096 /* no terminal gives a longer line */
#define MOST 256           /* domains, and settings */
#define SHOWN 40

struct asking {
	struct call *call;
	struct setup setup;
	bool asks;      /* what no option says is asked for */
	char *key_path; /* of the key that was typed; its file goes where the account is not added */
	size_t n_owned;
	char *owned[3 * MOST + 8];
	const char *set[MOST], *domain[MOST];
};

/* ---- questions ---- */

static char *own(struct asking *asking, char *text)
{
	asking->owned[asking->n_owned++] = text;
	return text;
}

/* Without blanks and the line's end. */
static char *trimmed(char *line)
{
	size_t len;

	line += strspn(line, " \t");
	len = strlen(line);
	while (len && strchr(" \t\r\n", line[len - 1]))
		len--;
	line[len] = '\0';
	return line;
}

/* The answer, or NULL where there is none. Dies with asking. */
static const char *answer(struct asking *asking)
{
	char *line = NULL, *text = NULL;
	size_t cap = 0;

	fputs("> ", stderr);
	if (getline(&line, &cap, stdin) > 0 && *(text = trimmed(line)))
		text = own(asking, mem_text(text));
	else
		text = NULL;
	free(line);
	return text;
}

static const char *absolute(struct asking *asking, const char *path)
{
	return path ? own(asking, setup_path(path)) : NULL;
}

static bool lacks(const char *option, struct err *err)
{
	err_set(err, ERR_USAGE, N_("%s is missing"), option);
	err_hint(err, N_("On a terminal, mxladder init asks for what no option says."));
	return false;
}

static bool too_many(const char *option, int most, struct err *err)
{
	return err_set(err, ERR_USAGE, N_("%s: at most %d in one call"), option, most);
}

static bool ask_provider(struct asking *asking, struct err *err)
{
	const char *name = call_get(asking->call, "--provider");

	if (!name && asking->asks) {
		print(stderr,
			N_("Who holds the zones? \"mxladder list providers\" shows the names, such as powerdns, cloudflare, rfc2136."));
		name = answer(asking);
	}
	if (!name)
		return lacks("--provider", err);
	asking->setup.provider = provider_find(name);
	if (asking->setup.provider)
		return true;
	err_set(err, ERR_USAGE, N_("no provider is named %s"), name);
	err_hint(err, N_("mxladder list providers shows them."));
	return false;
}

static bool ask_name(struct asking *asking, struct err *err)
{
	asking->setup.name = call_get(asking->call, "--account");
	if (!asking->setup.name && asking->asks) {
		print(stderr, N_("A name for this account (without an answer: %s):"), asking->setup.provider->name);
		asking->setup.name = answer(asking);
	}
	if (!asking->setup.name)
		asking->setup.name = asking->setup.provider->name;
	return setup_name(&asking->call->app, asking->setup.name, err);
}

static bool ask_endpoint(struct asking *asking, struct err *err)
{
	const struct provider *provider = asking->setup.provider;

	asking->setup.endpoint = call_get(asking->call, "--endpoint");
	if (!asking->setup.endpoint && asking->asks) {
		if (*provider->endpoint)
			print(stderr, N_("The address of the API (without an answer: %s):"), provider->endpoint);
		else
			print(stderr, N_("The address of the name server, or the directory of the zone files:"));
		asking->setup.endpoint = answer(asking);
	}
	if (provider->caps & CAP_LOCAL)
		asking->setup.endpoint = absolute(asking, asking->setup.endpoint);
	return asking->setup.endpoint || *provider->endpoint || (provider->caps & CAP_LOCAL && call_has(asking->call, "--set")) ||
	       lacks("--endpoint", err);
}

static bool is_set(const struct asking *asking, const char *name)
{
	for (size_t i = 0; i < asking->setup.n_set; i++)
		if (!strncmp(asking->set[i], name, strlen(name)) && asking->set[i][strlen(name)] == '=')
			return true;
	return false;
}

static bool ask_settings(struct asking *asking, struct err *err)
{
	const char *given, *value;
	struct str set;

	for (size_t i = 0; (given = call_get_at(asking->call, "--set", i)); i++) {
		if (i == MOST / 2)
			return too_many("--set", MOST / 2, err);
		asking->set[asking->setup.n_set++] = given;
	}
	for (const struct provider_setting *s = asking->setup.provider->settings; s && s->name; s++) {
		if (s->standard || is_set(asking, s->name))
			continue;
		if (asking->asks)
			fprintf(stderr, "%s: %s\n", s->name, gettext(s->help));
		value = asking->asks ? answer(asking) : NULL;
		if (!value)
			return err_set(err, ERR_USAGE, N_("%s needs --set %s=VALUE"), asking->setup.provider->title, s->name);
		str_init(&set, 0);
		str_addf(&set, "%s=%s", s->name, value);
		asking->set[asking->setup.n_set++] = own(asking, str_take(&set));
	}
	asking->setup.set = asking->set;
	return true;
}

static bool type_key(struct asking *asking, struct err *err)
{
	char line[KEY_MAX_BYTES];

	print(stderr, N_("The key itself, which is not shown; it goes into a file of its own that nobody else can read:"));
	if (!unseen_read(asking->call->app.loop, line, sizeof line) || !*trimmed(line))
		lacks("--key-file", err);
	else
		asking->key_path = setup_write_key(&asking->call->app, asking->setup.name, trimmed(line), err);
	mem_wipe(line, sizeof line);
	if (asking->key_path)
		asking->setup.key_file = own(asking, asking->key_path);
	return asking->key_path != NULL;
}

static bool ask_key(struct asking *asking, struct err *err)
{
	asking->setup.key_file = absolute(asking, call_get(asking->call, "--key-file"));
	asking->setup.key_command = call_get(asking->call, "--key-command");
	if (!asking->setup.provider->key_help || asking->setup.key_file || asking->setup.key_command)
		return true;
	if (!asking->asks)
		return lacks("--key-file", err);
	fprintf(stderr, "%s\n", gettext(asking->setup.provider->key_help));
	print(stderr, N_("The file that holds the key (without an answer, the key is typed next):"));
	asking->setup.key_file = absolute(asking, answer(asking));
	return asking->setup.key_file || type_key(asking, err);
}

/* ---- which domains ---- */

static void show_zones(struct account *account)
{
	struct account_zone zone;
	size_t at = 0, n = 0;

	while (account_zone(account, &at, &zone) && n++ < SHOWN) {
		fputs("  ", stderr);
		print_text(stderr, zone.name);
		fputc('\n', stderr);
	}
	if (n > SHOWN)
		fputs("  ...\n", stderr);
}

/* Adds a domain in the spelling of the configuration; a domain that was typed twice is added once. */
static bool add_domain(struct asking *asking, const char *typed, struct err *err)
{
	char text[DNAME_TEXT_MAX];
	struct dname domain;

	if (!meant_domain(&domain, typed, err))
		return false;
	dname_text(&domain, text);
	for (size_t i = 0; i < asking->setup.n_domain; i++)
		if (!strcmp(asking->domain[i], text))
			return true;
	if (asking->setup.n_domain == MOST)
		return too_many("--domain", MOST, err);
	asking->domain[asking->setup.n_domain++] = own(asking, mem_text(text));
	return true;
}

static bool take_domains(struct asking *asking, struct err *err)
{
	const char *given;
	bool ok = true;

	asking->setup.domain = asking->domain;
	for (size_t i = 0; ok && (given = call_get_at(asking->call, "--domain", i)); i++)
		ok = add_domain(asking, given, err);
	return ok;
}

/* Asks for the domains that no option names; a line may hold several. */
static bool ask_domains(struct asking *asking, struct account *zones, struct err *err)
{
	const char *given;
	char *rest, *save = NULL;
	bool ok = true;

	if (asking->setup.n_domain || !asking->asks)
		return true;
	if (zones) {
		print(stderr, N_("The account has these zones:"));
		show_zones(zones);
	}
	print(stderr, N_("Which domains, with blanks between them? The others can be added later."));
	given = answer(asking);
	rest = given ? own(asking, mem_text(given)) : NULL;
	for (char *name = rest ? strtok_r(rest, " \t,", &save) : NULL; ok && name; name = strtok_r(NULL, " \t,", &save))
		ok = add_domain(asking, name, err);
	return ok;
}

static bool in_a_zone(struct account *zones, const struct dname *domain)
{
	struct account_zone zone;
	struct dname name;

	for (size_t at = 0; account_zone(zones, &at, &zone);)
		if (dname_parse(&name, zone.name, NULL) && dname_under(domain, &name))
			return true;
	return false;
}

/* Warns of domains that the key may not list as zones. They may be right: a zone may be new. */
static void warn_of_strangers(const struct asking *asking, struct account *zones)
{
	char text[DNAME_TEXT_MAX];
	struct dname domain;

	for (size_t i = 0; zones && i < asking->setup.n_domain; i++)
		if (dname_parse(&domain, asking->domain[i], NULL) && !in_a_zone(zones, &domain))
			print(stderr, N_("Warning: %s lies in none of the zones that the provider lists for this account."),
				dname_show(&domain, text));
}

/* ---- all of it ---- */

/* Tries the key, by a domain that is known; where it is accepted, lists its zones for the questions that follow. */
static bool try_key(struct asking *asking, struct provider_told *told, struct err *err)
{
	struct call trial = *asking->call;
	struct provider_account known = { 0 };
	struct account *zones;
	struct str sections;
	struct dname none;
	char *dir = NULL;
	bool ok;

	dname_root(&none);
	str_init(&sections, 0);
	ok = setup_sections(&asking->call->app, &asking->setup, &sections, err) &&
	     setup_trial(&asking->call->app, &sections, &trial.app, &dir, err);
	ok = ok && app_account(&trial.app, &none, asking->setup.name, &known, err) && subject_verify(&trial, &known, told, err);
	if (ok) {
		if (known.provider->key_help)
			print(stderr, N_("%s accepts the key."), known.provider->title);
		zones = asking->asks || call_has(asking->call, "--domain") ? subject_zones(&trial, &known, NULL) : NULL;
		ok = ask_domains(asking, zones, err);
		warn_of_strangers(asking, zones);
	}
	if (dir)
		setup_trial_end(&trial.app, dir);
	str_release(&sections);
	return ok;
}

static bool try_account(struct asking *asking, struct err *err)
{
	struct provider_told told = { 0 };
	struct err refused = { 0 };

	if (try_key(asking, &told, &refused))
		return true;
	if (!told.wants_zone || !asking->asks || asking->setup.n_domain) {
		*err = refused;
		return false;
	}
	print_failure(&refused);
	return ask_domains(asking, NULL, err) && try_key(asking, &told, err);
}

static bool write_down(struct asking *asking, struct err *err)
{
	const struct app *app = &asking->call->app;
	struct str sections;
	bool ok;

	str_init(&sections, 0);
	ok = setup_sections(app, &asking->setup, &sections, err) && setup_write(app, &sections, err);
	if (ok && asking->call->json) {
		json_t *domains = json_array();

		for (size_t i = 0; i < asking->setup.n_domain; i++)
			json_array_append_new(domains, json_text(asking->setup.domain[i]));
		print_json(json_pack("{s:o, s:o, s:o}", "config", json_text(app->config.path), "account", json_text(asking->setup.name),
			"domains", domains));
	} else if (ok) {
		print(stdout, N_("Added to %s:"), app->config.path);
		printf("\n%s", sections.s);
	}
	str_release(&sections);
	return ok;
}

static int run(struct call *call, struct err *err)
{
	struct asking asking = { .call = call, .asks = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 };
	bool ok;

	if (call->app.read_only || call->app.demo) {
		err_set(err, ERR_USAGE, N_("init writes the configuration, which --read-only and --demo forbid"));
		return -1;
	}
	ok = ask_provider(&asking, err) && ask_name(&asking, err) && ask_endpoint(&asking, err) && ask_settings(&asking, err) &&
	     ask_key(&asking, err) && take_domains(&asking, err) && try_account(&asking, err) && write_down(&asking, err);
	if (!ok && asking.key_path)
		unlink(asking.key_path);
	while (asking.n_owned)
		free(asking.owned[--asking.n_owned]);
	return ok ? 0 : -1;
}

static const struct option_row options[] = {
	{ "--provider", 0, "NAME", N_("who holds the zones: mxladder list providers") },
	{ "--endpoint", 0, "ADDRESS",
		N_("where the API is, if elsewhere than usual; for rfc2136 the name server, for zonefile the directory") },
	{ "--set", 0, "NAME=VALUE", N_("a setting of the provider (may be repeated)") },
	{ "--key-file", 0, "FILE", N_("the file that holds the key, which nobody else may read") },
	{ "--key-command", 0, "COMMAND", N_("the command that prints the key") },
	{ "--domain", 0, "DOMAIN", N_("a domain of this account (may be repeated)") },
	{ NULL, 0, NULL, NULL },
};

const struct command cmd_init = {
	.name = "init",
	.operands = "",
	.flags = NEEDS_APP,
	.help = N_("add an account and its domains to the configuration"),
	.text = N_(
		"Asks for an account and its domains, one question after the other, tries the key with the provider, and adds both to the "
		"configuration; what stands there stays as it is. Each answer can be given as an option; without a terminal, all "
		"must. --account names the account, else it is called as its provider.\n\n"
		"The key itself is never an option. Typed on the terminal, it goes into a file of its own beside the configuration."),
	.options = options,
	.run = run,
};
