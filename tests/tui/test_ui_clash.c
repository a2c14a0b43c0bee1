/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two interfaces on one draft: whose counts is asked, and mine is never lost, whatever ends the program meanwhile. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "driver.h"
#include "io/loop.h"

#define MINE "Type mine or theirs:"
#define NOW "Another window or command changed the draft of this domain."
#define BEFORE "An earlier run ended while another window had changed this draft: yours was"

static struct session *open_other(void)
{
	struct session *session = session_open(&app, session_domain(ui.session), ui.hooks.changed, NULL);

	session_survey(session);
	while (session_surveying(session))
		loop_run(app.loop);
	return session;
}

static void set_ttl(struct session *session, uint32_t ttl_s)
{
	struct edit edit = { .verb = EDIT_TTL, .ttl_s = ttl_s };

	assert_true(session_edit(session, &edit, 1, NULL));
}

/* The drafts of a demo that is no more become this one's. */
static void take_over(const char *dir)
{
	char command[2000];

	snprintf(command, sizeof(command), "mkdir -p '%s/state' && cp -R '%s/state/drafts' '%s/state/' && rm -rf '%s'", app.demo_dir, dir,
		app.demo_dir, dir);
	assert_int_equal(system(command), 0);
}

/* The TTL of the draft on disk; 0: there is none. */
static uint32_t kept(void)
{
	struct session *session = open_other();
	uint32_t ttl_s = session_drafting(session) ? session_set(session)->ttl_s : 0;

	session_close(session);
	return ttl_s;
}

/* The other one is saved first. */
static void meet(void)
{
	struct session *other;

	open_demo("exempel.com");
	other = open_other();
	set_ttl(other, 7200);
	assert_true(session_save(other, NULL));
	session_close(other);
	keys("t");
	answer("1h");
	assert_false(session_save(ui.session, NULL));
	draw();
	assert_int_equal(ui.ask, ASK_CLASH);
	assert_true(shows(MINE));
	assert_true(shows(NOW));
}

static void answers__other_than_the_two__are_refused(void **state)
{
	static const char *const odd[] = { "", "yes", "Mine", "min", "theirs " };

	(void)state;
	meet();
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		answer(odd[i]);
		assert_int_equal(ui.ask, ASK_CLASH);
		assert_string_equal(ui.refusal.s, "Type mine or theirs; until then neither is written.");
		assert_true(session_draft_clash(ui.session));
	}
	keys("Esc");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_int_equal(kept(), 7200);
	keys("q"); /* leaving asks again */
	assert_int_equal(ui.ask, ASK_CLASH);
	answer("mine");
	close_demo();
}

/* What could not be saved is not left for another domain: it is asked about again, and at once where the program would be left. */
static void domain__with_a_clash__is_not_left(void **state)
{
	char name[DNAME_TEXT_MAX];

	(void)state;
	meet();
	keys("Esc :");
	answer("open exempel.net");
	assert_int_equal(ui.ask, ASK_PALETTE);
	assert_string_equal(ui.refusal.s, "the draft was changed meanwhile by another window or command. Nothing was written over it.");
	assert_string_equal(dname_text(session_domain(ui.session), name), "exempel.com");
	assert_int_equal(session_set(ui.session)->ttl_s, 3600);
	assert_int_equal(kept(), 7200);
	keys("Esc");
	assert_int_equal(ui.ask, ASK_CLASH);
	keys("Esc");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_int_equal(ui_key(&ui, 'q'), UI_DRAW);
	assert_int_equal(ui.ask, ASK_CLASH);
	answer("mine");
	keys(":");
	answer("open exempel.net");
	assert_string_equal(dname_text(session_domain(ui.session), name), "exempel.net");
	close_demo();
}

static void mine__is_written_over_theirs(void **state)
{
	(void)state;
	meet();
	answer("mine");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_false(session_draft_clash(ui.session));
	assert_int_equal(kept(), 3600);
	assert_int_equal(session_set(ui.session)->ttl_s, 3600);
	close_demo();
}

static void theirs__is_taken_and_redo_brings_mine_back(void **state)
{
	(void)state;
	meet();
	answer("theirs");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_int_equal(kept(), 7200);
	assert_int_equal(session_set(ui.session)->ttl_s, 7200);
	keys("Ctrl-R");
	assert_int_equal(session_set(ui.session)->ttl_s, 3600);
	close_demo();
}

/* As a signal ends it, and as the program starts again. */
static void end_and_start(void)
{
	struct dname domain = *session_domain(ui.session);
	struct ui_hooks hooks = ui.hooks;

	ui_release(&ui);
	ui_init(&ui, &hooks);
	assert_true(ui_open(&ui, &domain, NULL));
	ui_survey(&ui);
	settle();
	draw();
}

