/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of one host of the ladder: where it stands, its addresses and their names, its zone, what probes met, and what becomes of
 * the mail when it alone is silent. */
#ifndef SHOW_HOST_H
#define SHOW_HOST_H

#include "app/session.h"
#include "show/document.h"

struct host_view {
	struct session *session;
	const struct mx *mx;
	int64_t now;
	bool ascii;
};

/* What is known of the addresses: "found", "alias", "asking", "no address" ... host NULL: nobody asked. */
struct sign host_state(const struct host_facts *host, struct str *word);
bool host_pending(const struct host_facts *host); /* an address may still come */
void host_document(const struct host_view *view, struct document *document);

#endif
