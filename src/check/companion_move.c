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

static const struct preset *mailboxes_of(const struct dname *host)
{
	const struct preset *row = preset_of(host);

	return row && row->kind == PRESET_MAILBOX ? row : NULL;
}

/* The i-th host of a, where it is the first of a hoster of mailboxes that b does not have; else NULL. */
static const struct preset *first_of(const struct hosts *a, size_t i, const struct hosts *b)
{
	const struct preset *row = mailboxes_of(&a->host[i]);

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

void companion_move_before(struct companion_scene *scene)
{
	for (size_t i = 0; i < scene->after.n; i++) {
		const struct preset *row = first_of(&scene->after, i, &scene->before);
		struct companion *step;

		if (!row)
			continue;
		step = companion_add(scene, "hoster", COMPANION_BEFORE);
		step->seen = FACT_UNKNOWN;
		msg_set(&step->what, N_("Set the domain and its mailboxes up at %s."), preset_owner(row)->title);
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

static void add_drain(struct companion_scene *scene)
{
	struct companion *step;
	struct str names;

	str_init(&names, 0);
	removed_names(scene, &names);
	if (names.len) {
		step = companion_add(scene, "drain-not-over", COMPANION_AFTER);
		step->seen = FACT_UNKNOWN;
		msg_set(&step->what, N_("Only then may these stop taking mail for the domain, when their own queues are empty too: %s."),
			names.s);
	}
	str_release(&names);
}

void companion_move_after(struct companion_scene *scene)
{
	const struct preset *row;
	struct companion *step;

	add_drain(scene);
	for (size_t i = 0; i < scene->before.n; i++) {
		if (!(row = first_of(&scene->before, i, &scene->after)))
			continue;
		step = companion_add(scene, "leftover-verification", COMPANION_AFTER);
		step->seen = FACT_UNKNOWN;
		msg_set(&step->what, N_("Take out the records that proved to %s whose the domain is, when nothing there is used any more."),
			preset_owner(row)->title);
	}
}
