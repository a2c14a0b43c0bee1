/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/screen/badge.h"

#include "app/work.h"
#include "base/i18n.h"
#include "base/text.h"
#include "show/translate.h"
#include "base/banned.h"

/* The hour, as UTC, where it is known. */
static void add_wait(struct str *text, const struct push *push)
{
	struct str time;

	if (!push->wait_until) {
		str_add(text, _("▲ push waits"));
		return;
	}
	str_init(&time, 0);
	text_time(&time, push->wait_until);
	str_addf(text, _("▲ push waits, %s UTC"), time.len > 19 ? (time.s[19] = '\0', time.s + 11) : time.s);
	str_release(&time);
}

static bool badge_text(const struct scene *scene, struct str *text)
{
	const struct push *push = scene->app ? work_running(scene->app, 0) : NULL;
	const struct push *own = scene->session ? session_current_push(scene->session) : NULL;
	struct str domain;

	if (!push)
		return false;
	str_init(&domain, 0);
	translate_name(&domain, &push->plan.domain, scene->ascii);
	if (own && own->wait.id) /* for the other, it may be */
		add_wait(text, own);
	else if (work_running(scene->app, 1))
		str_add(text, _("▲ pushes run"));
	else if (!scene->session || !dname_equal(&push->plan.domain, session_domain(scene->session)))
		str_addf(text, _("▲ push of %s"), domain.s);
	else if (push->phase < PHASE_WATCHING)
		str_add(text, _("▲ push runs"));
	else
		str_add(text, _("▲ push watched"));
	str_release(&domain);
	return true;
}

int badge_draw(struct canvas *canvas, const struct scene *scene)
{
	struct pen pen = pen_at(canvas, 1, 0);
	struct str text;
	int width = 0;

	str_init(&text, 0);
	if (badge_text(scene, &text)) {
		width = (int)text_width(text.s) + 1;
		pen_right(&pen, ROLE_WARNING, text.s);
	}
	str_release(&text);
	return width;
}
