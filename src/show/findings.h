/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the checks found, in words: a row each, and one of them in full. */
#ifndef SHOW_FINDINGS_H
#define SHOW_FINDINGS_H

#include "app/session.h"
#include "show/document.h"

struct sign level_sign(enum check_level level);
struct sign finding_sign(const struct finding *finding); /* its level's, dimmed where it is accepted */
const char *level_word(enum check_level level);          /* translated */

/* A row each: level, id, whether it is new or accepted, and the sentence. full: and below it why that is wrong, and what mends it. Items
 * count them. Where there is none, why. */
void findings_document(const struct session *session, bool full, struct document *document);
/* "2 errors, 1 notice, 1 accepted": what nobody accepted, by level, and how many somebody did. Empty where there is none. */
void findings_count_text(const struct findings *findings, struct str *out);
void finding_line(const struct finding *finding, struct document *document); /* level, id and sentence in a row */
/* "Accepted until ...: why", translated. */
void finding_accepted(const struct accepted *accepted, struct str *out);
void finding_document(const struct finding *finding, struct document *document);
/* How many there are, each in full with what is written of it elsewhere, and what was not checked, by reason. */
void findings_report(const struct dname *domain, const struct findings *findings, struct document *document);
/* Why nothing is listed: it is still asked, nothing was found, or nobody knows. The sentence has its sign. */
struct sign findings_none(const struct session *session, const char **sentence);

#endif
