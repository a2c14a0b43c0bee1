/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/loop.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <sys/random.h>
#include <time.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

/*
 * libevent's loop cannot be run within itself. So its callbacks only put the handle into a queue, and loop_run() calls
 * our functions from there, outside of it: then a callback may run the loop again.
 */

/* Timers that wait equally long end in the order in which they began: they stand in a line, and libevent has one event for all of them. */
#define LINES 8

struct line {
	struct loop *loop;
	uint64_t ms;
	struct event *event; /* comes when the first may be due; it may have been cancelled since */
	struct loop_handle *first, **end;
};

struct loop_handle {
	struct loop *loop;
	struct event *event; /* NULL: it comes at once, or stands in a line */
	struct line *line;
	uint64_t due_ms; /* of the line's clock */
	bool once;
	loop_fn fn;
	void *data;
	int fd;
	bool always; /* nothing can wait for it: a file, /dev/null; it is always ready */
	bool urgent;
	bool queued;
	bool parked;  /* it came while its function ran, in an inner loop_run(): switched off until that returns */
	bool running; /* its function: a cancel then leaves the freeing to call() */
	bool cancelled;
	struct loop_handle *next, *previous;          /* all of the loop */
	struct loop_handle *next_queued, **at_queued; /* *at_queued is this one; of the line likewise, until it is due */
};

struct loop {
	struct event_base *base;
	struct loop_handle *all;
	struct loop_handle *queue, **queue_end;
	struct loop_handle *soon, **soon_end; /* come without waiting, in the next round; then events have their turn */
	unsigned depth, stop_depth;           /* nested runs; the run that is to end, 0: none */
	bool has_urgent;
	uint64_t looked_ms; /* when libevent last said what is ready */
	struct line line[LINES];
};

static const struct timeval at_once = { 0, 1 }; /* libevent takes a timer of 0 for one that comes once */

/* Drops what libevent would print over the screen; a failure is seen by its result. */
static void ignore_log(int severity, const char *text)
{
	(void)severity, (void)text;
}

static _Noreturn void no_waiting(int code)
{
	(void)code;
	mem_end(N_("mxladder: the system gives no means to wait for events (are there file descriptors left?), and the program ends\n"));
}

static void *resize(void *old, size_t size)
{
	return mem_resize(old, size, 1);
}

struct loop *loop_new(void)
{
	struct loop *loop = mem_alloc(sizeof(*loop));

	event_set_log_callback(ignore_log);
	event_set_fatal_callback(no_waiting);
	event_set_mem_functions(mem_alloc, resize, free);
	loop->base = event_base_new();
	if (!loop->base)
		no_waiting(0);
	loop->queue_end = &loop->queue;
	loop->soon_end = &loop->soon;
	return loop;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	assert(!loop->depth);
	while (loop->all)
		loop_cancel(loop->all);
	for (size_t i = 0; i < LINES; i++)
		if (loop->line[i].event)
			event_free(loop->line[i].event);
	event_base_free(loop->base);
	free(loop);
}

struct event_base *loop_base(struct loop *loop)
{
	return loop->base;
}

static void put(struct loop_handle *handle, struct loop_handle ***end)
{
	handle->queued = true;
	handle->at_queued = *end;
	handle->next_queued = NULL;
	**end = handle;
	*end = &handle->next_queued;
}

static void put_first(struct loop_handle *handle)
{
	struct loop *loop = handle->loop;

	handle->queued = true;
	handle->at_queued = &loop->queue;
	handle->next_queued = loop->queue;
	if (loop->queue)
		loop->queue->at_queued = &handle->next_queued;
	else
		loop->queue_end = &handle->next_queued;
	loop->queue = handle;
}

static void unqueue(struct loop_handle *handle)
{
	struct loop *loop = handle->loop;

	if (!handle->queued)
		return;
	*handle->at_queued = handle->next_queued;
	if (handle->next_queued)
		handle->next_queued->at_queued = handle->at_queued;
	else if (loop->soon_end == &handle->next_queued)
		loop->soon_end = handle->at_queued;
	else
		loop->queue_end = handle->at_queued;
	handle->queued = false;
}

