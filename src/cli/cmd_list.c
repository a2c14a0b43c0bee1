/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "app/gate.h"
#include "base/i18n.h"
#include "check/lint.h"
#include "check/must.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/print.h"
#include "core/preset.h"
#include "io/config.h"
#include "tui/action.h"
#include "show/role.h"
#include "tui/term/theme.h"
#include "base/banned.h"

#define COLUMNS 7

/* A listing grows row by row, as JSON or as a table of two to seven columns. */
struct listing {
	json_t *rows; /* NULL: text */
	struct table table;
	const struct app *app; /* open for the topics that are configured */
};

static void row(struct listing *out, const char *const name[COLUMNS], const char *const value[COLUMNS])
{
	json_t *object = out->rows ? json_object() : NULL;

	for (size_t i = 0; i < out->table.columns; i++) {
		if (object)
			json_object_set_new(object, name[i], value[i] ? json_string(value[i]) : json_null());
		else
			table_add(&out->table, value[i] ? value[i] : "");
	}
	if (object)
		json_array_append_new(out->rows, object);
}

static void list_checks(struct listing *out)
{
	static const char *const names[COLUMNS] = { "id", "level", "reference", "title" };

	for (size_t i = 0; checks[i]; i++)
		row(out, names,
			(const char *const[COLUMNS]){
				checks[i]->id, check_level_name(checks[i]->level), checks[i]->reference, gettext(checks[i]->title) });
}

/* Findings that block a push have ids of their checks, and are not listed here. */
static void list_gates(struct listing *out)
{
	static const char *const names[COLUMNS] = { "gate", "title", "override" };

	for (const struct gate_row *gate = gate_rows; gate->id; gate++)
		row(out, names, (const char *const[COLUMNS]){ gate->id, gettext(gate->title), gate_id_exists(gate->id) ? gate->id : NULL });
}

static void list_demands(struct listing *out)
{
	static const char *const names[COLUMNS] = { "demand", "meaning" };

	for (const struct must_row *must = must_rows; must->form; must++)
		row(out, names, (const char *const[COLUMNS]){ must->form, gettext(must->help) });
}

static json_t *fields_json(const struct sender *sender)
{
	json_t *fields = json_object();

	for (size_t i = 0; i < sender_field_count(); i++) {
		struct str value;

		str_init(&value, 0);
		sender_field_text(sender, i, &value);
		json_object_set_new(fields, sender_field_at(i).name, json_string(value.s));
		str_release(&value);
	}
	return fields;
}

/* Where each value stands, and how sure it is. */
static json_t *sources_json(const struct sender *sender)
{
	json_t *sources = json_object();

	for (size_t i = 0; i < sender_field_count(); i++) {
		struct sender_field field = sender_field_at(i);
		const struct sender_source *source = &sender->source[field.group];

		json_object_set_new(
			sources, field.name, json_pack("{s:s, s:s}", "source", source->text, "confidence", sender_sure_name(source->sure)));
	}
	return sources;
}

static void list_senders(struct listing *out)
{
	static const char *const names[COLUMNS] = { "sender", "title", "sureness" };

	for (size_t i = 0; out->app->profiles.list[i]; i++) {
		const struct sender *sender = out->app->profiles.list[i];

		row(out, names,
			(const char *const[COLUMNS]){
				sender_name(sender), sender_title(sender), sender_sure_name(sender_sureness(sender)) });
		if (out->rows) {
			json_object_set_new(json_array_get(out->rows, i), "fields", fields_json(sender));
			json_object_set_new(json_array_get(out->rows, i), "sources", sources_json(sender));
		}
	}
}

static void list_mechanisms(struct listing *out)
{
	static const char *const names[COLUMNS] = { "field", "values", "help" };

	for (size_t i = 0; i < sender_field_count(); i++) {
		struct sender_field field = sender_field_at(i);

		row(out, names, (const char *const[COLUMNS]){ field.name, field.values, gettext(field.help) });
	}
}

