/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sender/sender.h"

#include "base/banned.h"

const char *sender_name(const struct sender *sender)
{
	return sender->name;
}

const char *sender_title(const struct sender *sender)
{
	return sender->title;
}

static enum sender_sure weakest(const struct sender *sender, size_t groups)
{
	enum sender_sure sure = SURE_MEASURED;

	for (size_t i = 0; i < groups; i++) {
		if (sender->source[i].sure > sure)
			sure = sender->source[i].sure;
	}
	return sure;
}

enum sender_sure sender_sureness(const struct sender *sender)
{
	return weakest(sender, GROUP_DNS + 1);
}

enum sender_sure sender_sureness_over_time(const struct sender *sender)
{
	return weakest(sender, SENDER_GROUPS);
}

const char *sender_sure_name(enum sender_sure sure)
{
	static const char *const names[] = { "measured", "source", "document", "configured", "assumed" };

	return names[sure];
}

static uint64_t on_grid(uint64_t at_s, unsigned grid_s)
{
	return grid_s ? (at_s + grid_s - 1) / grid_s * grid_s : at_s;
}

static uint64_t clamp(uint64_t value, uint64_t low, uint64_t high)
{
	return value < low ? low : value > high ? high : value;
}

static uint64_t grown(const struct sender *sender, uint64_t wait_s, unsigned n)
{

	for (unsigned i = 1; i < n && wait_s < sender->retry_max_s; i++)
		wait_s = wait_s * sender->retry_factor_percent / 100;
	return wait_s < sender->retry_max_s ? wait_s : sender->retry_max_s;
}

static unsigned step(const struct sender *sender, uint64_t age_s)
{
	size_t i = 0;

	while (i + 1 < SENDER_STEPS && sender->retry_step[i].until_s != 0 && age_s >= sender->retry_step[i].until_s)
		i++;
	return sender->retry_step[i].wait_s;
}

uint64_t sender_due_s(const struct sender *sender, unsigned n, uint64_t before_s)
{
	switch (sender->retry) {
	case RETRY_AGE:
		return before_s + clamp(before_s, sender->retry_min_s, sender->retry_max_s);
	case RETRY_SQUARE:
		return (uint64_t)sender->retry_min_s * n * n;
	case RETRY_GROW:
		return before_s + grown(sender, sender->retry_min_s, n);
	case RETRY_STEPS:
		return before_s + step(sender, before_s);
	case RETRY_ROUNDS:
		if (sender->retry_round > 1 && n % sender->retry_round != 0)
			return before_s + sender->retry_min_s;
		return before_s + grown(sender, sender->retry_pause_s, sender->retry_round > 1 ? n / sender->retry_round : n);
	}
	return before_s;
}

uint64_t sender_attempt_after(const struct sender *sender, unsigned n, uint64_t before_s, uint64_t look_s)
{
	uint64_t due_s = n == 0 ? 0 : sender_due_s(sender, n, before_s);

	if (n == 0 || sender->retry_grid_s == 0)
		return due_s;
	return due_s <= look_s ? look_s : look_s + on_grid(due_s - look_s, sender->retry_grid_s);
}

uint64_t sender_attempt_s(const struct sender *sender, unsigned n, uint64_t before_s)
{
	return sender_attempt_after(sender, n, before_s, 0);
}
