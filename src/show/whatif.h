/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a what-if supposes, in words. */
#ifndef SHOW_WHATIF_H
#define SHOW_WHATIF_H

#include "app/session.h"

void whatif_marks(const struct marks *marks, struct str *out); /* "mx1.example.com refused, IPv6 silent", or "all are up" */
/* The marks, the sender, and whose set it is: served, held or drafted. */
void whatif_text(const struct session *session, struct str *out);

#endif