/* What a what-if can give a host: --down HOST=STATE. */
static void list_states(struct listing *out)
{
	static const char *const names[COLUMNS] = { "state", "title" };

	for (size_t i = 0; i < SIM_STATES; i++)
		row(out, names, (const char *const[COLUMNS]){ sim_states[i].name, gettext(sim_states[i].label) });
}

static void list_providers(struct listing *out)
{
	static const char *const names[COLUMNS] = { "provider", "title", "endpoint", "settings", "key" };

	for (size_t i = 0; providers[i]; i++) {
		struct str own;

		str_init(&own, 0);
		for (const struct provider_setting *s = providers[i]->settings; s && s->name; s++)
			str_addf(&own, "%s%s%s%s", own.len ? ", " : "", s->name, s->standard && *s->standard ? "=" : "",
				s->standard ? s->standard : "");
		row(out, names,
			(const char *const[COLUMNS]){ providers[i]->name, providers[i]->title, providers[i]->endpoint, own.s,
				providers[i]->key_help ? gettext(providers[i]->key_help) : NULL });
		str_release(&own);
	}
}

static json_t *records_json(const struct preset *preset)
{
	json_t *records = json_array();

	for (size_t i = 0; i < PRESET_MX && preset->mx[i].host; i++)
		json_array_append_new(
			records, json_pack("{s:i, s:s}", "preference", (int)preset->mx[i].preference, "host", preset->mx[i].host));
	return records;
}

static void list_presets(struct listing *out)
{
	static const char *const names[COLUMNS] = { "preset", "title", "kind", "sureness", "date", "source", "note" };
	size_t n = 0;

	for (const struct preset *p = presets; p->name; p++, n++) {
		row(out, names,
			(const char *const[COLUMNS]){ p->name, p->title, preset_kind_name(p->kind), preset_sure_name(p->sure), p->date,
				p->source, p->note ? gettext(p->note) : NULL });
		if (out->rows)
			json_object_update_new(
				json_array_get(out->rows, n), json_pack("{s:s, s:s?, s:s?, s:o}", "hoster", p->owner, "variable",
								      p->variable, "spf", p->spf, "records", records_json(p)));
	}
}

static void list_actions(struct listing *out)
{
	static const char *const names[COLUMNS] = { "action", "keys", "help" };

	for (int i = 1; i < ACTION_COUNT; i++)
		row(out, names, (const char *const[COLUMNS]){ actions[i].name, actions[i].keys, gettext(actions[i].help) });
}

static void list_roles(struct listing *out)
{
	static const char *const names[COLUMNS] = { "role", "help" };

	for (int i = 0; i < ROLE_COUNT; i++)
		row(out, names, (const char *const[COLUMNS]){ roles[i].name, gettext(roles[i].help) });
}

static void list_settings(struct listing *out)
{
	static const char *const names[COLUMNS] = { "section", "setting", "default", "help" };

	for (const struct setting *s = settings; s->section; s++)
		row(out, names, (const char *const[COLUMNS]){ s->section, s->name, s->standard, gettext(s->help) });
}

static void list_commands(struct listing *out)
{
	static const char *const names[COLUMNS] = { "command", "operands", "help" };

	for (size_t i = 1; commands[i]; i++)
		row(out, names, (const char *const[COLUMNS]){ commands[i]->name, commands[i]->operands, gettext(commands[i]->help) });
}

/* Those of the configuration, and those with a draft or a journal. */
static void list_domains(struct listing *out)
{
	static const char *const names[COLUMNS] = { "domain" };
	const struct config *config = &out->app->config;
	char **kept = store_domains(out->app->store);
	struct dname domain;

	for (size_t i = 0; i < config->n; i++)
		if (!strcmp(config->section[i].kind, "domain"))
			row(out, names, (const char *const[COLUMNS]){ config->section[i].name });
	for (size_t i = 0; kept[i]; i++) {
		if (dname_parse(&domain, kept[i], NULL) && !config_domain(config, &domain))
			row(out, names, (const char *const[COLUMNS]){ kept[i] });
		free(kept[i]);
	}
	free(kept);
}

static void list_themes(struct listing *out)
{
	static const char *const names[COLUMNS] = { "theme" };
	char name[THEME_NAME];

	for (size_t i = 0; theme_at(i, name); i++)
		row(out, names, (const char *const[COLUMNS]){ name });
}

