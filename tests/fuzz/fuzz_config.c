/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A configuration as anybody may have written it: what is read can be asked for, what is not names its line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool any(const char *provider, const char *name)
{
	return !provider || !name ||
	       provider[0] != name[0]; /* an account may lack its provider; without a name the provider is asked about */
}

static void ask(const struct config *config)
{
	struct dname domain = { 0 };

	for (const struct setting *s = settings; s->section; s++) {
		for (size_t i = 0; i < config->n; i++) {
			if (strcmp(config->section[i].kind, s->section) == 0)
				config_get(config, s->section, config->section[i].name, s->name);
		}
	}
	dname_parse(&domain, "exempel.com", NULL);
	config_domain_get(config, &domain, "account");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[] = "/tmp/fuzz_config.XXXXXX";
	struct config config = { 0 };
	struct err err = { 0 };
	int file = mkstemp(path);

	if (file < 0)
		return 0;
	if (size == 0 || write(file, data, size) == (ssize_t)size) {
		if (config_read(&config, path, any, &err))
			ask(&config);
		else if (err.code == ERR_NONE)
			abort();
	}
	config_release(&config);
	close(file);
	unlink(path);
	return 0;
}
