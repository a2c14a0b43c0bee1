/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What commands ask and tell on a terminal. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../tui/pty.h"
#include "cli/command.h"
#include "io/scratch.h"

#define WORDS 600
#define MANY 256 /* domains, and half as many settings, in one call */

static size_t met;          /* of what came: as far as it was looked at */
static const char *command; /* words parted by blanks */
static bool mute;           /* what it prints goes nowhere */
static char *dir;

static int play(void)
{
	char *copy = strdup(command), *argv[WORDS] = { (char *)(uintptr_t) "mxladder" }, *save = NULL;
	int argc = 1, status;

	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	if (mute && !freopen("/dev/null", "w", stdout))
		return 94;
	status = cli_run(argc, argv);
	free(copy);
	return status;
}

static void begin(const char *words)
{
	command = words;
	met = 0;
	start("xterm", play);
}

/* These words come, behind those that were awaited before. */
static void await(const char *words)
{
	char some[4096];
	const char *at;
	ssize_t n;

	while (!(at = t.bytes.s ? strstr(t.bytes.s + met, words) : NULL) && (n = read(t.master, some, sizeof(some))) > 0)
		str_add_bytes(&t.bytes, some, (size_t)n);
	if (!at)
		fail_msg("\"%s\" did not come: %s", words, t.bytes.s ? t.bytes.s : "");
	met = (size_t)(at - t.bytes.s) + strlen(words);
}

static void finish(int status)
{
	until(NULL);
	assert_true(WIFEXITED(t.status));
	if (WEXITSTATUS(t.status) != status)
		fail_msg("%d: %s", WEXITSTATUS(t.status), t.bytes.s);
	assert_true(is_as_before());
}

/* What is typed before the terminal is switched is dropped. */
static void await_unseen(void)
{
	struct termios now;

	do
		assert_int_equal(tcgetattr(t.master, &now), 0);
	while (now.c_lflag & ECHO && !usleep(1000));
}

static bool came(const char *words)
{
	return strstr(t.bytes.s, words) != NULL;
}

static bool shell(const char *words)
{
	return system(words) == 0;
}

