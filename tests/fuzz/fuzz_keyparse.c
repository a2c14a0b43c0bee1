/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of a terminal, cut into reads: two bytes tell how long a read is and how late it comes. Time always ends what was begun, and a
 * key that follows is a key. */
#include <stdlib.h>

#include "tui/term/key.h"
#include "tui/term/keyparse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct keyparse *parse, const struct input_event *event)
{
	uint32_t key = event->key & ~KEY_ALT;

	if (event->kind == INPUT_KEY &&
		(!key || key >= KEYCODE_END_OF_LIST || (key >= 0x80 && key < 0xa0) || (key >= 0xd800 && key < 0xe000)))
		abort();
	if (event->kind == INPUT_UNREADABLE && (key < 0x80 || key > 0xff))
		abort();
	if ((event->kind == INPUT_CLICK || event->kind == INPUT_WHEEL_UP) && (event->x < 0 || event->y < 0))
		abort();
	if (parse->paste.len > KEYPARSE_PASTE_MAX)
		abort();
}

static void feed(struct keyparse *parse, const uint8_t *bytes, size_t len, int64_t now)
{
	struct input_event event;
	unsigned idle = 0;

	while (len) {
		size_t used = keyparse_bytes(parse, bytes, len, now, &event);

		if (used > len || (idle = used ? 0 : idle + 1) > 2)
			abort();
		check(parse, &event);
		bytes += used;
		len -= used;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input_event event = { INPUT_NONE, 0, 0, 0 };
	struct keyparse parse;
	int64_t now = 0;

	keyparse_init(&parse, 25);
	while (size > 2) {
		size_t len = data[0] % 16 + 1U;

		now += data[1] * 4;
		data += 2;
		size -= 2;
		len = len < size ? len : size;
		feed(&parse, data, len, now);
		data += len;
		size -= len;
	}
	while (keyparse_deadline(&parse) >= 0) {
		now = keyparse_deadline(&parse);
		keyparse_time(&parse, now, &event);
		check(&parse, &event);
	}
	if (keyparse_bytes(&parse, "q", 1, now + 1000, &event) != 1 || event.kind != INPUT_KEY || event.key != 'q')
		abort();
	keyparse_release(&parse);
	return 0;
}