static const struct topic_row {
	const char *name;
	size_t columns;
	void (*list)(struct listing *out);
	bool configured;
} listings[] = {
	{ "checks", 4, list_checks, false },
	{ "gates", 3, list_gates, false },
	{ "demands", 2, list_demands, false },
	{ "senders", 3, list_senders, true },
	{ "mechanisms", 3, list_mechanisms, false },
	{ "states", 2, list_states, false },
	{ "providers", 5, list_providers, false },
	{ "presets", 7, list_presets, false },
	{ "actions", 3, list_actions, false },
	{ "roles", 2, list_roles, false },
	{ "settings", 4, list_settings, false },
	{ "commands", 3, list_commands, false },
	{ "domains", 1, list_domains, true },
	{ "themes", 1, list_themes, false },
};

static int list(struct call *call, const struct topic_row *topic, struct err *err)
{
	struct listing out = { .app = &call->app };

	if (topic->configured && !call_open_app(call, err))
		return -1;
	out.rows = call->json ? json_array() : NULL;
	table_init(&out.table, topic->columns, 0);
	topic->list(&out);
	if (out.rows)
		print_json(json_pack("{s:o}", topic->name, out.rows));
	else
		table_print(&out.table, stdout, "");
	if (topic->configured)
		app_close(&call->app);
	return 0;
}

static void manual_keys(FILE *to)
{
	for (int i = 1; i < ACTION_COUNT; i++)
		help_manual_row(to, actions[i].name, actions[i].keys, actions[i].help);
}

static bool print_manual(const char *page)
{
	if (!*page)
		help_manual(stdout, manual_keys);
	else if (!strcmp(page, "config"))
		help_manual_config(stdout);
	else if (!strcmp(page, "senders"))
		help_manual_senders(stdout);
	else
		return false;
	return true;
}

static int run(struct call *call, struct err *err)
{
	if (call_has(call, "--manual")) {
		if (print_manual(call->n ? call->operand[0] : ""))
			return 0;
		err_set(err, ERR_USAGE, N_("there is no manual page \"%s\""), call->operand[0]);
		err_hint(err, N_("Pages: config, senders; without one, mxladder(1)."));
		return -1;
	}
	if (call_has(call, "--completion")) {
		if (help_completion(stdout, call->n ? call->operand[0] : "bash"))
			return 0;
		err_set(err, ERR_USAGE, N_("there is no completion for %s"), call->operand[0]);
		err_hint(err, N_("Shells: bash, zsh, fish."));
		return -1;
	}
	for (size_t i = 0; call->n && i < sizeof(listings) / sizeof(*listings); i++)
		if (strcmp(listings[i].name, call->operand[0]) == 0)
			return list(call, &listings[i], err);
	if (call->n)
		err_set(err, ERR_USAGE, N_("there is no list of \"%s\""), call->operand[0]);
	else
		err_set(err, ERR_USAGE, N_("which list?"));
	err_hint(err,
		N_("Lists: checks, demands, gates, senders, mechanisms, states, providers, presets, actions, roles, settings, commands, domains, themes."));
	return -1;
}

static const struct option_row options[] = {
	{ "--manual", 0, NULL, N_("print the manual page mxladder(1), or the one that is named: config, senders") },
	{ "--completion", 0, NULL, N_("print the completion for bash, or for the shell that is named: bash, zsh, fish") },
	{ NULL, 0, NULL, NULL },
};

const struct command cmd_list = {
	.name = "list",
	.operands = "TOPIC",
	.max = 1,
	.help = N_("list what the program knows"),
	.text = N_(
		"Prints one of the program's tables: its checks, what a policy can demand, the gates of a push, the senders that it simulates and the mechanisms that make one, the states of a host in a what-if, the DNS providers, the presets (mail hosters' "
		"sets), the interface's actions and colour roles, the settings of the configuration, the commands, the domains that it knows, the themes.\n\n"
		"Topics: checks, demands, gates, senders, mechanisms, states, providers, presets, actions, roles, settings, commands, domains, themes."),
	.options = options,
	.run = run,
};
