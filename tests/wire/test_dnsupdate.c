/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <ldns/ldns.h>
#include <cmocka.h>

#include "../core/sets.h"
#include "wire/dnsupdate.h"

static bool build(const char *have_text, const char *want_text, struct str *out)
{
	struct mxset have, want;
	struct dname zone, owner;
	bool ok;

	mxset_init(&have);
	mxset_init(&want);
	set_from(&have, have_text);
	set_from(&want, want_text);
	assert_true(dname_parse(&zone, "exempel.com", NULL) && dname_parse(&owner, "post.exempel.com", NULL));
	str_init(out, 0);
	ok = dnsupdate_build(&(struct dnsupdate){ &zone, &owner, &have, &want }, 0x1234, out);
	mxset_release(&have);
	mxset_release(&want);
	return ok;
}

static void section_is(const ldns_rr_list *list, const char *want)
{
	char *text = ldns_rr_list2str(list);

	assert_string_equal(text, want);
	free(text);
}

/* What another's reader makes of it. */
static void dnsupdate_build__compares__and_replaces(void **state)
{
	static const struct {
		const char *have, *want, *conditions, *updates;
	} cases[] = {
		{ "300 10 mx1.exempel.com 20 mx2.exempel.net", "3600 5 mx3.exempel.com 10 mx1.exempel.com",
			"post.exempel.com.\t0\tNONE\tCNAME\t\\# 0\n"
			"post.exempel.com.\t0\tIN\tMX\t10 mx1.exempel.com.\n"
			"post.exempel.com.\t0\tIN\tMX\t20 mx2.exempel.net.\n",
			"post.exempel.com.\t0\tANY\tMX\t\\# 0\n"
			"post.exempel.com.\t3600\tIN\tMX\t5 mx3.exempel.com.\n"
			"post.exempel.com.\t3600\tIN\tMX\t10 mx1.exempel.com.\n" },
		{ "0", "2147483647 65535 mx1.exempel.com",
			"post.exempel.com.\t0\tNONE\tCNAME\t\\# 0\n"
			"post.exempel.com.\t0\tNONE\tMX\t\\# 0\n",
			"post.exempel.com.\t0\tANY\tMX\t\\# 0\n"
			"post.exempel.com.\t2147483647\tIN\tMX\t65535 mx1.exempel.com.\n" },
		{ "300 0 .", "0",
			"post.exempel.com.\t0\tNONE\tCNAME\t\\# 0\n"
			"post.exempel.com.\t0\tIN\tMX\t0 .\n",
			"post.exempel.com.\t0\tANY\tMX\t\\# 0\n" },
		{ "0", "300 0 .",
			"post.exempel.com.\t0\tNONE\tCNAME\t\\# 0\n"
			"post.exempel.com.\t0\tNONE\tMX\t\\# 0\n",
			"post.exempel.com.\t0\tANY\tMX\t\\# 0\n"
			"post.exempel.com.\t300\tIN\tMX\t0 .\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct str out;
		ldns_pkt *packet = NULL;

		assert_true(build(cases[i].have, cases[i].want, &out));
		assert_int_equal(ldns_wire2pkt(&packet, (const uint8_t *)out.s, out.len), LDNS_STATUS_OK);
		assert_int_equal(ldns_pkt_id(packet), 0x1234);
		assert_int_equal(ldns_pkt_get_opcode(packet), LDNS_PACKET_UPDATE);
		assert_int_equal(ldns_pkt_qr(packet), 0);
		assert_int_equal(ldns_pkt_rd(packet), 0);
		section_is(ldns_pkt_question(packet), "exempel.com.\tIN\tSOA\n");
		section_is(ldns_pkt_answer(packet), cases[i].conditions);
		section_is(ldns_pkt_authority(packet), cases[i].updates);
		assert_int_equal(ldns_pkt_arcount(packet), 0);
		ldns_pkt_free(packet);
		str_release(&out);
	}
}

static void dnsupdate_build__writes__these_bytes(void **state)
{
	static const char want[] = "\x12\x34\x28\0\0\1\0\2\0\2\0\0\7exempel\3com\0\0\6\0\1"
				   "\4post\7exempel\3com\0\0\5\0\xfe\0\0\0\0\0\0"
				   "\4post\7exempel\3com\0\0\x0f\0\xfe\0\0\0\0\0\0"
				   "\4post\7exempel\3com\0\0\x0f\0\xff\0\0\0\0\0\0"
				   "\4post\7exempel\3com\0\0\x0f\0\1\0\1\2\3\0\3\1\2\0";
	struct str out;

	(void)state;
	assert_true(build("0", "66051 258 .", &out));
	assert_int_equal(out.len, sizeof want - 1);
	assert_memory_equal(out.s, want, sizeof want - 1);
	str_release(&out);
}

static void dnsupdate_build__refuses__what_the_wire_cannot_carry(void **state)
{
	static const char *const bad[][2] = { { "0", "300 65536 mx1.exempel.com" }, { "300 65536 mx1.exempel.com", "0" },
		{ "0", "300 10 a..b" }, { "300 10 a..b", "0" }, { "0", "300 10 mx1.exempel.com 20 -" } };
	struct dname name, zone;
	struct mxset none, many;
	struct str out;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (build(bad[i][0], bad[i][1], &out))
			fail_msg("built: row %zu", i);
		str_release(&out);
	}
	/* 69 bytes for all but the new records, 18 each of those: just as long as a message can be, and a byte longer. */
	assert_true(dname_parse(&name, "a", NULL) && dname_parse(&zone, "abcdefghijkl", NULL));
	mxset_init(&none);
	mxset_init(&many);
	for (uint32_t i = 0; i < 3637; i++)
		mxset_append(&many, &(struct mx){ .preference = i, .host = name });
	str_init(&out, 0);
	assert_true(dnsupdate_build(&(struct dnsupdate){ &zone, &name, &none, &many }, 0, &out));
	assert_int_equal(out.len, 65535);
	str_clear(&out);
	assert_true(dname_parse(&zone, "abcdefghijklm", NULL));
	assert_false(dnsupdate_build(&(struct dnsupdate){ &zone, &name, &none, &many }, 0, &out));
	mxset_release(&many);
	str_release(&out);
}

