/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "key=value; key=value": the form of MTA-STS, TLS reporting and DMARC records. Private to wire. */
#ifndef WIRE_POLICYTAG_H
#define WIRE_POLICYTAG_H

#include "wire/policy.h"

struct tag {
	struct text key, value; /* without blanks around them */
};
/* The next one, taken off rest; false: nothing more, or (rest not empty) something that is none. */
bool tag_next(struct text *rest, struct tag *tag);
/* Is the first tag v=VERSION, and does nothing but a semicolon come after it? */
bool tag_version(struct text text, const char *version);
bool text_is(struct text text, const char *word);        /* these very bytes */
bool text_is_nocase(struct text text, const char *word); /* ASCII case apart */
struct text text_trim(struct text text);
/* Does it begin with the word, letter case apart, where blanks and quotation marks before it are passed over? */
bool text_means(struct text text, const char *word);
/* Cut where it is longer; without a zero byte. */
void text_keep(struct text text, char *out, size_t size);

#endif
