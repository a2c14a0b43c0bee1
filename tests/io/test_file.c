/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole files: which are read, which are refused and with what words, and how one is replaced. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/scratch.h"
#include "io/store.h"
#include "wire/zonetext.h"

#define STRANGER 12345

static void path_in(char path[300], const void *dir, const char *name)
{
	snprintf(path, 300, "%s/%s", (const char *)dir, name);
}

static void put(const char *path, const char *bytes, size_t len, unsigned mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

/* What was said, its hint behind " / "; the path in it as "F". */
static void assert_said(const struct err *err, enum err_code code, const char *path, const char *wanted)
{
	struct str said;
	char *at;

	str_init(&said, 0);
	err_format(err, NULL, &said);
	if (err->hint.id) {
		str_add(&said, " / ");
		msg_format(&err->hint, NULL, &said);
	}
	at = strstr(said.s, path);
	if (at) {
		*at = 'F';
		memmove(at + 1, at + strlen(path), strlen(at + strlen(path)) + 1);
	}
	assert_string_equal(said.s, wanted);
	assert_int_equal(err->code, code);
	str_release(&said);
}

typedef bool (*read_fn)(const char *path, size_t max, struct str *out, struct err *err);
static const read_fn readers[] = { store_read_file, store_read_trusted, store_read_secret };

/* ---- what is read ---- */

static void store_read__takes__all_of_a_file_and_adds_it(void **state)
{
	char path[300], long_text[40000];

	path_in(path, *state, "f");
	memset(long_text, 'x', sizeof(long_text));
	for (size_t i = 0; i < 3; i++) {
		struct str out;
		struct err err = { 0 };

		str_init(&out, 0);
		put(path, "one\n", 4, 0600);
		errno = EINTR; /* of something else, before */
		assert_true(readers[i](path, 4, &out, &err));
		errno = EINTR;
		assert_true(store_write_file(path, "one\n", 4, 0600, NULL));
		assert_true(readers[i](path, 4 + out.len, &out, &err));
		assert_string_equal(out.s, "one\none\n");
		str_clear(&out);
		put(path, long_text, sizeof(long_text), 0600);
		assert_true(readers[i](path, sizeof(long_text), &out, &err));
		assert_int_equal(out.len, sizeof(long_text));
		assert_memory_equal(out.s, long_text, sizeof(long_text));
		assert_int_equal(err.code, ERR_NONE);
		str_release(&out);
	}
}

static void store_read__refuses__a_zero_byte_with_its_line(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *said;
	} cases[] = {
		{ "\0", 1, "F, line 1: it is damaged: it holds a zero byte / Something has damaged the file; look at that line." },
		{ "a\nb\0\n", 5, "F, line 2: it is damaged: it holds a zero byte / Something has damaged the file; look at that line." },
		{ "a\n\n\0", 4, "F, line 3: it is damaged: it holds a zero byte / Something has damaged the file; look at that line." },
	};
	char path[300];

	path_in(path, *state, "f");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases) * 3; i++) {
		struct str out;
		struct err err = { 0 };

		str_init(&out, 0);
		put(path, cases[i / 3].bytes, cases[i / 3].len, 0600);
		assert_false(readers[i % 3](path, 100, &out, &err));
		assert_said(&err, ERR_FILE, path, cases[i / 3].said);
		str_release(&out);
	}
}

static void store_read__refuses__what_is_too_long_or_not_there(void **state)
{
	char path[300], none[300];

	path_in(path, *state, "f");
	path_in(none, *state, "none");
	put(path, "12345", 5, 0600);
	for (size_t i = 0; i < 3; i++) {
		struct str out, little;
		struct err err = { 0 };

		str_init(&out, 0);
		assert_false(readers[i](path, 4, &out, &err));
		assert_said(&err, ERR_FILE, path, "F is longer than 4 bytes");
		str_init(&little, 3);
		assert_false(readers[i](path, 5, &little, &err));
		assert_said(&err, ERR_FILE, path, "F is longer than 5 bytes");
		assert_false(readers[i](none, 5, &out, &err));
		assert_said(&err, ERR_FILE, none, "F could not be read: No such file or directory");
		str_release(&out);
		str_release(&little);
	}
}

/* ---- whom it belongs to ---- */

#define ANY_MAY_WRITE "F can be written by others / What it says is obeyed: chmod go-w it."
#define ANY_MAY_READ "the key file F can be read by others / chmod 600 it, and think of changing the key."

