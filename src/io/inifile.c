/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/inifile.h"

#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

struct reading {
	const char *path;
	const struct inifile_reader *reader;
	struct err *err;
	bool failed;
	const char *rest; /* text not read yet */
	int line;
};

/* A comment may follow a value after a blank. */
static int on_pair(void *data, const char *head, const char *name, const char *value)
{
	struct reading *reading = data;
	char *copy = mem_text(value);
	size_t len = 0;

	(void)head; /* next_line() has read it: inih cuts a section's name at 50 bytes */
	while (copy[len] && !(copy[len] == '#' && len && strchr(" \t", copy[len - 1])))
		len++;
	while (len && strchr(" \t", copy[len - 1]))
		len--;
	copy[len] = 0;
	reading->failed = !reading->reader->pair(reading->reader->data, name, copy, reading->line, reading->err);
	free(copy);
	return !reading->failed;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* "[kind name]" and a comment, perhaps: true when it is a good section's head. */
static bool read_head(struct reading *reading, const char *line, size_t len)
{
	char *copy = mem_alloc(len + 1), *name, *end;
	bool ok;

	memcpy(copy, line + 1, len - 1);
	end = strchr(copy, ']');
	if (!end) {
		free(copy);
		return err_set(reading->err, ERR_USAGE, N_("%s:%d: a section's head has no ]"), reading->path, reading->line);
	}
	while (end > copy && blank(end[-1]))
		end--;
	*end = 0;
	name = copy + strcspn(copy, " \t");
	while (blank(*name))
		*name++ = 0;
	ok = reading->reader->section(reading->reader->data, copy, name, reading->line, reading->err);
	free(copy);
	return ok;
}

/* inih as Debian builds it tells a handler no line, cuts long names and takes an indented line for a value's second: so we
 * count, read the heads, and hand over the lines without their indent. */
static char *next_line(char *line, int size, void *data)
{
	struct reading *reading = data;
	const char *from = reading->rest;
	size_t len = strcspn(from, "\n");

	if (!*from || reading->failed)
		return NULL;
	reading->line++;
	reading->rest += len + (from[len] == '\n');
	for (; len && blank(*from); len--)
		from++;
	if (len + 2 > (size_t)size)
		reading->failed = !err_set(reading->err, ERR_USAGE, N_("%s:%d: the line is longer than %d characters"), reading->path,
			reading->line, size - 2);
	else if (*from == '[')
		reading->failed = !read_head(reading, from, len);
	if (reading->failed)
		return NULL;
	if (*from == '[')
		len = 0;
	memcpy(line, from, len);
	line[len] = 0;
	return line;
}

bool inifile_read(const char *path, const char *text, const struct inifile_reader *reader, struct err *err)
{
	struct reading reading = { .path = path, .reader = reader, .err = err, .rest = text };
	int bad;

	if (!strncmp(text, "\xef\xbb\xbf", 3)) {
		err_set(err, ERR_USAGE, N_("%s:1: it begins with a byte order mark"), path);
		err_hint(err, N_("Save it as UTF-8 without one."));
		return false;
	}
	bad = ini_parse_stream(next_line, &reading, on_pair, &reading);
	if (reading.failed)
		return false;
	return !bad || err_set(err, ERR_USAGE, N_("%s:%d: neither a [section] nor a setting = value"), path, bad);
}
