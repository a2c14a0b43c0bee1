/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one event loop (libevent): timers, descriptors, signals. Everything that
 * waits hangs on it; there is no sleep, and no thread but what waits for
 * the disk (io/disk.h). Callbacks run from
 * loop_run() only. Handles die by their cancel function, or with the loop;
 * a one-shot timer's handle dies when it has fired.
 */
#ifndef IO_LOOP_H
#define IO_LOOP_H

#include <stdint.h>

#include "base/err.h"

struct event_base;
struct loop;
struct loop_handle;

typedef void (*loop_fn)(void *data);

struct loop *loop_new(void);
void loop_free(struct loop *loop);
/* Until loop_stop(), or nothing is left to wait for. May be run again within a callback, which is not called again meanwhile. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop); /* ends the innermost loop_run() */

#define LOOP_LOOK_MS 4 /* so long at most other calls go on before what is urgent is looked for */

/* Calls once, after ms by the kernel's coarse clock: it may come one clock tick (up to 10 ms) early. */
struct loop_handle *loop_after(struct loop *loop, uint64_t ms, loop_fn fn, void *data);
struct loop_handle *loop_readable(struct loop *loop, int fd, loop_fn fn, void *data);  /* each time, until cancelled */
struct loop_handle *loop_writable(struct loop *loop, int fd, loop_fn fn, void *data);  /* likewise */
struct loop_handle *loop_signal(struct loop *loop, int signo, loop_fn fn, void *data); /* likewise */
void loop_urgent(struct loop_handle *handle); /* a readable one: from now on before all that waits for its call */
void loop_cancel(struct loop_handle *handle); /* NULL is accepted */

uint64_t loop_ms(void);                          /* monotonic clock */
uint64_t loop_coarse_ms(void);                   /* the same, up to a clock tick behind, and quicker; the clock of the timers */
int64_t loop_now(void);                          /* wall clock, seconds since 1970 */
uint64_t loop_random(void);                      /* from the system: ids, seeds */
void loop_random_bytes(void *place, size_t len); /* likewise, at most 256 */

struct event_base *loop_base(struct loop *loop); /* for libunbound in io/dns.c; its callbacks must defer by loop_after() */

#endif
