/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outcomes of several senders in one. */
#include "sim/outage/outage.h"

#include "base/banned.h"

static void earliest(double *first_s, double at_s)
{
	if (*first_s < 0 || at_s < *first_s)
		*first_s = at_s;
}

void outage_result_release(struct outage_result *result)
{
	stream_result_release(&result->stream);
	*result = (struct outage_result){ 0 };
}

static void keep_longest(double *sum, double one)
{
	*sum = one > *sum ? one : *sum;
}

void outage_add(struct outage_result *sum, const struct outage_result *one, double weight)
{
	bool first = sum->n_point == 0;

	if (weight <= 0)
		return;
	sum->unknown |= one->unknown;
	if (one->unknown)
		return;
	if (first)
		sum->first_return_s = sum->first_warning_s = -1;
	sum->n_point = one->n_point;
	sum->length_s = one->length_s;
	sum->messages += weight * one->messages;
	sum->at_once += weight * one->at_once;
	sum->late += weight * one->late;
	sum->warned += weight * one->warned;
	sum->returned_at_once += weight * one->returned_at_once;
	sum->returned_late += weight * one->returned_late;
	sum->queued_at_end += weight * one->queued_at_end;
	keep_longest(&sum->late_max_s, one->late_max_s);
	keep_longest(&sum->empty_after_s, one->empty_after_s);
	keep_longest(&sum->empty_after_range_s[0], one->empty_after_range_s[0]);
	keep_longest(&sum->empty_after_range_s[1], one->empty_after_range_s[1]);
	if (one->first_return_s >= 0)
		earliest(&sum->first_return_s, one->first_return_s);
	if (one->first_warning_s >= 0)
		earliest(&sum->first_warning_s, one->first_warning_s);
	for (size_t i = 0; i < OUTAGE_POINTS; i++) {
		sum->point[i].t_s = one->point[i].t_s;
		sum->point[i].arrived += weight * one->point[i].arrived;
		sum->point[i].delivered += weight * one->point[i].delivered;
		sum->point[i].late += weight * one->point[i].late;
		sum->point[i].returned += weight * one->point[i].returned;
		sum->point[i].warned += weight * one->point[i].warned;
	}
}
