/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/child.h"
#include "io/scratch.h"
#include "io/secret.h"
#include "io/store.h"

#define TIMEOUT_MS 10000

struct seen {
	struct loop *loop;
	unsigned calls;
	int status;
	size_t out_len;
	char out[256], diag[256];
	enum err_code code;
};

static void came(void *data, const struct child_result *result, const struct err *err)
{
	struct seen *seen = data;

	seen->calls++;
	assert_true(!result == !!err);
	if (err) {
		seen->code = err->code;
		return;
	}
	seen->status = result->status;
	seen->out_len = result->out_len;
	snprintf(seen->out, sizeof(seen->out), "%s", result->out);
	snprintf(seen->diag, sizeof(seen->diag), "%s", result->diag);
}

/* Runs a command to its end on a loop of its own. */
static struct seen run(const char *command, const void *input, size_t len, uint32_t timeout_ms)
{
	char **words = child_argv(command, NULL);
	struct child_job job = { .words = words, .input = input, .input_len = len, .timeout_ms = timeout_ms };
	struct seen seen = { .loop = loop_new() };

	assert_non_null(words);
	child_run(seen.loop, &job, came, &seen);
	assert_int_equal(seen.calls, 0);
	loop_run(seen.loop);
	assert_int_equal(seen.calls, 1);
	loop_free(seen.loop);
	child_argv_free(words);
	return seen;
}

