/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside io/tls: only tls*.c include this. */
#ifndef IO_TLS_PRIVATE_H
#define IO_TLS_PRIVATE_H

#include <openssl/ssl.h>

#include "io/tls.h"

struct tls_roots {
	SSL_CTX *context;
	bool any; /* there is a root at all */
};

struct tls {
	const struct tls_roots *roots;
	SSL *ssl;
	BIO *in, *out; /* owned by ssl */
	char *host;
};

#endif
