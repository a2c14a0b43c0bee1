/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A private directory that lives as long as the program run: made 0700 under $TMPDIR or /tmp, removed with all it holds. */
#ifndef IO_SCRATCH_H
#define IO_SCRATCH_H

#include "base/err.h"

char *scratch_new(struct err *err); /* absolute path, to be given to scratch_free(); NULL with ERR_FILE */
/* For small files: without $TMPDIR in /dev/shm, where a file costs a hundredth of one on a disk; where that is not to be had, as above. */
char *scratch_new_in_memory(struct err *err);
/* A file of the directory, which nobody else may enter. Not synced to the disk: nothing of it outlives the run. */
bool scratch_write(const char *directory, const char *name, const char *text, size_t len, struct err *err);
void scratch_free(char *directory); /* removes the tree and frees the path; NULL is accepted */

#endif
