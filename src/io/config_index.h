/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a section and a setting of a configuration stand, found in the time of a tree, for a file may have tens of thousands of them.
 * A domain is found by what its name means, the rest by the letter. For config.c alone; the keys belong to struct config.
 */
#ifndef IO_CONFIG_INDEX_H
#define IO_CONFIG_INDEX_H

#include "io/config.h"

void config_index_section(struct config *config); /* its last section, which no other is like */
void config_index_pair(struct config *config);    /* the last pair of its last section */
void config_index_release(struct config *config);

/* Borrowed, or NULL; section may be NULL. */
const struct config_pair *config_pair(const struct config *config, const struct config_section *section, const char *name);
const struct setting *config_setting(const char *kind, const char *name);

#endif
