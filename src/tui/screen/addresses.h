/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A host's addresses in what room there is: as many as fit, the first one cut, and how many more there are; never nothing. Draws only. */
#ifndef TUI_ADDRESSES_H
#define TUI_ADDRESSES_H

#include "core/facts.h"
#include "tui/term/canvas.h"

void addresses_draw(struct pen *own, const struct host_facts *host); /* host NULL: nothing is known of it */

#endif
