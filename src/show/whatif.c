/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/whatif.h"

#include "base/i18n.h"
#include "base/text.h"
#include "base/banned.h"

void whatif_marks(const struct marks *marks, struct str *out)
{
	for (size_t i = 0; i < marks->n; i++) {
		struct str what;

		str_init(&what, 0);
		mark_text(&marks->mark[i], &what);
		str_add(out, i ? ", " : "");
		text_escape(out, what.s, what.len);
		str_addf(out, " %s", _(sim_states[marks->mark[i].state].label));
		str_release(&what);
	}
	if (!marks->n)
		str_add(out, _("all are up"));
}

void whatif_text(const struct session *session, struct str *out)
{
	const char *sender = sender_title(session_sender(session));
	struct str marks;

	str_init(&marks, 0);
	whatif_marks(session_marks(session), &marks);
	if (session_drafting(session))
		str_addf(out, _("WHAT IF %s (%s, the draft)"), marks.s, sender);
	else
		str_addf(out, _("WHAT IF %s (%s, the live set)"), marks.s, sender);
	str_release(&marks);
}
