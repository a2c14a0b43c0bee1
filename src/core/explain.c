/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/explain.h"

#include <string.h>

#include "base/i18n.h"
#include "base/banned.h"

const struct topic topics[] = {
	{ "mx-record", N_("The MX record"),
		N_("An MX record says which server takes the mail for a domain. It holds two things: a preference, "
		   "which is a number, and the name of a mail server.\n\n"
		   "A domain may have several. Together they are one set with one TTL, and the DNS hands out and "
		   "caches the set as a whole. The name must be a host name that leads to an address; an IP address "
		   "cannot stand there, nor a port.\n\n"
		   "The mail server need not lie in the domain: example.com may well have its mail taken by "
		   "mx.example.net. If a domain has no MX record, senders try the domain's own address instead. "
		   "That is called the implicit MX."),
		"RFC 5321 section 5.1" },
	{ "preference", N_("The preference"),
		N_("The preference is a number from 0 to 65535, and the lowest is tried first. Some panels call it "
		   "priority.\n\n"
		   "Only the order counts, not the distance: 10 and 20 mean the same as 1 and 60000. Tens are a habit "
		   "that leaves room to put a server in between later.\n\n"
		   "A sender goes to the next number only when it cannot deliver to the servers of the lower one. "
		   "Which failures make it go on differs from one mail server program to another; the simulation "
		   "shows how."),
		"RFC 5321 section 5.1" },
	{ "equal-preference", N_("Equal preferences"),
		N_("Servers with the same preference share the mail. A sender must choose among them at random, so "
		   "that over many messages the load is spread.\n\n"
		   "The spread is not exact. Some programs draw lots between hosts and some between addresses, so "
		   "that a host with two addresses may get twice as much; some favour IPv6; some take the order in "
		   "which the DNS server answered.\n\n"
		   "If one of the equals is down, the others take its share at once, as long as they can carry it. "
		   "So two equal servers are often better than a server and a reserve: both are in use, and both are "
		   "known to work."),
		"RFC 5321 section 5.1" },
	{ "lookup", N_("How a sender finds the server"),
		N_("The sender asks the DNS for the MX records of what stands after the @. If the domain is an alias, "
		   "it follows the alias. If the DNS fails for the moment, the message waits in the queue; if the "
		   "name does not exist, the message is returned.\n\n"
		   "The records are sorted by preference, and equals are shuffled. For each server the sender looks "
		   "up the addresses, IPv4 and IPv6, and connects to port 25.\n\n"
		   "When there is no connection, or the server says \"try later\", most senders go on to the next "
		   "address or server. When it says \"no\" to the recipient or the message, the message is returned "
		   "at once, even if other servers are left. What could not be delivered is tried again, mostly for "
		   "four or five days."),
		"RFC 5321 section 5.1" },
	{ "backup-mx", N_("The backup MX"),
		N_("A backup MX is a server with a higher preference number, which takes mail when the others cannot "
		   "be reached and passes it on later.\n\n"
		   "It is needed less than many think: without it the mail waits at the sender's and is tried again "
		   "for days. It does harm if it accepts what the main server would refuse: unknown recipients then "
		   "become bounces to innocent people, and spammers like to try it first.\n\n"
		   "So a backup must know the same recipients and use the same filters, and it must be watched, for "
		   "it is used so seldom that nobody notices when it is broken. And not every sender gets that far: "
		   "some stop after a handful of dead addresses."),
		"RFC 5321 section 5.1" },
	{ "alias-target", N_("Why the target must not be an alias"),
		N_("The name in an MX record must lead straight to an address (A or AAAA). It must not be a CNAME, "
		   "which is an alias for another name.\n\n"
		   "Many senders follow the alias all the same, so that it seems to work. Others do not, and their "
		   "mail is delayed or returned. A server may also fail to recognise itself in the list under its "
		   "other name, and send the mail round in a circle.\n\n"
		   "Write the name that the alias points to, or give the name an address of its own."),
		"RFC 2181 section 10.3" },
	{ "null-mx", N_("The null MX"),
		N_("A single MX record with preference 0 and the name \".\" says that the domain takes no mail at "
		   "all. A sender then returns the message at once, instead of trying the domain's own address for "
		   "days.\n\n"
		   "It must be the only MX record. Use it for domains that never take mail. Do not use it for a "
		   "domain that stands in the sender address of your mail: replies and bounces could not come back, "
		   "and many receivers refuse mail from such a domain."),
		"RFC 7505" },
	{ "ttl", N_("TTL: how long an answer is kept"),
		N_("The TTL is the time in seconds for which others may keep the set before they ask again. All the "
		   "MX records of a domain share one TTL.\n\n"
		   "After a change, some senders go on using the old set until their copy has run out: with a TTL of "
		   "12 hours, up to 12 hours after the last name server has the new one. So keep the old servers "
		   "running for that long.\n\n"
		   "Before a move, lower the TTL and wait for the old TTL to pass; then change the servers; raise it "
		   "again when all is well. That there is no MX record is remembered too, for a time that the zone's "
		   "SOA record sets."),
		"RFC 2181 section 5.2" },
	{ NULL, NULL, NULL, NULL },
};

const struct topic *topic_find(const char *name)
{
	for (const struct topic *t = topics; t->name; t++) {
		if (strcmp(t->name, name) == 0)
			return t;
	}
	return NULL;
}
