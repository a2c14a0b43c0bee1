/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Zone files on this machine: the MX lines are edited in place (wire/zonetext.h) and a command
 * may tell the server. The endpoint is a directory of ZONE.zone files, unless `file` says otherwise.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "provider/vendor.h"
#include "wire/zonetext.h"
#include "base/banned.h"

#define ZONE_MARK "{zone}"

enum file_stage { STAGE_START, STAGE_READ, STAGE_WRITTEN, STAGE_RUN };

static const char *setting(const struct provider_run *run, const char *name)
{
	const char *value = run->account->setting(run->account, name);

	return value ? value : "";
}

/* pattern with each {zone} replaced. */
static char *fill(const char *pattern, const char *zone)
{
	struct str out;
	const char *mark;
	char *text;

	str_init(&out, 0);
	for (; (mark = strstr(pattern, ZONE_MARK)) != NULL; pattern = mark + strlen(ZONE_MARK)) {
		str_add_bytes(&out, pattern, (size_t)(mark - pattern));
		str_add(&out, zone);
	}
	str_add(&out, pattern);
	text = str_take(&out);
	str_release(&out);
	return text;
}

static bool one_file(const struct provider_run *run)
{
	const char *file = setting(run, "file");

	return *file && !strstr(file, ZONE_MARK);
}

static char *path_of(const struct provider_run *run, const struct dname *zone)
{
	const char *file = setting(run, "file");
	char text[DNAME_TEXT_MAX];
	struct str pattern;
	char *path;

	str_init(&pattern, 0);
	if (*file)
		str_add(&pattern, file);
	else
		str_addf(&pattern, "%s/" ZONE_MARK ".zone", run->account->endpoint);
	path = fill(pattern.s, dname_text(zone, text));
	str_release(&pattern);
	return path;
}

/* The owner without its first `skip` labels; false when nothing sensible is left, or what would lead out of the directory. */
static bool suffix(const struct provider_run *run, unsigned skip, struct dname *zone)
{
	char text[DNAME_TEXT_MAX];

	*zone = run->owner;
	while (skip--)
		if (!dname_parent(zone, zone))
			return false;
	return !dname_is_root(zone) && !strpbrk(dname_text(zone, text), "/\\ ");
}

static void ask_file(struct provider_run *run, const struct dname *zone, struct request *request)
{
	request->kind = REQUEST_FILE_READ;
	request->path = path_of(run, zone);
	msg_set(&request->title, N_("read %s"), request->path);
}

/* One file for all: its own SOA says which zone it is. */
static enum step zones_of_file(struct provider_run *run, const struct reply *reply, struct err *err)
{
	struct zoneworld *world = zoneworld_new();
	enum step step = STEP_FAILED;

	if (zoneworld_add(world, setting(run, "file"), reply->content, reply->content_len, err)) {
		for (size_t i = 0; i < zoneworld_zones(world); i++) {
			char text[DNAME_TEXT_MAX];

			vendor_offer_zone(run, dname_text(zoneworld_zone(world, i), text), "");
		}
		step = vendor_zones_done(run, err);
	}
	zoneworld_free(world);
	return step;
}

static enum step zones(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	char text[DNAME_TEXT_MAX];
	struct dname zone = run->owner;

	if (one_file(run) && reply)
		return zones_of_file(run, reply, err);
	if (reply && reply->content && suffix(run, run->at - 1, &zone)) {
		run->zone = zone;
		return STEP_DONE;
	}
	if (!one_file(run) && !suffix(run, run->at, &zone)) {
		char *path = path_of(run, &run->owner);

		err_set(err, ERR_REFUSED, N_("no zone for %s in account %s"), dname_text(&run->owner, text), run->account->name);
		err_hint(err, N_("there is no file %s, nor one of a name above"), path);
		free(path);
		return STEP_FAILED;
	}
	run->at++;
	ask_file(run, &zone, request);
	request->may_miss = !one_file(run);
	return STEP_REQUEST;
}

static void take_set(struct provider_set *have, const struct mxset *set)
{
	provider_set_release(have);
	for (size_t i = 0; i < set->n; i++) {
		struct provider_record *record = provider_set_add(have);

		record->mx = set->mx[i];
		record->ttl_s = set->ttl_s;
	}
}