static void store_read_trusted_and_secret__refuse__what_others_could_touch(void **state)
{
	static const struct {
		unsigned mode;
		const char *trusted, *secret; /* NULL: read */
	} cases[] = {
		{ 0600, NULL, NULL },
		{ 0400, NULL, NULL },
		{ 0700, NULL, NULL },
		{ 0640, NULL, ANY_MAY_READ },
		{ 0610, NULL, ANY_MAY_READ },
		{ 0604, NULL, ANY_MAY_READ },
		{ 0601, NULL, ANY_MAY_READ },
		{ 0644, NULL, ANY_MAY_READ },
		{ 0620, ANY_MAY_WRITE, ANY_MAY_READ },
		{ 0602, ANY_MAY_WRITE, ANY_MAY_READ },
		{ 0666, ANY_MAY_WRITE, ANY_MAY_READ },
	};
	char path[300];

	path_in(path, *state, "f");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases) * 2; i++) {
		bool secret = i % 2;
		const char *wanted = secret ? cases[i / 2].secret : cases[i / 2].trusted;
		struct str out;
		struct err err = { 0 };

		str_init(&out, 0);
		unlink(path); /* the one before may be closed to its own owner */
		put(path, "text", 4, cases[i / 2].mode);
		assert_int_equal(readers[secret ? 2 : 1](path, 100, &out, &err), !wanted);
		if (wanted)
			assert_said(&err, ERR_FILE, path, wanted);
		assert_string_equal(out.s, wanted ? "" : "text");
		assert_true(store_read_file(path, 100, &out, NULL)); /* what is only looked at may be anybody's */
		str_release(&out);
	}
}

static void store_read_trusted_and_secret__refuse__what_is_another_user_s(void **state)
{
	char path[300];

	path_in(path, *state, "f");
	put(path, "text", 4, 0600);
	if (geteuid() != 0 || chown(path, STRANGER, (gid_t)-1) != 0)
		return; /* only root can give a file away */
	for (size_t i = 1; i < 3; i++) {
		struct str out;
		struct err err = { 0 };

		str_init(&out, 0);
		assert_false(readers[i](path, 100, &out, &err));
		assert_said(&err, ERR_FILE, path, "F belongs to another user / What it says is obeyed, so it must be yours or root's.");
		assert_string_equal(out.s, "");
		str_release(&out);
	}
}

static void store_read_trusted_and_secret__refuse__what_is_no_file(void **state)
{
	char fifo[300];

	path_in(fifo, *state, "fifo");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	for (size_t i = 1; i < 3; i++) { /* a pipe that nobody writes is not waited for */
		struct str out;
		struct err err = { 0 };

		str_init(&out, 0);
		assert_false(readers[i](fifo, 100, &out, &err));
		assert_said(&err, ERR_FILE, fifo, "F is no regular file");
		assert_false(readers[i](*state, 100, &out, &err));
		assert_said(&err, ERR_FILE, *state, "F is no regular file");
		assert_false(readers[i]("/dev/zero", 100, &out, &err));
		assert_said(&err, ERR_FILE, "/dev/zero", "F is no regular file");
		assert_true(readers[i]("/dev/null", 100, &out, NULL));
		assert_string_equal(out.s, "");
		str_release(&out);
	}
}

/* ---- what is told of one ---- */

static void store_look__tells__what_stands_there(void **state)
{
	char path[300], second[300], long_text[100], deep[310];
	struct store_look look;

	path_in(path, *state, "f");
	path_in(second, *state, "g");
	memset(long_text, 'x', sizeof(long_text));
	store_look(path, &look);
	assert_false(look.exists || look.directory || look.readable || look.links || look.n_head);
	put(path, "head", 4, 0600);
	store_look(path, &look);
	assert_true(look.exists && look.readable && !look.directory);
	assert_int_equal(look.links, 1);
	assert_int_equal(look.n_head, 4);
	assert_memory_equal(look.head, "head", 4);
	snprintf(deep, sizeof(deep), "%s/below", path);
	store_look(deep, &look);
	assert_false(look.exists);
	assert_int_equal(link(path, second), 0);
	put(path, long_text, sizeof(long_text), 0600);
	store_look(second, &look);
	assert_int_equal(look.links, 2);
	assert_int_equal(look.n_head, STORE_LOOK_BYTES);
	store_look(*state, &look);
	assert_true(look.exists && look.directory && look.readable);
	assert_int_equal(look.n_head, 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("f", path), 0); /* a circle is something, whatever it is */
	store_look(path, &look);
	assert_true(look.exists);
	assert_false(look.readable || look.directory);
}

