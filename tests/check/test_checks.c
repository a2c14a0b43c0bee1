/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each check over rows of sets: where it speaks, how loud, what it would mend; and where it keeps still. */
#include "scene.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "check/lint.h"

#define LABEL63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
#define GOOD "mx1.exempel.com 5.9.0.1 2a01::1|mx2.exempel.com 5.9.1.2|mx3.exempel.com 5.9.2.3"

enum speaks { QUIET, ERROR, WARNING, NOTICE, INFO, SKIPPED };

static const struct row {
	const char *id, *records, *world;
	enum speaks speaks;
	const char *fix; /* NULL: any */
} rows[] = {
	{ "pref-range", "65536 mx1.exempel.com", "", ERROR, "" },
	{ "pref-range", "65535 mx1.exempel.com|0 mx2.exempel.com", "", QUIET, NULL },
	{ "target-empty", "10 ", "", ERROR, "" },
	{ "target-empty", "0 .", "", QUIET, NULL },
	{ "target-ip", "10 192.0.2.1", "", ERROR, "" },
	{ "target-ip", "10 [192.0.2.1]", "", ERROR, "" },
	{ "target-ip", "10 2001:db8::25", "", ERROR, "" },
	{ "target-ip", "10 [IPv6:2001:db8::25]", "", ERROR, "" },
	{ "target-ip", "10 192.0.2.1.exempel.com", "", QUIET, NULL },
	{ "target-ip", "10 192.0.2.300", "", QUIET, NULL },
	{ "target-length", "10 x" LABEL63 ".exempel.com", "", ERROR, "" },
	{ "target-length", "10 " LABEL63 "." LABEL63 "." LABEL63 "." LABEL63, "", ERROR, "" },
	{ "target-length", "10 mx1..exempel.com", "", ERROR, "" },
	{ "target-length", "10 " LABEL63 ".exempel.com", "", QUIET, NULL },
	{ "target-ldh", "10 mx_1.exempel.com", "", NOTICE, "" },
	{ "target-ldh", "10 mx_1-.exempel.com", "", WARNING, "" },
	{ "target-ldh", "10 _dc-mx.1a2b3c4d5e6f.exempel.com", "", QUIET, NULL },
	{ "target-ldh", "10 xn--a.exempel.com|20 m\\195\\188x.exempel.com", "", QUIET, NULL },
	{ "target-ldh", "10 -mx.exempel.com", "", WARNING, "" },
	{ "target-ldh", "10 mx-.exempel.com", "", WARNING, "" },
	{ "target-ldh", "10 m-x.exempel.com|20 xn--bcher-kva.exempel.com", "", QUIET, NULL },
	{ "target-ldh", "10 https://mx1.exempel.com/", "", QUIET, NULL },
	{ "target-ldh", "0 .", "", QUIET, NULL },
	{ "numeric-tld", "10 192.0.2.300", "", ERROR, "" },
	{ "numeric-tld", "10 mx.1", "", ERROR, "" },
	{ "numeric-tld", "10 192.0.2.30", "", QUIET, NULL },
	{ "numeric-tld", "10 mx.a1", "", QUIET, NULL },
	{ "zone-doubled", "10 mx1.exempel.com.exempel.com", "", ERROR, "rename mx1.exempel.com.exempel.com mx1.exempel.com" },
	{ "zone-doubled", "10 mx1.exempel.com.exempel.com", "mx1.exempel.com.exempel.com !", ERROR, NULL },
	{ "zone-doubled", "10 mx1.exempel.com.exempel.com", "mx1.exempel.com.exempel.com 5.9.0.1", WARNING, NULL },
	{ "zone-doubled", "10 exempel.com.exempel.com", "", ERROR, "rename exempel.com.exempel.com exempel.com" },
	{ "zone-doubled", "10 mx1.exempel.com|20 exempel.com|30 mx.com.exempel.com", "", QUIET, NULL },
	{ "pasted-url", "10 https://mx1.exempel.com/", "", ERROR, "rename https://mx1.exempel.com/ mx1.exempel.com" },
	{ "pasted-url", "10 smtp://mx1.exempel.com:25", "", ERROR, "rename smtp://mx1.exempel.com:25 mx1.exempel.com" },
	{ "pasted-url", "10 mx1.exempel.com:25", "", ERROR, "rename mx1.exempel.com:25 mx1.exempel.com" },
	{ "pasted-url", "10 post@exempel.com", "", ERROR, "rename post\\@exempel.com exempel.com" },
	{ "pasted-url", "10 10 mx1.exempel.com", "", QUIET, NULL },
	{ "pref-in-target", "10 10 mx1.exempel.com", "", ERROR, "rename 10\\032mx1.exempel.com mx1.exempel.com" },
	{ "pref-in-target", "10 70000  mx1.exempel.com", "", ERROR, NULL },
	{ "pref-in-target", "10 mx 1.exempel.com|20 10mx.exempel.com|30 https://mx1.exempel.com/", "", QUIET, NULL },
	{ "pasted-url", "10 \"mx1.exempel.com\"", "", ERROR, NULL },
	{ "pasted-url", "10 <mx1.exempel.com>,", "", ERROR, "rename <mx1.exempel.com>, mx1.exempel.com" },
	{ "pasted-url", "10 'mx1.exempel.com';", "", ERROR, "rename 'mx1.exempel.com'\\; mx1.exempel.com" },
	{ "pasted-url", "10 2001:db8::25", "", QUIET, NULL },
	{ "pasted-url", "10 mx1.exempel.com", "", QUIET, NULL },
	{ "single-label", "10 mail", "", ERROR, "rename mail mail.exempel.com" },
	{ "single-label", "10 localhost", "", ERROR, "" },
	{ "single-label", "10 mx1.exempel.com|20 .", "", QUIET, NULL },
	{ "reserved-tld", "10 mx.test", "", ERROR, "" },
	{ "reserved-tld", "10 mx.kontor.local", "", ERROR, "" },
	{ "reserved-tld", "10 mx.internal", "", ERROR, "" },
	{ "reserved-tld", "10 mx.invalid", "", ERROR, "" },
	{ "reserved-tld", "10 mx.example", "", ERROR, "" },
	{ "reserved-tld", "10 a.localhost", "", ERROR, "" },
	{ "reserved-tld", "10 a.onion", "", ERROR, "" },
	{ "reserved-tld", "10 mx.alt", "", ERROR, "" },
	{ "reserved-tld", "10 mx.home.arpa", "", ERROR, "" },
	{ "reserved-tld", "10 mx.kontor.service.arpa", "", ERROR, "" },
	{ "reserved-tld", "10 mx.home.arpa.exempel.com|20 mx.arpa|30 mx.athome.arpa", "", QUIET, NULL },
	{ "reserved-tld", "10 ms1234.msv1.invalid", "", QUIET, NULL },
	{ "reserved-tld", "10 mx.example.com|20 mx.local.se", "", QUIET, NULL },
	{ "dup-host", "10 mx1.exempel.com|20 MX1.exempel.com.", "", WARNING, "remove mx1.exempel.com@20" },
	{ "dup-host", "10 .|20 .", "", QUIET, NULL },
	{ "dup-host", "10 mx1.exempel.com|10 mx1.exempel.com", "", QUIET, NULL },
	{ "dup-record", "10 mx1.exempel.com|10 MX1.EXEMPEL.COM|10 mx1.exempel.com", "", ERROR, "remove mx1.exempel.com@10" },
	{ "dup-record", "10 mx1.exempel.com|20 mx1.exempel.com", "", QUIET, NULL },
	{ "null-mixed", "0 .|10 mx1.exempel.com", "", ERROR, "remove ." },
	{ "null-mixed", "0 .", "", QUIET, NULL },
	{ "null-pref", "10 .", "", ERROR, "null-mx" },
	{ "null-pref", "10 .|20 mx1.exempel.com", "", ERROR, "prefer . 0" },
	{ "null-pref", "0 .", "", QUIET, NULL },
	{ "implicit-mx", "", "exempel.com 5.9.0.1", WARNING, "add 10 exempel.com" },
	{ "implicit-mx", "", "exempel.com", QUIET, NULL },
	{ "implicit-mx", "", "", SKIPPED, NULL },
	{ "implicit-mx", "10 mx1.exempel.com", "exempel.com 5.9.0.1", QUIET, NULL },
	{ "undeliverable", "", "exempel.com", ERROR, "" },
	{ "undeliverable", "", "exempel.com 5.9.0.1", QUIET, NULL },
	{ "undeliverable", "", "exempel.com ?", SKIPPED, NULL },
	{ "undeliverable", "0 .", "exempel.com", QUIET, NULL },
	{ "target-cname", "10 r.exempel.net|20 mx1.exempel.com", "r.exempel.net ->b.exempel.net 5.9.0.1|mx1.exempel.com 5.9.0.2", ERROR,
		"rename r.exempel.net b.exempel.net" },
	{ "target-cname", "10 r.exempel.net|20 b.exempel.net", "r.exempel.net ->b.exempel.net 5.9.0.1|b.exempel.net 5.9.0.1", ERROR,
		"remove r.exempel.net" },
	/* where the other name is known to lead nowhere, it is no better */
	{ "target-cname", "10 r.exempel.net|20 mx1.exempel.com", "r.exempel.net ->b.exempel.net !|mx1.exempel.com 5.9.0.2", ERROR,
		"remove r.exempel.net" },
	{ "target-cname", "10 r.exempel.net", "r.exempel.net ->b.exempel.net", ERROR, "" },
	{ "target-cname", "10 r.exempel.net|20 mx1.exempel.com", "r.exempel.net ->b.exempel.net ?|mx1.exempel.com 5.9.0.2", ERROR,
		"rename r.exempel.net b.exempel.net" },
	{ "target-cname", "10 r.exempel.net", "r.exempel.net ->b.exempel.net ~", ERROR, "rename r.exempel.net b.exempel.net" },
	{ "target-cname", "10 r.exempel.net", "r.exempel.net ->b.exempel.net @", ERROR, "" },
	{ "target-cname", "10 mx1.exempel.com", GOOD, QUIET, NULL },
	{ "target-cname", "10 mx9.exempel.com", GOOD, SKIPPED, NULL },
	{ "target-cname", "10 mx1.exempel.com", "mx1.exempel.com ~", SKIPPED, NULL },
	{ "target-nxdomain", "10 mx1.exempel.com|20 mx2.exempel.com", "mx1.exempel.com !|mx2.exempel.com 5.9.0.1", ERROR,
		"remove mx1.exempel.com" },
	{ "target-nxdomain", "10 mx1.exempel.com", "mx1.exempel.com !", ERROR, "" },
	{ "target-nxdomain", "10 mx1.exempel.com", "mx1.exempel.com ->x.exempel.net !", ERROR, "" },
	/* a final dot that was forgotten */
	{ "target-nxdomain", "10 mx.backup.net.exempel.com", "mx.backup.net.exempel.com !|mx.backup.net 5.9.0.1", ERROR,
		"rename mx.backup.net.exempel.com mx.backup.net" },
	{ "target-nxdomain", "10 mx.backup.net.exempel.com", "mx.backup.net.exempel.com !", ERROR, "" },
	/* a typing error in a hoster's name */
	{ "target-nxdomain", "1 smtp.gogle.com", "smtp.gogle.com !", ERROR, "rename smtp.gogle.com smtp.google.com" },
	{ "target-nxdomain", "10 mx1.exempel.com", "mx1.exempel.com", QUIET, NULL },
	{ "target-nxdomain", "10 mx1.exempel.com", "mx1.exempel.com ?", SKIPPED, NULL },
	/* another check says what is wrong with these */
	{ "target-nxdomain", "10 ms1234.msv1.invalid", "ms1234.msv1.invalid !", QUIET, NULL },
	{ "target-nxdomain", "10 mx.kontor.local|20 mail", "mx.kontor.local !|mail !", QUIET, NULL },
	{ "target-nxdomain", "10 mx1.exempel.com.exempel.com|20 mx.1", "mx1.exempel.com.exempel.com !|mx.1 !", QUIET, NULL },
	{ "target-no-address", "10 mx1.exempel.com|20 mx2.exempel.com", "mx1.exempel.com|mx2.exempel.com 5.9.0.1", ERROR,
		"remove mx1.exempel.com" },
	{ "target-no-address", "10 mx1.exempel.com", "mx1.exempel.com !", QUIET, NULL },
	{ "target-no-address", "10 mx1.exempel.com", "mx1.exempel.com 2a01::1", QUIET, NULL },
	{ "target-servfail", "10 mx1.exempel.com|20 mx2.exempel.com", "mx1.exempel.com ?|mx2.exempel.com 5.9.0.1", WARNING, "" },
	{ "target-servfail", "10 mx1.exempel.com|20 mx2.exempel.com", GOOD, QUIET, NULL },
	{ "target-servfail", "10 mx1.exempel.com", "mx1.exempel.com !", QUIET, NULL },
	{ "target-servfail", "10 mx1.exempel.com", "mx1.exempel.com *", QUIET, NULL },
	{ "target-servfail", "10 mx1.exempel.com", "mx1.exempel.com ~", SKIPPED, NULL },
	{ "slow-name", "10 mx1.exempel.com|20 mx2.exempel.com", "mx1.exempel.com *|mx2.exempel.com 5.9.0.1", WARNING, "" },
	{ "slow-name", "10 mx1.exempel.com", "mx1.exempel.com ?", QUIET, NULL },
	{ "slow-name", "10 mx1.exempel.com|20 mx2.exempel.com", GOOD, QUIET, NULL },
	{ "slow-name", "10 mx1.exempel.com", "", SKIPPED, NULL },
	{ "special-address", "10 mx1.exempel.com", "mx1.exempel.com 10.1.2.3", ERROR, "" },
	{ "special-address", "10 mx1.exempel.com", "mx1.exempel.com 127.0.0.1", ERROR, "" },
	{ "special-address", "10 mx1.exempel.com", "mx1.exempel.com 100.64.0.1", ERROR, "" },
	{ "special-address", "10 mx1.exempel.com", "mx1.exempel.com ::ffff:5.9.0.1", QUIET, NULL },
	{ "special-address", "10 mx1.exempel.com", "mx1.exempel.com 64:ff9b:1::1", ERROR, "" },
	{ "special-address", "10 mx1.exempel.com", "mx1.exempel.com 2001:2::1", ERROR, "" },
	{ "special-address", "10 mx1.exempel.com", "mx1.exempel.com 5f00::1", ERROR, "" },
	{ "special-address", "10 mx1.exempel.com", "mx1.exempel.com 64:ff9b:2::1 2001:3::1 5f01::1", QUIET, NULL },
	{ "v4-mapped", "10 mx1.exempel.com", "mx1.exempel.com 5.9.0.1 ::ffff:5.9.0.1", ERROR, "" },
	{ "v4-mapped", "10 mx1.exempel.com", "mx1.exempel.com 5.9.0.1 ::fffe:5.9.0.1 ::1:5.9.0.1 ::1 ::", QUIET, NULL },
	{ "v4-mapped", "10 mx1.exempel.com", "mx1.exempel.com ::5.9.0.1", ERROR, "" },
	{ "special-address", "10 mx1.exempel.com", "mx1.exempel.com fec0::1", ERROR, "" },
	{ "special-address", "10 mx1.exempel.com", "mx1.exempel.com feff:ffff::1", ERROR, "" },
	{ "special-address", "10 mx1.exempel.com", "mx1.exempel.com 100:0:0:1::1", ERROR, "" },
	{ "special-address", "10 mx1.exempel.com", "mx1.exempel.com 100:0:0:2::1 ::5.9.0.1", QUIET, NULL },
	{ "special-address", "10 mx1.exempel.com", "mx1.exempel.com 224.0.0.1", ERROR, "" },
	{ "special-address", "10 mx1.exempel.com", "mx1.exempel.com 5.9.0.1 fe80::1", ERROR, "" },
	{ "special-address", "10 mx1.exempel.com", "mx1.exempel.com 5.9.0.1 fd00::1", ERROR, "" },
	{ "special-address", "10 mx1.exempel.com|20 mx2.exempel.com", "mx1.exempel.com 192.0.2.1|mx2.exempel.com 5.9.0.1", ERROR, "" },
	{ "special-address", "10 mx1.exempel.com", "mx1.exempel.com 192.0.2.1 2001:db8::1", INFO, "" },
	{ "special-address", "10 mx1.exempel.com|20 mx2.exempel.com", GOOD, QUIET, NULL },
	{ "same-address", "10 mx1.exempel.com|20 mx9.exempel.com", "mx1.exempel.com 5.9.0.1|mx9.exempel.com 5.9.0.9 5.9.0.1", WARNING, "" },
	{ "same-address", "10 mx1.exempel.com|20 mx1.exempel.com|30 mx2.exempel.com", GOOD, QUIET, NULL },
	{ "same-address", "10 mx1.exempel.com|20 mx9.exempel.com", "mx1.exempel.com 5.9.0.1|mx9.exempel.com 5.9.0.9", QUIET, NULL },
	{ "same-address", "10 mail.protonmail.ch|20 mailsec.protonmail.ch", "mail.protonmail.ch 5.9.0.1|mailsec.protonmail.ch 5.9.0.1",
		QUIET, NULL },
	{ "same-address", "10 mx1.exempel.com|20 a.exempel.com", "mx1.exempel.com 5.9.0.1|a.exempel.com ->mx1.exempel.com 5.9.0.1", QUIET,
		NULL }, /* an alias, as target-cname says */
	{ "same-address", "10 a.exempel.com|20 b.exempel.com",
		"a.exempel.com ->c.exempel.com 5.9.0.1|b.exempel.com ->c.exempel.com 5.9.0.1", QUIET, NULL },
	{ "same-address", "10 a.exempel.com|20 b.exempel.com",
		"a.exempel.com ->c.exempel.com 5.9.0.1|b.exempel.com ->d.exempel.com 5.9.0.1", WARNING, "" },
	/* one hoster's, beside an own server */
	{ "same-address", "5 mx1.exempel.com|10 mx1.privateemail.com|10 mx2.privateemail.com",
		"mx1.exempel.com 5.9.0.1|mx1.privateemail.com 5.9.1.1|mx2.privateemail.com 5.9.1.1", QUIET, NULL },
	{ "same-address", "5 mx1.exempel.com|10 mx1.privateemail.com", "mx1.exempel.com 5.9.1.1|mx1.privateemail.com 5.9.1.1", WARNING,
		"" },
	{ "same-net", "10 mx1.exempel.com|20 mx9.exempel.com", "mx1.exempel.com 5.9.0.1|mx9.exempel.com 5.9.0.9", NOTICE, "" },
	{ "same-net", "10 mx1.exempel.com|20 mx9.exempel.com", "mx1.exempel.com 5.9.0.1 2a01:1:2::1|mx9.exempel.com 5.9.0.9 2a01:1:2:9::1",
		NOTICE, "" },
	{ "same-net", "10 mx1.exempel.com|20 mx9.exempel.com", "mx1.exempel.com 5.9.0.1 2a01:1:2::1|mx9.exempel.com 5.9.0.9 2a01:1:3::1",
		QUIET, NULL },
	{ "same-net", "10 mx1.exempel.com|20 mx9.exempel.com", "mx1.exempel.com 5.9.0.1|mx9.exempel.com 5.9.1.1", QUIET, NULL },
	{ "same-net", "10 mx1.exempel.com|20 mx9.exempel.com", "mx1.exempel.com 5.9.0.1|mx9.exempel.com 5.9.0.1", QUIET, NULL },
	{ "same-net", "10 mx1.exempel.com|20 mx9.exempel.com", "mx1.exempel.com 192.0.2.1|mx9.exempel.com 192.0.2.9", QUIET, NULL },
	{ "same-net", "10 mx1.exempel.com|20 mx9.exempel.com", "mx1.exempel.com 5.9.0.1 5.9.0.2|mx9.exempel.com", QUIET, NULL },
	{ "same-net", "10 mx1.exempel.com|20 mx9.exempel.com", "mx1.exempel.com 5.9.0.1", SKIPPED, NULL },
	{ "same-net", "10 mail.protonmail.ch|20 mailsec.protonmail.ch", "mail.protonmail.ch 5.9.0.1|mailsec.protonmail.ch 5.9.0.2", QUIET,
		NULL },
	{ "cdn-proxied", "10 mx1.exempel.com", "mx1.exempel.com 104.16.1.1", WARNING, "" },
	{ "cdn-proxied", "10 mx1.exempel.com", "mx1.exempel.com 5.9.0.1 2606:4700::1", WARNING, "" },
	{ "cdn-proxied", "10 mx1.exempel.com", "mx1.exempel.com 104.15.255.255 104.28.0.0 2606:4701::1", QUIET, NULL },
	{ "cdn-proxied", "10 mx1.exempel.com", "mx1.exempel.com 172.65.182.103", QUIET, NULL }, /* Spectrum, for any port */
	{ "cdn-proxied", "10 mx1.exempel.com", "mx1.exempel.com 172.64.255.255", WARNING, "" },
	{ "cdn-proxied", "10 mx1.exempel.com", "mx1.exempel.com 172.66.0.0", WARNING, "" },
	{ "cdn-proxied", "10 route1.mx.cloudflare.net", "route1.mx.cloudflare.net 162.159.205.11", QUIET, NULL },
	{ "cdn-proxied", "10 _dc-mx.1a2b.exempel.com", "_dc-mx.1a2b.exempel.com 104.16.1.1", QUIET, NULL },
	{ "double-hyphen", "10 ab--c.exempel.com", "", NOTICE, "" },
	{ "double-hyphen", "10 mx.ab--.exempel.com", "", NOTICE, "" },
	{ "double-hyphen", "10 a--bc.exempel.com|20 abc--d.exempel.com|30 xn--bcher-kva.exempel.com|40 ab-.exempel.com", "", QUIET, NULL },
	{ "idna", "10 xn--a.exempel.com", "", WARNING, "" },
	{ "idna", "10 m\\195\\188x.exempel.com", "", WARNING, "rename m\\195\\188x.exempel.com xn--mx-xka.exempel.com" },
	{ "idna", "10 m\\252x.exempel.com", "m\\252x.exempel.com !", ERROR, "" }, /* no UTF-8 */
	{ "target-nxdomain", "10 m\\252x.exempel.com", "m\\252x.exempel.com !", QUIET, NULL },
	{ "idna", "10 xn--bcher-kva.exempel.com|20 mx.xn--bcher-kva.exempel.com|30 xna.exempel.com", "", QUIET, NULL },
	{ "too-many", "1 a.x.se|1 b.x.se|1 c.x.se|1 d.x.se|1 e.x.se|1 f.x.se|1 g.x.se|1 h.x.se|1 i.x.se|1 j.x.se|1 k.x.se", "", NOTICE,
		"" },
	{ "too-many", "1 a.x.se|1 b.x.se|1 c.x.se|1 d.x.se|1 e.x.se|1 f.x.se|1 g.x.se|1 h.x.se|1 i.x.se|1 j.x.se|2 j.x.se", "", QUIET,
		NULL },
	{ "answer-size", "1 a" LABEL63 ".se", "", QUIET, NULL },
	{ "answer-size",
		"1 " LABEL63 ".a.se|2 " LABEL63 ".b.se|3 " LABEL63 ".c.se|4 " LABEL63 ".d.se|5 " LABEL63 ".e.se|6 " LABEL63 ".f.se", "",
		NOTICE, "" },
	/* a name that repeats is a pointer */
	{ "answer-size", "1 " LABEL63 ".a.se|2 " LABEL63 ".a.se|3 " LABEL63 ".a.se|4 " LABEL63 ".a.se|5 " LABEL63 ".a.se", "", QUIET,
		NULL },
	{ "flat", "10 mx1.exempel.com|10 mx2.exempel.com", "", INFO, "" },
	{ "flat", "10 mx1.exempel.com|20 mx2.exempel.com", "", QUIET, NULL },
	{ "flat", "10 mx1.exempel.com|10 mx1.exempel.com", "", QUIET, NULL },
	{ "flat", "10 mx01.mail.icloud.com|10 mx02.mail.icloud.com", "", QUIET, NULL },
	{ "dense", "10 mx1.exempel.com|11 mx2.exempel.com", "", INFO, "" },
	{ "dense", "10 mx1.exempel.com|12 mx2.exempel.com", "", QUIET, NULL },
	{ "dense", "0 mx1.exempel.com|0 mx2.exempel.com", "", QUIET, NULL },
	{ "dense", "1 mx2.mail.ovh.net|2 mx3.mail.ovh.net", "", QUIET, NULL },
	{ "leftover-verification", "1 smtp.google.com|32767 ms1234.msv1.invalid", "", NOTICE, "remove ms1234.msv1.invalid" },
	{ "leftover-verification", "1 smtp.google.com|15 abc.mx-verification.google.com", "", NOTICE, NULL },
	{ "leftover-verification", "1 smtp.google.com|20 msv1.invalid.exempel.com", "", QUIET, NULL },
	{ "two-hosters", "1 smtp.google.com|10 mx.zoho.com", "", WARNING, "" },
	{ "two-hosters", "1 smtp.google.com|5 mx1.exempel.com|10 a.mail.protection.outlook.com", "", WARNING, "" },
	{ "two-hosters", "0 a.mail.protection.outlook.com|5 a.k-v1.mx.microsoft", "", QUIET, NULL },
	{ "two-hosters", "1 smtp.google.com|1 aspmx.l.google.com|10 mx1.exempel.com", "", QUIET, NULL },
	{ "two-hosters", "10 eu-smtp-inbound-1.mimecast.com|20 smtp.google.com", "", QUIET, NULL },
	{ "two-hosters", "10 mx1.improvmx.com|20 smtp.google.com", "", QUIET, NULL },
	{ "filter-bypass", "10 eu-smtp-inbound-1.mimecast.com|20 smtp.google.com", "", WARNING, "remove smtp.google.com" },
	{ "filter-bypass", "10 mxa-00.gslb.pphosted.com|10 mxb-00.gslb.pphosted.com|50 mx1.exempel.com", "", WARNING,
		"remove mx1.exempel.com" },
	{ "filter-bypass", "10 mx1.exempel.com|20 eu-smtp-inbound-1.mimecast.com", "", QUIET, NULL },
	{ "filter-bypass", "10 mx1.exempel.com|10 eu-smtp-inbound-1.mimecast.com|20 smtp.google.com", "", QUIET, NULL },
	{ "filter-bypass", "10 eu-smtp-inbound-1.mimecast.com|20 eu-smtp-inbound-2.mimecast.com", "", QUIET, NULL },
	{ "filter-bypass", "10 eu-smtp-inbound-1.mimecast.com|20 mx1.a.iphmx.com|32767 ms1.msv1.invalid", "", QUIET, NULL },
	{ "preset-drift", "10 in1-smtp.messagingengine.com", "", NOTICE, "add 20 in2-smtp.messagingengine.com" },
	{ "preset-drift", "10 mx.zoho.eu|20 mx2.zoho.com|50 mx3.zoho.com", "", NOTICE, "" },
	{ "preset-drift", "10 in1-smtp.messagingengine.com|20 in2-smtp.messagingengine.com", "", QUIET, NULL },
	{ "preset-drift", "1 aspmx.l.google.com|5 smtp.google.com", "", QUIET, NULL },
	{ "preset-drift", "1 smtp.google.com|15 abc.mx-verification.google.com", "", QUIET, NULL },
	{ "preset-drift", "10 in1-smtp.messagingengine.com|20 mx1.exempel.com", "", QUIET, NULL },
	{ "preset-drift", "10 mx01.hornetsecurity.com", "", QUIET, NULL },
	{ "preset-drift", "10 spool.messagingengine.com", "", QUIET, NULL },
	{ "rank-vs-preset", "20 in1-smtp.messagingengine.com|10 in2-smtp.messagingengine.com", "", NOTICE, "" },
	{ "rank-vs-preset", "10 mx1.simplelogin.co|10 mx2.simplelogin.co", "", NOTICE, "" },
	{ "rank-vs-preset", "10 mx1.hc1.eu.iphmx.com|10 mx2.hc1.eu.iphmx.com", "", QUIET, NULL }, /* its order is from memory */
	{ "rank-vs-preset", "1 mx1.simplelogin.co|2 mx2.simplelogin.co", "", QUIET, NULL },
	{ "rank-vs-preset", "10 mx01.mail.icloud.com|20 mx02.mail.icloud.com", "", QUIET, NULL },
	{ "rank-vs-preset", "95 route1.mx.cloudflare.net|4 route2.mx.cloudflare.net|37 route3.mx.cloudflare.net", "", QUIET, NULL },
	{ "rank-vs-preset", "20 in1-smtp.messagingengine.com|10 in2-smtp.messagingengine.com|30 mx1.exempel.com", "", QUIET, NULL },
	{ "retired-hoster", "10 exempel.com.s7a1.psmtp.com", "", WARNING, "" },
	{ "retired-hoster", "1 aspmx.l.google.com|10 aspmx2.googlemail.com", "", NOTICE, "" },
	{ "retired-hoster", "1 aspmx.l.google.com|10 alt1.aspmx.l.google.com", "", QUIET, NULL },
	{ "spof", "10 mx1.exempel.com", GOOD, NOTICE, "" },
	{ "spof", "10 mx1.exempel.com|20 mx1.exempel.com", GOOD, NOTICE, "" },
	{ "spof", "10 mx1.exempel.com", "mx1.exempel.com 5.9.0.1 5.9.0.2", QUIET, NULL },
	{ "spof", "10 mx1.exempel.com|20 mx2.exempel.com", GOOD, QUIET, NULL },
	{ "spof", "10 mx9.exempel.com", "", SKIPPED, NULL },
	{ "spof", "1 smtp.google.com", "smtp.google.com 142.250.1.1", QUIET, NULL }, /* a hoster's name is many machines */
	{ "spof", "0 .", "", QUIET, NULL },
	{ "v6-only", "10 mx1.exempel.com", "mx1.exempel.com 2a01::1", WARNING, "" },
	{ "v6-only", "10 mx1.exempel.com", GOOD, QUIET, NULL },
	{ "v6-only", "10 mx1.exempel.com|20 mx9.exempel.com", GOOD, SKIPPED, NULL },
	{ "v4-only", "10 mx1.exempel.com|20 mx2.exempel.com", GOOD, NOTICE, "" },
	{ "v4-only", "10 mx2.exempel.com|20 mx3.exempel.com", GOOD, NOTICE, "" },
	{ "v4-only", "10 mx1.exempel.com", GOOD, QUIET, NULL },
	{ "v4-only", "10 mx1.exempel.com", "mx1.exempel.com 2a01::1", QUIET, NULL },
	{ "v4-only", "10 mx1.exempel.com|20 mx9.exempel.com", "mx1.exempel.com 5.9.0.1 2a01::1|mx9.exempel.com ->mx.other.net 5.9.0.9",
		QUIET, NULL },
	{ "v4-only", "10 mx1.exempel.com|20 mx.zoho.com", "mx1.exempel.com 5.9.0.1 2a01::1|mx.zoho.com 5.9.0.2", QUIET, NULL },
	{ "v4-only", "1 smtp.google.com", "smtp.google.com 5.9.0.1", QUIET, NULL },
	{ "v4-only", "10 mx1.exempel.com|20 mx2.exempel.com", "mx1.exempel.com 5.9.0.1|mx2.exempel.com ?", SKIPPED, NULL },
	{ "dual-stack-pull", "10 mx1.exempel.com|10 mx2.exempel.com", GOOD, NOTICE, "" },
	{ "dual-stack-pull", "10 mx1.exempel.com|10 mx2.exempel.com|10 mx9.exempel.com", GOOD "|mx9.exempel.com 5.9.0.9 2a01::9", NOTICE,
		"" },
	{ "dual-stack-pull", "10 mx1.exempel.com|20 mx2.exempel.com", GOOD, QUIET, NULL },
	{ "dual-stack-pull", "10 mx2.exempel.com|10 mx3.exempel.com", GOOD, QUIET, NULL },
	{ "dual-stack-pull", "10 mx1.exempel.com|10 mx9.exempel.com", GOOD "|mx9.exempel.com 5.9.0.9 2a01::9", QUIET, NULL },
	{ "dual-stack-pull", "10 mx1.exempel.com|10 mx2.exempel.com", "mx1.exempel.com 5.9.0.1 2a01::1|mx2.exempel.com ~", SKIPPED, NULL },
	{ "host-weight", "10 mx2.exempel.com|10 mx9.exempel.com", GOOD "|mx9.exempel.com 5.9.0.9 5.9.0.8", INFO, "" },
	{ "host-weight", "10 mx1.exempel.com|10 mx2.exempel.com", GOOD, QUIET, NULL },
	{ "host-weight", "10 mx2.exempel.com|20 mx9.exempel.com", GOOD "|mx9.exempel.com 5.9.0.9 5.9.0.8", QUIET, NULL },
	{ "host-weight", "10 mx8.exempel.com|10 mx9.exempel.com", "mx8.exempel.com 5.9.1.9 5.9.1.8|mx9.exempel.com 5.9.0.9 5.9.0.8", QUIET,
		NULL },
	{ "host-weight", "10 mx7.exempel.com|10 mx9.exempel.com", "mx7.exempel.com 5.9.1.7 2a01::7|mx9.exempel.com 5.9.0.9 5.9.0.8", QUIET,
		NULL },
	{ "crowded-top", "10 mx1.exempel.com|20 mx2.exempel.com",
		"mx1.exempel.com 5.9.0.1 5.9.0.2 5.9.0.3 5.9.0.4 5.9.0.5|mx2.exempel.com 5.9.1.1", WARNING, "" },
	{ "crowded-top", "10 in1-smtp.messagingengine.com|20 in2-smtp.messagingengine.com",
		"in1-smtp.messagingengine.com 5.9.0.1 5.9.0.2 5.9.0.3 5.9.0.4 5.9.0.5|in2-smtp.messagingengine.com 5.9.1.1", INFO, "" },
	{ "crowded-top", "10 mx1.exempel.com|20 mx2.exempel.com", "mx1.exempel.com 5.9.0.1 5.9.0.2 5.9.0.3 5.9.0.4|mx2.exempel.com 5.9.1.1",
		QUIET, NULL },
	{ "two-host-senders", "10 mx1.exempel.com|20 mx2.exempel.com|30 mx3.exempel.com", GOOD, NOTICE, "" },
	{ "two-host-senders", "10 mx.zoho.com|20 mx2.zoho.com|50 mx3.zoho.com", "", QUIET, NULL },
	{ "two-host-senders", "10 mx1.exempel.com|10 mx2.exempel.com|20 mx3.exempel.com", GOOD, QUIET, NULL },
};

