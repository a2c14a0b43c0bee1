/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside rfc2136: its steps (rfc2136.c) and what an answer is worth (rfc2136_answer.c). */
#ifndef PROVIDER_RFC2136_H
#define PROVIDER_RFC2136_H

#include "provider/provider.h"
#include "provider/tsig.h"
#include "wire/dnswire.h"

/* The TSIG key of the account. ERR_USAGE. */
bool rfc2136_key(const struct provider_account *account, struct tsig_key *key, struct err *err);

enum tsig rfc2136_verify(const struct reply *reply, int64_t *server_time); /* as tsig_verify() */
void rfc2136_judge(const struct reply *reply, struct verdict *verdict);
/* The error of an answer that is not accepted. Always STEP_FAILED. */
enum step rfc2136_fail(const struct provider_run *run, const struct reply *reply, enum meaning meaning, struct err *err);
/* The records of an answer to a question; false with err where it is none to go by. The caller releases answer either way. */
bool rfc2136_take(const struct provider_run *run, const struct reply *reply, struct dns_answer *answer, struct err *err);

#endif