static void child_words__splits__as_a_shell_would(void **state)
{
	static const struct {
		const char *command, *words;
	} cases[] = {
		{ "pass show dns/lab", "pass|show|dns/lab" },
		{ "  a\tb\n", "a|b" },
		{ "a 'b c' \"d e\"", "a|b c|d e" },
		{ "a'b'\"c\"", "abc" },
		{ "a\\ b", "a b" },
		{ "'' x", "|x" },
		{ "\"a\\\"b\" '\\'", "a\"b|\\" },
		{ "$HOME `id` *.c > x", "$HOME|`id`|*.c|>|x" },
		{ "a 'b", NULL },
		{ "a \"b", NULL },
		{ "", NULL },
		{ "  ", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err err = { 0 };
		char **words = child_argv(cases[i].command, &err), joined[128] = "";

		if (!cases[i].words) {
			assert_null(words);
			assert_int_equal(err.code, ERR_USAGE);
			continue;
		}
		for (size_t k = 0; words[k]; k++)
			snprintf(joined + strlen(joined), sizeof(joined) - strlen(joined), "%s%s", k ? "|" : "", words[k]);
		assert_string_equal(joined, cases[i].words);
		child_argv_free(words);
	}
	child_argv_free(NULL);
}

static void child_words__refuses__too_many(void **state)
{
	char command[2 * CHILD_WORDS + 3] = "";
	struct err err = { 0 };

	(void)state;
	memset(command, 'a', sizeof(command) - 1);
	for (size_t i = 1; i < sizeof(command) - 1; i += 2)
		command[i] = ' ';
	assert_null(child_argv(command, &err));
	assert_int_equal(err.code, ERR_USAGE);
}

static void child_run__tells__status_and_output(void **state)
{
	static const struct {
		const char *command, *out, *diag;
		int status;
	} cases[] = {
		{ "true", "", "", 0 },
		{ "false", "", "", 1 },
		{ "echo hej", "hej\n", "", 0 },
		{ "sh -c 'echo out; echo diag >&2; exit 7'", "out\n", "diag\n", 7 },
		{ "sh -c 'kill -TERM $$'", "", "", 128 + SIGTERM },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct seen seen = run(cases[i].command, NULL, 0, TIMEOUT_MS);

		assert_int_equal(seen.code, ERR_NONE);
		assert_int_equal(seen.status, cases[i].status);
		assert_string_equal(seen.out, cases[i].out);
		assert_string_equal(seen.diag, cases[i].diag);
	}
}

static void child_run__gives_input__more_than_a_pipe_holds(void **state)
{
	size_t len = 700000;
	char *input = malloc(len);
	struct seen seen;

	(void)state;
	memset(input, 'x', len);
	seen = run("cat", input, len, TIMEOUT_MS);
	assert_int_equal(seen.out_len, len);
	seen = run("true", input, len, TIMEOUT_MS); /* does not read it */
	assert_int_equal(seen.status, 0);
	free(input);
}

static void child_run__fails__when_there_is_no_such_program(void **state)
{
	struct seen seen = run("/nonexistent/program", NULL, 0, TIMEOUT_MS);

	(void)state;
	assert_int_equal(seen.code, ERR_FILE);
}

static void child_run__stops_it__when_time_or_room_is_up(void **state)
{
	uint64_t began = loop_ms();
	struct seen seen = run("sh -c 'sleep 30 & sleep 30; echo'", NULL, 0, 200);

	(void)state;
	assert_int_equal(seen.code, ERR_FILE);
	assert_true(loop_ms() - began < 5000);
	seen = run("yes", NULL, 0, TIMEOUT_MS);
	assert_int_equal(seen.code, ERR_FILE);
	assert_true(loop_ms() - began < 9000);
}

/* As gpg-agent, started by pass. */
static void child_run__ends__though_a_daemon_keeps_its_output_open(void **state)
{
	uint64_t began = loop_ms();
	struct seen seen = run("sh -c 'sleep 12 & echo key'", NULL, 0, TIMEOUT_MS);

	(void)state;
	assert_int_equal(seen.status, 0);
	assert_string_equal(seen.out, "key\n");
	assert_true(loop_ms() - began < 10000);
}

/* Pipes to another child are no business of this one: it would keep them open. */
static void child_run__hands_down__no_descriptor_of_ours(void **state)
{
	static const char list[] = "sh -c 'ls /proc/self/fd | wc -l'";
	struct seen alone = run(list, NULL, 0, TIMEOUT_MS), other = { .loop = loop_new() }, beside;
	char **words = child_argv("cat", NULL);
	struct child_job job = { .words = words, .input = "x", .input_len = 1 };
	struct child *child = child_run(other.loop, &job, came, &other);

	(void)state;
	beside = run(list, NULL, 0, TIMEOUT_MS);
	assert_true(strtol(alone.out, NULL, 10) >= 3);
	assert_string_equal(alone.out, beside.out);
	child_cancel(child);
	loop_free(other.loop);
	child_argv_free(words);
}

static void child_run__leaves_out__variables_by_their_whole_name(void **state)
{
	static const char *const unset[] = { "CHILD_A", "CHILD_NONE", NULL };
	struct seen seen = { .loop = loop_new() };
	char **words = child_argv("sh -c 'echo ${CHILD_A-none} ${CHILD_AB-none} ${CHILD_B-none}'", NULL);
	struct child_job job = { .words = words, .timeout_ms = TIMEOUT_MS, .unset = unset };

	(void)state;
	setenv("CHILD_A", "a", 1);
	setenv("CHILD_AB", "ab", 1);
	setenv("CHILD_B", "b", 1);
	child_run(seen.loop, &job, came, &seen);
	loop_run(seen.loop);
	assert_string_equal(seen.out, "none ab b\n");
	assert_string_equal(getenv("CHILD_A"), "a");
	job.unset = NULL;
	child_run(seen.loop, &job, came, &seen);
	loop_run(seen.loop);
	assert_string_equal(seen.out, "a ab b\n");
	loop_free(seen.loop);
	child_argv_free(words);
}

static void child_cancel__ends_it__silently(void **state)
{
	struct seen seen = { .loop = loop_new() };
	char **words = child_argv("sleep 30", NULL);
	struct child_job job = { .words = words };
	uint64_t began = loop_ms();

	(void)state;
	child_cancel(child_run(seen.loop, &job, came, &seen));
	child_cancel(NULL);
	loop_run(seen.loop);
	assert_int_equal(seen.calls, 0);
	assert_true(loop_ms() - began < 5000);
	loop_free(seen.loop);
	child_argv_free(words);
}

/* What it began ends with it: the last that holds the pipe open is gone. */
static void child_cancel__ends__what_it_began(void **state)
{
	struct seen seen = { .loop = loop_new() };
	char *dir = scratch_new(NULL), path[300], command[400], c;
	struct child_job job = { 0 };
	struct pollfd end;

	(void)state;
	snprintf(path, sizeof(path), "%s/pipe", dir);
	snprintf(command, sizeof(command), "sh -c 'exec 3>%s; echo >&3; sleep 30 & wait'", path);
	assert_int_equal(mkfifo(path, 0600), 0);
	end = (struct pollfd){ .fd = open(path, O_RDONLY | O_NONBLOCK), .events = POLLIN };
	job.words = child_argv(command, NULL);
	struct child *child = child_run(seen.loop, &job, came, &seen);
	assert_int_equal(poll(&end, 1, TIMEOUT_MS), 1);
	assert_int_equal(read(end.fd, &c, 1), 1);
	usleep(20000); /* for the one that it begins */
	child_cancel(child);
	assert_int_equal(poll(&end, 1, 5000), 1);
	assert_int_equal(read(end.fd, &c, 1), 0);
	close(end.fd);
	child_argv_free((char **)(uintptr_t)job.words);
	scratch_free(dir);
	loop_free(seen.loop);
}

/* ---- signatures ---- */

static void write_text(const char *path, const char *text)
{
	assert_true(store_write_file(path, text, strlen(text), 0600, NULL));
}

static void child_ssh__signs_and_verifies__and_sees_every_change(void **state)
{
	const char *dir = *state;
	char key[300], public[300], signers[300], command[700], line[900];
	struct str message, signature, text, print, other;
	struct err err = { 0 };

	str_init(&print, 0);
	str_init(&other, 0);
	snprintf(key, sizeof(key), "%s/key", dir);
	snprintf(public, sizeof(public), "%s/key.pub", dir);
	snprintf(signers, sizeof(signers), "%s/signers", dir);
	snprintf(command, sizeof(command), "ssh-keygen -q -t ed25519 -N '' -C test -f %s", key);
	assert_int_equal(run(command, NULL, 0, TIMEOUT_MS).status, 0);
	str_init(&text, 0);
	str_init(&message, 0);
	str_init(&signature, 0);
	assert_true(store_read_file(public, 1000, &text, NULL));
	snprintf(line, sizeof(line), "anna@exempel.com namespaces=\"mxladder\" %s", text.s);
	write_text(signers, line);
	str_add(&message, "{\"a\":1}");
	assert_true(child_ssh_sign(key, &message, &signature, &err));
	assert_int_equal(strncmp(signature.s, "-----BEGIN SSH SIGNATURE-----", 29), 0);
	struct child_signer signer = { signers, "anna@exempel.com", signature.s };
	assert_true(child_ssh_verify(&signer, &message, &print, &err));
	assert_int_equal(strncmp(print.s, "SHA256:", 7), 0);
	assert_int_equal(print.len, 50);
	assert_true(child_ssh_key(signature.s, &message, &other, &err));
	assert_string_equal(other.s, print.s);
	signer.name = "bo@exempel.com";
	assert_false(child_ssh_verify(&signer, &message, &print, &err));
	assert_int_equal(err.code, ERR_APPROVAL);
	assert_non_null(strstr(err.what.id, "allows no such key")); /* ssh-keygen says nothing here */
	assert_non_null(strstr(err.hint.id, "name = NAME in [main]"));
	signer.name = "anna@exempel.com";
	str_add(&message, " ");
	assert_false(child_ssh_verify(&signer, &message, &print, &err));
	signer.signature = "nonsense";
	assert_false(child_ssh_verify(&signer, &message, &print, &err));
	signer.allowed_signers = "/nonexistent";
	assert_false(child_ssh_verify(&signer, &message, &print, &err));
	assert_int_equal(err.code, ERR_FILE);
	/* what ssh-keygen says comes in one line, without its banner */
	assert_int_equal(chmod(key, 0644), 0);
	assert_false(child_ssh_sign(key, &message, &signature, &err));
	if (!isatty(STDERR_FILENO)) {
		str_clear(&text);
		err_format(&err, NULL, &text);
		assert_int_equal(strncmp(text.s, "ssh-keygen: Permissions 0644 for ", 33), 0);
		assert_non_null(strstr(text.s, "accessible by others. This private key"));
		assert_null(strpbrk(text.s, "@\r\n"));
	}
	str_release(&print);
	str_release(&other);
	str_release(&text);
	str_release(&message);
	str_release(&signature);
}

/* Whose key counts is obeyed: a file of signers that others may write, or that is damaged, makes nobody a signer. */
static void child_ssh_verify__refuses__signers_that_others_could_have_written(void **state)
{
	static const struct {
		unsigned mode, owner;
		size_t len;
		const char *said;
	} cases[] = {
		{ 0620, 0, 4, " can be written by others" },
		{ 0602, 0, 4, " can be written by others" },
		{ 0600, 12345, 4, " belongs to another user" },
		{ 0600, 0, 5, ", line 2: it is damaged: it holds a zero byte" },
	};
	char signers[300];
	struct str message, print;

	str_init(&message, 0);
	str_init(&print, 0);
	snprintf(signers, sizeof(signers), "%s/signers", (const char *)*state);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct child_signer signer = { signers, "anna@exempel.com", "nonsense" };
		struct err err = { 0 };
		struct str said;

		if (cases[i].owner && geteuid() != 0)
			continue; /* only root can give a file away */
		unlink(signers);
		assert_true(store_write_file(signers, "# a\n", cases[i].len, 0600, NULL));
		assert_int_equal(chmod(signers, cases[i].mode), 0);
		assert_int_equal(cases[i].owner ? chown(signers, cases[i].owner, (gid_t)-1) : 0, 0);
		assert_false(child_ssh_verify(&signer, &message, &print, &err));
		assert_int_equal(err.code, ERR_FILE);
		str_init(&said, 0);
		err_format(&err, NULL, &said);
		assert_memory_equal(said.s, signers, strlen(signers));
		assert_string_equal(said.s + strlen(signers), cases[i].said);
		str_release(&said);
	}
	str_release(&message);
	str_release(&print);
}

