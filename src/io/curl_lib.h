/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libcurl's functions, opened when they are first needed: it brings thirty libraries along, half of the program's start and of its
 * memory, and most runs of the interface never send a request. Only http.c includes this. The library stays open to the program's end.
 */
#ifndef IO_CURL_LIB_H
#define IO_CURL_LIB_H

#include <curl/curl.h>

#include "base/err.h"

struct curl_lib {
	__typeof__(&curl_global_init_mem) global_init_mem;
	__typeof__(&curl_global_cleanup) global_cleanup;
	__typeof__(&curl_free) free;
	__typeof__(&curl_easy_init) easy_init;
	__typeof__(&curl_easy_cleanup) easy_cleanup;
	__typeof__(&curl_easy_setopt) easy_setopt;
	__typeof__(&curl_easy_getinfo) easy_getinfo;
	__typeof__(&curl_easy_strerror) easy_strerror;
	__typeof__(&curl_multi_init) multi_init;
	__typeof__(&curl_multi_cleanup) multi_cleanup;
	__typeof__(&curl_multi_setopt) multi_setopt;
	__typeof__(&curl_multi_assign) multi_assign;
	__typeof__(&curl_multi_add_handle) multi_add_handle;
	__typeof__(&curl_multi_remove_handle) multi_remove_handle;
	__typeof__(&curl_multi_info_read) multi_info_read;
	__typeof__(&curl_multi_socket_action) multi_socket_action;
	__typeof__(&curl_slist_append) slist_append;
	__typeof__(&curl_slist_free_all) slist_free_all;
	__typeof__(&curl_url) url;
	__typeof__(&curl_url_cleanup) url_cleanup;
	__typeof__(&curl_url_get) url_get;
	__typeof__(&curl_url_set) url_set;
};

/* ERR_FILE where the library, or a function of it, is missing: then lib is not to be used. */
bool curl_lib_open(struct curl_lib *lib, struct err *err);

/* Its global_init: what the library gives back to the system is wiped, for it keeps copies of headers and bodies that hold keys. */
void curl_lib_begin(const struct curl_lib *lib);

bool curl_url_is_loopback(const struct curl_lib *curl, CURLU *parts);
/* A name or password in the address would stand in messages and logs. */
bool curl_url_has_user(const struct curl_lib *curl, CURLU *parts);

#endif
