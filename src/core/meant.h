/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A name as a person types or pastes it: blanks around it, a URL, a mail address,
 * a port, an address where a name belongs. Tells what was typed and which name
 * was meant by it; changes nothing silently. Knows no DNS.
 */
#ifndef CORE_MEANT_H
#define CORE_MEANT_H

#include "core/dname.h"

enum meant {
	MEANT_NAME,    /* a name, or what dname_parse() says of it */
	MEANT_NOTHING, /* empty, or blanks alone */
	MEANT_ADDRESS, /* 192.0.2.1, 2001:db8::1, [IPv6:2001:db8::1], 192.0.2.1:25 */
	MEANT_URL,
	MEANT_MAIL,   /* a mail address */
	MEANT_PORT,   /* mx.example.com:25 */
	MEANT_ZONE,   /* "@" */
	MEANT_NUMBER, /* digits alone, or a sign before them */
	MEANT_PASTED, /* a path, quotes, blanks or brackets in it */
};

#define MEANT_TEXT_MAX 1200

/* Without the blanks around it, those of Unicode too. Longer text is cut. Returns out. */
const char *meant_trim(const char *text, char out[MEANT_TEXT_MAX]);
/* What the text is; inside is the name in it that was probably meant, or has len 0. */
enum meant meant_by(const char *text, struct dname *inside);

/* A domain as an operand: trimmed; anything else than a name is refused with what was meant (ERR_USAGE). */
bool meant_domain(struct dname *domain, const char *text, struct err *err);
/* A host that an MX record is to name: as above; "." is the null MX. */
bool meant_host(struct dname *host, const char *text, struct err *err);

#endif
