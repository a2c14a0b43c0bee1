/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/lesson.h"

#include <string.h>

#include "base/i18n.h"
#include "base/banned.h"

void lesson_document(const char *title, const char *text, const char *reference, struct document *document)
{
	static const char between[] = "\n\n";
	const char *end;

	str_add(document_sentence(document, ROLE_HEADING, ""), _(title));
	for (text = _(text); (end = strstr(text, between)); text = end + strlen(between))
		str_add_bytes(document_sentence(document, ROLE_TEXT, ""), text, (size_t)(end - text));
	str_add(document_sentence(document, ROLE_TEXT, ""), text);
	if (*reference)
		str_add(document_sentence(document, ROLE_DIM, ""), reference);
}
