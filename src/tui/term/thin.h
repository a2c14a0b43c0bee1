/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What curses says twice between two frames: that a colour ends, before all attributes and colours do (SGR 0, ECMA-48), and which set of
 * characters is meant, though no other one ever is. Not for a frame that is drawn anew: there it undoes what another program left.
 */
#ifndef TUI_TERM_THIN_H
#define TUI_TERM_THIN_H

#include "base/str.h"

void thin_frame(struct str *frame);

#endif
