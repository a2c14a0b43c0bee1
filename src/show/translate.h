/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages of the floors below, in the user's language: gettext as a msg_tongue. */
#ifndef SHOW_TRANSLATE_H
#define SHOW_TRANSLATE_H

#include "base/err.h"
#include "core/mxset.h"

extern const struct msg_tongue translate_tongue;

void translate_msg(struct str *out, const struct msg *msg);
void translate_err(struct str *out, const struct err *err); /* what went wrong, and the hint */
/* A name for people, escaped; A-labels where the terminal has no more than ASCII. */
void translate_name(struct str *out, const struct dname *name, bool ascii);
void translate_mx(struct str *out, const struct mx *mx, bool ascii); /* its host */
void translate_ttl(struct str *out, uint32_t ttl_s);                 /* a duration, or that it is not known */
void translate_left(struct str *out, uint32_t left_s);               /* to the minute from an hour on */
void translate_ago(struct str *out, int64_t seconds);                /* "just now", "3 min ago", "2 h ago" */

#endif
