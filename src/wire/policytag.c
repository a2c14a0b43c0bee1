/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/policytag.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct text text_trim(struct text text)
{
	while (text.len && is_blank(text.s[0])) {
		text.s++;
		text.len--;
	}
	while (text.len && is_blank(text.s[text.len - 1]))
		text.len--;
	return text;
}

bool text_means(struct text text, const char *word)
{
	size_t len = strlen(word);

	while (text.len && (is_blank(text.s[0]) || text.s[0] == '"')) {
		text.s++;
		text.len--;
	}
	return text.len >= len && !strncasecmp(text.s, word, len);
}

bool text_is(struct text text, const char *word)
{
	return text.len == strlen(word) && !memcmp(text.s, word, text.len);
}

bool text_is_nocase(struct text text, const char *word)
{
	return text.len == strlen(word) && !strncasecmp(text.s, word, text.len);
}

void text_keep(struct text text, char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len && n + 1 < size; i++)
		if (text.s[i])
			out[n++] = text.s[i];
	out[n] = '\0';
}

bool tag_next(struct text *rest, struct tag *tag)
{
	struct text part = *rest, after = { rest->s + rest->len, 0 };
	const char *end, *equals;

	if (!text_trim(part).len)
		return false;
	end = memchr(part.s, ';', part.len);
	if (end) {
		after = (struct text){ end + 1, part.len - (size_t)(end - part.s) - 1 };
		part.len = (size_t)(end - part.s);
	}
	equals = part.len ? memchr(part.s, '=', part.len) : NULL;
	if (!equals)
		return false;
	tag->key = text_trim((struct text){ part.s, (size_t)(equals - part.s) });
	tag->value = text_trim((struct text){ equals + 1, part.len - (size_t)(equals - part.s) - 1 });
	if (!tag->key.len)
		return false;
	*rest = after;
	return true;
}

bool tag_version(struct text text, const char *version)
{
	struct tag tag;

	return text.len && text.s[0] == 'v' && tag_next(&text, &tag) && text_is(tag.key, "v") && text_is(tag.value, version);
}
