/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The short lessons behind "mxladder explain TOPIC" and the help screen: rows of text, translated by a front end. */
#ifndef CORE_EXPLAIN_H
#define CORE_EXPLAIN_H

struct topic {
	const char *name;      /* "mx-record" */
	const char *title;     /* N_() */
	const char *text;      /* N_(); paragraphs parted by an empty line; a front end wraps */
	const char *reference; /* "RFC 5321 section 5.1", or "" */
};
extern const struct topic topics[]; /* ends with name NULL */

const struct topic *topic_find(const char *name); /* borrowed or NULL */

#endif
