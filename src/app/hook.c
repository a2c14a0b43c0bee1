/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/hook.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "io/child.h"
#include "base/banned.h"

#define SAID_CELLS 200 /* of what the command said */

struct hook {
	struct app *app;
	hook_fn fn;
	void *data;
	struct child *child;
	struct loop_handle *delivery;
	struct err err;
};

static const char *command_of(const struct app *app)
{
	const char *command = config_get(&app->config, "push", "", "hook_command");

	return command && *command && !app->demo ? command : NULL;
}

bool hook_configured(const struct app *app)
{
	return command_of(app) != NULL;
}

/* The variables that hold a key; NULL-ended, to be freed. The names are the configuration's. */
static const char **key_variables(const struct config *config)
{
	const char **names = mem_alloc((config->n + 1) * sizeof(*names));
	size_t n = 0;

	for (size_t i = 0; i < config->n; i++) {
		const struct config_section *section = &config->section[i];
		const char *name = strcmp(section->kind, "account") ? NULL : config_get(config, "account", section->name, "key_env");

		if (name)
			names[n++] = name;
	}
	return names;
}

static void deliver(void *data)
{
	struct hook *hook = data;

	hook->delivery = NULL;
	hook->fn(hook->data, hook->err.code == ERR_NONE ? NULL : &hook->err);
	hook_cancel(hook);
}

/* The first line that it said, if any. */
static void add_first_line(struct str *out, const char *text)
{
	struct str line;
	size_t len;

	text += strspn(text, " \t\r\n");
	str_init(&line, CHILD_OUTPUT_MAX);
	len = strcspn(text, "\r\n");
	str_add_bytes(&line, text, len);
	str_add_bytes(out, line.s, text_fit(line.s, SAID_CELLS));
	str_release(&line);
}

static void ended(struct hook *hook, const struct child_result *result)
{
	struct str said;

	str_init(&said, CHILD_OUTPUT_MAX);
	add_first_line(&said, result->diag);
	if (!said.len)
		add_first_line(&said, result->out);
	if (said.len)
		err_set(&hook->err, ERR_FILE, N_("the hook command ended with status %d: %s"), result->status, said.s);
	else
		err_set(&hook->err, ERR_FILE, N_("the hook command ended with status %d and said nothing"), result->status);
	str_release(&said);
}

static void command_done(void *data, const struct child_result *result, const struct err *err)
{
	struct hook *hook = data;

	hook->child = NULL;
	if (!result) {
		hook->err = *err;
		err_context(&hook->err, N_("the hook command"));
	} else if (result->status) {
		ended(hook, result);
	}
	deliver(hook);
}

static void run(struct hook *hook, json_t *said)
{
	const char **unset = key_variables(&hook->app->config);
	char **words = child_argv(command_of(hook->app), &hook->err), *text = json_dumps(said, JSON_COMPACT);
	struct child_job job = { .words = words, .input = text, .input_len = strlen(text), .unset = unset };

	job.timeout_ms = (uint32_t)config_number(&hook->app->config, "push", "", "hook_timeout") * 1000;
	if (words)
		hook->child = child_run(hook->app->loop, &job, command_done, hook);
	else
		err_context(&hook->err, N_("the hook command"));
	child_argv_free(words);
	free(text);
	free(unset);
}

struct hook *hook_start(struct app *app, json_t *said, hook_fn fn, void *data)
{
	struct hook *hook = mem_alloc(sizeof(*hook));

	*hook = (struct hook){ .app = app, .fn = fn, .data = data };
	run(hook, said);
	json_decref(said);
	if (!hook->child)
		hook->delivery = loop_after(app->loop, 0, deliver, hook);
	return hook;
}

void hook_cancel(struct hook *hook)
{
	if (!hook)
		return;
	child_cancel(hook->child);
	loop_cancel(hook->delivery);
	free(hook);
}
