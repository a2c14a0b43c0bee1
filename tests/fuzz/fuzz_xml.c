/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A vendor's XML, as any server may send it: walked through, and read as the answer to an XML-RPC call. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "provider/xml.h"
#include "provider/xmlrpc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const struct xml_node *node, size_t depth)
{
	struct str again;

	if (depth > XML_DEPTH_MAX)
		abort();
	str_init(&again, 0);
	/* What was read can be written. */
	if (node->text && !xml_add_text(&again, node->text))
		abort();
	str_release(&again);
	for (const struct xml_node *at = node->attribute; at; at = at->next)
		if (!xml_find(node, "") || !at->text)
			abort();
	for (const struct xml_node *at = node->below; at; at = at->next) {
		if (at->up != node)
			abort();
		walk(at, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct xml *xml = xml_parse((const char *)data, size);
	bool fault;
	json_t *json = xmlrpc_read((const char *)data, size, &fault);

	if (xml) {
		json_t *tree = xml_json(xml_root(xml));

		if (!tree)
			abort();
		json_decref(tree);
		walk(xml_root(xml), 1);
	}
	if ((json && !xml) || (fault && !json_is_object(json)))
		abort();
	json_decref(json);
	xml_free(xml);
	return 0;
}
