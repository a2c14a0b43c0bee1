/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set and what is known of its hosts, written in two lines of text; for the checks' tests. */
#ifndef TESTS_CHECK_SCENE_H
#define TESTS_CHECK_SCENE_H

#include "check/check.h"

struct scene {
	struct dname domain, zone;
	struct mxset set;
	struct facts facts;
	struct check_input in;
};

/*
 * records: "10 mx1.example.com|20 mx2.example.com", "" for none; "10 " has no target.
 * world:   "HOST ADDRESS ...|HOST": a host with its addresses; "HOST ->OTHER ADDRESS ..." an alias; "HOST !" does not exist;
 *          "HOST" alone has no address; "HOST ?" failed; "HOST *" is silent; "HOST @" leads in a circle; "HOST ~" is pending; hosts not
 * named are unasked. The domain is exempel.com, in the zone of that name.
 */
void scene_open(struct scene *scene, const char *records, const char *world);
void scene_close(struct scene *scene);
/* What one check says of it, word by word: "level: text|level: text", "- reason" for not checked. */
void scene_says(const char *id, const struct scene *scene, const char *wanted);

#endif
