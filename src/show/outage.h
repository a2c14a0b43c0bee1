/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An outage over time in words: a row a sender, and what happens when. */
#ifndef SHOW_OUTAGE_H
#define SHOW_OUTAGE_H

#include "app/session.h"
#include "show/document.h"

enum outage_cell {      /* of a row, in order */
	OUTAGE_SENDER,  /* with the sign of the row */
	OUTAGE_AT_ONCE, /* or that all is unknown, and then nothing behind it */
	OUTAGE_LATE,
	OUTAGE_LATE_MEDIAN, /* of what is late, how late half of it is */
	OUTAGE_WARNED,
	OUTAGE_RETURNED,
	OUTAGE_FIRST_RETURN,
	OUTAGE_EMPTY_AFTER,
	OUTAGE_SHUNS_FOR,
	OUTAGE_CELLS
};

/* Row 0 is the mix, then the senders. */
const struct outage_result *outage_row_result(const struct session_outage *outage, size_t row);
void outage_titles(struct document *document);
void outage_row(const struct session_outage *outage, size_t row, struct document *document);
void outage_result_row(const struct outage_result *result, struct document *document); /* without a sender: the mix */
/* Who gets new mail during the outage: a row for each sender of which that is known, and what the rows assume or cannot tell. */
void outage_stream_titles(struct document *document);
void outage_stream_row(const struct outage_result *result, struct document *document);
void outage_stream_limits(const struct stream_result *stream, struct document *document);
void outage_streams_document(const struct session_outage *outage, struct document *document);
/* The events of all senders in order, or that there are none. */
void outage_events_told(const struct outage_result *const *results, size_t n, struct document *document);
/* The same, and what the figures rest on. */
void outage_events_document(const struct session_outage *outage, struct document *document);
void outage_mix_document(const char *source, struct document *document); /* N_() */

#endif
