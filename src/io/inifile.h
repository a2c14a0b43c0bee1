/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file of sections and settings (INI by inih), read line by line: "[kind name]" and "name = value", with comments behind "#". Knows no
 * section and no setting: whoever reads is told of each, with its line.
 */
#ifndef IO_INIFILE_H
#define IO_INIFILE_H

#include "base/err.h"

#define INIFILE_MAX ((size_t)1 << 20) /* bytes of a file */

struct inifile_reader {
	/* Both are given the line's number; false ends the reading. name "" where the kind stands alone. */
	bool (*section)(void *data, const char *kind, const char *name, int line, struct err *err);
	bool (*pair)(void *data, const char *name, const char *value, int line, struct err *err);
	void *data;
};

/* text, read from path, which is for messages. ERR_USAGE with FILE:LINE. */
bool inifile_read(const char *path, const char *text, const struct inifile_reader *reader, struct err *err);

#endif
