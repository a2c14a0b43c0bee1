/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows that sim/sender.c lists; nobody else names them. */
#ifndef SIM_SENDER_ROWS_H
#define SIM_SENDER_ROWS_H

#include "sim/sender.h"

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
