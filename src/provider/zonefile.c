/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Zone files on this machine: the MX lines are edited in place (wire/zonetext.h) and a command may tell the server, which is the last
 * call of a push. The endpoint is a directory of ZONE.zone files, unless `file` says otherwise. A file is left alone where its
 * truth is also elsewhere: in a journal of the server's, in signatures, in included files that bear on the name.
 *
 * Over 200 lines: no engine (shape.h) serves files, and each reason to leave one alone is a question of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provider/zonefile.h"
#include "provider/zones.h"
#include "base/banned.h"

enum file_stage { STAGE_START, STAGE_JOURNAL, STAGE_READ, STAGE_INCLUDE, STAGE_WRITTEN };

/* The owner without its first `skip` labels; false when nothing sensible is left, or what would lead out of the directory. */
static bool suffix(const struct provider_run *run, unsigned skip, struct dname *zone)
{
	char text[DNAME_TEXT_MAX];

	*zone = run->owner;
	while (skip--)
		dname_parent(zone, zone);
	return !dname_is_root(zone) && !strpbrk(dname_text(zone, text), "/\\ ");
}

static void ask_file(struct provider_run *run, const struct dname *zone, struct request *request)
{
	request->kind = REQUEST_FILE_READ;
	request->path = zonefile_path(run, zone);
	msg_set(&request->title, N_("read %s"), request->path);
}

static enum step none_fits(const struct provider_run *run, const struct zonetext_zones *found, struct err *err)
{
	char text[DNAME_TEXT_MAX];
	struct str names;

	str_init(&names, 0);
	for (size_t i = 0; i < found->n; i++)
		str_add_listed(&names, dname_text(&found->apex[i], text));
	err_set(err, ERR_REFUSED, N_("no zone for %s in account %s"), dname_text(&run->owner, text), run->account->name);
	if (found->n)
		err_hint(err, N_("it has: %s"), names.s);
	str_release(&names);
	return STEP_FAILED;
}

/* Finds the zone of a single file by its SOA record. */
static enum step zones_of_file(struct provider_run *run, const struct reply *reply, struct err *err)
{
	const struct zonetext file = {
		.text = reply->content, .len = reply->content_len, .owner = &run->owner, .name = zonefile_setting(run, "file")
	};
	struct zonetext_zones found;
	char text[DNAME_TEXT_MAX];

	if (!zonetext_zones(&file, &found, err))
		return STEP_FAILED;
	if (dname_is_root(&run->owner)) {
		if (found.n == ZONETEXT_NS) /* there may be more */
			return provider_lists_none(run, err);
		for (size_t i = 0; i < found.n; i++) {
			dname_text(&found.apex[i], text);
			zone_index_add(run->account->zones, &(struct zone_entry){ .name = text });
		}
		return STEP_DONE;
	}
	for (size_t i = 0; i < found.n; i++)
		if (dname_under(&run->owner, &found.apex[i]) && found.apex[i].len > run->zone.len)
			run->zone = found.apex[i];
	return run->zone.len ? STEP_DONE : none_fits(run, &found, err);
}

static enum step zones(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	char text[DNAME_TEXT_MAX];
	struct dname zone = run->owner;

	if (!zonefile_is_one(run) && dname_is_root(&run->owner))
		return provider_lists_none(run, err);
	if (zonefile_is_one(run) && reply)
		return zones_of_file(run, reply, err);
	if (reply && reply->content && suffix(run, run->at - 1, &zone)) {
		run->zone = zone;
		return STEP_DONE;
	}
	if (!zonefile_is_one(run) && !suffix(run, run->at, &zone)) {
		char *path = zonefile_path(run, &run->owner);

		err_set(err, ERR_REFUSED, N_("no zone for %s in account %s"), dname_text(&run->owner, text), run->account->name);
		err_hint(err, N_("there is no file %s, nor one of a name above"), path);
		free(path);
		return STEP_FAILED;
	}
	run->at++;
	ask_file(run, &zone, request);
	request->may_miss = !zonefile_is_one(run);
	return STEP_REQUEST;
}

