/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/xmlrpc.h"

#include <stdlib.h>
#include <string.h>

#include "provider/xml.h"
#include "base/banned.h"

/* ---- writing ---- */

static bool add_value(struct str *out, json_t *value);

static bool add_members(struct str *out, json_t *object)
{
	const char *name;
	json_t *value;
	bool ok = true;

	str_add(out, "<struct>");
	json_object_foreach(object, name, value)
	{
		str_add(out, "<member><name>");
		ok = ok && xml_add_text(out, name);
		str_add(out, "</name>");
		ok = ok && add_value(out, value);
		str_add(out, "</member>");
	}
	str_add(out, "</struct>");
	return ok;
}

static bool add_elements(struct str *out, json_t *array)
{
	bool ok = true;

	str_add(out, "<array><data>");
	for (size_t i = 0; ok && i < json_array_size(array); i++)
		ok = add_value(out, json_array_get(array, i));
	str_add(out, "</data></array>");
	return ok;
}

static bool add_value(struct str *out, json_t *value)
{
	bool ok = true;

	str_add(out, "<value>");
	if (json_is_object(value)) {
		ok = add_members(out, value);
	} else if (json_is_array(value)) {
		ok = add_elements(out, value);
	} else if (json_is_integer(value)) {
		str_addf(out, "<int>%lld</int>", (long long)json_integer_value(value));
	} else if (json_is_boolean(value)) {
		str_addf(out, "<boolean>%d</boolean>", json_is_true(value));
	} else {
		const char *text = json_string_value(value);

		str_add(out, "<string>");
		ok = text && xml_add_text(out, text);
		str_add(out, "</string>");
	}
	str_add(out, "</value>");
	return ok;
}

bool xmlrpc_add_call(struct str *out, const char *method, json_t *parameters)
{
	bool ok;

	str_add(out, "<?xml version=\"1.0\"?>\n<methodCall><methodName>");
	ok = xml_add_text(out, method);
	str_add(out, "</methodName><params>");
	for (size_t i = 0; ok && i < json_array_size(parameters); i++) {
		str_add(out, "<param>");
		ok = add_value(out, json_array_get(parameters, i));
		str_add(out, "</param>");
	}
	str_add(out, "</params></methodCall>\n");
	return ok && !out->overflow;
}

/* ---- reading ---- */

static json_t *read_value(const struct xml_node *value);

static json_t *read_members(const struct xml_node *node)
{
	json_t *object = json_object();

	for (const struct xml_node *member = xml_find(node, "member"); member; member = xml_again(member)) {
		const struct xml_node *value = xml_find(member, "value");
		json_t *read = value ? read_value(value) : NULL;

		if (!read || json_object_set_new(object, xml_text(member, "name"), read) != 0) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

static json_t *read_elements(const struct xml_node *node)
{
	json_t *array = json_array();

	for (const struct xml_node *value = xml_find(node, "data/value"); value; value = xml_again(value)) {
		json_t *read = read_value(value);

		if (!read || json_array_append_new(array, read) != 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *read_integer(const char *text)
{
	char *end;
	long long value;

	value = strtoll(text, &end, 10);
	if (end == text || end[strspn(end, " \t\r\n")])
		return NULL;
	return json_integer(value);
}

static json_t *read_boolean(const char *text)
{
	if (!strcmp(text, "1") || !strcmp(text, "0"))
		return json_boolean(*text == '1');
	return NULL;
}

static json_t *read_value(const struct xml_node *value)
{
	const struct xml_node *node = value->below;
	const char *text = xml_text(node ? node : value, "");

	if (!node)
		return json_string(text);
	if (!strcmp(node->name, "struct"))
		return read_members(node);
	if (!strcmp(node->name, "array"))
		return read_elements(node);
	if (!strcmp(node->name, "int") || !strcmp(node->name, "i4") || !strcmp(node->name, "i8"))
		return read_integer(text);
	if (!strcmp(node->name, "boolean"))
		return read_boolean(text);
	if (!strcmp(node->name, "nil"))
		return json_null();
	return json_string(text);
}

json_t *xmlrpc_read(const char *bytes, size_t len, bool *fault)
{
	struct xml *xml = xml_parse(bytes, len);
	const struct xml_node *root = xml ? xml_root(xml) : NULL, *value = NULL;
	json_t *read = NULL;

	*fault = false;
	if (root && !strcmp(root->name, "methodResponse")) {
		value = xml_find(root, "fault/value");
		*fault = value != NULL;
		if (!value)
			value = xml_find(root, "params/param/value");
	}
	if (value)
		read = read_value(value);
	if (*fault && !json_is_object(read)) {
		json_decref(read);
		read = NULL;
		*fault = false;
	}
	xml_free(xml);
	return read;
}