static void judge(const struct row *row, const struct findings *out)
{
	enum speaks spoke = QUIET;

	if (out->n)
		spoke = (enum speaks)(ERROR + (int)out->finding[0].level);
	else if (out->n_skip)
		spoke = SKIPPED;
	if (spoke != row->speaks || (out->n && row->fix && strcmp(out->finding[0].fix, row->fix) != 0))
		fail_msg("%s on \"%s\" with \"%s\": %d wanted, got %d, fix \"%s\"", row->id, row->records, row->world, (int)row->speaks,
			(int)spoke, out->n ? out->finding[0].fix : "");
	if (out->n) {
		struct str text;

		str_init(&text, 0);
		msg_format(&out->finding[0].text, NULL, &text);
		assert_true(text.len > 10);
		assert_null(strchr(text.s, '%'));
		str_release(&text);
	}
}

static void check__run__rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct check *check = check_find(rows[i].id);
		struct findings out = { 0 };
		struct scene scene;

		assert_non_null(check);
		scene_open(&scene, rows[i].records, rows[i].world);
		check->run(check, &scene.in, &out);
		judge(&rows[i], &out);
		findings_release(&out);
		scene_close(&scene);
	}
}

/* These look at more than a scene holds, and have tests of their own: below, and in test_views.c, test_past.c, test_policy.c,
 * test_authors.c. */
