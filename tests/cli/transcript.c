/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transcript.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <wordexp.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "cli/command.h"

#define NEAR_S (2 * 86400) /* times that far from now are the clock's, and are masked */

static char dir[] = "/tmp/mxladder-cli-XXXXXX";

static const char *top(void)
{
	const char *top = getenv("top_srcdir");

	return top ? top : ".";
}

static char *read_all(FILE *file)
{
	struct str text;
	char some[4096];
	size_t n;

	str_init(&text, 0);
	while ((n = fread(some, 1, sizeof(some), file)) > 0)
		str_add_bytes(&text, some, n);
	return text.s;
}

static char *read_path(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = file ? read_all(file) : mem_text("");

	if (file)
		fclose(file);
	return text;
}

static void write_path(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* "2026-11-23T22:00:00Z" or "2026-11-23 22:00", if it is about now. Its length, or 0. */
static size_t near_now(const char *text)
{
	struct tm tm = { 0 };
	int taken = 0;
	char gap;

	if (sscanf(text, "%4d-%2d-%2d%c%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &gap, &tm.tm_hour, &tm.tm_min, &taken) != 6 ||
		taken != 16)
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	if (llabs((long long)timegm(&tm) - (long long)time(NULL)) > NEAR_S)
		return 0;
	if (text[16] == ':')
		taken += 3;
	return (size_t)taken + (text[taken] == 'Z');
}

/* The clock's times, a push's random end, and the folder have other names each time. */
static void add_masked(struct str *out, const char *text)
{
	while (*text) {
		size_t n = near_now(text);

		if (n) {
			str_add(out, "TIME");
			text += n;
			if (*text == '-' && strspn(text + 1, "0123456789abcdef") == 4) {
				str_add(out, "-ID");
				text += 5;
			}
		} else if (!strncmp(text, dir, sizeof(dir) - 1)) {
			str_add(out, "DIR");
			text += sizeof(dir) - 1;
		} else {
			str_add_char(out, *text++);
		}
	}
}

static void add_lines(struct str *out, const char *before, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		char *line = mem_alloc(n + 1);

		memcpy(line, text, n);
		line[n] = '\0';
		str_add(out, before);
		add_masked(out, line);
		str_add_char(out, '\n');
		free(line);
		text += n + (text[n] == '\n');
	}
}

static int child(const char *line)
{
	wordexp_t words;
	int status;

	if (strncmp(line, "mxladder", 8) != 0)
		return execl("/bin/sh", "sh", "-c", line, (char *)NULL);
	if (wordexp(line, &words, WRDE_NOCMD) != 0)
		return 99;
	status = cli_run((int)words.we_wordc, words.we_wordv);
	wordfree(&words);
	return status;
}

/* Runs with stdin from `in`. */
static int run_line(const char *line, FILE *in, FILE *out, FILE *err)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		rewind(in);
		dup2(fileno(in), STDIN_FILENO);
		dup2(fileno(out), STDOUT_FILENO);
		dup2(fileno(err), STDERR_FILENO);
		exit(child(line));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	rewind(out);
	rewind(err);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* The last word of the line behind that sign, which ends the line there; else a file of its own. */
static FILE *redirected(char *line, const char *sign, const char *mode)
{
	char *at = strncmp(line, "mxladder", 8) ? NULL : strstr(line, sign);
	FILE *file = at ? fopen(at + 3, mode) : tmpfile();

	assert_non_null(file);
	if (at)
		*at = '\0';
	return file;
}

static void play_line(const char *line, struct str *seen)
{
	char *own = mem_text(line), *bar = strstr(own, " | "), *text, *said;
	FILE *in, *out, *err = tmpfile(), *cut = tmpfile();
	int status;

	if (bar)
		*bar = '\0';
	out = redirected(own, " > ", "w");
	in = redirected(own, " < ", "r");
	status = run_line(own, in, out, err);
	if (bar)
		run_line(bar + 3, out, cut, err);
	text = read_all(bar ? cut : out);
	said = read_all(err);
	add_lines(seen, "", text);
	add_lines(seen, "! ", said);
	if (status)
		str_addf(seen, "= %d\n", status);
	free(text);
	free(said);
	free(own);
	fclose(in);
	fclose(out);
	fclose(err);
	fclose(cut);
}

/* What a golden file asks, with what comes now. */
static void play_all(const char *golden, struct str *seen)
{
	bool asked = false;

	while (*golden) {
		size_t n = strcspn(golden, "\n");
		char *line = mem_alloc(n + 1);

		memcpy(line, golden, n);
		line[n] = '\0';
		golden += n + (golden[n] == '\n');
		if (line[0] == '#' && !asked)
			str_addf(seen, "%s\n", line);
		if (!strncmp(line, "$ ", 2)) {
			asked = true;
			str_addf(seen, "%s\n", line);
			play_line(line + 2, seen);
		}
		free(line);
	}
}

static void prepare(void)
{
	char command[512];

	memcpy(dir + strlen(dir) - 6, "XXXXXX", 6);
	assert_non_null(mkdtemp(dir));
	snprintf(command, sizeof(command), "cp -R '%s/tests/data/cli/.' '%s' && chmod -R u+w '%s'", top(), dir, dir);
	assert_int_equal(system(command), 0);
	assert_int_equal(chdir(dir), 0);
	assert_int_equal(system("sed -i \"s|@DIR@|$PWD|\" config/mxladder/config"), 0);
	setenv("Z", "--zone zones/exempel.com.zone --zone zones/exempel.net.zone", 1);
	setenv("HOME", dir, 1);
	snprintf(command, sizeof(command), "%s/state", dir);
	setenv("XDG_STATE_HOME", command, 1);
	snprintf(command, sizeof(command), "%s/config", dir);
	setenv("XDG_CONFIG_HOME", command, 1);
}

static void clean(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(system(command), 0);
}

static void first_difference(const char *a, const char *b)
{
	size_t at = 0, line;

	while (a[at] && a[at] == b[at])
		at++;
	for (line = at; line > 0 && a[line - 1] != '\n'; line--)
		;
	fprintf(stderr, "wanted: %.*s\nseen:   %.*s\n", (int)strcspn(a + line, "\n"), a + line, (int)strcspn(b + line, "\n"), b + line);
}

void transcript_play(const char *name)
{
	char path[512], *golden;
	struct str seen;

	snprintf(path, sizeof(path), "%s/tests/golden/cli/%s", top(), name);
	golden = read_path(path);
	assert_true(*golden);
	str_init(&seen, 0);
	prepare();
	play_all(golden, &seen);
	clean();
	if (getenv("MXLADDER_GOLDEN"))
		write_path(path, seen.s);
	else if (strcmp(golden, seen.s) != 0)
		first_difference(golden, seen.s);
	if (!getenv("MXLADDER_GOLDEN"))
		assert_string_equal(seen.s, golden);
	str_release(&seen);
	free(golden);
}
