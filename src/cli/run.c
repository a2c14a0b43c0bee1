/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/help.h"
#include "cli/print.h"
#include "cli/subject.h"
#include "core/meant.h"
#include "base/banned.h"

static bool timeout(const struct call *call, uint32_t *ms, struct err *err)
{
	const char *text = call_get(call, "--timeout");
	uint32_t seconds;

	*ms = 0;
	if (!text)
		return true;
	if (!text_parse_duration(text, &seconds) || seconds == 0 || seconds > 86400)
		return err_set(err, ERR_USAGE, N_("--timeout takes a duration of 1 second to 1 day, not \"%s\""), text);
	*ms = seconds * 1000;
	return true;
}

/* The global option --server; NULL where the command has a --server of its own, which means something else. */
static const char *server(const struct call *call)
{
	for (const struct option_row *row = call->command->options; row && row->name; row++)
		if (strcmp(row->name, "--server") == 0)
			return NULL;
	return call_get(call, "--server");
}

/* The domain that the command is about, as far as its words tell, for zone files without an origin. */
static bool find_domain(const struct call *call, struct dname *domain)
{
	struct plans plans = { 0 };
	const char *operand = call->n ? call->operand[0] : NULL;
	bool ok;

	if (!operand || (!strstr(call->command->operands, "DOMAIN") && !strstr(call->command->operands, "PLAN")) || !strcmp(operand, "-"))
		return false;
	if (!subject_is_plan(operand))
		return meant_domain(domain, operand, NULL);
	ok = subject_plans(operand, &plans, NULL) && plans.n == 1;
	if (ok)
		*domain = plans.plan[0].zone;
	plans_release(&plans);
	return ok;
}

static void print_notes(const struct app *app)
{
	for (size_t i = 0; app->world && i < zoneworld_notes(app->world); i++)
		print_msg(stderr, zoneworld_note(app->world, i));
}

/* Tells what is waited for, where stderr is a terminal. */
static void told_to_wait(void *data, const struct msg *why)
{
	(void)data;
	if (why)
		print_msg(stderr, why);
}

static bool open_app(struct call *call, char **zone, size_t n_zone, struct err *err)
{
	struct dname domain;
	struct app_options options = {
		.n_zone = n_zone,
		.zone = zone,
		.domain = n_zone && find_domain(call, &domain) ? &domain : NULL,
		.resolver = call_get(call, "--resolver"),
		.server = server(call),
		.config = call_get(call, "--config"),
		.account = call_get(call, "--account"),
		.read_only = call_has(call, "--read-only"),
		.demo = call_has(call, "--demo"),
	};

	if (!timeout(call, &options.timeout_ms, err) || !app_open(&call->app, &options, err))
		return false;
	print_notes(&call->app);
	if (isatty(STDERR_FILENO) == 1 && !call->json)
		call->app.waits = told_to_wait;
	return true;
}

bool call_open_app(struct call *call, struct err *err)
{
	char **zone = NULL;
	size_t n_zone = 0, cap = 0;
	const char *file;
	bool ok;

	while ((file = call_get_at(call, "--zone", n_zone)) != NULL) {
		zone = mem_grow(zone, n_zone, &cap, sizeof(*zone));
		zone[n_zone++] = mem_text(file);
	}
	ok = open_app(call, zone, n_zone, err);
	while (n_zone)
		free(zone[--n_zone]);
	free(zone);
	return ok;
}

static int run_command(struct call *call, struct err *err)
{
	int status;

	if (!(call->command->flags & NEEDS_APP))
		return call->command->run(call, err);
	if (!call_open_app(call, err))
		return -1;
	status = call->command->run(call, err);
	app_close(&call->app);
	return status;
}

static int dispatch(struct call *call, struct err *err)
{
	if (call->version) {
		puts(PACKAGE_STRING);
		return 0;
	}
	if (call->help) {
		if (call->command == command_interface())
			help_program(stdout);
		else
			help_command(stdout, call->command);
		return 0;
	}
	return run_command(call, err);
}

static int report_error(const struct err *err, bool json)
{
	if (json)
		print_json(json_pack("{s:o}", "error", json_err(err)));
	else
		print_failure(err);
	return err_exit_status(err->code);
}

static bool wants_json(int argc, char *argv[])
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--json") == 0)
			return true;
	return false;
}

int cli_run(int argc, char *argv[])
{
	struct call call;
	struct err err = { 0 };
	int status = -1;

	json_set_alloc_funcs(mem_room, free);
	if (call_parse(&call, argc, argv, &err))
		status = dispatch(&call, &err);
	call_release(&call);
	if (status < 0)
		status = report_error(&err, wants_json(argc, argv));
	if ((fflush(stdout) != 0 || ferror(stdout)) && status == 0) {
		fputs(_("mxladder: the output could not be written\n"), stderr);
		status = err_exit_status(ERR_FILE);
	}
	return status;
}