static bool is_told_elsewhere(const char *id)
{
	static const char *const elsewhere[] = { "ttl-mixed", "cname-clash", "undelegated", "owner-alias", "wildcard-mx", "tld-root-mx",
		"same-dns-fate", "target-ttl", "m365-derived", "auth-disagree", "auth-fail", "serial-lag", "parent-child-ns", "wrong-zone",
		"cache-lag", "ttl-stretch", "negative-ttl", "ttl-long", "ttl-short", "ttl-floor", "cap-null", "cap-count", "last-mx",
		"sts-mx-missing", "sts-order", "sts-maxage", "sts-extra", "sts-syntax", "sts-fetch", "tlsrpt", "tlsa-insecure",
		"tlsa-partial", "tlsa-usage", "tlsa-rollover", "tlsa-servfail", "tlsa-retired-ca", "dnssec-sha1", "dnssec-bogus",
		"security-downgrade", "spf", "sub-mx", "spf-mx", "spf-include", "dmarc", "null-but-sends", "nomail-trio", "should-be-null",
		"no-ptr", "fcrdns", "dangling", "dnsbl", "target-wildcard", "wildcard-address", "split-view", "ttl-auto", "drain-not-over",
		"ttl-not-restored" };

	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(*elsewhere); i++)
		if (strcmp(elsewhere[i], id) == 0)
			return true;
	return false;
}