static void queue_soon(struct loop *loop)
{
	if (!loop->soon)
		return;
	*loop->queue_end = loop->soon;
	loop->soon->at_queued = loop->queue_end;
	loop->queue_end = loop->soon_end;
	loop->soon = NULL;
	loop->soon_end = &loop->soon;
}

/* ---- timers ---- */

static struct timeval time_of(uint64_t ms)
{
	return (struct timeval){ .tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000) };
}

static void leave_line(struct loop_handle *handle)
{
	struct line *line = handle->line;

	*handle->at_queued = handle->next_queued;
	if (handle->next_queued)
		handle->next_queued->at_queued = handle->at_queued;
	else
		line->end = handle->at_queued;
	handle->line = NULL;
	if (!line->first)
		event_del(line->event);
}

static void line_came(evutil_socket_t fd, short what, void *data)
{
	struct line *line = data;
	uint64_t now = loop_coarse_ms();
	struct timeval left;

	(void)fd, (void)what;
	while (line->first && line->first->due_ms <= now) {
		struct loop_handle *handle = line->first;

		leave_line(handle);
		put(handle, &line->loop->queue_end);
	}
	if (!line->first)
		return;
	left = time_of(line->first->due_ms - now);
	event_add(line->event, &left);
}

/* Of these timers, or one that nobody stands in; NULL: there are too many lengths. */
static struct line *line_of(struct loop *loop, uint64_t ms)
{
	struct line *line = NULL;

	for (size_t i = 0; i < LINES; i++) {
		if (loop->line[i].first && loop->line[i].ms == ms)
			return &loop->line[i];
		if (!line && !loop->line[i].first)
			line = &loop->line[i];
	}
	return line;
}

static void stand_in_line(struct loop_handle *handle, struct line *line, uint64_t ms)
{
	struct timeval after = time_of(ms);

	if (!line->event) {
		line->loop = handle->loop;
		line->event = evtimer_new(line->loop->base, line_came, line);
		if (!line->event)
			abort();
	}
	if (!line->first) {
		line->ms = ms;
		line->end = &line->first;
		event_add(line->event, &after);
	}
	handle->line = line;
	handle->due_ms = loop_coarse_ms() + ms;
	handle->at_queued = line->end;
	*line->end = handle;
	line->end = &handle->next_queued;
}

/* ---- handles ---- */

void loop_cancel(struct loop_handle *handle)
{
	if (!handle)
		return;
	if (handle->line)
		leave_line(handle);
	unqueue(handle);
	if (handle->next)
		handle->next->previous = handle->previous;
	if (handle->previous)
		handle->previous->next = handle->next;
	else
		handle->loop->all = handle->next;
	if (handle->event)
		event_free(handle->event);
	if (handle->running)
		handle->cancelled = true;
	else
		free(handle);
}

static void came(evutil_socket_t fd, short what, void *data)
{
	struct loop_handle *handle = data;
	struct loop *loop = handle->loop;

	(void)fd, (void)what;
	if (handle->running) {
		event_del(handle->event);
		handle->parked = true;
		return;
	}
	if (!handle->queued && handle->urgent)
		put_first(handle);
	else if (!handle->queued)
		put(handle, &loop->queue_end);
}

static void call(struct loop_handle *handle)
{
	unqueue(handle);
	if (handle->once) {
		loop_fn fn = handle->fn;
		void *data = handle->data;
		loop_cancel(handle);
		fn(data);
		return;
	}
	handle->running = true;
	handle->fn(handle->data);
	handle->running = false;
	if (handle->cancelled) {
		free(handle);
	} else if (handle->parked) {
		handle->parked = false;
		event_add(handle->event, handle->always ? &at_once : NULL);
	}
}

/* Lets libevent put what is ready into the queue. False: there is nothing to wait for. */
static bool look(struct loop *loop, int how)
{
	bool ok = event_base_loop(loop->base, EVLOOP_ONCE | how) == 0;

	loop->looked_ms = loop->has_urgent ? loop_ms() : 0;
	return ok;
}