static void take_set(struct provider_set *have, const struct zonetext_view *view)
{
	provider_set_release(have);
	for (size_t i = 0; i < view->set.n; i++) {
		struct provider_record *record = provider_set_add(have);

		record->mx = view->set.mx[i];
		record->ttl_s = view->ttl_s[record->mx.listed - 1];
	}
}

/* ---- $INCLUDE: text of the zone that stands elsewhere ---- */

static bool includes_left(struct provider_run *run)
{
	return run->at < vendor_state(run)->n_include;
}

static enum step ask_include(struct provider_run *run, struct request *request)
{
	run->stage = STAGE_INCLUDE;
	request->kind = REQUEST_FILE_READ;
	request->path = zonefile_include_path(run, vendor_state(run)->include[run->at].path);
	request->may_miss = true;
	msg_set(&request->title, N_("read %s"), request->path);
	return STEP_REQUEST;
}

/* The reply is the text of the include at work: it must not bear on the name. */
static bool include_is_apart(struct provider_run *run, const struct reply *reply, struct err *err)
{
	const struct zonetext_include *include = &vendor_state(run)->include[run->at++];
	char *path = zonefile_include_path(run, include->path), text[DNAME_TEXT_MAX];
	bool ok = reply->content != NULL;

	if (ok) {
		ok = zonetext_included(&(struct zonetext){ reply->content, reply->content_len, &include->origin, &run->owner, path }, err);
	} else {
		err_set(err, ERR_FILE,
			N_("line %zu includes %s, which cannot be read: whether MX records of %s stand there cannot be told"),
			include->line, path, dname_text(&run->owner, text));
		err_hint(err, N_("If the server looks for it elsewhere: directory = FOLDER in the account's section."));
	}
	free(path);
	return ok;
}

static void take_includes(struct provider_run *run, struct zonetext_view *view)
{
	struct vendor_state *state = vendor_state(run);

	if (state->n_include)
		return;
	state->include = view->include;
	state->n_include = view->n_include;
	view->include = NULL;
	view->n_include = 0;
}

/* ---- the server's journal ---- */

/* The serial at which a journal of BIND's ends. Its header: 16 bytes that say what it is, then serial and offset of its begin and of
 * its end. */
static bool journal_end(const struct file_look *look, uint32_t *serial)
{
	const uint8_t *at;

	if (look->n_head < 32 || memcmp(look->head, ";BIND LOG V9", 12) != 0)
		return false;
	at = (const uint8_t *)look->head + 24;
	*serial = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
	return true;
}

static enum step ask_journal(struct provider_run *run, struct request *request)
{
	char *path = zonefile_path(run, &run->zone);
	struct str journal;

	str_init(&journal, 0);
	str_addf(&journal, "%s.jnl", path);
	run->stage = STAGE_JOURNAL;
	request->kind = REQUEST_FILE_LOOK;
	request->path = str_take(&journal);
	msg_set(&request->title, N_("look for %s"), request->path);
	free(path);
	return STEP_REQUEST;
}

/* RFC 1982. */
static bool serial_after(uint32_t a, uint32_t b)
{
	return a != b && a - b < 0x80000000u;
}

/* ---- reading ---- */

static bool view_file(const struct provider_run *run, const struct reply *reply, struct zonetext_view *view, struct err *err)
{
	char *path = zonefile_path(run, &run->zone);
	bool ok = zonetext_view(&(struct zonetext){ reply->content, reply->content_len, &run->zone, &run->owner, path }, view, err);

	free(path);
	return ok;
}

static bool take_file(struct provider_run *run, const struct reply *reply, struct err *err)
{
	struct zonetext_view view = { 0 };
	bool ok = view_file(run, reply, &view, err);

	if (ok) {
		take_set(&run->have, &view);
		snprintf(run->have.mark, sizeof(run->have.mark), "%u", (unsigned)view.serial);
		run->first_ttl_s = view.has_default ? view.default_s : 0;
		for (run->n_ns = 0; run->n_ns < view.n_ns; run->n_ns++)
			run->ns[run->n_ns] = view.ns[run->n_ns];
		take_includes(run, &view);
	}
	zonetext_view_release(&view);
	return ok;
}

