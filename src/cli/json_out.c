/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/json_out.h"

#include <string.h>

#include "base/banned.h"

#define FORMAT (JSON_INDENT(2) | JSON_REAL_PRECISION(10))

static void line(const struct json_out *out)
{
	fprintf(out->to, "\n%*s", (int)(2 * out->depth), "");
}

static void begin(struct json_out *out, const char *name)
{
	if (out->any)
		putc(',', out->to);
	if (out->depth)
		line(out);
	if (name)
		fprintf(out->to, "\"%s\": ", name);
	out->any = true;
}

void json_out_open(struct json_out *out, const char *name, char bracket)
{
	begin(out, name);
	putc(bracket, out->to);
	out->depth++;
	out->any = false;
}

void json_out_close(struct json_out *out, char bracket)
{
	out->depth--;
	if (out->any)
		line(out);
	putc(bracket, out->to);
	if (!out->depth)
		putc('\n', out->to);
	out->any = true;
}

/* A line end in what jansson writes is one of its own: those of texts are escaped. */
static int piece(const char *text, size_t len, void *data)
{
	const struct json_out *out = data;

	const char *end;

	for (; (end = memchr(text, '\n', len)); len -= (size_t)(end + 1 - text), text = end + 1) {
		fwrite(text, 1, (size_t)(end - text), out->to);
		line(out);
	}
	fwrite(text, 1, len, out->to);
	return 0;
}

void json_out_put(struct json_out *out, const char *name, json_t *value)
{
	begin(out, name);
	json_dump_callback(value, piece, out, FORMAT | JSON_ENCODE_ANY);
	json_decref(value);
}