void loop_run(struct loop *loop)
{
	unsigned depth = ++loop->depth;

	while (loop->stop_depth != depth) {
		if (loop->queue && loop->has_urgent && loop_ms() - loop->looked_ms >= LOOP_LOOK_MS)
			look(loop, EVLOOP_NONBLOCK);
		if (loop->queue) {
			call(loop->queue);
		} else if (loop->soon) {
			queue_soon(loop);
			look(loop, EVLOOP_NONBLOCK);
		} else if (!look(loop, 0)) {
			break;
		}
	}
	if (loop->stop_depth == depth)
		loop->stop_depth = 0;
	loop->depth--;
}

void loop_urgent(struct loop_handle *handle)
{
	handle->urgent = handle->loop->has_urgent = true;
}

void loop_stop(struct loop *loop)
{
	loop->stop_depth = loop->depth;
}

/* Adds a regular file, which is always ready and which no kernel can wait for. */
static bool add_as_ready(struct loop_handle *handle, short what)
{
	if (!(what & EV_READ) || errno != EPERM)
		return false;
	event_free(handle->event);
	handle->always = true;
	handle->event = event_new(handle->loop->base, -1, EV_PERSIST, came, handle);
	return handle->event && event_add(handle->event, &at_once) == 0;
}

static void enlist(struct loop *loop, struct loop_handle *handle)
{
	handle->loop = loop;
	handle->next = loop->all;
	if (loop->all)
		loop->all->previous = handle;
	loop->all = handle;
}

static struct loop_handle *add(struct loop *loop, const struct loop_handle *like, short what, const struct timeval *after)
{
	struct loop_handle *handle = mem_copy(like, sizeof(*like));

	enlist(loop, handle);
	handle->event = event_new(loop->base, handle->fd, what, came, handle);
	if (!handle->event || (event_add(handle->event, after) != 0 && !add_as_ready(handle, what)))
		abort(); /* a descriptor that is not open */
	return handle;
}

struct loop_handle *loop_after(struct loop *loop, uint64_t ms, loop_fn fn, void *data)
{
	const struct timeval after = time_of(ms);
	const struct loop_handle like = { .once = true, .fn = fn, .data = data, .fd = -1 };
	struct line *line = ms ? line_of(loop, ms) : NULL;
	struct loop_handle *handle;

	if (ms && !line)
		return add(loop, &like, 0, &after);
	handle = mem_copy(&like, sizeof(like));
	enlist(loop, handle);
	if (ms)
		stand_in_line(handle, line, ms);
	else
		put(handle, &loop->soon_end);
	return handle;
}

struct loop_handle *loop_readable(struct loop *loop, int fd, loop_fn fn, void *data)
{
	return add(loop, &(struct loop_handle){ .fn = fn, .data = data, .fd = fd }, EV_READ | EV_PERSIST, NULL);
}

struct loop_handle *loop_writable(struct loop *loop, int fd, loop_fn fn, void *data)
{
	return add(loop, &(struct loop_handle){ .fn = fn, .data = data, .fd = fd }, EV_WRITE | EV_PERSIST, NULL);
}

struct loop_handle *loop_signal(struct loop *loop, int signo, loop_fn fn, void *data)
{
	return add(loop, &(struct loop_handle){ .fn = fn, .data = data, .fd = signo }, EV_SIGNAL | EV_PERSIST, NULL);
}

static uint64_t ms_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t loop_ms(void)
{
	return ms_of(CLOCK_MONOTONIC);
}

uint64_t loop_coarse_ms(void)
{
	return ms_of(CLOCK_MONOTONIC_COARSE);
}

int64_t loop_now(void)
{
	return (int64_t)time(NULL);
}

void loop_random_bytes(void *place, size_t len)
{
	assert(len <= 256);
	if (getrandom(place, len, 0) != (ssize_t)len)
		abort(); /* never for so few bytes, once the system is up */
}

uint64_t loop_random(void)
{
	uint64_t value;

	loop_random_bytes(&value, sizeof(value));
	return value;
}
