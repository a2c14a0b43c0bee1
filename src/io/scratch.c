/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/banned.h"

#define OPEN_DIRECTORIES 8

static char *made_in(const char *directory)
{
	struct str path;

	str_init(&path, 0);
	str_addf(&path, "%s/mxladder-XXXXXX", directory);
	if (mkdtemp(path.s))
		return str_take(&path);
	str_release(&path);
	return NULL;
}

/* NULL: the user wishes for none. */
static const char *wished(void)
{
	const char *tmp = getenv("TMPDIR");

	return tmp && *tmp == '/' ? tmp : NULL;
}

char *scratch_new(struct err *err)
{
	const char *tmp = wished();
	char *path = made_in(tmp ? tmp : "/tmp");

	if (path)
		return path;
	err_set(err, ERR_FILE, N_("no temporary directory could be made in %s"), tmp ? tmp : "/tmp");
	err_hint(err, N_("Set TMPDIR to a directory that can be written."));
	return NULL;
}

char *scratch_new_in_memory(struct err *err)
{
	char *path = wished() ? NULL : made_in("/dev/shm");

	return path ? path : scratch_new(err);
}

bool scratch_write(const char *directory, const char *name, const char *text, size_t len, struct err *err)
{
	struct str path;
	FILE *file;
	bool ok;

	str_init(&path, 0);
	str_addf(&path, "%s/%s", directory, name);
	file = fopen(path.s, "wxe");
	ok = file && fwrite(text, 1, len, file) == len;
	if (file && fclose(file) != 0)
		ok = false;
	if (!ok)
		err_set(err, ERR_FILE, N_("the file %s could not be written"), path.s);
	str_release(&path);
	return ok;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

void scratch_free(char *directory)
{
	if (directory)
		nftw(directory, remove_one, OPEN_DIRECTORIES, FTW_DEPTH | FTW_PHYS);
	free(directory);
}
