/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Within must: how each form is judged. The set is known when these are called. */
#ifndef CHECK_MUST_JUDGE_H
#define CHECK_MUST_JUDGE_H

#include "check/must.h"

enum must_answer must_judge_survives(const struct must *must, const struct must_input *input, struct msg *why);
enum must_answer must_judge_ttl_most(const struct must *must, const struct must_input *input, struct msg *why);
enum must_answer must_judge_ttl_least(const struct must *must, const struct must_input *input, struct msg *why);
enum must_answer must_judge_hosts(const struct must *must, const struct must_input *input, struct msg *why);
enum must_answer must_judge_networks(const struct must *must, const struct must_input *input, struct msg *why);
enum must_answer must_judge_sts(const struct must *must, const struct must_input *input, struct msg *why);
enum must_answer must_judge_hoster(const struct must *must, const struct must_input *input, struct msg *why);
enum must_answer must_judge_dnssec(const struct must *must, const struct must_input *input, struct msg *why);
enum must_answer must_judge_no(const struct must *must, const struct must_input *input, struct msg *why);

#endif
