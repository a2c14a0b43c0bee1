/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two files of the zone file provider share: the account's settings and the files they name. Private to it. */
#ifndef PROVIDER_ZONEFILE_H
#define PROVIDER_ZONEFILE_H

#include "provider/vendor.h"
#include "wire/zonetext.h"

extern const struct provider_setting zonefile_settings[];
const char *zonefile_setting(const struct provider_run *run, const char *name); /* "" where there is none */
bool zonefile_is_one(const struct provider_run *run);                           /* one file for all zones */
/* To be freed: pattern with each {zone} replaced; the zone's file; a file that it includes. */
char *zonefile_fill(const char *pattern, const char *zone);
char *zonefile_path(const struct provider_run *run, const struct dname *zone);
char *zonefile_include_path(const struct provider_run *run, const char *name);
/* GOAL_VERIFY: is there what the account names? */
enum step zonefile_verify(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err);

#endif
