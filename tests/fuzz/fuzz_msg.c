/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A catalogue's sentence as a careless translator may have written it, and an argument from outside: the first line is
 * the translation, the rest the argument. Shown are no control bytes but the translator's own. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = calloc(1, size + 1), *end;
	struct msg msg, translated;
	struct str out;

	if (!text)
		return 0;
	if (size)
		memcpy(text, data, size);
	end = strchr(text, '\n');
	if (end)
		*end++ = '\0';
	str_init(&out, 0);
	msg_set(&msg, "%s %d", end ? end : "", -5);
	msg_format(&msg, NULL, &out);
	for (size_t i = 0; i < out.len; i++) {
		if ((unsigned char)out.s[i] < 0x20 || out.s[i] == 0x7f)
			abort();
	}
	translated = msg;
	translated.id = text;
	str_clear(&out);
	msg_format(&translated, NULL, &out);
	str_release(&out);
	free(text);
	return 0;
}