/* A domain that is set apart may have its servers under the same name, at private addresses. */
static void check__inside__is_nobody_elses(void **state)
{
	static const struct {
		const char *domain, *reserved, *special;
	} cases[] = {
		{ "kontor.internal", "", "error: mx.kontor.internal has the address fe80::1, which is valid on one link alone" },
		{ "kontor.home.arpa", "error: mx.kontor.internal lies under .internal, where the public DNS has no names",
			"error: mx.kontor.internal has the address fe80::1, which is valid on one link alone" },
		{ "exempel.com", "error: mx.kontor.internal lies under .internal, where the public DNS has no names",
			"error: mx.kontor.internal has the private address 10.0.0.25, which nobody outside can reach" },
	};
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 mx.kontor.example", ""); /* this is for documents, and for no mail at all */
	assert_true(dname_parse(&scene.domain, "kontor.example", NULL));
	scene_says("reserved-tld", &scene, "error: mx.kontor.example lies under .example, where the public DNS has no names");
	scene_close(&scene);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		scene_open(&scene, "10 mx.kontor.internal", "mx.kontor.internal 10.0.0.25 fd00::25 fe80::1");
		assert_true(dname_parse(&scene.domain, cases[i].domain, NULL));
		scene_says("reserved-tld", &scene, cases[i].reserved);
		scene_says("special-address", &scene, cases[i].special);
		scene_close(&scene);
	}
}