/* ---- writing ---- */

static void store_write_file__keeps__owner_and_mode(void **state)
{
	char path[300];
	struct stat at;

	path_in(path, *state, "f");
	assert_true(store_write_file(path, "one", 3, 0640, NULL));
	assert_int_equal(stat(path, &at), 0);
	assert_int_equal(at.st_mode & 07777, 0640);
	assert_int_equal(chmod(path, 0600), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(path, STRANGER, STRANGER + 1), 0);
	assert_true(store_write_file(path, "other", 5, 0640, NULL));
	assert_int_equal(stat(path, &at), 0);
	assert_int_equal(at.st_mode & 07777, 0600);
	assert_int_equal(at.st_size, 5);
	assert_int_equal(at.st_uid, geteuid() == 0 ? STRANGER : geteuid());
	assert_int_equal(at.st_gid, geteuid() == 0 ? STRANGER + 1 : getegid());
	if (geteuid() == 0) { /* one alone differs */
		assert_int_equal(chown(path, 0, STRANGER), 0);
		assert_true(store_write_file(path, "x", 1, 0640, NULL));
		assert_int_equal(stat(path, &at), 0);
		assert_int_equal(at.st_gid, STRANGER);
		assert_int_equal(chown(path, STRANGER, 0), 0);
		assert_true(store_write_file(path, "y", 1, 0640, NULL));
		assert_int_equal(stat(path, &at), 0);
		assert_int_equal(at.st_uid, STRANGER);
	}
}

static void store_write_file__says__why_it_could_not(void **state)
{
	char path[300], directory[300], in_it[310];
	struct err err = { 0 };

	path_in(path, *state, "none/f");
	assert_false(store_write_file(path, "x", 1, 0600, &err));
	path_in(directory, *state, "none");
	assert_said(&err, ERR_FILE, directory, "no file could be made in F: No such file or directory");
	assert_false(store_write_file("/dev/full", "x", 1, 0600, &err));
	assert_said(&err, ERR_FILE, "/dev/full", "F could not be written: No space left on device");
	assert_false(store_write_file(*state, "x", 1, 0600, &err));
	assert_said(&err, ERR_FILE, *state, "F could not be written: Is a directory");
	snprintf(in_it, sizeof(in_it), "%s/g", directory);
	assert_int_equal(mkdir(directory, 0700), 0);
	assert_true(store_write_file(in_it, "x", 1, 0600, &err));
	assert_int_equal(unlink(in_it), 0);
	assert_int_equal(mkdir(in_it, 0700), 0); /* one cannot be renamed over the other */
	assert_false(store_write_file(in_it, "x", 1, 0600, &err));
}

static void store_write_file__writes__to_standard_output_what_comes_after(void **state)
{
	int old = dup(STDOUT_FILENO), file;
	char path[300];
	struct str out;

	path_in(path, *state, "out");
	fflush(stdout);
	file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(dup2(file, STDOUT_FILENO), STDOUT_FILENO);
	fputs("before\n", stdout);
	assert_true(store_write_file("-", "after\n", 6, 0600, NULL));
	assert_int_equal(dup2(old, STDOUT_FILENO), STDOUT_FILENO);
	close(old);
	close(file);
	str_init(&out, 0);
	assert_true(store_read_file(path, 100, &out, NULL));
	assert_string_equal(out.s, "before\nafter\n");
	str_release(&out);
}

static void store_read_file__reads__standard_input(void **state)
{
	int old = dup(STDIN_FILENO), file;
	char path[300];
	struct str out;
	struct err err = { 0 };

	path_in(path, *state, "in");
	str_init(&out, 0);
	for (int i = 0; i < 2; i++) {
		put(path, "name\n\0x", i ? 7 : 5, 0600);
		file = open(path, O_RDONLY | O_CLOEXEC);
		assert_int_equal(dup2(file, STDIN_FILENO), STDIN_FILENO);
		assert_int_equal(store_read_file("-", 100, &out, &err), !i);
		assert_int_not_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
		close(file);
	}
	assert_said(&err, ERR_FILE, path,
		"-, line 2: it is damaged: it holds a zero byte / Something has damaged the file; look at that line.");
	assert_int_equal(dup2(old, STDIN_FILENO), STDIN_FILENO);
	close(old);
	str_release(&out);
}

