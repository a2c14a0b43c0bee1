/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A filter: names in, a JSON line each out. Where names come from stands here; app/audit.h has the work, audit_line.h the line. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/audit.h"
#include "base/i18n.h"
#include "cli/audit_line.h"
#include "cli/commands.h"
#include "cli/subject.h"
#include "show/translate.h"
#include "base/banned.h"

#define PROGRESS_MS 500
#define PENDING_MAX ((size_t)64 << 10) /* bytes of lines that go out together */

struct auditing {
	struct call *call;
	struct audit *audit;
	struct audit_names names;
	struct audit_said said;
	struct choice choice;
	struct policy_told policy;
	struct loop_handle *signal, *progress, *flush;
	struct str pending; /* whole lines that are not written yet: a run that is killed leaves no half of one */
	bool interrupted, shown;
	bool ended;  /* every name was taken */
	bool mute;   /* nobody takes the output any more */
	size_t lost; /* names that were in hand when the run was broken off */
	uint64_t began_ms;
	struct err err; /* of a file that broke off, or of the output */
};

/* ---- progress, on a terminal ---- */

static void clear_progress(struct auditing *a)
{
	if (a->shown)
		fputs("\r\033[K", stderr);
	a->shown = false;
}

static void show_progress(void *data)
{
	struct auditing *a = data;
	struct audit_count count = audit_count(a->audit);
	double s = (double)(loop_ms() - a->began_ms) / 1000;
	struct msg msg;
	struct str text;

	str_init(&text, 0);
	msg_set(&msg, N_("domains done: %zu, in hand: %zu, a second: %lu"), count.told, count.running,
		(unsigned long)(s > 0 ? (double)count.told / s : 0));
	msg_format(&msg, &translate_tongue, &text);
	fprintf(stderr, "\r\033[K%s", text.s);
	fflush(stderr);
	str_release(&text);
	a->shown = true;
	a->progress = loop_after(a->call->app.loop, PROGRESS_MS, show_progress, a);
}

/* ---- the face ---- */

static enum audit_next next(void *data, struct dname *domain, struct str *line)
{
	struct auditing *a = data;

	struct audit_wrong wrong;
	enum audit_next next = audit_names_next(&a->names, domain, &wrong, &a->err);

	if (next == AUDIT_LINE)
		audit_line_wrong(&wrong, line);
	a->ended = next == AUDIT_END;
	return next;
}

static void known(void *data, const struct facts *facts, struct str *line)
{
	struct auditing *a = data;

	audit_line(&a->said, facts, line);
}

/* What came together goes out together, before anything is waited for. */
static void write_pending(struct auditing *a)
{
	loop_cancel(a->flush);
	a->flush = NULL;
	fwrite(a->pending.s, 1, a->pending.len, stdout);
	str_clear(&a->pending);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return;
	if (!a->mute)
		err_set(&a->err, ERR_FILE, N_("the output could not be written"));
	a->mute = true;
	audit_stop(a->audit);
}

static void flush(void *data)
{
	struct auditing *a = data;

	a->flush = NULL;
	write_pending(a);
}

static bool tell(void *data, const char *line)
{
	struct auditing *a = data;

	str_add(&a->pending, line);
	str_add_char(&a->pending, '\n');
	if (a->pending.len >= PENDING_MAX)
		write_pending(a);
	else if (!a->flush)
		a->flush = loop_after(a->call->app.loop, 0, flush, a);
	return !a->mute;
}

static void ready(void *data)
{
	struct auditing *a = data;

	audit_more(a->audit);
}

/* Once: those in hand are finished. Twice: nothing is. */
static void interrupt(void *data)
{
	struct auditing *a = data;

	if (a->interrupted)
		loop_stop(a->call->app.loop);
	a->interrupted = true;
	audit_stop(a->audit);
}

/* ---- options ---- */

static bool read_width(const char *text, size_t *width, struct err *err)
{
	char *end;
	unsigned long n = text ? strtoul(text, &end, 10) : AUDIT_WIDTH;

	*width = n;
	if (!text || (*text >= '0' && *text <= '9' && !*end && n >= 1 && n <= AUDIT_WIDTH_MAX))
		return true;
	return err_set(err, ERR_USAGE, N_("--jobs takes a number from 1 to %d, not \"%s\""), AUDIT_WIDTH_MAX, text);
}

static bool read_bar(const struct call *call, struct audit_said *said, struct err *err)
{
	static const char *const options[] = { "--only", "--skip", "--accepted" };

	said->checks = call_has(call, "--checks");
	said->simulate = call_has(call, "--simulate");
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (!said->checks && call_has(call, options[i]))
			return err_set(err, ERR_USAGE, N_("%s goes with --checks"), options[i]);
	if (!said->checks && !said->policy && call_has(call, "--fail-on"))
		return err_set(err, ERR_USAGE, N_("--fail-on goes with --checks or --require"));
	said->bar = LEVEL_COUNT;
	return !call_has(call, "--fail-on") || choice_level(call, &said->bar, err);
}

#define JUDGED_NEEDS (NEEDS_SERVERS | NEEDS_PARENT | NEEDS_TARGET_ZONES | NEEDS_DNSSEC)

/* What the demands on this domain need; 0 where there are none. */
static unsigned more(void *data, const struct dname *domain)
{
	const struct auditing *a = data;

	if (!a->said.policy || !musts_next(&a->policy.musts, domain, NULL))
		return 0;
	return (JUDGED_NEEDS | musts_needs(&a->policy.musts, domain)) & ~(unsigned)NEEDS_SMTP;
}

