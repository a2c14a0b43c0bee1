/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the checks' files share: the text of a target, what is known of a host, a fix. Knows no single rule. For check/ alone.
 */
#ifndef CHECK_RULES_H
#define CHECK_RULES_H

#include "check/check.h"
#include "check/index.h"

#define TARGET_TEXT_MAX 320

/* The target as it was typed: labels joined by dots, unescaped, or `odd`. Zero bytes are shown as '?'. */
const char *target_text(const struct mx *mx, char out[TARGET_TEXT_MAX]);
bool target_is_address(const struct mx *mx); /* an IPv4, IPv6 or bracketed literal */
bool target_is_pasted(const struct mx *mx);  /* a URL, a mail address, a quoted or spaced text */
/* A name that a look-up can be made of: neither null, odd, an address nor something pasted. */
bool target_is_name(const struct mx *mx);
/* Is record i the first of its host? */
bool target_is_first(const struct check_input *in, size_t i);
size_t target_find(const struct check_input *in, const struct dname *host); /* its first record, or the set's n */
const struct preset *set_hoster(const struct check_input *in);              /* whose set it is, or NULL */

/* What is known of a host: its addresses, or that it has none. */
enum known { KNOWN, KNOWN_NOT, KNOWN_LATER };
enum known host_known(const struct check_input *in, const struct dname *host, const struct host_facts **facts);
/* Of the domain's own MX answer. */
enum known answer_known(enum answer answer);

/* Which hosts a check could not see; makes one "not checked" row, or none. Begin with {0}. */
struct unknown {
	size_t n;
	bool later;
	struct dname host;
};
void unknown_count(struct unknown *unknown, enum known known, const struct dname *host);
void unknown_skip(const struct unknown *unknown, const struct check *check, struct findings *out);

/* Sets finding->fix, or leaves it empty where it does not fit. */
void finding_fix(struct finding *finding, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "remove HOST", where another record stays. */
void finding_fix_remove(struct finding *finding, const struct check_input *in);

#endif