/* ---- secrets ---- */

struct secret_seen {
	unsigned calls;
	char key[64];
	size_t len;
	enum err_code code;
	struct str said;
};

static void key_came(void *data, const char *key, const struct err *err)
{
	struct secret_seen *seen = data;

	seen->calls++;
	assert_true(!key == !!err);
	snprintf(seen->key, sizeof(seen->key), "%s", key ? key : "");
	seen->len = key ? strlen(key) : 0;
	if (err) {
		seen->code = err->code;
		err_format(err, NULL, &seen->said);
		if (err->hint.id)
			str_addf(&seen->said, " / %s", err->hint.id);
	}
}

static void secret_fetch__finds__the_key_or_says_why_not(void **state)
{
	char file[300], open_file[300], zero_file[300], command[400];
	snprintf(file, sizeof(file), "%s/key", (const char *)*state);
	snprintf(open_file, sizeof(open_file), "%s/open", (const char *)*state);
	snprintf(command, sizeof(command), "cat %s", file);
	write_text(file, "  s3cret \nsecond line\n");
	write_text(open_file, "s3cret\n");
	snprintf(zero_file, sizeof(zero_file), "%s/zero", (const char *)*state);
	write_text(zero_file, "s3cret");
	assert_int_equal(truncate(zero_file, 7), 0);
	assert_int_equal(chmod(zero_file, 0600), 0);
	assert_int_equal(chmod(open_file, 0644), 0);
	setenv("MXLADDER_TEST_KEY", "s3cret", 1);
	const struct {
		const char *name, *value;
		enum err_code code;
		const char *key; /* NULL: s3cret */
	} cases[] = {
		{ "key_file", file, ERR_NONE, "s3cret \nsecond line" },
		{ "key_command", command, ERR_NONE, "s3cret \nsecond line" },
		{ "key_env", "MXLADDER_TEST_KEY", ERR_NONE, NULL },
		{ "key_file", open_file, ERR_FILE, NULL },
		{ "key_file", "/nonexistent", ERR_FILE, NULL },
		{ "key_file", "/dev/null", ERR_AUTH, NULL },
		{ "key_file", zero_file, ERR_FILE, NULL },
		{ "key_command", "printf 's3cret\\0more'", ERR_AUTH, NULL },
		{ "key_command", "printf '\\t s3cret\\t \\r\\n'", ERR_NONE, NULL },
		{ "key_env", "MXLADDER_NO_SUCH", ERR_AUTH, NULL },
		{ "key_command", "sh -c 'echo s3cret; echo s3cret >&2; exit 3'", ERR_AUTH, NULL },
		{ "key_command", "true", ERR_AUTH, NULL },
		{ "key_command", "'open", ERR_USAGE, NULL },
		{ "key_command", "/nonexistent", ERR_FILE, NULL },
		{ "provider", "powerdns", ERR_USAGE, NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char name[32], value[400], lab[] = "lab", account[] = "account";
		struct config_pair pair = { name, value, 1 };
		struct config_section section = { .kind = account, .name = lab, .n = 1, .pair = &pair };
		struct loop *loop = loop_new();
		struct secret_seen seen = { 0 };

		snprintf(name, sizeof(name), "%s", cases[i].name);
		snprintf(value, sizeof(value), "%s", cases[i].value);
		str_init(&seen.said, 0);
		secret_fetch(loop, &section, key_came, &seen);
		assert_int_equal(seen.calls, 0);
		loop_run(loop);
		assert_int_equal(seen.calls, 1);
		if (seen.code != cases[i].code)
			fail_msg("%s = %s: code %d, %s", name, value, seen.code, seen.said.s);
		assert_string_equal(seen.key, cases[i].code ? "" : cases[i].key ? cases[i].key : "s3cret");
		assert_null(strstr(seen.said.s, "s3cret"));
		secret_cancel(secret_fetch(loop, &section, key_came, &seen));
		loop_run(loop);
		assert_int_equal(seen.calls, 1);
		str_release(&seen.said);
		loop_free(loop);
	}
}

#define LONGEST 16384

static void fetch(struct secret_seen *seen, char *name, char *value)
{
	char lab[] = "lab", account[] = "account";
	struct config_pair pair = { name, value, 1 };
	struct config_section section = { .kind = account, .name = lab, .n = 1, .pair = &pair };
	struct loop *loop = loop_new();

	*seen = (struct secret_seen){ 0 };
	str_init(&seen->said, 0);
	secret_fetch(loop, &section, key_came, seen);
	loop_run(loop);
	loop_free(loop);
	assert_int_equal(seen->calls, 1);
}

static void secret_fetch__takes__the_longest_key_and_none_longer(void **state)
{
	char by_env[] = "key_env", by_command[] = "key_command", by_file[] = "key_file", variable[] = "MXLADDER_TEST_KEY";
	char file[300], command[400], text[LONGEST + 2];

	snprintf(file, sizeof(file), "%s/long", (const char *)*state);
	snprintf(command, sizeof(command), "cat %s", file);
	memset(text, 'k', LONGEST + 1);
	text[LONGEST + 1] = '\0';
	for (int longer = 0; longer < 2; longer++) {
		char *const pairs[][2] = { { by_env, variable }, { by_command, command }, { by_file, file } };

		setenv(variable, text + !longer, 1);
		unlink(file);
		write_text(file, text + !longer);
		for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
			struct secret_seen seen;

			fetch(&seen, pairs[i][0], pairs[i][1]);
			assert_int_equal(seen.code, !longer ? ERR_NONE : pairs[i][0] == by_file ? ERR_FILE : ERR_AUTH);
			assert_int_equal(seen.len, longer ? 0 : LONGEST);
			if (longer && pairs[i][0] != by_file)
				assert_string_equal(seen.said.s, "the key of account lab is longer than 16384 bytes");
			str_release(&seen.said);
		}
	}
	unsetenv(variable);
}