static void check__v6_only__names_the_only_server(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 mx1.exempel.com", "mx1.exempel.com 2a01::1");
	scene_says("v6-only", &scene, "warning: the only server at preference 10, mx1.exempel.com, has no IPv4 address");
	scene_close(&scene);
	scene_open(&scene, "10 mx1.exempel.com|10 mx2.exempel.com", "mx1.exempel.com 2a01::1|mx2.exempel.com 2a01::2");
	scene_says("v6-only", &scene, "warning: no server at preference 10 has an IPv4 address, mx1.exempel.com included");
	scene_close(&scene);
	scene_open(&scene, "10 mx1.exempel.com|20 mx2.exempel.com", "mx1.exempel.com 2a01::1|mx2.exempel.com 2a01::2");
	scene_says("v6-only", &scene, "warning: no server of the set has an IPv4 address");
	scene_close(&scene);
}

/* Every other check has a row where it speaks and one where it does not. */
static void check__rows__are_complete(void **state)
{
	(void)state;
	for (size_t c = 0; checks[c]; c++) {
		bool speaks = is_told_elsewhere(checks[c]->id);
		bool quiet = speaks;

		if (checks[c]->needs & NEEDS_SMTP)
			continue; /* test_probe.c */

		for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
			if (strcmp(rows[i].id, checks[c]->id) == 0) {
				speaks = speaks || (rows[i].speaks != QUIET && rows[i].speaks != SKIPPED);
				quiet = quiet || rows[i].speaks == QUIET;
			}
		if (!speaks || !quiet)
			fail_msg("%s lacks a row", checks[c]->id);
	}
}

