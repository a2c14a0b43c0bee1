/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a name server's answer, whose signature is looked at; and as a message that is signed, twice. */
#include <stdint.h>
#include <stdlib.h>

#include "provider/tsig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void sign(const struct tsig_key *key, const uint8_t *data, size_t size, struct str *mac)
{
	struct str message;

	str_init(&message, 0);
	str_add_bytes(&message, data, size);
	tsig_sign(key, 5, &message, mac);
	tsig_sign(key, 6, &message, mac);
	if (mac->len != 32)
		abort();
	str_release(&message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tsig_key key;
	struct str mac;
	int64_t server_time;

	if (!tsig_key_read(&key, &(struct tsig_words){ "key", "hmac-sha256", "AAAA" }, NULL))
		abort();
	str_init(&mac, 0);
	tsig_verify(&key, &(struct tsig_asked){ &mac, 0 }, (struct bytes){ data, size }, &server_time);
	if (size >= 12)
		sign(&key, data, size, &mac);
	str_release(&mac);
	tsig_key_release(&key);
	return 0;
}
