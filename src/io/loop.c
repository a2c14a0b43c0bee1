/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/loop.h"

#include <event2/event.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/mem.h"
#include "base/banned.h"

struct loop {
	struct event_base *base;
	struct loop_handle *handles;
};

struct loop_handle {
	struct loop *loop;
	struct loop_handle *next, **at; /* *at is this handle */
	struct event *event;
	loop_fn fn;
	void *data;
	bool once;
};

struct loop *loop_new(void)
{
	struct loop *loop = mem_alloc(sizeof(*loop));

	loop->base = event_base_new();
	if (!loop->base)
		abort(); /* no descriptors left before the first was asked for: nothing can be done or said */
	return loop;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	while (loop->handles)
		loop_cancel(loop->handles);
	event_base_free(loop->base);
	free(loop);
}

void loop_run(struct loop *loop)
{
	event_base_loop(loop->base, 0);
}

void loop_stop(struct loop *loop)
{
	event_base_loopbreak(loop->base);
}

static void fired(evutil_socket_t fd, short what, void *data)
{
	struct loop_handle *handle = data;
	loop_fn fn = handle->fn;
	void *to = handle->data;

	(void)fd, (void)what;
	if (handle->once)
		loop_cancel(handle);
	fn(to);
}

static struct loop_handle *add(struct loop *loop, int fd, short what, loop_fn fn, void *data)
{
	struct loop_handle *handle = mem_alloc(sizeof(*handle));

	*handle = (struct loop_handle){.loop = loop, .next = loop->handles, .at = &loop->handles, .fn = fn, .data = data};
	if (handle->next)
		handle->next->at = &handle->next;
	loop->handles = handle;
	handle->event = event_new(loop->base, fd, what, fired, handle);
	if (!handle->event)
		abort();
	return handle;
}

struct loop_handle *loop_after(struct loop *loop, uint64_t ms, loop_fn fn, void *data)
{
	struct loop_handle *handle = add(loop, -1, 0, fn, data);
	struct timeval wait = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};

	handle->once = true;
	event_add(handle->event, &wait);
	return handle;
}

static struct loop_handle *watch(struct loop *loop, int fd, short what, loop_fn fn, void *data)
{
	struct loop_handle *handle = add(loop, fd, (short)(what | EV_PERSIST), fn, data);

	event_add(handle->event, NULL);
	return handle;
}

struct loop_handle *loop_readable(struct loop *loop, int fd, loop_fn fn, void *data)
{
	return watch(loop, fd, EV_READ, fn, data);
}

struct loop_handle *loop_writable(struct loop *loop, int fd, loop_fn fn, void *data)
{
	return watch(loop, fd, EV_WRITE, fn, data);
}

struct loop_handle *loop_signal(struct loop *loop, int signo, loop_fn fn, void *data)
{
	return watch(loop, signo, EV_SIGNAL, fn, data);
}

void loop_cancel(struct loop_handle *handle)
{
	if (!handle)
		return;
	event_free(handle->event);
	*handle->at = handle->next;
	if (handle->next)
		handle->next->at = handle->at;
	free(handle);
}

/* ---- clocks and chance ---- */

uint64_t loop_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

int64_t loop_now(void)
{
	return (int64_t)time(NULL);
}

uint64_t loop_random(void)
{
	uint64_t value = 0;

	while (getrandom(&value, sizeof(value), 0) != sizeof(value))
		;
	return value;
}

struct event_base *loop_base(struct loop *loop)
{
	return loop->base;
}
