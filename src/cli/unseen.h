/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line that the terminal does not show while it is typed. Whatever ends the question puts the terminal back first. */
#ifndef CLI_UNSEEN_H
#define CLI_UNSEEN_H

#include <stdbool.h>
#include <stddef.h>

struct loop;

/* From the terminal at stdin, with its end; false: none, or a signal came, which was raised again. The caller wipes it. */
bool unseen_read(struct loop *loop, char *line, size_t size);

#endif
