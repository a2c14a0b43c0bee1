/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the chain of trust begins: the file of the configuration, else the system's. */
#include <string.h>

#include "base/i18n.h"
#include "io/dns_private.h"
#include "io/store.h"
#include "base/banned.h"

#define SYSTEM_ANCHOR "/usr/share/dns/root.key"
#define ANCHOR_MAX ((size_t)1 << 20)

/* The owner of the first anchor in a file of DNSKEY or DS lines. */
static bool anchor_name(const char *path, struct dname *name)
{
	char owner[DNAME_TEXT_MAX];
	struct str text;
	bool found = false;

	str_init(&text, ANCHOR_MAX);
	if (store_read_trusted(path, ANCHOR_MAX, &text, NULL)) {
		for (char *line = text.s; line && !found; line = strchr(line, '\n')) {
			line += *line == '\n';
			size_t len = strcspn(line, " \t\n");
			if (*line == ';' || *line == '#' || !len || len >= sizeof(owner))
				continue;
			memcpy(owner, line, len);
			owner[len] = 0;
			found = dname_parse(name, owner, NULL);
		}
	}
	str_release(&text);
	return found;
}

const char *dns_anchor(const struct dns *dns, const char **path, struct dname *name)
{
	const char *own = dns_anchor_file(dns);

	*path = own ? own : SYSTEM_ANCHOR;
	if (anchor_name(*path, name))
		return NULL;
	return own ? N_("anchor_file holds no trust anchor, or is not a file of yours or root's that nobody else may write")
		   : N_("there is no trust anchor on this machine (package dns-root-data, or anchor_file in the configuration)");
}