/* What is too long is refused by its size, before it is read; nothing of it is taken. */
static void store_read_zone__tells__the_way_on(void **state)
{
	static const struct {
		off_t size;
		bool ok;
		size_t max; /* 0: of a zone */
	} rows[] = { { 100, true, 0 }, { (off_t)ZONETEXT_MAX + 1, false, 0 }, { 100, true, 100 }, { 101, false, 100 } };
	char path[300];
	struct err err = { 0 };
	struct str out;

	path_in(path, *state, "zone");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char text[101];
		bool ok;

		memset(text, ';', sizeof(text));
		put(path, text, rows[i].size > 101 ? 1 : (size_t)rows[i].size, 0600);
		assert_int_equal(truncate(path, rows[i].size), 0);
		str_init(&out, 0);
		ok = rows[i].max ? store_read_file(path, rows[i].max, &out, &err) : store_read_zone(path, &out, &err);
		assert_int_equal(ok, rows[i].ok);
		assert_int_equal(out.len, rows[i].ok ? 100 : 0);
		str_release(&out);
		if (i == 1)
			assert_said(&err, ERR_FILE, path,
				"F is longer than 1073741824 bytes / More than that is not read. Ask its name server (--server), or change it by rfc2136.");
	}
	assert_int_equal(truncate(path, 0), 0);
	path_in(path, *state, "none");
	err = (struct err){ 0 };
	assert_false(store_read_zone(path, &out, &err));
	assert_said(&err, ERR_FILE, path, "F could not be read: No such file or directory");
}

/* ---- scratch ---- */

static void scratch__makes_and_fills__a_folder_of_its_own(void **state)
{
	char path[300], none[300], *before = getenv("TMPDIR") ? strdup(getenv("TMPDIR")) : NULL, *folder;
	struct stat at;
	struct err err = { 0 };
	struct str out;

	path_in(path, *state, "f");
	path_in(none, *state, "none");
	assert_true(scratch_write(*state, "f", "abc", 2, &err));
	str_init(&out, 0);
	assert_true(store_read_file(path, 10, &out, NULL));
	assert_string_equal(out.s, "ab");
	str_release(&out);
	assert_false(scratch_write(*state, "f", "abc", 3, &err)); /* never over another */
	assert_said(&err, ERR_FILE, path, "the file F could not be written");
	setenv("TMPDIR", *state, 1);
	folder = scratch_new(&err);
	assert_non_null(folder);
	assert_memory_equal(folder, *state, strlen(*state));
	assert_int_equal(stat(folder, &at), 0);
	assert_int_equal(at.st_mode & 07777, 0700);
	assert_true(scratch_write(folder, "f", "", 0, NULL));
	snprintf(path, sizeof(path), "%s", folder);
	scratch_free(folder);
	assert_int_equal(access(path, F_OK), -1);
	setenv("TMPDIR", none, 1);
	assert_null(scratch_new(&err));
	assert_said(&err, ERR_FILE, none, "no temporary directory could be made in F / Set TMPDIR to a directory that can be written.");
	setenv("TMPDIR", "relative", 1); /* is no place */
	folder = scratch_new(NULL);
	assert_memory_equal(folder, "/tmp/", 5);
	scratch_free(folder);
	folder = scratch_new_in_memory(NULL);
	assert_non_null(folder);
	assert_memory_equal(folder, access("/dev/shm", W_OK) == 0 ? "/dev/shm/mxladder-" : "/tmp/mxladder-", 14);
	assert_int_equal(stat(folder, &at), 0);
	assert_int_equal(at.st_mode & 07777, 0700);
	scratch_free(folder);
	setenv("TMPDIR", *state, 1); /* a wish, there too */
	folder = scratch_new_in_memory(NULL);
	assert_memory_equal(folder, *state, strlen(*state));
	scratch_free(folder);
	if (before)
		setenv("TMPDIR", before, 1);
	else
		unsetenv("TMPDIR");
	free(before);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(store_read__takes__all_of_a_file_and_adds_it),
		TEST(store_read__refuses__a_zero_byte_with_its_line),
		TEST(store_read__refuses__what_is_too_long_or_not_there),
		TEST(store_read_trusted_and_secret__refuse__what_others_could_touch),
		TEST(store_read_trusted_and_secret__refuse__what_is_another_user_s),
		TEST(store_read_trusted_and_secret__refuse__what_is_no_file),
		TEST(store_look__tells__what_stands_there),
		TEST(store_write_file__keeps__owner_and_mode),
		TEST(store_write_file__says__why_it_could_not),
		TEST(store_write_file__writes__to_standard_output_what_comes_after),
		TEST(store_read_file__reads__standard_input),
		TEST(store_read_zone__tells__the_way_on),
		TEST(scratch__makes_and_fills__a_folder_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
