/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings that somebody lives with: the file is read when the session opens and when it is written here. */
#include <stdio.h>
#include <string.h>

#include "app/accepting.h"
#include "app/session_private.h"
#include "base/i18n.h"
#include "base/banned.h"

/* A file that cannot be read accepts nothing: who wants to add to it is told why, and so does the command check. */
void session_read_accepts(struct session *session)
{
	accepts_release(&session->accepts);
	accepting_read(session->app, &session->accepts, NULL);
	session->accepted_until = accepts_next_end(&session->accepts, &session->domain, loop_now());
	session->linted = session->linted_live = false;
}

static bool read_again(struct session *session, bool ok)
{
	if (ok) {
		session_read_accepts(session);
		session_tell(session);
	}
	return ok;
}

bool session_accept(struct session *session, const struct finding *finding, int64_t until, const char *reason, struct err *err)
{
	struct accepted row = { .domain = session->domain, .check = finding->check, .until = until };

	if (!*reason || strlen(reason) >= ACCEPT_REASON_MAX || strpbrk(reason, "\r\n"))
		return err_set(err, ERR_USAGE, N_("a reason has one line of 1 to %d bytes"), ACCEPT_REASON_MAX - 1);
	if (finding->mx.host.len && !dname_is_root(&finding->mx.host))
		row.host = finding->mx.host;
	snprintf(row.reason, sizeof(row.reason), "%s", reason);
	return read_again(session, accepting_add(session->app, &row, err));
}

bool session_withdraw(struct session *session, const struct accepted *accepted, struct err *err)
{
	return read_again(session, accepting_withdraw(session->app, accepted, err));
}

void session_tick(struct session *session)
{
	if (!session->accepted_until || loop_now() <= session->accepted_until)
		return;
	session_read_accepts(session);
	session_touch(session);
}
