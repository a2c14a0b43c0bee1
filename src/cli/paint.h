/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names as they are printed, and how much the terminal can show. */
#ifndef CLI_PAINT_H
#define CLI_PAINT_H

#include "cli/command.h"
#include "core/dname.h"

void paint_name(struct str *out, const struct dname *name); /* for people, escaped */
bool paint_ascii(const struct call *call);                  /* --ascii, or a locale without UTF-8 */

#endif
