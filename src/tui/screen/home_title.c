/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The titles of home's panes. */
#include "base/i18n.h"
#include "base/text.h"
#include "show/findings.h"
#include "show/outcome.h"
#include "show/translate.h"
#include "tui/screen/home.h"
#include "base/banned.h"

/* What becomes of the mail when that host is silent, by the chosen sender or the mix; false: it is not tried. */
static bool down_of(const struct home *home, const struct dname *host, struct session_down *down)
{
	struct session *session = home->scene->session;
	const struct session_down *one;

	if (home->screen->mix)
		return session_down_mix(session, host, down);
	one = session_down(session, host, session_sender(session));
	if (one)
		*down = *one;
	return one != NULL;
}

/* The worst of all hosts; false: none is tried. */
static bool worst_down(const struct home *home, struct session_down *worst)
{
	const struct mxset *set = session_set(home->scene->session);
	struct session_down down;
	bool any = false;

	for (size_t i = 0; i < set->n; i++) {
		if (!down_of(home, &set->mx[i].host, &down))
			continue;
		if (!any || !down.known || outcome_worse(&down, worst))
			*worst = down;
		if (!down.known)
			return true;
		any = true;
	}
	return any;
}

/* The worst case with whose it is, where there is room for both. */
static void put_worst(const struct home *home, struct pen *pen, int room, const struct session_down *worst)
{
	const char *whose = home->screen->mix ? _("all senders") : sender_title(session_sender(home->scene->session));
	struct str words, text, with;
	struct sign sign;

	str_init(&words, 0);
	str_init(&text, 0);
	str_init(&with, 0);
	sign = outcome_down(worst, &words);
	str_addf(&text, _("worst if one is down: %s %s"), sign.symbol, words.s);
	str_addf(&with, "%s (%s)", text.s, whose);
	if ((int)text_width(text.s) < room) {
		pen_put(pen, ROLE_TEXT, " ");
		pen_put(pen, sign.role, (int)text_width(with.s) < room ? with.s : text.s);
		pen_put(pen, ROLE_TEXT, " ");
	}
	str_release(&words);
	str_release(&text);
	str_release(&with);
}

static void ladder_title(const struct home *home, struct pen *pen)
{
	struct session_down worst;
	struct pen right = *pen;
	int head = (int)text_width(_("if down"));

	pen_put(pen, ROLE_HEADING, _("Ladder"));
	if (!worst_down(home, &worst))
		return;
	right.right -= 1;
	pen_put(pen, ROLE_TEXT, " ");
	put_worst(home, pen, right.right - pen->x - head - 5, &worst);
	pen_to(&right, right.right - head - 2);
	if (right.x > pen->x) {
		pen_put(&right, ROLE_HEADING, " ");
		pen_put(&right, ROLE_HEADING, _("if down"));
		pen_put(&right, ROLE_HEADING, " ");
	}
}

static void one_title(const struct home *home, struct str *out)
{
	const struct finding *finding = home_finding(home);
	const struct mx *mx = home_mx(home);

	if (home_about(home->screen) == HOME_FINDINGS && finding)
		str_add(out, finding->check->id);
	else if (home_about(home->screen) == HOME_LADDER && mx)
		translate_mx(out, mx, home->scene->ascii);
	else
		str_add(out, _("Selected"));
}

void home_title(const struct home *home, enum home_pane pane, int x, int y, int right)
{
	struct pen pen = pen_until(home->canvas, x, y, right);
	struct str text;

	pen_put(&pen, ROLE_KEY, home->screen->pane == (int)pane ? "▸" : " ");
	if (pane == HOME_LADDER) {
		ladder_title(home, &pen);
		return;
	}
	str_init(&text, 0);
	if (pane == HOME_ONE) {
		one_title(home, &text);
		pen_put(&pen, ROLE_HEADING, text.s);
	} else {
		pen_put(&pen, ROLE_HEADING, pane == HOME_FINDINGS ? _("Findings") : _("Who answers what"));
	}
	str_clear(&text);
	if (pane == HOME_FINDINGS)
		findings_count_text(session_findings(home->scene->session), &text);
	if (text.len)
		pen_put(&pen, ROLE_TEXT, " ");
	pen_put(&pen, ROLE_TEXT, text.s);
	pen_put(&pen, ROLE_TEXT, " ");
	str_release(&text);
}
