/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config.h's looking up. */
#include "io/config_index.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/banned.h"

/* A section, or with a name one of its settings. */
struct place {
	char *key;
	size_t section, pair;
};

static int compare_places(const void *a, const void *b)
{
	return strcmp(((const struct place *)a)->key, ((const struct place *)b)->key);
}

static char *section_key(const char *kind, const char *name)
{
	char canonical[DNAME_TEXT_MAX];
	struct dname domain;
	struct str key;

	if (!strcmp(kind, "domain") && dname_parse(&domain, name, NULL))
		name = dname_text(&domain, canonical);
	str_init(&key, 0);
	str_addf(&key, "%s %s", kind, name);
	return str_take(&key);
}

/* No kind has a digit. */
static char *pair_key(size_t section, const char *name)
{
	struct str key;

	str_init(&key, 0);
	str_addf(&key, "%zu %s", section, name);
	return str_take(&key);
}

/* Takes key over. */
static void add(struct config *config, char *key, size_t section, size_t pair)
{
	struct place *place = mem_alloc(sizeof(*place));

	*place = (struct place){ key, section, pair };
	if (!tsearch(place, &config->index, compare_places))
		mem_exhausted();
}

static const struct place *find(const struct config *config, char *key)
{
	const struct place wanted = { .key = key };
	void *const *found = tfind(&wanted, &config->index, compare_places);

	free(key);
	return found ? *found : NULL;
}

void config_index_section(struct config *config)
{
	const struct config_section *section = &config->section[config->n - 1];

	add(config, section_key(section->kind, section->name), config->n - 1, 0);
}

void config_index_pair(struct config *config)
{
	const struct config_section *section = &config->section[config->n - 1];

	add(config, pair_key(config->n - 1, section->pair[section->n - 1].name), config->n - 1, section->n - 1);
}

static void free_place(void *data)
{
	struct place *place = data;

	free(place->key);
	free(place);
}

void config_index_release(struct config *config)
{
	tdestroy(config->index, free_place);
	config->index = NULL;
}

const struct config_section *config_find(const struct config *config, const char *kind, const char *name)
{
	const struct place *place = find(config, section_key(kind, name));

	return place ? &config->section[place->section] : NULL;
}

const struct config_pair *config_pair(const struct config *config, const struct config_section *section, const char *name)
{
	const struct place *place = section ? find(config, pair_key((size_t)(section - config->section), name)) : NULL;

	return place ? &section->pair[place->pair] : NULL;
}

const char *config_value(const struct config_section *section, const char *setting)
{
	for (size_t i = 0; section && i < section->n; i++)
		if (!strcmp(section->pair[i].name, setting))
			return section->pair[i].value;
	return NULL;
}

const struct setting *config_setting(const char *kind, const char *name)
{
	for (const struct setting *s = settings; s->section; s++)
		if (!strcmp(s->section, kind) && (!strcmp(s->name, name) || !strcmp(s->name, "*")))
			return s;
	return NULL;
}

static const char *value_of(const struct config *config, const struct config_section *section, const char *kind, const char *name)
{
	const struct config_pair *pair = config_pair(config, section, name);
	const struct setting *setting = config_setting(kind, name);

	return pair ? pair->value : setting ? setting->standard : NULL;
}

const char *config_get(const struct config *config, const char *kind, const char *name, const char *setting)
{
	return value_of(config, config_find(config, kind, name), kind, setting);
}

bool config_yes(const struct config *config, const char *kind, const char *name, const char *setting)
{
	const char *value = config_get(config, kind, name, setting);

	return value && !strcmp(value, "yes");
}

long config_number(const struct config *config, const char *kind, const char *name, const char *setting)
{
	const char *value = config_get(config, kind, name, setting);
	uint32_t seconds;

	return value && text_parse_duration(value, &seconds) ? (long)seconds : 0;
}

const struct config_section *config_domain(const struct config *config, const struct dname *domain)
{
	char text[DNAME_TEXT_MAX];

	return config_find(config, "domain", dname_text(domain, text));
}

const char *config_domain_get(const struct config *config, const struct dname *domain, const char *setting)
{
	return value_of(config, config_domain(config, domain), "domain", setting);
}