static enum step read_set(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	struct mxset set;
	bool ok;

	if (!reply) {
		ask_file(run, &run->zone, request);
		return STEP_REQUEST;
	}
	mxset_init(&set);
	ok = zonetext_read_mx(
		&(struct zonetext){ .text = reply->content, .len = reply->content_len, .zone = &run->zone, .owner = &run->owner }, &set,
		err);
	if (ok)
		take_set(&run->have, &set);
	mxset_release(&set);
	return ok ? STEP_DONE : STEP_FAILED;
}

static uint32_t today(int64_t now)
{
	struct str text;
	uint32_t day = 0;

	if (!now)
		return 0;
	str_init(&text, 0);
	text_time(&text, now);
	for (size_t i = 0; i < text.len && text.s[i] != 'T'; i++)
		if (text.s[i] != '-')
			day = day * 10 + (uint32_t)(text.s[i] - '0');
	str_release(&text);
	return day;
}

static enum step reload(struct provider_run *run, struct request *request)
{
	const char *command = setting(run, "reload_command");
	char text[DNAME_TEXT_MAX];

	if (!*command)
		return STEP_DONE;
	run->stage = STAGE_RUN;
	request->kind = REQUEST_RUN;
	request->writes = true;
	request->command = fill(command, dname_text(&run->zone, text));
	msg_set(&request->title, N_("run %s"), request->command);
	return STEP_REQUEST;
}

/* The file as it is now: still what was read before, or already what is wanted (a push that was cut off before the reload). */
static enum step write_file(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	const struct zonetext file = { .text = reply->content, .len = reply->content_len, .zone = &run->zone, .owner = &run->owner };
	enum step step = STEP_FAILED;
	char text[DNAME_TEXT_MAX];
	struct zonetext_view view = { 0 };
	struct mxset now, was;

	mxset_init(&now);
	mxset_init(&was);
	provider_set_published(&run->have, &was);
	if (!zonetext_read_mx(&file, &now, err))
		goto out;
	if (mxset_equal(&now, &run->want)) {
		step = reload(run, request);
		goto out;
	}
	if (!mxset_equal(&now, &was)) {
		err_set(err, ERR_CONFLICT, N_("the MX set of %s was changed in its zone file meanwhile"), dname_text(&run->owner, text));
		goto out;
	}
	if (!zonetext_view(&file, &view, err) ||
		!zonetext_replace_mx(&file, &view, &(struct zonetext_edit){ &run->want, today(run->now) }, &request->content, err))
		goto out;
	run->stage = STAGE_WRITTEN;
	request->kind = REQUEST_FILE_WRITE;
	request->writes = true;
	request->path = path_of(run, &run->zone);
	str_add_bytes(&request->expect, reply->content, reply->content_len);
	msg_set(&request->title, N_("replace the MX set of %s in %s"), dname_text(&run->owner, text), request->path);
	step = STEP_REQUEST;
out:
	zonetext_view_release(&view);
	mxset_release(&now);
	mxset_release(&was);
	return step;
}

static enum step write_set(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	switch (run->stage) {
	case STAGE_START:
		run->stage = STAGE_READ;
		ask_file(run, &run->zone, request);
		return STEP_REQUEST;
	case STAGE_READ:
		return write_file(run, reply, request, err);
	case STAGE_WRITTEN:
		run->wrote = true;
		return reload(run, request);
	default:
		return STEP_DONE;
	}
}

static enum step zonefile_step(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	switch (run->goal) {
	case GOAL_VERIFY: /* there is no key; whether a file can be read shows with the first domain */
		return STEP_DONE;
	case GOAL_ZONES:
		return zones(run, reply, request, err);
	case GOAL_READ:
		return read_set(run, reply, request, err);
	case GOAL_WRITE:
		return write_set(run, reply, request, err);
	case GOAL_COMMIT:
		return STEP_DONE;
	}
	return STEP_FAILED;
}

static const struct provider_setting settings[] = {
	{ "file", "", N_("the zone file; {zone} stands for the zone's name; default: {zone}.zone in the endpoint's directory") },
	{ "reload_command", "", N_("run after a change, without a shell; {zone} stands for the zone's name") },
	{ NULL, NULL, NULL },
};

const struct provider provider_zonefile = {
	.name = "zonefile",
	.title = N_("zone file"),
	.endpoint = "",
	.caps = CAP_ATOMIC_SET | CAP_NULL_MX | CAP_LOCAL,
	.ttl_max_s = MX_TTL_MAX,
	.settings = settings,
	.step = zonefile_step,
	.release_state = vendor_state_release,
};
