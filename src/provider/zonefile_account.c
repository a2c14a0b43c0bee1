/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an account of zone files says: which files, and whether they can be used. */
#include "provider/zonefile.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/banned.h"

#define ZONE_MARK "{zone}"

const char *zonefile_setting(const struct provider_run *run, const char *name)
{
	const char *value = run->account->setting(run->account, name);

	return value ? value : "";
}

/* pattern with each {zone} replaced. */
char *zonefile_fill(const char *pattern, const char *zone)
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

bool zonefile_is_one(const struct provider_run *run)
{
	const char *file = zonefile_setting(run, "file");

	return *file && !strstr(file, ZONE_MARK);
}

char *zonefile_path(const struct provider_run *run, const struct dname *zone)
{
	const char *file = zonefile_setting(run, "file");
	char text[DNAME_TEXT_MAX];
	struct str pattern;
	char *path;

	str_init(&pattern, 0);
	if (*file)
		str_add(&pattern, file);
	else
		str_addf(&pattern, "%s/" ZONE_MARK ".zone", run->account->endpoint);
	path = zonefile_fill(pattern.s, dname_text(zone, text));
	str_release(&pattern);
	return path;
}

/* Relative names begin in the folder that the account names, as the server's own `directory` does, else in that of the zone file. */
char *zonefile_include_path(const struct provider_run *run, const char *name)
{
	char *file = zonefile_path(run, &run->zone), *slash = strrchr(file, '/');
	const char *folder = zonefile_setting(run, "directory");
	struct str path;

	str_init(&path, 0);
	if (*name != '/' && *folder)
		str_addf(&path, "%s/", folder);
	else if (*name != '/' && slash)
		str_add_bytes(&path, file, (size_t)(slash - file) + 1);
	str_add(&path, name);
	free(file);
	return str_take(&path);
}

/* The file, or the folder in which files of zones are looked for. */
static char *base_of(const struct provider_run *run)
{
	const char *file = zonefile_setting(run, "file"), *mark = strstr(file, ZONE_MARK);
	char *base = mem_text(*file ? file : run->account->endpoint);

	if (*file && mark) {
		char *slash;

		base[mark - file] = '\0';
		slash = strrchr(base, '/');
		if (slash)
			slash[slash == base] = '\0';
		else
			memcpy(base, ".", 2);
	}
	return base;
}

enum step zonefile_verify(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	char *base = base_of(run);
	enum step step = STEP_FAILED;

	if (!*base)
		err_set(err, ERR_USAGE, N_("account %s names neither a folder (endpoint) nor a file"), run->account->name);
	else if (!reply)
		step = STEP_REQUEST;
	else if (!reply->look->exists)
		err_set(err, ERR_FILE, N_("%s does not exist"), base);
	else if (!zonefile_is_one(run) && !reply->look->directory)
		err_set(err, ERR_FILE, N_("%s is no folder"), base);
	else if (zonefile_is_one(run) && reply->look->directory)
		err_set(err, ERR_FILE, N_("%s is a folder, not a file"), base);
	else if (!reply->look->readable)
		err_set(err, ERR_FILE, N_("%s may not be read by this user"), base);
	else
		step = STEP_DONE;
	if (step == STEP_REQUEST) {
		request->kind = REQUEST_FILE_LOOK;
		request->path = mem_text(base);
		msg_set(&request->title, N_("look for %s"), base);
	}
	free(base);
	return step;
}

const struct provider_setting zonefile_settings[] = {
	{ "file", "", N_("the zone file; {zone} stands for the zone's name; default: {zone}.zone in the endpoint's directory") },
	{ "directory", "", N_("where relative names of $INCLUDE begin, as the server's directory; default: the zone file's folder") },
	{ "reload_command", "", N_("run after a change, without a shell; {zone} stands for the zone's name") },
	{ "reload_signs", "no", N_("yes: reload_command signs the zone again, so that a signed file may be edited") },
	{ "journal", "refuse", N_("synced: edit beside a journal of the server's that ends at the file's serial; else never beside one") },
	{ NULL, NULL, NULL },
};