static void check__ttl_mixed__only_live(void **state)
{
	const struct check *check = check_find("ttl-mixed");
	struct findings out = { 0 };
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 mx1.exempel.com|20 mx2.exempel.com", GOOD);
	check->run(check, &scene.in, &out);
	assert_int_equal(out.n, 0);
	scene.facts.ttl_max_s = 7200;
	check->run(check, &scene.in, &out);
	assert_int_equal(out.n, 1);
	findings_clear(&out);
	scene.in.is_draft = true;
	check->run(check, &scene.in, &out);
	assert_int_equal(out.n, 0);
	findings_release(&out);
	scene_close(&scene);
}

/* Live, an alias is told of; in a draft nothing may be put beside it. Never both. */
static void check__cname_clash__is_a_drafts(void **state)
{
	const struct check *clash = check_find("cname-clash"), *alias = check_find("owner-alias");
	struct findings out = { 0 };
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 mx1.exempel.com", GOOD);
	for (int round = 0; round < 4; round++) {
		const struct check *speaks = round & 1 ? clash : alias;

		if (round == 0) {
			clash->run(clash, &scene.in, &out);
			alias->run(alias, &scene.in, &out);
			assert_int_equal(out.n + out.n_skip, 0);
			assert_true(dname_parse(&scene.facts.alias[scene.facts.n_alias++], "exempel.net", NULL));
		}
		if (round == 2) {
			scene.facts.below_dname = FACT_YES; /* then the alias is what a DNAME makes of the name */
			assert_true(dname_parse(&scene.facts.dname_owner, "com", NULL));
		}
		scene.in.is_draft = round & 1;
		findings_clear(&out);
		clash->run(clash, &scene.in, &out);
		alias->run(alias, &scene.in, &out);
		assert_int_equal(out.n, 1);
		assert_ptr_equal(out.finding[0].check, speaks);
		assert_int_equal(out.finding[0].level, round & 1 ? LEVEL_ERROR : LEVEL_NOTICE);
		assert_int_equal(strstr(out.finding[0].text.id, "DNAME") != NULL, round >= 2);
	}
	findings_release(&out);
	scene_close(&scene);
}