static void dnsupdate_show__speaks__as_nsupdate(void **state)
{
	struct mxset have, want;
	struct dname zone, owner;
	struct str out;

	(void)state;
	mxset_init(&have);
	mxset_init(&want);
	assert_true(dname_parse(&zone, "exempel.com", NULL) && dname_parse(&owner, "post.exempel.com", NULL));
	str_init(&out, 0);
	set_from(&want, "3600 5 mx3.exempel.com 10 mx1.exempel.com");
	dnsupdate_show(&(struct dnsupdate){ &zone, &owner, &have, &want }, &out);
	assert_string_equal(out.s, "zone exempel.com.\n"
				   "prereq nxrrset post.exempel.com. CNAME\n"
				   "prereq nxrrset post.exempel.com. MX\n"
				   "update delete post.exempel.com. MX\n"
				   "update add post.exempel.com. 3600 MX 5 mx3.exempel.com.\n"
				   "update add post.exempel.com. 3600 MX 10 mx1.exempel.com.\n");
	str_clear(&out);
	dnsupdate_show(&(struct dnsupdate){ &zone, &owner, &want, &have }, &out);
	assert_string_equal(out.s, "zone exempel.com.\n"
				   "prereq nxrrset post.exempel.com. CNAME\n"
				   "prereq yxrrset post.exempel.com. MX 5 mx3.exempel.com.\n"
				   "prereq yxrrset post.exempel.com. MX 10 mx1.exempel.com.\n"
				   "update delete post.exempel.com. MX\n");
	mxset_release(&have);
	mxset_release(&want);
	str_release(&out);
}

static void dnsupdate_rcode_name__is__as_servers_write_it(void **state)
{
	static const char *const names[] = { "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET",
		"NXRRSET", "NOTAUTH", "NOTZONE", "RCODE11", "RCODE12", "RCODE13", "RCODE14", "RCODE15" };

	(void)state;
	for (int i = 0; i < 16; i++)
		assert_string_equal(dnsupdate_rcode_name(i), names[i]);
	assert_string_equal(dnsupdate_rcode_name(RCODE_NXRRSET), "NXRRSET");
	assert_string_equal(dnsupdate_rcode_name(RCODE_NOTAUTH), "NOTAUTH");
	assert_string_equal(dnsupdate_rcode_name(RCODE_REFUSED), "REFUSED");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dnsupdate_build__compares__and_replaces),
		cmocka_unit_test(dnsupdate_build__writes__these_bytes),
		cmocka_unit_test(dnsupdate_build__refuses__what_the_wire_cannot_carry),
		cmocka_unit_test(dnsupdate_show__speaks__as_nsupdate),
		cmocka_unit_test(dnsupdate_rcode_name__is__as_servers_write_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
