/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings that are accepted, and acceptances that are taken back. */
#include <stdlib.h>

#include "app/accepting.h"
#include "base/i18n.h"
#include "base/msg.h"
#include "show/translate.h"
#include "tui/ui.h"
#include "base/banned.h"

/* The list of domains shows the worst that nobody accepted. */
static void look_again(struct ui *ui)
{
	struct roster_row *row = roster_find(ui->roster, session_domain(ui->session));

	roster_read_accepts(ui->roster);
	if (row)
		roster_ask_again(ui->roster, row);
}

static void tell(struct ui *ui, const struct msg *msg)
{
	struct str text;

	str_init(&text, 0);
	translate_msg(&text, msg);
	ui_message(ui, ROLE_OK, text.s);
	str_release(&text);
}

bool ui_accept(struct ui *ui, const struct reaction *reaction, struct err *err)
{
	const struct scene scene = ui_scene(ui);
	struct msg msg = { 0 };
	struct str way;
	char *path;

	if (!session_accept(ui->session, reaction->finding, reaction->until, reaction->filled, err))
		return false;
	look_again(ui);
	path = accepting_path(ui->hooks.app);
	str_init(&way, 0);
	scene_way(&scene, ACTION_ACCEPT, &way);
	msg_set(&msg, N_("Accepted, in %s: the finding is back when that ends, or at once by %s."), path, way.s);
	tell(ui, &msg);
	str_release(&way);
	free(path);
	return true;
}

bool ui_withdraw(struct ui *ui, const struct reaction *reaction, struct err *err)
{
	struct msg msg = { 0 };
	char *path;

	if (!session_withdraw(ui->session, reaction->finding->accepted, err))
		return false;
	look_again(ui);
	path = accepting_path(ui->hooks.app);
	msg_set(&msg, N_("The acceptance is taken out of %s: the finding counts again."), path);
	tell(ui, &msg);
	free(path);
	return true;
}
