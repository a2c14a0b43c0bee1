/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outside text on its way to the terminal: what is escaped holds no control byte and is of a known width. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str escaped = { 0 };
	struct str duration = { 0 };
	uint32_t seconds = 0;
	uint32_t again = 0;
	int64_t at = 0;

	text_escape(&escaped, (const char *)data, size);
	for (size_t i = 0; i < escaped.len; i++) {
		unsigned char c = (unsigned char)escaped.s[i];

		if (c < 0x20 || c == 0x7f)
			abort();
	}
	if (escaped.len > 0 && text_fit(escaped.s, text_width(escaped.s)) != escaped.len)
		abort();
	if (escaped.len > 0 && text_parse_duration(escaped.s, &seconds)) {
		text_duration(&duration, seconds);
		if (!text_parse_duration(duration.s, &again) || again != seconds)
			abort();
	}
	if (escaped.len > 0)
		text_parse_time(escaped.s, &at);
	str_release(&escaped);
	str_release(&duration);
	return 0;
}
