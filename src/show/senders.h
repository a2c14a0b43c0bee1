/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of the mail of every kind of sender under the marks: a row each. */
#ifndef SHOW_SENDERS_H
#define SHOW_SENDERS_H

#include "app/session.h"
#include "show/document.h"

/* A row for each sender of `list`, heads first. Items count the senders as session_senders() has them. */
void senders_document(struct session *session, const struct sender *const *list, struct document *document);

#endif