/* A fix that would bring an error is not offered. */
static void check__implicit_mx__adds_nothing_beside_an_alias(void **state)
{
	const struct check *check = check_find("implicit-mx");
	struct findings out = { 0 };
	struct scene scene;

	(void)state;
	scene_open(&scene, "", "exempel.com 5.9.0.1");
	check->run(check, &scene.in, &out);
	assert_string_equal(out.finding[0].fix, "add 10 exempel.com");
	findings_clear(&out);
	assert_true(dname_parse(&scene.facts.alias[scene.facts.n_alias++], "exempel.net", NULL));
	check->run(check, &scene.in, &out);
	assert_int_equal(out.n, 1);
	assert_string_equal(out.finding[0].fix, "");
	findings_release(&out);
	scene_close(&scene);
}

/* What stands in a zone that nobody delegates, or below another's cut, is not seen. */
static void check__undelegated__speaks_of_what_nobody_finds(void **state)
{
	static const struct {
		const char *zone, *held;
		enum fact delegated;
		const char *says; /* a word of the sentence; NULL: nothing */
	} cases[] = {
		{ "exempel.com", "exempel.com", FACT_YES, NULL },
		{ "exempel.com", "", FACT_UNKNOWN, NULL },
		{ "exempel.com", "", FACT_NO, "is not delegated" },
		{ "exempel.com", "com", FACT_YES, "delegated away" },
		{ "exempel.com", "com", FACT_NO, "delegated away" },
		{ "com", "exempel.com", FACT_YES, NULL },
		{ "", "exempel.com", FACT_UNKNOWN, NULL },
	};
	const struct check *check = check_find("undelegated");

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct findings out = { 0 };
		struct scene scene;

		scene_open(&scene, "10 mx1.exempel.com", GOOD);
		scene.facts.zone = scene.facts.held.zone = (struct dname){ 0 };
		if (*cases[i].zone)
			assert_true(dname_parse(&scene.facts.zone, cases[i].zone, NULL));
		if (*cases[i].held)
			assert_true(dname_parse(&scene.facts.held.zone, cases[i].held, NULL));
		scene.facts.delegated = cases[i].delegated;
		check->run(check, &scene.in, &out);
		assert_int_equal(out.n, cases[i].says ? 1 : 0);
		if (cases[i].says)
			assert_non_null(strstr(out.finding[0].text.id, cases[i].says));
		findings_release(&out);
		scene_close(&scene);
	}
}

