/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "typed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/edit_text.h"

bool session_type(struct session *session, const char *text, struct err *err)
{
	const struct edit_grammar grammar = { .domain = session_domain(session) };
	struct edits edits = { 0 };
	bool ok = edit_parse_line(&grammar, text, &edits, err) && session_edit(session, edits.edit, edits.n, err);

	edits_release(&edits);
	return ok;
}

void session_set_ttl(struct session *session, uint32_t ttl_s)
{
	const struct edit edit = { .verb = EDIT_TTL, .ttl_s = ttl_s };

	assert_true(session_edit(session, &edit, 1, NULL));
}
