/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/xml.h"

#include <expat.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/banned.h"

struct xml {
	struct xml_node *root;
};

struct reading {
	XML_Parser parser;
	struct xml_node *root, *at; /* the innermost element that is open */
	struct str text;            /* the last run of text, for `at` */
	size_t depth, n;
};

static struct xml_node *new_node(const char *name)
{
	struct xml_node *node = mem_alloc(sizeof(*node));
	const char *colon = strrchr(name, ':');

	node->name = mem_text(colon ? colon + 1 : name);
	return node;
}

static void free_node(struct xml_node *node)
{
	free(node->name);
	free(node->text);
	free(node);
}

static void free_all(struct xml_node *node)
{
	while (node) {
		struct xml_node *next = node->next;

		free_all(node->attribute);
		free_all(node->below);
		free_node(node);
		node = next;
	}
}

/* ---- reading ---- */

/* What stands between two tags belongs to the element around it. */
static void flush_text(struct reading *reading)
{
	struct xml_node *at = reading->at;
	struct str all;

	if (!reading->text.len || !at)
		return;
	str_init(&all, 0);
	str_add(&all, at->text ? at->text : "");
	str_add_bytes(&all, reading->text.s, reading->text.len);
	free(at->text);
	at->text = str_take(&all);
	str_clear(&reading->text);
}

static void on_start(void *data, const XML_Char *name, const XML_Char **attribute)
{
	struct reading *reading = data;
	struct xml_node *node, **end;

	flush_text(reading);
	reading->n += 1 + (size_t)XML_GetSpecifiedAttributeCount(reading->parser) / 2;
	if (++reading->depth > XML_DEPTH_MAX || reading->n > XML_NODES_MAX) {
		XML_StopParser(reading->parser, XML_FALSE);
		return;
	}
	node = new_node(name);
	end = &node->attribute;
	for (; *attribute; attribute += 2, end = &(*end)->next) {
		*end = new_node(attribute[0]);
		(*end)->text = mem_text(attribute[1]);
	}
	node->up = reading->at;
	if (!reading->at)
		reading->root = node;
	else if (reading->at->last)
		reading->at->last->next = node;
	else
		reading->at->below = node;
	if (reading->at)
		reading->at->last = node;
	reading->at = node;
}

static void on_end(void *data, const XML_Char *name)
{
	struct reading *reading = data;

	(void)name;
	flush_text(reading);
	reading->at = reading->at->up;
	reading->depth--;
}

static void on_text(void *data, const XML_Char *text, int len)
{
	struct reading *reading = data;

	str_add_bytes(&reading->text, text, (size_t)len);
}

static void on_doctype(void *data, const XML_Char *name, const XML_Char *system_id, const XML_Char *public_id, int internal)
{
	struct reading *reading = data;

	(void)name;
	(void)system_id;
	(void)public_id;
	(void)internal;
	XML_StopParser(reading->parser, XML_FALSE);
}

struct xml *xml_parse(const char *bytes, size_t len)
{
	struct reading reading = { .parser = XML_ParserCreate(NULL) };
	struct xml *xml = NULL;

	if (!reading.parser)
		abort();
	str_init(&reading.text, len + 1);
	XML_SetUserData(reading.parser, &reading);
	XML_SetElementHandler(reading.parser, on_start, on_end);
	XML_SetCharacterDataHandler(reading.parser, on_text);
	XML_SetStartDoctypeDeclHandler(reading.parser, on_doctype);
	if (len <= INT_MAX && XML_Parse(reading.parser, bytes, (int)len, 1) == XML_STATUS_OK) {
		xml = mem_alloc(sizeof(*xml));
		xml->root = reading.root;
	} else {
		free_all(reading.root);
	}
	XML_ParserFree(reading.parser);
	str_release(&reading.text);
	return xml;
}

void xml_free(struct xml *xml)
{
	if (!xml)
		return;
	free_all(xml->root);
	free(xml);
}

/* ---- looking ---- */

const struct xml_node *xml_root(const struct xml *xml)
{
	return xml->root;
}

static const struct xml_node *named(const struct xml_node *node, const char *name, size_t len)
{
	while (node && (strncmp(node->name, name, len) != 0 || node->name[len]))
		node = node->next;
	return node;
}

const struct xml_node *xml_find(const struct xml_node *node, const char *path)
{
	while (node && *path) {
		size_t len = strcspn(path, "/");

		node = named(node->below, path, len);
		path += len + (path[len] == '/');
	}
	return node;
}

const struct xml_node *xml_again(const struct xml_node *node)
{
	return named(node->next, node->name, strlen(node->name));
}

const char *xml_text(const struct xml_node *node, const char *path)
{
	const struct xml_node *found = xml_find(node, path);

	return found && found->text ? found->text : "";
}

const char *xml_attribute(const struct xml_node *node, const char *name)
{
	const struct xml_node *found = named(node->attribute, name, strlen(name));

	return found ? found->text : "";
}

static void add_member(json_t *object, const char *name, json_t *value)
{
	json_t *there = json_object_get(object, name), *both;

	if (!there) {
		json_object_set_new(object, name, value);
	} else if (json_is_array(there)) {
		json_array_append_new(there, value);
	} else {
		both = json_array();
		json_array_append(both, there);
		json_array_append_new(both, value);
		json_object_set_new(object, name, both);
	}
}

json_t *xml_json(const struct xml_node *node)
{
	const char *text = node->text ? node->text : "";
	json_t *object;

	if (!node->attribute && !node->below)
		return json_string(text);
	object = json_object();
	json_object_set_new(object, "", json_string(text));
	for (const struct xml_node *at = node->attribute; at; at = at->next)
		add_member(object, at->name, json_string(at->text));
	for (const struct xml_node *at = node->below; at; at = at->next)
		add_member(object, at->name, xml_json(at));
	return object;
}

json_t *xml_tree(const struct str *bytes)
{
	struct xml *xml = xml_parse(bytes->s, bytes->len);
	json_t *json = xml ? xml_json(xml_root(xml)) : NULL;

	xml_free(xml);
	return json;
}

/* ---- writing ---- */

/* XML 1.0 section 2.2. A bad byte is decoded as U+FFFD that was not written. */
static bool can_be_said(const char *text)
{
	while (*text) {
		uint32_t cp;
		char again[4];
		size_t len = text_decode(text, strlen(text), &cp);

		if ((cp < 0x20 && !strchr("\t\n\r", (int)cp)) || cp == 0xFFFE || cp == 0xFFFF)
			return false;
		if (text_encode(cp, again) != len || memcmp(again, text, len) != 0)
			return false;
		text += len;
	}
	return true;
}

bool xml_add_text(struct str *out, const char *text)
{
	static const struct {
		char c;
		const char *written;
	} escapes[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { '\t', "&#9;" }, { '\n', "&#10;" },
		{ '\r', "&#13;" } };
	const size_t n = sizeof escapes / sizeof escapes[0];

	if (!can_be_said(text))
		return false;
	for (; *text; text++) {
		size_t i = 0;

		while (i < n && escapes[i].c != *text)
			i++;
		if (i < n)
			str_add(out, escapes[i].written);
		else
			str_add_char(out, *text);
	}
	return true;
}
