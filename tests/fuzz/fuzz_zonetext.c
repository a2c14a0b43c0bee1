/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A zone file as anybody may have written it: where it can be read and rewritten, reading again gives what was wanted. */
#include <stdlib.h>

#include "wire/zonetext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void); /* the sanitizer's own name */

/* ldns 1.8.3 forgets the words of an IPSECKEY record that it cannot read; a record that we forget is still found, by its ldns_rr. The
 * sanitizer sees no further than two calls into ldns, where it keeps no frame pointers. */
const char *__lsan_default_suppressions(void)
{
	return "leak:ldns_str2rdf_ipseckey\nleak:ldns_rdf_new_frm_data\n";
}

static void rewrite(const struct zonetext *in, struct mxset *set)
{
	struct zonetext made = *in;
	struct zonetext_view view = { 0 };
	struct mxset again;
	struct mx mx = { 0 };
	struct str out = { 0 };
	struct err err = { 0 };

	mxset_init(&again);
	mx_set(&mx, 77, "mx77.example.net");
	mxset_add(set, &mx);
	set->ttl_s = 3600;
	if (zonetext_view(in, &view, &err) && zonetext_replace_mx(in, &view, &(struct zonetext_edit){ .set = set }, &out, &err)) {
		made.text = out.s;
		made.len = out.len;
		if (!zonetext_read_mx(&made, &again, &err) || again.n != set->n)
			abort();
	}
	zonetext_view_release(&view);
	mxset_release(&again);
	str_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zoneworld *world = zoneworld_new();
	struct dname zone = { 0 };
	struct mxset set;
	struct err err = { 0 };
	const char *text = size > 0 ? (const char *)data : "";
	const struct zonetext in = { .text = text, .len = size, .zone = &zone, .owner = &zone };

	mxset_init(&set);
	dname_parse(&zone, "example.com", NULL);
	if (zoneworld_add(world, "fuzz", text, size, &err)) {
		struct dns_question question = { .name = zone, .type = DNS_MX };
		struct dns_answer answer = { 0 };

		zoneworld_ask(world, &question, &answer);
		dns_answer_release(&answer);
	}
	if (zonetext_read_mx(&in, &set, &err))
		rewrite(&in, &set);
	mxset_release(&set);
	zoneworld_free(world);
	return 0;
}
