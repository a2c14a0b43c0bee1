/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a command is: a row with its words, its options and its function. The rows feed the parser, help, completion and manual.
 * A call is one command line, parsed; its texts are argv's. A command is one file cmd_*.c and one line in commands.c.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "app/app.h"

struct option_row {
	const char *name;    /* "--json"; NULL ends a table */
	char letter;         /* 'o' for -o, or 0 */
	const char *operand; /* "FILE"; NULL: the option takes none */
	const char *help;    /* N_() */
};

struct option_value {
	const struct option_row *row;
	const char *value;
};

struct call {
	const struct command *command; /* never NULL after parsing: the interface when none was named */
	size_t n, cap;
	const char **operand;
	size_t n_value, cap_value;
	struct option_value *value;
	bool json, help, version;
	struct app app; /* open while the command runs, where it needs one */
};

#define COMMAND_NAME 32 /* bytes of a name, at most */

enum command_needs { NEEDS_APP = 1 };

struct command {
	const char *name;
	const char *operands; /* "DOMAIN EDIT..." */
	size_t min, max;      /* number of operands; max 0: as min */
	unsigned flags;
	const char *help;                               /* N_(): one line */
	const char *text;                               /* N_(): paragraphs, parted by an empty line */
	const struct option_row *options;               /* its own; or NULL */
	int (*run)(struct call *call, struct err *err); /* exit status, or -1 with err */
};

extern const struct command *const commands[]; /* ends with NULL; the interface first */
extern const struct option_row global_options[];
const struct command *command_find(const char *name);
const struct command *command_interface(void);

/* argv[0] is skipped. ERR_USAGE. call is overwritten; release it in any case. */
bool call_parse(struct call *call, int argc, char *argv[], struct err *err);
void call_release(struct call *call);
bool call_has(const struct call *call, const char *option);
const char *call_get(const struct call *call, const char *option);              /* the last one's value, or NULL */
const char *call_get_at(const struct call *call, const char *option, size_t i); /* the i-th one's, or NULL */

/* For a command that needs the app at times only; such a one closes it. */
bool call_open_app(struct call *call, struct err *err);

/* Parses and runs; says errors; the program's exit status. */
int cli_run(int argc, char *argv[]);

#endif
