/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A JSON text that is printed piece by piece, letter for letter as print_json() prints it whole: what is long need not be in memory at
 * once. Objects and arrays are opened and closed here; what is put into them are values. Writes to its stream and nothing else.
 */
#ifndef CLI_JSON_OUT_H
#define CLI_JSON_OUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct json_out { /* {.to = stream} */
	FILE *to;
	unsigned depth;
	bool any; /* the innermost one has something in it */
};

/* name: NULL in an array, and of the outermost. bracket: '{' or '['; the one that closes: '}' or ']'. */
void json_out_open(struct json_out *out, const char *name, char bracket);
void json_out_close(struct json_out *out, char bracket);
void json_out_put(struct json_out *out, const char *name, json_t *value); /* steals */

#endif
