/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one list of senders. A new row is named here and in sender_table.h. */
#include <string.h>

#include "sim/sender/sender_table.h"

#include "base/banned.h"

const struct sender *const senders[] = {
	&sender_rfc5321,
	&sender_postfix,
	&sender_exim,
	&sender_sendmail,
	&sender_opensmtpd,
	&sender_qmail,
	&sender_dma,
	&sender_courier,
	&sender_exchange_online,
	&sender_gmail,
	NULL,
};

const struct sender *sender_find(const char *name)
{
	for (size_t i = 0; senders[i]; i++) {
		if (strcmp(senders[i]->name, name) == 0)
			return senders[i];
	}
	return NULL;
}