/* What the server's journal has and the file has not yet may be of the name. */
static bool journal_is_in_file(const struct provider_run *run, const struct file_look *look, struct err *err)
{
	uint32_t serial = (uint32_t)strtoul(run->have.mark, NULL, 10), end;
	char zone[DNAME_TEXT_MAX], *path;

	if (!look->exists || (journal_end(look, &end) && (end == serial || serial_after(serial, end))))
		return true;
	path = zonefile_path(run, &run->zone);
	err_set(err, ERR_REFUSED,
		N_("the server keeps a journal beside the zone file (%s.jnl), with changes that may not be in the file yet: what is held is not known"),
		path);
	err_hint(err, N_("rndc sync %s writes them into the file. Before an edit: rndc freeze %s and rndc sync -clean %s."),
		dname_text(&run->zone, zone), zone, zone);
	free(path);
	return false;
}

static enum step read_set(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	bool ok;

	if (!reply) {
		ask_file(run, &run->zone, request);
		return STEP_REQUEST;
	}
	if (run->stage == STAGE_START)
		return take_file(run, reply, err) ? ask_journal(run, request) : STEP_FAILED;
	ok = run->stage == STAGE_JOURNAL ? journal_is_in_file(run, reply->look, err) : include_is_apart(run, reply, err);
	if (ok && includes_left(run))
		return ask_include(run, request);
	return ok ? STEP_DONE : STEP_FAILED;
}

/* ---- writing ---- */

/* May the file be edited beside this journal? Where the server changes the zone by itself, the file is not the whole of it. */
static bool journal_allows(struct provider_run *run, const struct file_look *look, struct err *err)
{
	struct vendor_state *state = vendor_state(run);
	char zone[DNAME_TEXT_MAX], *path;

	if (!look->exists)
		return true;
	state->has_journal = true;
	if (!strcmp(zonefile_setting(run, "journal"), "synced") && journal_end(look, &state->journal_end))
		return true;
	path = zonefile_path(run, &run->zone);
	err_set(err, ERR_REFUSED,
		N_("the server keeps a journal beside the zone file (%s.jnl): an edit of the file would put the two at odds"), path);
	err_hint(err,
		N_("First rndc freeze %s and rndc sync -clean %s, afterwards rndc thaw %s. Where the server makes the journal itself out of edits (inline-signing, ixfr-from-differences): journal = synced."),
		dname_text(&run->zone, zone), zone, zone);
	free(path);
	return false;
}

static bool file_is_whole(struct provider_run *run, const struct zonetext_view *view, struct err *err)
{
	const struct vendor_state *state = vendor_state(run);
	char zone[DNAME_TEXT_MAX];

	if (state->has_journal && serial_after(view->serial, state->journal_end)) {
		err_set(err, ERR_REFUSED,
			N_("the zone file has serial %u, the server's journal ends at %u: the server has not loaded the file yet"),
			(unsigned)view->serial, (unsigned)state->journal_end);
		err_hint(err, N_("Let it load the file (rndc reload %s), then push again."), dname_text(&run->zone, zone));
		return false;
	}
	if (state->has_journal && state->journal_end != view->serial)
		return err_set(err, ERR_REFUSED,
			N_("the server's journal ends at serial %u, the zone file has %u: changes are not in the file yet"),
			(unsigned)state->journal_end, (unsigned)view->serial);
	if (!view->signed_line || (*zonefile_setting(run, "reload_command") && !strcmp(zonefile_setting(run, "reload_signs"), "yes")))
		return true;
	err_set(err, ERR_REFUSED,
		N_("the zone file is signed (line %zu): after an edit its signatures would no longer fit, and validating resolvers would refuse the zone"),
		view->signed_line);
	err_hint(err, N_("Edit the unsigned file; or, where the account's reload_command signs the zone again, say reload_signs = yes."));
	return false;
}

static enum step write_edit(
	struct provider_run *run, const struct reply *reply, const struct zonetext_view *view, struct request *request, struct err *err)
{
	char text[DNAME_TEXT_MAX], *path = zonefile_path(run, &run->zone);
	bool ok = zonetext_replace_mx(&(struct zonetext){ reply->content, reply->content_len, &run->zone, &run->owner, path }, view,
		&(struct zonetext_edit){ &run->want, vendor_day(run->now) }, &request->content, err);

