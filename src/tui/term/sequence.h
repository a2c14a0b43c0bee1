/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which key a whole sequence means: Esc [ or Esc O, its parameters and its last character, as xterm, PuTTY, screen, rxvt, the consoles of
 * Linux and Sun and their like send them. Knows no terminal's name and no state. Pure.
 */
#ifndef TUI_TERM_SEQUENCE_H
#define TUI_TERM_SEQUENCE_H

#include <stdint.h>

/* The parameters as numbers, up to three: how many there are; -1 where there is more than such numbers. */
int sequence_numbers(const char *text, unsigned len, unsigned value[3]);

/* KEYCODE_NONE: it means nothing here. */
uint32_t sequence_csi_key(const char *text, unsigned len, char final);
uint32_t sequence_ss3_key(const char *text, unsigned len, char final);

#endif
