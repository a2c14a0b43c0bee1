/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text that comes line by line, from a file or from stdin, which may be slow: who reads never waits, and is called when more has come.
 * Holds one line and what was read with it. Knows nothing of what a line says.
 */
#ifndef IO_LINES_H
#define IO_LINES_H

#include "io/loop.h"

#define LINES_MAX ((size_t)1 << 20) /* bytes of a line: a longer one is cut */

struct lines;
enum lines_state { LINES_LINE, LINES_LATER, LINES_END, LINES_FAILED };

/* path "-": stdin. ready is called from the loop after LINES_LATER. NULL with err: ERR_FILE. */
struct lines *lines_open(struct loop *loop, const char *path, loop_fn ready, void *data, struct err *err);
/* The next line, without its end, borrowed until the next call. FAILED with err: ERR_FILE. */
enum lines_state lines_next(struct lines *lines, const char **text, size_t *len, struct err *err);
void lines_close(struct lines *lines); /* NULL is accepted */

#endif
