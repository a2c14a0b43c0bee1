/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/curl_lib.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

/* Under the names that the builds of libcurl have had since 2006; one by GnuTLS has its own on Debian. */
static void *open_library(void)
{
	void *library = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_LOCAL);

	return library ? library : dlopen("libcurl-gnutls.so.4", RTLD_LAZY | RTLD_LOCAL);
}

/* POSIX: a function's address fits into a void *, though C has no cast for it. */
static bool find(void *library, const char *name, void *function)
{
	void *found = dlsym(library, name);

	memcpy(function, &found, sizeof(found));
	return found != NULL;
}

bool curl_lib_open(struct curl_lib *lib, struct err *err)
{
	const struct {
		const char *name;
		void *function;
	} wanted[] = {
		{ "curl_global_init_mem", &lib->global_init_mem },
		{ "curl_global_cleanup", &lib->global_cleanup },
		{ "curl_free", &lib->free },
		{ "curl_easy_init", &lib->easy_init },
		{ "curl_easy_cleanup", &lib->easy_cleanup },
		{ "curl_easy_setopt", &lib->easy_setopt },
		{ "curl_easy_getinfo", &lib->easy_getinfo },
		{ "curl_easy_strerror", &lib->easy_strerror },
		{ "curl_multi_init", &lib->multi_init },
		{ "curl_multi_cleanup", &lib->multi_cleanup },
		{ "curl_multi_setopt", &lib->multi_setopt },
		{ "curl_multi_assign", &lib->multi_assign },
		{ "curl_multi_add_handle", &lib->multi_add_handle },
		{ "curl_multi_remove_handle", &lib->multi_remove_handle },
		{ "curl_multi_info_read", &lib->multi_info_read },
		{ "curl_multi_socket_action", &lib->multi_socket_action },
		{ "curl_slist_append", &lib->slist_append },
		{ "curl_slist_free_all", &lib->slist_free_all },
		{ "curl_url", &lib->url },
		{ "curl_url_cleanup", &lib->url_cleanup },
		{ "curl_url_get", &lib->url_get },
		{ "curl_url_set", &lib->url_set },
	};
	void *library = open_library();
	bool ok = library != NULL;

	for (size_t i = 0; ok && i < sizeof(wanted) / sizeof(*wanted); i++)
		ok = find(library, wanted[i].name, wanted[i].function);
	if (ok)
		return true;
	err_set(err, ERR_FILE, N_("the library libcurl.so.4 could not be opened: %s"), dlerror());
	err_hint(err, N_("Install libcurl: it is what speaks to providers."));
	return false;
}

/* ---- its memory ---- */

static void wipe_and_free(void *place)
{
	mem_wipe(place, malloc_usable_size(place));
	free(place);
}

/* realloc() may move what it has, and leave a copy behind. */
static void *move(void *old, size_t size)
{
	size_t had = malloc_usable_size(old);
	void *place = malloc(size ? size : 1);

	if (!place)
		return NULL;
	if (old)
		memcpy(place, old, had < size ? had : size);
	wipe_and_free(old);
	return place;
}

void curl_lib_begin(const struct curl_lib *lib)
{
	lib->global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wipe_and_free, move, strdup, calloc);
}