/* Without a terminal, before the one that is looked at. */
static void do_quietly(const char *words)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		FILE *nothing = fopen("/dev/null", "r+");

		dup2(fileno(nothing), STDIN_FILENO);
		dup2(fileno(nothing), STDOUT_FILENO);
		command = words;
		exit(play());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int set_up(void **state)
{
	const char *top = getenv("top_srcdir");
	char words[1200], path[400];

	(void)state;
	dir = scratch_new(NULL);
	assert_non_null(dir);
	snprintf(words, sizeof(words),
		"cp -R '%s/tests/data/cli/.' '%s' && chmod -R u+w '%s' && sed -i 's|@DIR@|%s|' '%s/config/mxladder/config'",
		top ? top : ".", dir, dir, dir, dir);
	assert_true(shell(words));
	assert_int_equal(chdir(dir), 0);
	setenv("HOME", dir, 1);
	snprintf(path, sizeof(path), "%s/state", dir);
	setenv("XDG_STATE_HOME", path, 1);
	snprintf(path, sizeof(path), "%s/config", dir);
	setenv("XDG_CONFIG_HOME", path, 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stop();
	assert_int_equal(chdir("/"), 0);
	scratch_free(dir);
	return 0;
}

static void init__asks__for_what_no_option_says(void **state)
{
	(void)state;
	assert_true(shell("rm -r config"));
	begin("init");
	await("Who holds the zones?");
	send("zonefile\r");
	await("A name for this account (without an answer: zonefile):");
	send(" \t eget  \r");
	await("the directory of the zone files:");
	send("zones\r");
	await("Which domains, with blanks between them?");
	send("exempel.com, EXEMPEL.net. exempel.com tredje.example\r");
	finish(0);
	assert_true(shell("grep -qx '\\[account eget\\]' config/mxladder/config"));
	assert_true(shell("grep -qx 'provider = zonefile' config/mxladder/config"));
	assert_true(shell("grep -qx \"endpoint = $PWD/zones\" config/mxladder/config"));
	assert_true(shell("test `grep -c '^account = eget$' config/mxladder/config` -eq 3"));
	assert_true(shell("grep -qx '\\[domain exempel.net\\]' config/mxladder/config"));
}

static void init__without_an_answer__names_the_option(void **state)
{
	(void)state;
	begin("init");
	await("Who holds the zones?");
	send("  \r");
	finish(2);
	assert_true(came("--provider is missing"));
}

/* It is neither shown nor left behind where the account does not come about. */
static void init__takes__a_key_unseen(void **state)
{
	(void)state;
	assert_true(shell("rm -r config"));
	begin("init --provider digitalocean");
	await("A name for this account (without an answer: digitalocean):");
	send("\r");
	await("The address of the API (without an answer: ");
	send("http://127.0.0.1:1/\r");
	await("The file that holds the key (without an answer, the key is typed next):");
	send("\r");
	await("The key itself, which is not shown");
	await_unseen();
	send("\r");
	finish(2);
	assert_true(came("--key-file is missing"));
	stop();
	begin("init --provider digitalocean --account eget --endpoint http://127.0.0.1:1/");
	await("The file that holds the key");
	send("\r");
	await("The key itself, which is not shown");
	await_unseen();
	send("sesam-sesam\r");
	until(NULL);
	assert_true(WIFEXITED(t.status) && WEXITSTATUS(t.status) != 0 && WEXITSTATUS(t.status) != 2);
	assert_true(is_as_before());
	assert_false(came("sesam"));
	assert_false(came("accepts the key"));
	assert_false(shell("grep -rq sesam ."));
	assert_false(shell("grep -rq digitalocean config"));
}

/* The key that interrupts, a signal and an end of input end it, with the terminal as it was. */
static void init__gives_up__a_key_that_is_not_typed(void **state)
{
	static const struct {
		const char *typed;
		int signal; /* 0: it exits with 2 */
	} rows[] = { { "sesam\003", SIGINT }, { NULL, SIGTERM }, { NULL, SIGHUP }, { "\004", 0 }, { "sesam\004\004", 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (i)
			stop();
		begin("init --provider digitalocean --account eget --endpoint http://127.0.0.1:1/");
		await("The file that holds the key");
		send("\r");
		await("The key itself, which is not shown");
		await_unseen();
		await("> ");
		if (rows[i].typed)
			send(rows[i].typed);
		else
			kill(t.child, rows[i].signal);
		until(NULL);
		if (rows[i].signal)
			assert_true(WIFSIGNALED(t.status) && WTERMSIG(t.status) == rows[i].signal);
		else
			assert_true(WIFEXITED(t.status) && WEXITSTATUS(t.status) == 2 && came("--key-file is missing"));
		assert_true(is_as_before());
		assert_false(came("sesam"));
	}
}

/* Of domains and settings there is a limit, which is said; the same domain again is none more. */
static void init__takes__so_many_and_no_more(void **state)
{
	static const struct {
		unsigned settings, domains;
		const char *said;
	} rows[] = {
		{ MANY / 2 + 1, 0, "--set: at most 128 in one call" }, { MANY / 2, 0, "zone file has no setting of that name: s0=x" },
		{ 0, MANY + 1, "--domain: at most 256 in one call" }, { 0, MANY, "[domain d255.example]" }, /* the first is said twice */
	};

	(void)state;
	assert_true(shell("rm -r config"));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str words;

		if (i)
			stop();
		str_init(&words, 0);
		str_add(&words, "init --provider zonefile --account eget --endpoint zones --domain D0.example");
		for (unsigned k = 0; k < rows[i].settings; k++)
			str_addf(&words, " --set s%u=x", k);
		for (unsigned k = 0; k < rows[i].domains; k++)
			str_addf(&words, " --domain d%u.example", k);
		begin(words.s);
		finish(i < 3 ? 2 : 0);
		if (!came(rows[i].said))
			fail_msg("%zu: %s", i, t.bytes.s);
		assert_int_equal(came("at most"), i == 0 || i == 2);
		str_release(&words);
	}
}

/* A name is answered while the next is waited for; what interrupts is said, with the way on. */
static void audit__answers__what_is_typed(void **state)
{
	(void)state;
	begin("audit --zone zones/exempel.com.zone --zone zones/exempel.net.zone");
	send("exempel.com\r");
	await("{\"domain\":\"exempel.com\"");
	send("exempel.net\r");
	await("{\"domain\":\"exempel.net\"");
	send("\003");
	finish(7);
	assert_true(came("stopped on request: not every name was told\r\n"));
	assert_true(came("--resume FILE, with the output so far, goes on where it stopped.\r\n"));
	assert_false(came("domains done"));
}

/* On the line that is written over, where the answers go elsewhere; it is gone at the end. */
static void audit__tells__how_far_it_is(void **state)
{
	(void)state;
	mute = true;
	begin("audit --zone zones/exempel.com.zone --zone zones/exempel.net.zone");
	mute = false;
	await("\r\033[Kdomains done: 0, in hand: 0, a second: 0");
	send("exempel.com\rexempel.net\r");
	await("\r\033[Kdomains done: 2, in hand: 0, a second: ");
	send("\004");
	finish(0);
	assert_string_equal(t.bytes.s + t.bytes.len - 4, "\r\033[K");
	assert_false(came("{"));
}

static void push__tells__what_it_is_at(void **state)
{
	(void)state;
	do_quietly("draft exempel.com remove reserv.exempel.net, add 30 mx3.exempel.net --note n --zone zones/exempel.com.zone --zone "
		   "zones/exempel.net.zone -o plan.json");
	do_quietly("approve plan.json --note ok");
	begin("push plan.json --zone zones/exempel.com.zone --zone zones/exempel.net.zone --no-watch --confirm exempel.com");
	finish(0);
	assert_true(came("writing ...\r\n"));
	assert_true(came("reading back ...\r\n"));
	assert_false(came("asking the name servers"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(init__asks__for_what_no_option_says),
		TEST(init__without_an_answer__names_the_option),
		TEST(init__takes__a_key_unseen),
		TEST(init__gives_up__a_key_that_is_not_typed),
		TEST(init__takes__so_many_and_no_more),
		TEST(audit__answers__what_is_typed),
		TEST(audit__tells__how_far_it_is),
		TEST(push__tells__what_it_is_at),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("typed", tests, NULL, NULL);
}
