/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens when in an outage, in sentences. */
#include "sim/outage/outage.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/text.h"

#include "base/banned.h"

#define HOUR_S 3600.0

double outage_horizon_s(uint32_t length_s)
{
	double after_s = length_s / 2.0;

	if (after_s < 2 * HOUR_S)
		after_s = 2 * HOUR_S;
	return length_s + (after_s > 24 * HOUR_S ? 24 * HOUR_S : after_s);
}

bool outage_range_matters(double told_s, const double range_s[2])
{
	return range_s[1] - range_s[0] > told_s / 10;
}

static int earlier(const void *a, const void *b)
{
	const struct outage_event *x = a, *y = b;

	return x->at_s < y->at_s ? -1 : x->at_s > y->at_s;
}

struct events {
	struct outage_event *event;
	size_t n, max;
	struct str time; /* of the one being made */
};

/* Room for the next event, with a time to be told in it; NULL: there is none. */
static struct msg *next(struct events *events, double at_s, double told_s)
{
	if (events->n == events->max)
		return NULL;
	str_clear(&events->time);
	text_duration_about(&events->time, told_s);
	events->event[events->n].at_s = at_s;
	return &events->event[events->n++].text;
}

/* The end of the outage for this sender. */
static double end_s(const struct outage_result *result)
{
	return result->stream.opens_s > result->length_s ? result->stream.opens_s : result->length_s;
}

/* A range where the sender's own clock makes more than a tenth of difference. */
static void add_empty(struct events *events, const struct outage_result *r)
{
	const double *range = r->empty_after_range_s;
	const char *title = sender_title(r->sender);
	struct str to;
	struct msg *text;

	if (r->empty_after_s <= 0)
		return;
	if (!outage_range_matters(r->empty_after_s, range)) {
		if ((text = next(events, r->length_s + r->empty_after_s, r->empty_after_s)))
			msg_set(text, N_("%s after the end the queue of %s is empty."), events->time.s, title);
		return;
	}
	str_init(&to, 0);
	text_duration_about(&to, range[1]);
	if ((text = next(events, r->length_s + r->empty_after_s, range[0])))
		msg_set(text, N_("%s to %s after the end, by its own clock, the queue of %s is empty."), events->time.s, to.s, title);
	str_release(&to);
}

static void add_sender(struct events *events, const struct outage_result *r)
{
	const char *title = sender_title(r->sender);
	struct msg *text;

	if (r->first_warning_s >= 0 && (text = next(events, r->first_warning_s, r->first_warning_s)))
		msg_set(text, N_("After %s %s begins to tell authors of the delay."), events->time.s, title);
	if (r->first_return_s >= 0 && (text = next(events, r->first_return_s, r->first_return_s)))
		msg_set(text, N_("After %s %s begins to return mail."), events->time.s, title);
	add_empty(events, r);
	if (r->stream.used_again_s > 60 && (text = next(events, end_s(r), r->stream.used_again_s)))
		msg_set(text, N_("%s after the end %s uses the servers again that were down."), events->time.s, title);
}

size_t outage_events(const struct outage_result *const results[], size_t n, struct outage_event *event, size_t max)
{
	struct events events = { .event = event, .max = max };

	str_init(&events.time, 0);
	for (size_t i = 0; i < n; i++) {
		if (!results[i]->unknown)
			add_sender(&events, results[i]);
	}
	str_release(&events.time);
	if (events.n > 1)
		qsort(event, events.n, sizeof *event, earlier);
	return events.n;
}