static void ended__before_the_answer__asks_at_the_next_start(void **state)
{
	(void)state;
	meet();
	for (int i = 0; i < 3; i++) { /* as often as it ends unanswered */
		end_and_start();
		assert_int_equal(ui.ask, ASK_KEPT);
		assert_true(shows(MINE));
		assert_true(shows(BEFORE));
		assert_int_equal(session_set(ui.session)->ttl_s, 3600);
	}
	answer("mine");
	assert_int_equal(ui.ask, ASK_NONE);
	end_and_start();
	assert_int_equal(ui.ask, ASK_NONE);
	assert_int_equal(session_set(ui.session)->ttl_s, 3600);
	close_demo();
}

static void ended__and_theirs_taken__keeps_mine_for_redo(void **state)
{
	(void)state;
	meet();
	end_and_start();
	answer("theirs");
	end_and_start();
	assert_int_equal(ui.ask, ASK_NONE);
	assert_int_equal(session_set(ui.session)->ttl_s, 7200);
	keys("Ctrl-R");
	assert_int_equal(session_set(ui.session)->ttl_s, 3600);
	close_demo();
}

/* What was edited after the question is kept, too. */
static void ended__after_further_edits__keeps_the_last(void **state)
{
	(void)state;
	meet();
	end_and_start();
	keys("Esc t");
	answer("30m");
	end_and_start();
	assert_int_equal(ui.ask, ASK_KEPT);
	assert_int_equal(session_set(ui.session)->ttl_s, 1800);
	answer("mine");
	end_and_start();
	assert_int_equal(ui.ask, ASK_NONE);
	assert_int_equal(session_set(ui.session)->ttl_s, 1800);
	close_demo();
}

/* A run that is killed in the clash: nothing of it runs at its end. What it edited last is kept, and a window that is open beside does not
 * take it for its own. */
static void killed__in_a_clash__loses_nothing(void **state)
{
	struct session *other;
	struct dname domain;
	struct ui_hooks hooks;
	char dir[200];
	int told[2], status;
	ssize_t n;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(told), 0);
	pid = fork();
	if (pid == 0) {
		meet();
		keys("Esc t");
		answer("30m");
		session_save(ui.session, NULL);
		other = open_other(); /* as another window would */
		if (session_draft_aside(other) || session_set(other)->ttl_s != 7200)
			_exit(1);
		if (write(told[1], app.demo_dir, strlen(app.demo_dir)) < 0)
			_exit(2);
		raise(SIGKILL);
	}
	close(told[1]);
	n = read(told[0], dir, sizeof(dir) - 1);
	close(told[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	assert_true(n > 0);
	dir[n] = '\0';

	open_demo("exempel.com");
	domain = *session_domain(ui.session);
	hooks = ui.hooks;
	ui_release(&ui);
	take_over(dir);
	ui_init(&ui, &hooks);
	assert_true(ui_open(&ui, &domain, NULL));
	ui_survey(&ui);
	settle();
	draw();
	assert_int_equal(ui.ask, ASK_KEPT);
	assert_int_equal(session_set(ui.session)->ttl_s, 1800);
	answer("theirs");
	assert_int_equal(session_set(ui.session)->ttl_s, 7200);
	keys("Ctrl-R");
	assert_int_equal(session_set(ui.session)->ttl_s, 1800);
	close_demo();
}

/* The other draft is gone, or the same by now: there is nothing to ask. */
static void ended__and_no_clash_is_left__asks_nothing(void **state)
{
	struct session *other;

	(void)state;
	meet();
	other = open_other();
	assert_true(session_discard(other, NULL));
	session_close(other);
	end_and_start();
	assert_int_equal(ui.ask, ASK_NONE);
	assert_int_equal(session_set(ui.session)->ttl_s, 3600);
	assert_int_equal(kept(), 3600);
	close_demo();

	meet();
	other = open_other();
	set_ttl(other, 3600);
	session_close(other);
	end_and_start();
	assert_int_equal(ui.ask, ASK_NONE);
	assert_int_equal(session_set(ui.session)->ttl_s, 3600);
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers__other_than_the_two__are_refused),
		cmocka_unit_test(domain__with_a_clash__is_not_left),
		cmocka_unit_test(mine__is_written_over_theirs),
		cmocka_unit_test(theirs__is_taken_and_redo_brings_mine_back),
		cmocka_unit_test(ended__before_the_answer__asks_at_the_next_start),
		cmocka_unit_test(ended__and_theirs_taken__keeps_mine_for_redo),
		cmocka_unit_test(ended__after_further_edits__keeps_the_last),
		cmocka_unit_test(killed__in_a_clash__loses_nothing),
		cmocka_unit_test(ended__and_no_clash_is_left__asks_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
