/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the gates' files share. Only gate*.c include this. */
#ifndef APP_GATE_PRIVATE_H
#define APP_GATE_PRIVATE_H

#include "app/gate.h"

struct msg *gate_add(struct gates *out, const char *id, enum gate_answer answer);
enum gate_answer gate_has_address(const struct facts *facts, const struct dname *host);
bool gate_is_host(const struct mx *mx);

/* gate_cover.c */
void gate_ask_sts(const struct gate_row *row, const struct gate_input *in, struct gates *out);
void gate_ask_dane(const struct gate_row *row, const struct gate_input *in, struct gates *out);

#endif