static void secret_fetch__says__why_there_is_no_key(void **state)
{
	static const struct {
		const char *name, *value;
		enum err_code code;
		const char *said;
	} rows[] = {
		{ "key_env", "MXLADDER_NO_SUCH", ERR_AUTH, "the environment has no MXLADDER_NO_SUCH, which account lab names as its key" },
		{ "key_env", "MXLADDER_BLANK", ERR_AUTH, "the key of account lab is empty" },
		{ "key_command", "true", ERR_AUTH, "the key of account lab is empty" },
		{ "key_command", "sh -c 'echo s3cret; exit 3'", ERR_AUTH, "the key_command of account lab ended with status 3" },
		{ "key_command", "printf '\\357\\273\\277s3cret'", ERR_AUTH, "the key of account lab begins with a byte order mark" },
		{ "key_command", "printf '\\357\\273s3cret'", ERR_NONE, "" },
		{ "key_command", "printf 's3cret\\0'", ERR_AUTH, "the key_command of account lab gave a zero byte" },
		{ "endpoint", "x", ERR_USAGE,
			"account lab does not say where its key is / Set key_command, key_file or key_env in its section." },
	};

	(void)state;
	setenv("MXLADDER_BLANK", " \t\r\n ", 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char name[32], value[64];
		struct secret_seen seen;

		snprintf(name, sizeof(name), "%s", rows[i].name);
		snprintf(value, sizeof(value), "%s", rows[i].value);
		fetch(&seen, name, value);
		assert_int_equal(seen.code, rows[i].code);
		assert_string_equal(seen.said.s, rows[i].said);
		str_release(&seen.said);
	}
	unsetenv("MXLADDER_BLANK");
}