	run->stage = STAGE_WRITTEN;
	request->kind = REQUEST_FILE_WRITE;
	request->writes = true;
	request->path = path;
	dname_text(&run->owner, text);
	if (reply->look && reply->look->links > 1)
		msg_set(&request->title, N_("replace the MX set of %s in %s (other hard links of this file keep the old content)"), text,
			path);
	else
		msg_set(&request->title, N_("replace the MX set of %s in %s"), text, path);
	return ok ? STEP_REQUEST : STEP_FAILED;
}

/* The file as it is now: still what was read before, or already what is wanted. */
static enum step write_file(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	struct zonetext_view view = { 0 };
	enum step step = STEP_FAILED;
	char text[DNAME_TEXT_MAX];
	struct mxset was;

	mxset_init(&was);
	provider_set_published(&run->have, &was);
	if (!view_file(run, reply, &view, err))
		goto out;
	take_includes(run, &view);
	if (includes_left(run))
		step = ask_include(run, request);
	else if (mxset_equal(&view.set, &run->want))
		step = STEP_DONE;
	else if (!mxset_equal(&view.set, &was))
		err_set(err, ERR_CONFLICT, N_("the MX set of %s was changed in its zone file meanwhile"), dname_text(&run->owner, text));
	else if (file_is_whole(run, &view, err))
		step = write_edit(run, reply, &view, request, err);
out:
	zonetext_view_release(&view);
	mxset_release(&was);
	return step;
}

static enum step read_again(struct provider_run *run, struct request *request)
{
	run->stage = STAGE_READ;
	ask_file(run, &run->zone, request);
	return STEP_REQUEST;
}

static enum step write_set(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	switch ((enum file_stage)run->stage) {
	case STAGE_START:
		return ask_journal(run, request);
	case STAGE_JOURNAL:
		return journal_allows(run, reply->look, err) ? read_again(run, request) : STEP_FAILED;
	case STAGE_READ:
		return write_file(run, reply, request, err);
	case STAGE_INCLUDE:
		if (!include_is_apart(run, reply, err))
			return STEP_FAILED;
		return includes_left(run) ? ask_include(run, request) : read_again(run, request);
	case STAGE_WRITTEN:
		run->wrote = true;
		break;
	}
	return STEP_DONE;
}

/* The last call: the server is told. */
static enum step commit(struct provider_run *run, const struct reply *reply, struct request *request)
{
	const char *command = zonefile_setting(run, "reload_command");
	char text[DNAME_TEXT_MAX];

	if (reply || !*command)
		return STEP_DONE;
	request->kind = REQUEST_RUN;
	request->writes = true;
	request->command = zonefile_fill(command, dname_text(&run->zone, text));
	msg_set(&request->title, N_("run %s"), request->command);
	return STEP_REQUEST;
}

static enum step zonefile_step(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	switch (run->goal) {
	case GOAL_VERIFY:
		return zonefile_verify(run, reply, request, err);
	case GOAL_ZONES:
		return zones(run, reply, request, err);
	case GOAL_READ:
		return read_set(run, reply, request, err);
	case GOAL_WRITE:
		return write_set(run, reply, request, err);
	case GOAL_COMMIT:
		break;
	}
	return commit(run, reply, request);
}

/* Every edit of a zone file raises its serial. An equal serial tells nothing: an older file may have been put back. */
static unsigned writes_between(const char *before, const char *after)
{
	if (!strcmp(before, after))
		return WRITES_UNKNOWN;
	return vendor_serial_writes((uint32_t)strtoul(before, NULL, 10), (uint32_t)strtoul(after, NULL, 10), true);
}

const struct provider provider_zonefile = {
	.name = "zonefile",
	.title = N_("zone file"),
	.endpoint = "",
	.caps = CAP_ATOMIC_SET | CAP_NULL_MX | CAP_LOCAL | CAP_COMMIT | CAP_COMPARE,
	.limits = { .ttl_max_s = MX_TTL_MAX },
	.settings = zonefile_settings,
	.step = zonefile_step,
	.writes_between = writes_between,
};
