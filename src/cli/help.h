/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help, manual page and completion, all made from the tables of commands, options, edits, topics and settings. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdio.h>

#include "cli/command.h"

void help_program(FILE *to);
void help_command(FILE *to, const struct command *command);
void help_manual(FILE *to, void (*keys)(FILE *to)); /* roff; keys writes the interface's actions, row by row */
void help_manual_config(FILE *to);
void help_manual_senders(FILE *to);
void help_roff(FILE *to, const char *text);       /* a paragraph */
void help_roff_lines(FILE *to, const char *text); /* lines that stay as they are, between .nf and .fi */
void help_manual_row(FILE *to, const char *name, const char *more, const char *help);
bool help_completion(FILE *to, const char *shell); /* bash, zsh or fish; false: another */

/* A member of a command's JSON object, for the manual. */
struct json_row {
	const char *command, *member, *help;
};
extern const struct json_row json_rows[]; /* ends with NULL */

extern const char manual_config_example[]; /* a whole configuration file */

#endif
