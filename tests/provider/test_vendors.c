/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each vendor byte by byte. A file of tests/data/vendors is a talk with one of them: what is asked of the program and what the
 * server answers is written in it, and between those lines what the program sends ("> ") and says ("= "). The test plays the talk
 * again, and has to come to the same text. With the name of a file it shows what it comes to.
 *
 *   vendor NAME, set NAME VALUE      once, at the head
 *   ? GOAL OWNER [ZONE [ID]]         a new run; "? login": the account's login, which all later runs use
 *   ! GOAL [ADVERB...] [: SET]       that run goes on with another goal; a set is "TTL PREFERENCE HOST ..."
 *   have SET                         what it has read, with the ids 1, 2 ...
 *   << NAME VALUE                    a header of the next answer
 *   < STATUS BODY                    an answer; time passes by NOW+SECONDS lines
 */
#include "drive.h"

#include <dirent.h>

#define TEXT_MAX (1 << 18)

struct talk {
	struct drive drive;
	char provider[32], settings[8][128], headers[4][2][256];
	const char *pairs[18];
	size_t n_settings, n_headers;
	bool open, is_login, has_login;
	struct provider_login login;
	struct str out;
};

static const char *const goals[] = { "verify", "zones", "read", "write", "commit" };

static enum provider_goal goal_of(const char *word)
{
	for (size_t i = 0; i < sizeof goals / sizeof *goals; i++)
		if (!strcmp(word, goals[i]))
			return (enum provider_goal)i;
	fail_msg("no goal: %s", word);
	return GOAL_VERIFY;
}

static void say_message(struct talk *talk, const char *head, const struct msg *msg)
{
	str_add(&talk->out, head);
	msg_format(msg, NULL, &talk->out);
	str_add(&talk->out, "\n");
}

/* Nothing secret stands in what is shown of a request. */
static void check_shown(const struct http_request *http)
{
	struct str shown;

	str_init(&shown, 0);
	http_request_show(http, &shown);
	assert_null(strstr(shown.s, KEY));
	assert_null(strstr(shown.s, "t0ken"));
	for (size_t i = 0; i < http->n_header; i++)
		if (!strcmp(http->header[i].name, "Authorization"))
			assert_null(strstr(shown.s, http->header[i].value));
	str_release(&shown);
}

/* A body in one line. */
static void say_body(struct talk *talk, const char *body)
{
	str_add(&talk->out, "> ");
	for (; *body; body++)
		if (*body == '\n')
			str_add(&talk->out, "\\n");
		else
			str_add_char(&talk->out, *body);
	str_add(&talk->out, "\n");
}

static void say_request(struct talk *talk)
{
	const struct request *request = &talk->drive.request;
	const struct http_request *http = &request->http;

	str_addf(&talk->out, "> %s %s%s%s%s%s\n", http->method, request->base ? request->base : "", http->path,
		request->writes ? " (writes)" : "", request->open ? " (open)" : "", request->wait_ms ? " (waits)" : "");
	for (size_t i = 0; i < http->n_header; i++)
		str_addf(
			&talk->out, "> %s: %s%s\n", http->header[i].name, http->header[i].value, http->header[i].secret ? " (secret)" : "");
	if (http->body.len)
		say_body(talk, http->body.s);
	if (*request->changed || *request->removed)
		str_addf(&talk->out, "> changes %s removes %s\n", request->changed, request->removed);
	say_message(talk, "> # ", &request->title);
	check_shown(http);
}

static void say_set(struct talk *talk)
{
	const struct provider_run *run = &talk->drive.run;
	char host[DNAME_TEXT_MAX];

	for (size_t i = 0; i < run->have.n; i++) {
		const struct provider_record *record = &run->have.record[i];

		mx_host_text(&record->mx, host);
		str_addf(&talk->out, "= %u %u %s id '%s'%s%s%s%s%s\n", (unsigned)record->ttl_s, (unsigned)record->mx.preference, host,
			record->id, record->disabled ? " disabled" : "", record->locked ? " locked" : "",
			record->automatic ? " automatic" : "", *record->stored ? " stored " : "", record->stored);
	}
	if (run->have.kept || *run->have.mark)
		str_addf(&talk->out, "= kept %s mark %s\n", run->have.kept ? run->have.kept : "", run->have.mark);
}

static void say_zone(struct talk *talk)
{
	const struct provider_run *run = &talk->drive.run;
	char text[DNAME_TEXT_MAX];

	str_addf(&talk->out, "= zone %s id %s ttl %u min %u", dname_text(&run->zone, text), run->zone_id ? run->zone_id : "none",
		(unsigned)run->first_ttl_s, (unsigned)run->limits.ttl_min_s);
	for (size_t i = 0; i < run->n_ns; i++)
		str_addf(&talk->out, " %s", dname_text(&run->ns[i], text));
	str_addf(&talk->out, "%s%s\n", run->ns_usual ? " usual" : "", run->has_read ? " with its set" : "");
}

