/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The demands of the configuration's policy on the open domain, for the screen that shows them. */
#include "tui/ui.h"
#include "base/banned.h"

void ui_demands_release(struct ui *ui)
{
	demands_release(&ui->demands.demands);
	musts_release(&ui->demands.musts);
	ui->demands = (struct demands_told){ 0 };
}

void ui_demands_judge(struct ui *ui)
{
	struct demands_told *told = &ui->demands;

	ui_demands_release(ui);
	ui->demands_revision = session_revision(ui->session);
	told->path = config_get(&ui->hooks.app->config, "main", "", "policy_file");
	if (demand_read(ui->hooks.app, NULL, &told->musts, &told->err))
		session_judge(ui->session, &told->musts, &told->demands);
}

void ui_demands_settle(struct ui *ui)
{
	if (ui->session && ui_top(ui)->class == &screen_demands && ui->demands_revision != session_revision(ui->session))
		ui_demands_judge(ui);
}
