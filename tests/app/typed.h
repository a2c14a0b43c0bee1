/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits of a session's draft, as a person types them. */
#ifndef TESTS_APP_TYPED_H
#define TESTS_APP_TYPED_H

#include "app/session.h"

bool session_type(struct session *session, const char *text, struct err *err); /* "add 30 mx3.exempel.net, ttl 1h" */
void session_set_ttl(struct session *session, uint32_t ttl_s);

#endif