static void say_end(struct talk *talk)
{
	struct drive *drive = &talk->drive;

	if (drive->step == STEP_REQUEST) {
		/* A request that is sent again gets its credentials again, and none twice. */
		assert_true(provider_dress(&drive->run, &drive->request, drive->run.now, &drive->err));
		say_request(talk);
	} else if (drive->step == STEP_FAILED) {
		str_addf(&talk->out, "= %s: ", err_code_name(drive->err.code));
		err_format(&drive->err, NULL, &talk->out);
		assert_null(strstr(talk->out.s + strlen(talk->out.s) - 1, "\n"));
		str_add(&talk->out, "\n");
		if (drive->err.hint.id)
			say_message(talk, "= ", &drive->err.hint);
	} else if (talk->is_login) {
		str_addf(&talk->out, "= token %s until %lld who %s\n", talk->login.token ? "t..." : "none",
			(long long)(talk->login.until ? talk->login.until - drive->run.now : 0),
			talk->login.who ? talk->login.who : "none");
	} else {
		str_addf(&talk->out, "= done%s\n", drive->run.wrote ? ", written" : "");
		if (drive->run.goal == GOAL_ZONES || drive->run.goal == GOAL_READ)
			say_zone(talk);
		if (drive->run.goal == GOAL_READ || drive->run.has_read)
			say_set(talk);
	}
}

static void step(struct talk *talk, const struct reply *reply)
{
	struct drive *drive = &talk->drive;

	drive->err = (struct err){ .code = ERR_NONE };
	if (talk->is_login) {
		drive->step = drive->account.provider->login(&drive->run, reply, &drive->request, &talk->login, &drive->err);
		if (drive->step == STEP_REQUEST)
			assert_true(provider_dress(&drive->run, &drive->request, drive->run.now, &drive->err));
	} else {
		drive_step(drive, reply);
	}
	say_end(talk);
}

/* The vendor's row, as far as it is numbers: what it stores, and how it is asked. */
static void say_row(struct talk *talk)
{
	const struct provider *row = provider_find(talk->provider);

	assert_non_null(row);
	str_addf(&talk->out, "= caps %x ttl %u to %u, most %zu, settles %u, in flight %u, key lines %u\n", row->caps,
		(unsigned)row->limits.ttl_min_s, (unsigned)row->limits.ttl_max_s, row->limits.records_max, (unsigned)row->settle_s,
		row->in_flight, row->key_lines);
	for (const struct provider_pace *pace = row->pace; pace && pace->most; pace++)
		str_addf(&talk->out, "= %u within %u%s%s\n", pace->most, (unsigned)pace->within_s, pace->writes ? ", writes" : "",
			pace->zone ? ", of a zone" : "");
	if (row->quota)
		str_addf(&talk->out, "= %s %s%s\n", row->quota->left, row->quota->reset, row->quota->reset_unix ? " unix" : "");
}

static void end(struct talk *talk)
{
	if (talk->open)
		drive_end(&talk->drive);
	talk->open = false;
}

static void begin(struct talk *talk, char *line)
{
	char *rest = NULL, *goal = strtok_r(line, " ", &rest), *owner = strtok_r(NULL, " ", &rest);
	char *zone = strtok_r(NULL, " ", &rest), *id = strtok_r(NULL, " ", &rest);

	end(talk);
	talk->is_login = !strcmp(goal, "login");
	talk->drive.settings = talk->pairs;
	drive_begin(&talk->drive, talk->provider, talk->is_login ? GOAL_VERIFY : goal_of(goal), owner ? owner : "example.com");
	if (talk->has_login)
		talk->drive.account.login = &talk->login;
	talk->has_login |= talk->is_login;
	if (zone)
		drive_zone(&talk->drive, zone, id);
	talk->open = true;
	if (!zone || talk->drive.run.goal != GOAL_WRITE)
		step(talk, NULL);
}

static void go_on(struct talk *talk, char *line)
{
	struct provider_run *run = &talk->drive.run;
	char *set = strchr(line, ':'), *rest = NULL;

	if (set)
		*set = '\0';
	run->goal = goal_of(strtok_r(line, " ", &rest));
	run->part = PART_ALL;
	run->automatic = false;
	run->wrote = false;
	run->stage = run->page = run->at = 0;
	for (char *word; (word = strtok_r(NULL, " ", &rest)) != NULL;) {
		if (!strcmp(word, "add") || !strcmp(word, "remove"))
			run->part = *word == 'a' ? PART_ADD : PART_REMOVE;
		run->automatic |= !strcmp(word, "automatic");
	}
	if (set)
		drive_set(&run->want, set + 1);
	request_release(&talk->drive.request);
	request_init(&talk->drive.request);
	step(talk, NULL);
}