/* "is its final dot missing?" is asked where the name without the zone exists, or can be nothing else and nobody asked for it. */
static void check__target_nxdomain__guesses_a_forgotten_dot(void **state)
{
	static const struct {
		const char *records, *world, *says;
	} cases[] = {
		{ "10 mx2.backup.net.exempel.com", "mx2.backup.net.exempel.com !|mx2.backup.net 5.9.0.1", "but %s does" },
		{ "10 backup.net.exempel.com", "backup.net.exempel.com !|backup.net 5.9.0.1", "but %s does" },
		{ "10 mx2.backup.net.exempel.com", "mx2.backup.net.exempel.com !", "the final dot of %s" },
		{ "10 mx2.backup.net.exempel.com", "mx2.backup.net.exempel.com !|mx2.backup.net !", "%s does not exist" },
		{ "10 mx2.backup.net.exempel.com", "mx2.backup.net.exempel.com !|mx2.backup.net", "%s does not exist" },
		{ "10 mx1.syd.exempel.com", "mx1.syd.exempel.com !", "%s does not exist" },
		{ "10 5.9.0.1.exempel.com", "5.9.0.1.exempel.com !", "it is the address %s with the zone's name" },
		{ "10 5.9.0.300.exempel.com", "5.9.0.300.exempel.com !", "the final dot of %s" },
		{ "10 mx1.exempel.com", "mx1.exempel.com !", "%s does not exist" },
		{ "10 mx2.backup.net", "mx2.backup.net !", "%s does not exist" },
	};
	const struct check *check = check_find("target-nxdomain");

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct findings out = { 0 };
		struct scene scene;

		scene_open(&scene, cases[i].records, cases[i].world);
		check->run(check, &scene.in, &out);
		assert_int_equal(out.n, 1);
		if (!strstr(out.finding[0].text.id, cases[i].says))
			fail_msg("%s, %s: %s", cases[i].records, cases[i].world, out.finding[0].text.id);
		findings_release(&out);
		scene_close(&scene);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check__run__rows),
		cmocka_unit_test(check__rows__are_complete),
		cmocka_unit_test(check__inside__is_nobody_elses),
		cmocka_unit_test(check__v6_only__names_the_only_server),
		cmocka_unit_test(check__ttl_mixed__only_live),
		cmocka_unit_test(check__cname_clash__is_a_drafts),
		cmocka_unit_test(check__implicit_mx__adds_nothing_beside_an_alias),
		cmocka_unit_test(check__undelegated__speaks_of_what_nobody_finds),
		cmocka_unit_test(check__target_nxdomain__guesses_a_forgotten_dot),
	};

	return cmocka_run_group_tests_name("checks", tests, NULL, NULL);
}
