/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * XML as vendors speak it: read by expat into a tree that is looked at by paths of element names, and text escaped for
 * writing. A document type is refused, so there are no entities but the five that XML itself has. Depth and number of
 * elements are bounded. Prefixes of names are left out. The document owns everything; nodes are borrowed.
 */
#ifndef PROVIDER_XML_H
#define PROVIDER_XML_H

#include <jansson.h>
#include <stdbool.h>

#include "base/str.h"

#define XML_DEPTH_MAX 32
#define XML_NODES_MAX 200000 /* attributes count too */

struct xml;
struct xml_node {
	char *name;                                /* without prefix */
	char *text;                                /* UTF-8, of this element without those below it; an attribute's value */
	struct xml_node *attribute;                /* a list of them, or NULL */
	struct xml_node *below, *last, *next, *up; /* the first and last element inside, the one after, the one around */
};

/* NULL where the bytes are no such document. */
struct xml *xml_parse(const char *bytes, size_t len);
void xml_free(struct xml *xml); /* NULL is accepted */
const struct xml_node *xml_root(const struct xml *xml);

/* The first element below node along "HostedZones/HostedZone", or NULL. node NULL gives NULL; path "" gives node. */
const struct xml_node *xml_find(const struct xml_node *node, const char *path);
/* The next element of the same name inside the same element, or NULL. */
const struct xml_node *xml_again(const struct xml_node *node);
/* Text of xml_find(), or of an attribute; "" where there is none. */
const char *xml_text(const struct xml_node *node, const char *path);
const char *xml_attribute(const struct xml_node *node, const char *name);

/* The element as JSON, a new reference: a text where it has neither attributes nor elements, else an object with a member for each name,
 * its text under "". What stands there more than once is an array. */
json_t *xml_json(const struct xml_node *node);
/* The same of a whole document's root; NULL where the bytes are no document. */
json_t *xml_tree(const struct str *bytes);

/* Appends text so that it can stand between tags and in a quoted attribute. False, nothing appended, where XML has no way to say
 * it: a control character, or bytes that are no UTF-8. */
bool xml_add_text(struct str *out, const char *text);

#endif