static unsigned needs_of(const struct auditing *a)
{
	unsigned needs = NEEDS_HOSTS | (a->said.simulate ? NEEDS_TARGET_ZONES : 0) | (call_has(a->call, "--validate") ? NEEDS_DNSSEC : 0);

	if (!a->said.checks && !a->said.simulate)
		needs |= SURVEY_SET_ALONE;
	if (a->said.checks)
		needs |= JUDGED_NEEDS | choice_needs(&a->choice);
	return needs & ~(unsigned)NEEDS_SMTP;
}

/* ---- */

static void work(struct auditing *a, size_t width)
{
	struct call *call = a->call;
	struct audit_options options = { .needs = needs_of(a),
		.more = more,
		.width = width,
		.ordered = call_has(call, "--ordered"),
		.domain_ms = 4 * call->app.timeout_ms + 1000 };

	str_init(&a->pending, 2 * STR_MAX_DEFAULT);
	a->began_ms = loop_ms();
	a->audit = audit_start(&call->app, &options, &(struct audit_face){ next, known, tell, a });
	a->signal = loop_signal(call->app.loop, SIGINT, interrupt, a);
	if (isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) != 1)
		show_progress(a);
	audit_wait(a->audit);
	loop_cancel(a->progress);
	loop_cancel(a->signal);
	write_pending(a);
	str_release(&a->pending);
	clear_progress(a);
	a->lost = audit_count(a->audit).running;
	audit_free(a->audit);
}

/* From the operands; else, where an account is named, its zones; else from stdin. */
static bool open_names(struct auditing *a, struct err *err)
{
	struct call *call = a->call;
	struct provider_account account = { 0 };
	struct dname none;

	a->names = (struct audit_names){
		.app = &call->app, .sources = { call->n, call->operand, NULL, call_get(call, "--resume") }, .ready = ready, .data = a
	};
	if (call->app.account && !call->n) {
		dname_root(&none);
		if (!app_account(&call->app, &none, call->app.account, &account, err))
			return false;
		a->names.sources.account = subject_zones(call, &account, err);
		if (!a->names.sources.account)
			return false;
	}
	return audit_names_open(&a->names, err);
}

static int run(struct call *call, struct err *err)
{
	struct auditing a = { .call = call, .said = { .choice = &a.choice } };
	int status = -1;
	size_t width;

	preset_sieve_build(&a.said.sieve);
	a.said.policy = call_has(call, "--require") ? &a.policy : NULL;
	if (!read_width(call_get(call, "--jobs"), &width, err) || !read_bar(call, &a.said, err))
		return -1;
	if ((!a.said.policy || policy_told_read(&a.policy, &call->app, call_get(call, "--require"), err)) &&
		choice_read(&a.choice, call, NULL, err) && open_names(&a, err)) {
		work(&a, width);
		status = a.said.failed;
		if (a.err.code) {
			*err = a.err;
			status = -1;
		} else if (a.interrupted && (!a.ended || a.lost)) {
			err_set(err, ERR_INTERRUPTED, N_("stopped on request: not every name was told"));
			err_hint(err, N_("--resume FILE, with the output so far, goes on where it stopped."));
			status = -1;
		}
	}
	audit_names_close(&a.names);
	choice_release(&a.choice);
	policy_told_release(&a.policy);
	return status;
}

static const struct option_row options[] = {
	{ "--checks", 0, NULL, N_("run the checks too; nothing connects to a mail server") },
	{ "--only", 0, "IDS", N_("of the checks, these alone: ids with commas between them; may be repeated") },
	{ "--skip", 0, "IDS", N_("leave these checks out") },
	{ "--accepted", 0, "FILE", N_("findings that were accepted, instead of accepted_file in the configuration") },
	{ "--require", 0, "POLICY", N_("judge the demands of this file on the domains that it names; what cannot be told is not met") },
	{ "--fail-on", 0, "LEVEL",
		N_("exit 1 for findings at or above error, warning, notice or info, and for demands that are not met; without it neither "
		   "counts") },
	{ "--simulate", 0, NULL, N_("tell the worst single failure: how much mail is lost, and how late the rest is") },
	{ "--validate", 0, NULL, N_("validate the MX answers (DNSSEC), as --checks does") },
	{ "--ordered", 0, NULL, N_("print in the order of the names, not as they are known") },
	{ "--resume", 0, "FILE", N_("leave out the names that FILE, an earlier output, has") },
	{ "--jobs", 0, "N", N_("domains at the same time, up to 1000 (default 100)") },
	{ NULL, 0, NULL, NULL },
};

const struct command cmd_audit = {
	.name = "audit",
	.operands = "[FILE...]",
	.max = 100000,
	.flags = NEEDS_APP,
	.help = N_("look at many domains"),
	.text = N_(
		"Reads domain names, one a line, from files, from stdin (- or no file), or with --account the zones of that account, and prints "
		"one line of JSON for each as soon as it is known. Empty lines and lines that begin with # are passed over. A line that is "
		"no domain name gets a line too, with its number and what is wrong with it.\n\n"
		"Asks the DNS alone; --checks also fetches MTA-STS policies over HTTPS. What many domains share is asked for once while its "
		"answer lasts. Ctrl-C finishes the domains in hand; the same names with --resume and the output so far do the rest.\n\n"
		"The exit status is 0 when every name got its line, and 1 where --fail-on is met."),
	.options = options,
	.run = run,
};
