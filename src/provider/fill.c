/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates and pointers of a shape. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provider/shape.h"
#include "base/banned.h"

#define WORD_MAX 32

/* ---- pointers ---- */

static const json_t *member(const json_t *json, const char *name, size_t len)
{
	char key[64];

	if (len >= sizeof key)
		return NULL;
	memcpy(key, name, len);
	key[len] = '\0';
	if (json_is_array(json) && len && strspn(key, "0123456789") == len)
		return json_array_get(json, strtoul(key, NULL, 10));
	return json_object_get(json, key);
}

const json_t *shape_at(const json_t *json, const char *pointer)
{
	while (json && pointer && *pointer) {
		size_t len = strcspn(pointer, "/");

		json = member(json, pointer, len);
		pointer += len + (pointer[len] == '/');
	}
	return json;
}

const char *shape_text(const json_t *json, const char *pointer, char scratch[24])
{
	const json_t *value = shape_at(json, pointer);

	if (json_is_string(value))
		return json_string_value(value);
	if (!json_is_integer(value))
		return "";
	snprintf(scratch, 24, "%lld", (long long)json_integer_value(value));
	return scratch;
}

/* ---- templates ---- */

static void add_name(struct str *out, const struct dname *name)
{
	char text[DNAME_TEXT_MAX];

	str_add(out, dname_text(name, text));
}

static void add_dotted(struct str *out, const struct dname *name)
{
	char text[DNAME_TEXT_MAX];

	str_add(out, dname_text_dot(name, text));
}

static void add_relative(struct str *out, const struct provider_run *run, const char *apex)
{
	char text[DNAME_TEXT_MAX];

	str_add(out, vendor_relative(run, apex, text));
}

static void add_text(struct str *out, const char *text)
{
	str_add(out, text ? text : "");
}

static bool zone_word(const struct provider_run *run, const char *word, struct str *out)
{
	if (!strcmp(word, "zone") && run->zone_id)
		str_add(out, run->zone_id);
	else if (!strcmp(word, "zone") || !strcmp(word, "zone_name"))
		add_name(out, &run->zone);
	else if (!strcmp(word, "zone_dot"))
		add_dotted(out, &run->zone);
	else if (!strcmp(word, "owner"))
		add_name(out, &run->owner);
	else if (!strcmp(word, "owner_dot"))
		add_dotted(out, &run->owner);
	else if (!strcmp(word, "at"))
		add_relative(out, run, "@");
	else if (!strcmp(word, "relative"))
		add_relative(out, run, "");
	else
		return false;
	return true;
}

static bool page_word(const struct provider_run *run, const char *word, struct str *out)
{
	static const struct vendor_state none = { .n = 0 };
	const struct vendor_state *state = run->state ? run->state : &none;

	if (!strcmp(word, "page"))
		str_addf(out, "%u", run->page);
	else if (!strcmp(word, "start"))
		str_addf(out, "%u", state->row);
	else if (!strcmp(word, "cursor"))
		add_text(out, state->cursor);
	else if (!strcmp(word, "operation"))
		add_text(out, state->operation);
	else if (!strcmp(word, "id"))
		add_text(out, state->id);
	else if (!strcmp(word, "ask"))
		add_name(out, &state->ask);
	else if (!strcmp(word, "ask_dot"))
		add_dotted(out, &state->ask);
	else
		return false;
	return true;
}

static void add_word(const struct provider_run *run, const char *word, struct str *out)
{
	const struct shape *shape = run->account->provider->shape;
	const struct provider_login *login = run->account->login;

	if (zone_word(run, word, out) || page_word(run, word, out) || (shape->word && shape->word(run, word, out)))
		return;
	if (!strcmp(word, "who") && login)
		add_text(out, login->who);
	else
		str_add(out, provider_setting(run->account, word));
}

static void add_escaped(struct str *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			str_addf(out, "\\%c", *text);
		else if ((unsigned char)*text < 0x20)
			str_addf(out, "\\u%04x", (unsigned int)*text);
		else
			str_add_char(out, *text);
	}
}

/* A word at pattern: its length with braces, 0 where none stands there. */
static size_t word_at(const char *pattern, char word[WORD_MAX])
{
	size_t len = *pattern == '{' ? strspn(pattern + 1, "abcdefghijklmnopqrstuvwxyz_:") : 0;

	if (!len || len >= WORD_MAX || pattern[len + 1] != '}')
		return 0;
	memcpy(word, pattern + 1, len);
	word[len] = '\0';
	return len + 2;
}

/* Up to `end`; false where a word came to nothing. */
static bool fill(const struct provider_run *run, const char *pattern, const char *end, bool is_body, struct str *out)
{
	bool full = true;
	struct str value;

	str_init(&value, 0);
	while (pattern < end) {
		char word[WORD_MAX];
		size_t len = word_at(pattern, word);
		const char *close = *pattern == '[' && !is_body ? strchr(pattern, ']') : NULL;

		str_clear(&value);
		if (len) {
			bool raw = !strncmp(word, "raw:", 4);

			add_word(run, raw ? word + 4 : word, &value);
			full &= value.len > 0;
			if (raw)
				str_add(out, value.s);
			else
				(is_body ? add_escaped : http_encode)(out, value.s);
			pattern += len;
		} else if (close) {
			if (fill(run, pattern + 1, close, is_body, &value))
				str_add(out, value.s);
			pattern = close + 1;
		} else {
			str_add_char(out, *pattern++);
		}
	}
	str_release(&value);
	return full;
}

char *shape_fill(const struct provider_run *run, const char *pattern, bool is_body)
{
	struct str out;

	str_init(&out, 0);
	fill(run, pattern, pattern + strlen(pattern), is_body, &out);
	return str_take(&out);
}

void shape_request(const struct provider_run *run, struct request *request, const char *method, const char *path)
{
	const struct shape *shape = run->account->provider->shape;

	request->kind = REQUEST_HTTP;
	http_request_set(&request->http, method, "%s", path);
	http_request_header(&request->http, "Accept", shape->accept ? shape->accept : "application/json", false);
	if (shape->touch)
		shape->touch(run, request);
}

void shape_body(const struct provider_run *run, struct request *request, json_t *json)
{
	const struct shape *shape = run->account->provider->shape;

	if (!shape->dump) {
		vendor_body(&request->http, json);
		return;
	}
	shape->dump(json, &request->http);
	json_decref(json);
}
