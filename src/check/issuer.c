/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/issuer.h"

#include "base/banned.h"

/* SHA-256 of the public keys of issuers whose certificates mail servers have no more of. */
static const struct {
	const char *key;
	struct issuer issuer;
} retired[] = {
	{ "60b87575447dcba2a36b7d11ac09fb24a9db406fee12d2cc90180517616e8a18", { "Let's Encrypt X3", false } },
	{ "b111dd8a1c2091a89bd4fd60c57f0716cce50feeff8137cdbee0326e02cf362b", { "Let's Encrypt X4", false } },
	{ "8d02536c887482bc34ff54e41d2ba659bf85b341a0a20afadb5813dcfbcf286d", { "Let's Encrypt R3", false } },
	{ "e5545e211347241891c554a03934cde9b749664a59d26d615fe58f77990f2d03", { "Let's Encrypt R4", false } },
	{ "276fe8a8c4ec7611565bf9fce6dcace9be320c1b5bea27596b2204071ed04f10", { "Let's Encrypt E1", false } },
	{ "bd936e72b212ef6f773102c6b77d38f94297322efc25396bc3279422e0c89270", { "Let's Encrypt E2", false } },
	{ "0b9fa5a59eed715c26c1020c711b4f6ec42d58b0015e14337a39dad301c5afc3", { "ISRG Root X1", true } },
};

static bool is_digest(const struct tlsa *tlsa, const char *hex)
{
	for (size_t i = 0; i < 32; i++) {
		static const char digits[] = "0123456789abcdef";

		if (hex[2 * i] != digits[tlsa->data[i] >> 4] || hex[2 * i + 1] != digits[tlsa->data[i] & 15])
			return false;
	}
	return true;
}

const struct issuer *issuer_retired(const struct tlsa *tlsa)
{
	if (tlsa->usage != 2 || tlsa->selector != 1 || tlsa->matching != 1 || tlsa->len != 32)
		return NULL;
	for (size_t i = 0; i < sizeof(retired) / sizeof(*retired); i++)
		if (is_digest(tlsa, retired[i].key))
			return &retired[i].issuer;
	return NULL;
}
