/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a move takes that no record shows: that the new hoster knows the domain, that the TTL is short, that the old servers go on. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "check/companion_part.h"
#include "core/preset.h"
#include "base/banned.h"

#define SHORT_TTL_S 300u /* of a set that is to be moved */
#define NAMES_MAX 3      /* servers that a sentence names */

/* The i-th host of a, where it is the first of a hoster that b does not have; else NULL. */
static const struct preset *first_of(const struct hosts *a, size_t i, const struct hosts *b)
{
	const struct preset *row = preset_of(&a->host[i]);

	for (size_t k = 0; row && k < i; k++) {
		const struct preset *other = preset_of(&a->host[k]);

		if (other && preset_same_owner(other, row))
			return NULL;
	}
	for (size_t k = 0; row && k < b->n; k++) {
		const struct preset *other = preset_of(&b->host[k]);

		if (other && preset_same_owner(other, row))
			return NULL;
	}
	return row;
}

static const char *set_up_text(enum preset_kind kind)
{
	switch (kind) {
	case PRESET_MAILBOX:
		return N_("Set the domain and its mailboxes up at %s.");
	case PRESET_FILTER:
		return N_("Set the domain up at %s, and name the servers there that hold the mailboxes.");
	case PRESET_FORWARD:
		return N_("Set the domain up at %s, and name there where the mail of each address is to go.");
	default:
		return N_("Set the domain up at %s.");
	}
}

static bool is_filter(const struct dname *host)
{
	const struct preset *row = preset_of(host);

	return row && row->kind == PRESET_FILTER;
}

bool companion_filtered(const struct companion_scene *scene)
{
	size_t i = 0;

	while (i < scene->after.n && is_filter(&scene->after.host[i]))
		i++;
	return i && i == scene->after.n;
}

void companion_move_before(struct companion_scene *scene)
{
	for (size_t i = 0; i < scene->after.n; i++) {
		const struct preset *row = first_of(&scene->after, i, &scene->before);
		struct companion *step;

		if (!row)
			continue;
		step = companion_add(scene, "hoster", COMPANION_BEFORE);
		step->seen = FACT_UNKNOWN;
		step->what.id = set_up_text(row->kind);
		text_copy(step->what.arg[0], sizeof(step->what.arg[0]), preset_owner(row)->title);
		msg_set(&step->why, N_("A hoster may refuse mail for a domain that it does not know."));
		step->missing.id = row->note;
	}
}

bool companion_moves(const struct companion_scene *scene)
{
	bool moves = false;

	for (size_t i = 0; i < scene->after.n; i++)
		moves |= first_of(&scene->after, i, &scene->before) != NULL;
	for (size_t i = 0; i < scene->before.n; i++)
		moves |= first_of(&scene->before, i, &scene->after) != NULL;
	return moves;
}

static void add_duration(struct msg *msg, uint32_t seconds)
{
	char text[TEXT_SPAN_MAX];

	text_copy(msg->arg[0], sizeof(msg->arg[0]), text_span(seconds, text));
}

/* The same rule as the cut-over's: lowered by a push of its own, and the old TTL runs out before the change. */
void companion_move_last(struct companion_scene *scene)
{
	struct drain drain = companion_drain(scene);
	struct companion *step;
	char domain[DNAME_TEXT_MAX];
	size_t i = 0;

	if (!scene_removed(scene, &i) || !companion_moves(scene) || !drain.known || drain.negative ||
		drain_left(&drain, scene->in->at) <= SHORT_TTL_S)
		return;
	step = companion_add(scene, "lower-ttl", COMPANION_BEFORE);
	step->seen = scene->in->base->ttl_s <= SHORT_TTL_S ? FACT_YES : FACT_NO;
	if (step->seen == FACT_YES) {
		msg_set(&step->what, N_("The TTL of the set is short."));
	} else {
		struct str text;

		step->what.id =
			N_("Lower the TTL of the present set to %s, by a push of its own; then draft the change anew, on what is there.");
		add_duration(&step->what, SHORT_TTL_S);
		str_init(&text, 0);
		str_addf(&text, "mxladder draft %s ttl 5m\n", dname_text(&scene->in->facts->domain, domain));
		companion_take(step, &text);
	}
	msg_set(&step->why, N_("The shorter the TTL, the sooner senders go to the new servers, or back to the old ones."));
	companion_wait(
		step, drain_left(&drain, scene->in->at), N_("Then wait %s: for so long caches hold the set with the TTL that it had."));
}

static void removed_names(const struct companion_scene *scene, struct str *names)
{
	const struct dname *host;
	char text[DNAME_TEXT_MAX];
	size_t i = 0, n = 0;

	while ((host = scene_removed(scene, &i)) != NULL && n++ < NAMES_MAX)
		str_addf(names, "%s%s", n > 1 ? ", " : "", dname_show(host, text));
	if (host)
		str_add(names, " ...");
}

/* Is none of the servers that go a filter's? Then what stands behind the new filter is most likely they. */
static bool may_go_on(const struct companion_scene *scene)
{
	const struct dname *host;
	size_t i = 0;

	if (!companion_filtered(scene))
		return false;
	while ((host = scene_removed(scene, &i)) != NULL)
		if (is_filter(host))
			return false;
	return true;
}

static void add_drain(struct companion_scene *scene)
{
	struct companion *step;
	struct str names;

	str_init(&names, 0);
	removed_names(scene, &names);
	if (names.len) {
		step = companion_add(scene, "drain-not-over", COMPANION_AFTER);
		step->seen = FACT_UNKNOWN;
		msg_set(&step->what,
			may_go_on(scene)
				? N_("Only then may these stop taking mail from anybody; where they hold the mailboxes, they go on taking it from the filter: %s.")
				: N_("Only then may these stop taking mail for the domain, when their own queues are empty too: %s."),
			names.s);
		if (may_go_on(scene))
			step->why.id = N_("Who sends spam goes around a filter, to servers that take mail from anybody.");
	}
	str_release(&names);
}

void companion_move_after(struct companion_scene *scene)
{
	const struct preset *row;
	struct companion *step;

	add_drain(scene);
	for (size_t i = 0; i < scene->before.n; i++) {
		if (!(row = first_of(&scene->before, i, &scene->after)) || (row->kind == PRESET_MAILBOX && companion_filtered(scene)))
			continue;
		step = companion_add(scene, "leftover-verification", COMPANION_AFTER);
		step->seen = FACT_UNKNOWN;
		msg_set(&step->what, N_("Take out the records that proved to %s whose the domain is, when nothing there is used any more."),
			preset_owner(row)->title);
	}
}
