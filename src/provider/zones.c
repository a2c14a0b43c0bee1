/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/zones.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/banned.h"

static void entry_release(struct zone_entry *entry)
{
	free(entry->name);
	free(entry->id);
	free(entry->group);
	free(entry->note);
	free(entry->servers);
}

void zone_index_release(struct zone_index *index)
{
	for (size_t i = 0; i < index->n; i++)
		entry_release(&index->entry[i]);
	free(index->entry);
	*index = (struct zone_index){ 0 };
}

static int compare(const void *a, const void *b)
{
	const struct zone_entry *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	return order ? order : strcmp(left->id, right->id);
}

void zone_index_sort(struct zone_index *index)
{
	size_t kept = 0;

	if (index->sorted)
		return;
	if (index->n > 1)
		qsort(index->entry, index->n, sizeof *index->entry, compare);
	for (size_t i = 0; i < index->n; i++) {
		if (kept && !compare(&index->entry[kept - 1], &index->entry[i]))
			entry_release(&index->entry[i]);
		else
			index->entry[kept++] = index->entry[i];
	}
	index->n = kept;
	index->sorted = true;
}

void zone_index_add(struct zone_index *index, const struct zone_entry *entry)
{
	struct zone_entry copy = *entry;

	copy.name = mem_text(entry->name);
	copy.id = mem_text(entry->id ? entry->id : "");
	copy.group = mem_text(entry->group);
	copy.note = mem_text(entry->note);
	copy.servers = mem_text(entry->servers);
	index->entry = mem_grow(index->entry, index->n, &index->cap, sizeof *index->entry);
	index->entry[index->n++] = copy;
	index->sorted = false;
}

const struct zone_entry *zone_index_find(struct zone_index *index, const char *name, size_t *n)
{
	size_t low = 0, high;

	zone_index_sort(index);
	for (high = index->n; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(index->entry[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (*n = 0; low + *n < index->n && !strcmp(index->entry[low + *n].name, name); ++*n)
		;
	/* It became a zone since. */
	if (*n > 1 && index->entry[low].none) {
		low++;
		--*n;
	}
	return *n ? &index->entry[low] : NULL;
}
