/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the commands, each in its own cmd_*.c; commands.c lists them. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

extern const struct command cmd_audit, cmd_tui, cmd_show, cmd_check, cmd_simulate, cmd_draft, cmd_diff, cmd_approve, cmd_push, cmd_resume,
	cmd_verify, cmd_rollback, cmd_history, cmd_init, cmd_accounts, cmd_zones, cmd_list, cmd_explain;

#endif