static int set_up(void **state)
{
	*state = scratch_new(NULL);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	scratch_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(child_words__splits__as_a_shell_would),
		cmocka_unit_test(child_words__refuses__too_many),
		cmocka_unit_test(child_run__tells__status_and_output),
		cmocka_unit_test(child_run__gives_input__more_than_a_pipe_holds),
		cmocka_unit_test(child_run__fails__when_there_is_no_such_program),
		cmocka_unit_test(child_run__stops_it__when_time_or_room_is_up),
		cmocka_unit_test(child_run__ends__though_a_daemon_keeps_its_output_open),
		cmocka_unit_test(child_run__hands_down__no_descriptor_of_ours),
		cmocka_unit_test(child_run__leaves_out__variables_by_their_whole_name),
		cmocka_unit_test(child_cancel__ends_it__silently),
		cmocka_unit_test(child_cancel__ends__what_it_began),
		cmocka_unit_test_setup_teardown(child_ssh__signs_and_verifies__and_sees_every_change, set_up, tear_down),
		cmocka_unit_test_setup_teardown(child_ssh_verify__refuses__signers_that_others_could_have_written, set_up, tear_down),
		cmocka_unit_test_setup_teardown(secret_fetch__finds__the_key_or_says_why_not, set_up, tear_down),
		cmocka_unit_test_setup_teardown(secret_fetch__takes__the_longest_key_and_none_longer, set_up, tear_down),
		cmocka_unit_test(secret_fetch__says__why_there_is_no_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
