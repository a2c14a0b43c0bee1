/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows that senders.c lists; nobody else names them. */
#ifndef SIM_SENDER_TABLE_H
#define SIM_SENDER_TABLE_H

#include "sim/sender/sender.h"

/* A program's part of the mail that the hosters in the standard mix leave (sim/sender/mix.c): percent of the servers counted, of 97.01 that
 * are programs of these rows. */
#define COMMON_PROGRAM(percent) ((100 - 28.5 - 10.8) * (percent) / 97.01)

/* What a failure comes to at every sender: the next server where none was reached, back to the author after a refusal for good;
 * what only matters to who goes by DANE or MTA-STS. */
#define OUT_ALWAYS                                                                                                                         \
	[SIM_UP] = OUT_OK, [SIM_REFUSED] = OUT_NEXT, [SIM_TIMEOUT] = OUT_NEXT, [SIM_MAIL_5XX] = OUT_BOUNCE, [SIM_RCPT_5XX] = OUT_BOUNCE,   \
	[SIM_DATA_5XX] = OUT_BOUNCE, [SIM_DOT_5XX] = OUT_BOUNCE, [SIM_NO_STARTTLS] = OUT_OK, [SIM_TLSA_MISMATCH] = OUT_OK,                 \
	[SIM_CERT_INVALID] = OUT_OK
/* What every refusal for now comes to, once EHLO is through. */
#define OUT_4XX(way) [SIM_MAIL_4XX] = way, [SIM_RCPT_4XX] = way, [SIM_DATA_4XX] = way, [SIM_DOT_4XX] = way

extern const struct sender sender_rfc5321;
extern const struct sender sender_postfix;
extern const struct sender sender_exim;
extern const struct sender sender_sendmail;
extern const struct sender sender_opensmtpd;
extern const struct sender sender_qmail;
extern const struct sender sender_dma;
extern const struct sender sender_courier;
extern const struct sender sender_exchange_online;
extern const struct sender sender_gmail;

#endif
