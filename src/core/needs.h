/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a check, the simulator or a screen wants to know of a domain, in bits: a survey asks for these and for nothing else. */
#ifndef CORE_NEEDS_H
#define CORE_NEEDS_H

enum need {
	NEEDS_MX = 1 << 0,           /* the domain's own MX answer; each survey has it */
	NEEDS_HOSTS = 1 << 1,        /* addresses of the exchanges */
	NEEDS_SERVERS = 1 << 2,      /* each authoritative server's set */
	NEEDS_PARENT = 1 << 3,       /* delegation, from the parent's own servers */
	NEEDS_TARGET_ZONES = 1 << 4, /* zones of the exchanges, and whether their registered domains exist */
	NEEDS_DNSSEC = 1 << 5,       /* validation of the MX answer */
	NEEDS_PTR = 1 << 6,
	NEEDS_TLSA = 1 << 7,
	NEEDS_STS_TXT = 1 << 8,
	NEEDS_STS_POLICY = 1 << 9, /* fetched over HTTPS */
	NEEDS_TLSRPT = 1 << 10,
	NEEDS_SPF = 1 << 11,
	NEEDS_DMARC = 1 << 12,
	NEEDS_DNSBL = 1 << 13, /* only where lists are configured */
	NEEDS_SMTP = 1 << 14,  /* what a probe saw; no survey opens such a connection */
	NEEDS_ZONE = 1 << 15,  /* the zone that the domain lies in, and its own name servers; each survey has it */
	NEEDS_NAME = 1 << 16,  /* how the domain's name stands in it: a wildcard, a DNAME; each survey has it */
	NEEDS_DS = 1 << 17,    /* DS of the zone, from the parent's own servers */
	NEEDS_RCPT = 1 << 18,  /* what an intrusive probe heard of recipients; no survey names one */
	NEEDS_STAR = 1 << 19,  /* what a wildcard below the domain's name, or beside an exchange's, answers */
	NEEDS_PAST = 1 << 20,  /* earlier pushes of the domain, out of the journal; nobody is asked */
};

#endif
