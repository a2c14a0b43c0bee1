/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the checks' files share: the text of a target, what is known of a host, a fix. Knows no single rule. For check/ alone.
 */
#ifndef CHECK_RULES_H
#define CHECK_RULES_H

#include "check/check.h"
#include "check/index.h"
#include "base/text.h"
#include "sim/sender/sender.h"

#define TARGET_TEXT_MAX 320

/* The target as it was typed: labels joined by dots, unescaped, or `odd`. Zero bytes are shown as '?'. */
const char *target_text(const struct mx *mx, char out[TARGET_TEXT_MAX]);
bool target_is_address(const struct mx *mx); /* an IPv4, IPv6 or bracketed literal */
bool target_is_pasted(const struct mx *mx);  /* a URL, a mail address, a quoted or spaced text */
/* A name that a lookup can be made of: neither null, odd, an address nor something pasted. */
bool target_is_name(const struct mx *mx);
bool name_is_ldh(const struct dname *name);         /* letters, digits and inner hyphens alone */
bool name_is_proxy_mark(const struct dname *name);  /* what Cloudflare puts in the place of a target that it proxies */
bool name_has_idna_fault(const struct dname *name); /* raw bytes of another script, or an xn-- label that encodes nothing */
bool name_ends_in_digits(const struct dname *name); /* its last label is a number */
/* Is the target of record i such a name? */
bool record_is_name(const struct check_input *in, size_t i);
/* And is it the first record of its host? */
bool record_is_new(const struct check_input *in, size_t i);
/* How many different hosts the set names. */
size_t set_hosts(const struct check_input *in);
#define SPF_MX_MAX 10 /* MX records of a name that an SPF record says "mx" of (RFC 7208 section 4.6.4) */
const struct host_facts *record_host(const struct check_input *in, size_t i); /* what is known of its host, or NULL */
const struct tlsa_facts *record_tlsa(const struct check_input *in, size_t i); /* the same of its TLSA records */
/* Is record i the first of its host? */
bool target_is_first(const struct check_input *in, size_t i);
size_t target_find(const struct check_input *in, const struct dname *host); /* its first record, or the set's n */
const struct preset *set_hoster(const struct check_input *in);              /* whose set it is, or NULL */
const struct preset *record_hoster(const struct check_input *in, size_t i); /* whose mail server record i names, or NULL */
/* Has nobody registered the domain that the target lies in? */
bool target_is_dangling(const struct check_input *in, const struct mx *mx);
bool set_should_be_null(const struct check_input *in); /* no MX, an address, and SPF says that nobody sends */
/* Does another check say what is wrong with this name, so that it need not be said that it does not exist? */
bool target_is_explained(const struct check_input *in, const struct mx *mx);
/* "Postfix 3.7, dma 0.13": the built-in senders that `has` picks, by their titles. str is initialised here. */
void senders_list(bool (*has)(const struct sender *sender, size_t n), size_t n, struct str *out);
struct preset;
/* Does the record, or what it includes, name what the preset's hoster sends by? */
bool spf_names_hoster(const struct spf_facts *spf, const struct preset *row);
/* Is the mail domain under a name that is set apart for use inside, and so its mail too? */
bool domain_is_inside(const struct check_input *in);
/* Do all addresses of the set lie in nets for documentation? */
bool set_is_example(const struct check_input *in);
/* "10 a.example, 20 b.example", or a word for none; cut where it is long. */
#define SET_TEXT_MAX 256
const char *set_text(const struct mxset *set, char out[SET_TEXT_MAX]);

/* A network's address, for tables; of IPv6 its first three groups. */
/* clang-format off */
#define NET4(a, b, c, d) { 4, { a, b, c, d } }
#define NET6(a, b, c) { 6, { (a) >> 8, (a) & 255, (b) >> 8, (b) & 255, (c) >> 8, (c) & 255 } }
#define NET_LOOPBACK6 { 6, { [15] = 1 } }
/* clang-format on */

/* What is known of a host: its addresses, or that it has none. */
enum known { KNOWN, KNOWN_NOT, KNOWN_LATER };
enum known host_known(const struct check_input *in, const struct dname *host, const struct host_facts **facts);
enum known record_known(const struct check_input *in, size_t i, const struct host_facts **facts); /* of record i's host */
/* What is known by the answer to a question. */
enum known answer_known(enum answer answer);

/* Which hosts a check could not see; makes one "not checked" row, or none. Begin with {0}. */
struct unknown {
	size_t n;
	bool later;
	struct dname host;
};
void unknown_count(struct unknown *unknown, enum known known, const struct dname *host);
void unknown_skip(const struct unknown *unknown, const struct check *check, struct findings *out);

typedef void (*host_fn)(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct host_facts *host, struct findings *out);
/* Calls fn once for each host of which all is known; one "not checked" row for the rest. */
void each_host(const struct check *check, const struct check_input *in, host_fn fn, struct findings *out);

/* Sets finding->fix, or leaves it empty where it does not fit. */
void finding_fix(struct finding *finding, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "remove HOST", where another record stays. */
void finding_fix_remove(struct finding *finding, const struct check_input *in);

#endif
