/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * XML-RPC (http://xmlrpc.com/spec.md) with JSON values on our side: struct is object, array is array, int and i4 are
 * integer, string is string.
 */
#ifndef PROVIDER_XMLRPC_H
#define PROVIDER_XMLRPC_H

#include <jansson.h>

#include "base/str.h"

/* Appends a call with those parameters, an array. False where a text cannot be said in XML; out is then to be thrown away. Objects
 * are written in the order of their members. */
bool xmlrpc_add_call(struct str *out, const char *method, json_t *parameters);

/* The answer's value, new reference; NULL where it is no answer to a call. A fault is no value: *fault is then set, and the object has
 * faultCode and faultString. Dates, base64 and what has no type are strings; nil is null. */
json_t *xmlrpc_read(const char *bytes, size_t len, bool *fault);

#endif
