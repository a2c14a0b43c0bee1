/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pushes of a plan file: begun in its order, as many at the same time as their accounts take requests, and told in its order,
 * whatever becomes of one. Knows how many may run; how one goes is push.h's. Plans and options are borrowed.
 */
#ifndef APP_PUSHES_H
#define APP_PUSHES_H

#include "app/push.h"

struct pushes_hooks {
	/* Would confirm() wait for a person? Then nothing else runs meanwhile. */
	bool (*asks)(void *data, const struct plan *plan);
	/* The name as it was typed, for a protected domain; NULL: it was not. */
	const char *(*confirm)(void *data, const struct plan *plan);
	/* A push has begun its next phase, or to wait for something; the last is its end. */
	void (*moved)(void *data, const struct push *push);
	/* In the file's order, each once. push NULL: it was not begun, and err tells why. Borrowed. */
	void (*told)(void *data, const struct plan *plan, const struct push *push, const struct err *err);
	void *data;
};

struct pushes;
struct pushes *pushes_start(
	struct app *app, const struct plans *plans, const struct push_options *options, const struct pushes_hooks *hooks);
/* Begins no further push, and stops those that run: no further write. Those not begun are told as interrupted. */
void pushes_stop(struct pushes *pushes);
void pushes_wait(struct pushes *pushes); /* until all are told */
void pushes_free(struct pushes *pushes);

#endif
