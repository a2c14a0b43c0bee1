/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"

#include "base/banned.h"

const struct command *const commands[] = { &cmd_tui, /* the interface stands first */
	&cmd_show, &cmd_check, &cmd_simulate, &cmd_draft, &cmd_diff, &cmd_approve, &cmd_push, &cmd_resume, &cmd_verify, &cmd_rollback,
	&cmd_history, &cmd_init, &cmd_accounts, &cmd_zones, &cmd_audit, &cmd_list, &cmd_explain, NULL };