static void answer(struct talk *talk, char *line)
{
	struct drive *drive = &talk->drive;
	struct reply reply = { .http = &drive->response, .now = drive->run.now };
	char *body = NULL;

	if (drive->step != STEP_REQUEST)
		fail_msg("%s: nothing was asked: %s", talk->provider, line);
	http_response_clear(&drive->response);
	drive->response.status = (int)strtol(line, &body, 10);
	body += *body == ' ';
	str_add(&drive->response.body, body);
	for (size_t i = 0; i < talk->n_headers; i++)
		http_response_add_header(&drive->response, talk->headers[i][0], talk->headers[i][1]);
	talk->n_headers = 0;
	request_release(&drive->request);
	request_init(&drive->request);
	step(talk, &reply);
}

static void set(struct talk *talk, const char *line)
{
	size_t n = talk->n_settings++;
	char *blank;

	assert_true(n < sizeof talk->settings / sizeof *talk->settings);
	snprintf(talk->settings[n], sizeof talk->settings[n], "%s", line);
	blank = strchr(talk->settings[n], ' ');
	assert_non_null(blank);
	*blank = '\0';
	talk->pairs[2 * n] = talk->settings[n];
	talk->pairs[2 * n + 1] = blank + 1;
}

static void header(struct talk *talk, const char *line)
{
	size_t n = talk->n_headers++;

	assert_int_equal(sscanf(line, "%255s %255[^\n]", talk->headers[n][0], talk->headers[n][1]), 2);
}

static void take(struct talk *talk, const char *line)
{
	char copy[8192];

	if (*line == '>' || *line == '=')
		return;
	assert_true(strlen(line) < sizeof copy);
	snprintf(copy, sizeof copy, "%s", line);
	str_addf(&talk->out, "%s\n", line);
	if (!strncmp(line, "vendor ", 7)) {
		snprintf(talk->provider, sizeof talk->provider, "%s", line + 7);
		say_row(talk);
	} else if (!strncmp(line, "set ", 4))
		set(talk, line + 4);
	else if (!strncmp(line, "have ", 5))
		drive_have(&talk->drive, line + 5);
	else if (!strncmp(line, "now+", 4))
		talk->drive.run.now += strtol(line + 4, NULL, 10);
	else if (!strncmp(line, "? ", 2))
		begin(talk, copy + 2);
	else if (!strncmp(line, "! ", 2))
		go_on(talk, copy + 2);
	else if (!strncmp(line, "<< ", 3))
		header(talk, line + 3);
	else if (!strncmp(line, "< ", 2))
		answer(talk, copy + 2);
	else if (*line && *line != '#')
		fail_msg("not a line of a talk: %s", line);
}

/* The talk as it comes to now. */
static char *play(const char *text)
{
	struct talk *talk = calloc(1, sizeof *talk);
	char *line = malloc(TEXT_MAX), *out;

	str_init(&talk->out, 0);
	while (*text) {
		size_t len = strcspn(text, "\n");

		memcpy(line, text, len);
		line[len] = '\0';
		take(talk, line);
		text += len + (text[len] == '\n');
	}
	end(talk);
	provider_login_release(&talk->login);
	out = str_take(&talk->out);
	free(line);
	free(talk);
	return out;
}

static char *load(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = calloc(1, TEXT_MAX);

	assert_non_null(file);
	assert_true(fread(text, 1, TEXT_MAX - 1, file) < TEXT_MAX - 1);
	fclose(file);
	return text;
}

static const char *folder(char path[4096])
{
	const char *root = getenv("top_srcdir");

	snprintf(path, 4096, "%s/tests/data/vendors", root ? root : ".");
	return path;
}

static bool same(const char *name, const char *is, const char *must)
{
	size_t at = 0, line = 0;

	while (is[at] && is[at] == must[at])
		at++;
	if (!is[at] && !must[at])
		return true;
	for (size_t i = 0; i < at; i++)
		line = is[i] == '\n' ? i + 1 : line;
	print_error("%s: now\n%.*s\nmust be\n%.*s\n", name, (int)strcspn(is + line, "\n"), is + line, (int)strcspn(must + line, "\n"),
		must + line);
	return false;
}

static void talks__come__to_the_same_bytes(void **state)
{
	char path[4096], file[8192];
	DIR *dir = opendir(folder(path));
	const struct dirent *entry;
	bool good = true;
	size_t n = 0;

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		char *text, *played;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
		text = load(file);
		played = play(text);
		good &= same(entry->d_name, played, text);
		free(played);
		free(text);
		n++;
	}
	closedir(dir);
	assert_true(good);
	assert_true(n >= 20);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(talks__come__to_the_same_bytes),
	};
	char *text, *played;

	if (argc != 2)
		return cmocka_run_group_tests(tests, NULL, NULL);
	text = load(argv[1]);
	played = play(text);
	fputs(played, stdout);
	free(played);
	free(text);
	return 0;
}
