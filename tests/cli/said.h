/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is printed to stdout from listen_to_stdout() on, and what a JSON value is, word by word. */
#ifndef TESTS_CLI_SAID_H
#define TESTS_CLI_SAID_H

#include <jansson.h>

void listen_to_stdout(void);
void said(const char *wanted);
/* Compact, members sorted by name; releases the value. */
void json_is(json_t *json, const char *wanted);

#endif
