/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hands on the interface without a terminal: the demo world opened, keys pressed, answers typed, the loop run until all is quiet. */
#ifndef TESTS_TUI_HANDS_H
#define TESTS_TUI_HANDS_H

#include "tui/ui.h"

extern struct app app;
extern struct ui ui;

void driver_changed(void *data); /* what ui_hooks.changed is */
void open_demo(const char *domain);
void close_demo(void);
void configure(const char *text);                             /* more of the configuration, for what is asked from now on */
void settle(void);                                            /* until nothing is asked, read, pushed or tried; fails after five seconds */
void press(const char *name);                                 /* one key, and no frame after it */
void keys(const char *names);                                 /* "j j Enter" */
void answer(const char *text);                                /* to the prompt that is open, in place of what stands in it */
void draw(void);                                              /* at 100x30 */
void add_roles(const struct canvas *canvas, struct str *out); /* a letter a cell, a line a row */
bool shows(const char *words);                                /* drawn so */
bool shows_at(int width, int height, const char *words);
/* The row of the screen that these words stand in, from 0 on; -1: none. */
int line_of(int width, int height, const char *words);

#endif
