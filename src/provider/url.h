/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parts of an address that signatures and logins look at. Checks nothing beyond that: io/http refuses what must not
 * be asked.
 */
#ifndef PROVIDER_URL_H
#define PROVIDER_URL_H

#include <stdbool.h>

#include "base/str.h"

/* The Host header that is sent for it: with the port where it is not the scheme's own. */
void url_host(struct str *out, const char *url);
const char *url_path(const char *url); /* from the first '/' after the host on, or the end */
/* https, or http to a loopback address: where a secret may go. */
bool url_keeps_secret(const char *url);

#endif
