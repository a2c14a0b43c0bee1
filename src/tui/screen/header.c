/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/screen/header.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/change.h"
#include "core/server.h"
#include "core/truth.h"
#include "show/translate.h"
#include "show/whatif.h"
#include "tui/screen/badge.h"
#include "base/banned.h"

#define PARTS 12
#define NAME_LEAST 8 /* columns that a name keeps beside the words that must be seen */

struct part {
	enum role role;
	struct str text, brief; /* brief empty: the text cannot be shortened */
	bool must;
};

struct header {
	const struct scene *scene;
	int width; /* of the line, beside the badge */
	const struct facts *facts;
	struct truth truth;
	struct server_count servers; /* names, not addresses */
	size_t n;
	struct part part[PARTS];
};

static struct part *add(struct header *header, enum role role, bool must)
{
	struct part *part = &header->part[header->n++];

	*part = (struct part){ .role = role, .must = must };
	str_init(&part->text, 0);
	str_init(&part->brief, 0);
	return part;
}

static struct part *add_text(struct header *header, enum role role, bool must, const char *text)
{
	struct part *part = add(header, role, must);

	str_add(&part->text, text);
	return part;
}

/* ---- what the set is ---- */

static void add_moved(struct header *header)
{
	struct part *part = add(header, ROLE_WARNING, true);
	enum truth_source source;
	struct str way;

	str_init(&way, 0);
	scene_way(header->scene, ACTION_REBASE, &way);
	truth_base(header->facts, &source);
	str_addf(&part->text,
		source == TRUTH_HELD ? _("held is not the draft's base: %s rebases") : _("served is not the draft's base: %s rebases"),
		way.s);
	str_addf(&part->brief, _("other base: %s"), way.s);
	str_release(&way);
}

static void add_draft(struct header *header)
{
	const struct draft *draft = session_draft(header->scene->session);
	struct part *part = add(header, ROLE_DRAFT, true);
	struct changes changes = { 0 };

	changes_between(&changes, &draft->base, &draft->want);
	str_addf(&part->text, ngettext("DRAFT, %zu change", "DRAFT, %zu changes", changes.n), changes.n);
	if (session_draft_kept(header->scene->session))
		str_add(&part->text, _(" (kept)"));
	str_add(&part->brief, _("DRAFT"));
	changes_release(&changes);
	if (session_moved(header->scene->session)) {
		add_moved(header);
	} else if (header->truth.live == TRUTH_UNKNOWN && !session_surveying(header->scene->session)) {
		part = add_text(header, ROLE_ERROR, true, _("live is not known"));
		str_add(&part->brief, _("live ?"));
	}
}

static void add_state(struct header *header)
{
	const struct truth *truth = &header->truth;
	bool asking = session_surveying(header->scene->session);
	struct part *part;

	switch (truth->live) {
	case TRUTH_HELD:
		add_text(header, ROLE_LIVE, true, _("HELD"));
		break;
	case TRUTH_SERVED:
		part = add(header, ROLE_LIVE, true);
		if (header->facts->source == SOURCE_SERVER) /* one was named, and stands beside */
			str_add(&part->text, _("SERVED"));
		else
			str_addf(&part->text, _("SERVED %zu/%zu"), header->servers.agree, header->servers.servers);
		break;
	case TRUTH_CACHED:
		add_text(header, ROLE_WARNING, true, _("CACHED"));
		break;
	case TRUTH_UNKNOWN:
		add_text(header, asking ? ROLE_PENDING : ROLE_ERROR, true, asking ? _("ASKING") : _("UNKNOWN"));
		break;
	}
}

/* The account is there, and could not be read: what is shown comes from elsewhere. */
static void add_held(struct header *header)
{
	const struct held_facts *held = &header->facts->held;
	struct part *part;

	if (!answer_is_final(held->mx) || truth_tells(held->mx))
		return;
	part = add(header, ROLE_WARNING, true);
	str_addf(&part->text, _("account %s cannot be read"), held->account);
	str_addf(&part->brief, _("no %s"), held->account);
}

static void add_cache(struct header *header)
{
	const struct truth *truth = &header->truth;
	struct part *part;
	struct str left;

	if (truth->cache != CACHE_DIFFERS)
		return;
	str_init(&left, 0);
	translate_left(&left, truth->cache_left_s);
	part = add(header, ROLE_WARNING, true);
	if (truth->agree && truth->agree == truth->answered) {
		str_addf(&part->text, _("cache still has the old set, for %s"), left.s);
		str_addf(&part->brief, _("cache old %s"), left.s);
	} else {
		str_addf(&part->text, _("cache has another set, for %s"), left.s);
		str_addf(&part->brief, _("cache other %s"), left.s);
	}
	str_release(&left);
}

/* ---- what else may be said ---- */

static void add_ttl(struct header *header)
{
	struct session *session = header->scene->session;
	const struct mxset *set = session_set(session), *live = &header->facts->live;
	bool changed = session_drafting(session) && live->n && live->ttl_s != set->ttl_s;
	struct part *part;
	struct str old, new;

	if (!set->n)
		return;
	str_init(&old, 0);
	str_init(&new, 0);
	translate_ttl(&new, set->ttl_s);
	translate_ttl(&old, live->ttl_s);
	part = add(header, changed ? ROLE_CHANGED : ROLE_TEXT, false);
	if (changed)
		str_addf(&part->text, _("TTL %s, was %s"), new.s, old.s);
	else
		str_addf(&part->text, _("TTL %s"), new.s);
	str_release(&old);
	str_release(&new);
}

static void add_servers(struct header *header)
{
	const struct server_count *count = &header->servers;
	size_t answered = count->by_state[SERVER_ANSWERS];
	bool pending = count->by_state[SERVER_PENDING];
	struct part *part;

	if (!answered || header->truth.live == TRUTH_UNKNOWN ||
		(header->truth.live == TRUTH_SERVED && !session_drafting(header->scene->session)))
		return;
	part = add(header, pending ? ROLE_PENDING : count->agree == answered ? ROLE_TEXT : ROLE_WARNING, false);
	str_addf(&part->text, ngettext("%d/%d server agrees", "%d/%d servers agree", (unsigned long)answered), (int)count->agree,
		(int)answered);
}

/* The first server that was to answer and does not. */
static void add_trouble(struct header *header)
{
	struct msg msg;

	servers_trouble_text(header->facts, 0, &msg);
	if (msg.id)
		translate_msg(&add(header, ROLE_WARNING, false)->text, &msg);
}

static void add_dnssec(struct header *header)
{
	static const struct {
		const char *text;
		enum role role;
	} by_state[] = {
		[DNSSEC_PENDING] = { N_("DNSSEC …"), ROLE_PENDING },
		[DNSSEC_SECURE] = { N_("DNSSEC secure"), ROLE_OK },
		[DNSSEC_INSECURE] = { N_("not signed"), ROLE_TEXT },
		[DNSSEC_BOGUS] = { N_("DNSSEC bogus"), ROLE_ERROR },
		[DNSSEC_UNCHECKED] = { N_("DNSSEC unchecked"), ROLE_TEXT },
	};
	enum dnssec dnssec = header->facts->dnssec;

	add_text(header, by_state[dnssec].role, dnssec == DNSSEC_BOGUS, _(by_state[dnssec].text));
}

static void add_source(struct header *header)
{
	static const char *const kinds[] = {
		[SOURCE_RESOLVER] = N_("resolver"),
		[SOURCE_SERVER] = N_("server"),
		[SOURCE_ZONE] = N_("zone"),
		[SOURCE_PROVIDER] = N_("provider"),
	};
	const struct facts *facts = header->facts;
	struct part *part;

	if (!facts->observed_at) {
		add_text(header, ROLE_PENDING, false, session_surveying(header->scene->session) ? _("asking …") : _("not asked"));
		return;
	}
	part = add(header, ROLE_TEXT, false);
	str_addf(&part->text, facts->source_name[0] ? "%s " : "%s", _(kinds[facts->source])); /* the system's resolver has no name */
	text_escape(&part->text, facts->source_name, strlen(facts->source_name));
	str_add(&part->text, ", ");
	translate_ago(&part->text, header->scene->now - facts->observed_at);
}

static void gather_truth(struct header *header)
{
	const struct scene *scene = header->scene;

	header->facts = session_facts(scene->session);
	truth_look(&header->truth, header->facts, scene->now);
	servers_count(header->facts, truth_tells(header->facts->mx) ? &header->facts->live : NULL, &header->servers);
	if (session_drafting(scene->session))
		add_draft(header);
	else
		add_state(header);
	add_held(header);
	add_cache(header);
}

/* After a push: when caches that keep to the TTL have lost what was there before. */
static void add_drain(struct header *header)
{
	const struct session *session = header->scene->session;
	const struct push *push = session_current_push(session);
	int64_t left = push && push->done ? push->safe_at - header->scene->now : 0;
	struct str text;

	if (left <= 0 || session_drafting(session) || header->truth.cache == CACHE_DIFFERS)
		return;
	str_init(&text, 0);
	translate_left(&text, (uint32_t)left);
	str_addf(&add(header, ROLE_NOTICE, false)->text, _("old answers gone in %s"), text.s);
	str_release(&text);
}

/* Marks are set: the ladder's own values stay, and what is supposed stands here. */
static void add_whatif(struct header *header)
{
	struct part *part;

	if (!session_marks(header->scene->session)->n)
		return;
	part = add(header, ROLE_WHATIF, true);
	whatif_text(header->scene->session, &part->text);
	str_add(&part->brief, _("WHAT IF"));
}

static void gather(struct header *header)
{
	const struct scene *scene = header->scene;

	add_whatif(header);
	gather_truth(header);
	add_drain(header);
	add_ttl(header);
	add_servers(header);
	add_dnssec(header);
	add_trouble(header);
	add_source(header);
	if (scene->account)
		str_addf(&add(header, ROLE_TEXT, false)->text, _("account %s"), scene->account);
}

/* ---- the line ---- */

#define BETWEEN 2 /* columns of the rule and the blank before it */

static int width_of(const struct str *text)
{
	return (int)text_width(text->s);
}

static const struct str *shortest(const struct part *part)
{
	return part->brief.len ? &part->brief : &part->text;
}

static int must_width(const struct header *header)
{
	int width = 0;

	for (size_t i = 0; i < header->n; i++)
		if (header->part[i].must)
			width += BETWEEN + width_of(shortest(&header->part[i]));
	return width;
}

/* Longer words first where they must be seen, then the rest in the order of their weight, as far as there is room. */
static void choose(const struct header *header, int room, const struct str *shown[PARTS])
{
	for (size_t i = 0; i < header->n; i++) {
		const struct part *part = &header->part[i];
		int more = width_of(&part->text) - width_of(shortest(part));

		shown[i] = !part->must ? NULL : more <= room ? &part->text : shortest(part);
		if (shown[i] == &part->text)
			room -= more;
	}
	for (size_t i = 0; i < header->n; i++) {
		const struct part *part = &header->part[i];
		const struct str *text = BETWEEN + width_of(&part->text) <= room ? &part->text : shortest(part);

		if (part->must)
			continue;
		if (BETWEEN + width_of(text) > room)
			return;
		shown[i] = text;
		room -= BETWEEN + width_of(text);
	}
}

static void draw_name(struct canvas *canvas, const struct str *name, int width)
{
	struct pen pen = pen_until(canvas, 1, 0, 1 + width);

	pen_put(&pen, ROLE_TITLE, name->s);
}

static void draw_parts(struct canvas *canvas, const struct header *header, const struct str *name)
{
	const struct str *shown[PARTS] = { NULL };
	int line = header->width - 2, must = must_width(header), width = width_of(name);
	struct pen pen;

	if (width > line - must)
		width = line - must > NAME_LEAST ? line - must : NAME_LEAST;
	choose(header, line - must - width, shown);
	draw_name(canvas, name, width);
	pen = pen_until(canvas, 1 + width, 0, header->width);
	for (size_t i = 0; i < header->n; i++)
		if (shown[i]) {
			pen_put(&pen, ROLE_RULE, " ▏");
			pen_put(&pen, header->part[i].role, shown[i]->s);
		}
}

/* Behind a screen's title: who told the set, or that it is a draft, as far as there is room. */
static void draw_truth(struct pen *pen, struct header *header)
{
	gather_truth(header);
	for (size_t i = 0; i < header->n; i++) {
		const struct part *part = &header->part[i];
		int room = pen->right - pen->x - BETWEEN;
		const struct str *text = width_of(&part->text) <= room ? &part->text : shortest(part);

		if (width_of(text) > room)
			return;
		pen_put(pen, ROLE_RULE, " ▏");
		pen_put(pen, part->role, text->s);
	}
}

/* The name gives way to the title. */
static void draw_titled(struct pen *pen, const char *name, const char *title)
{
	int room = pen->right - pen->x - BETWEEN - (int)text_width(title);
	struct pen cut = pen_until(pen->canvas, pen->x, pen->y, pen->x + (room > NAME_LEAST ? room : NAME_LEAST));

	pen_put(&cut, ROLE_TITLE, name);
	pen->x = cut.x;
	pen_put(pen, ROLE_RULE, " ▏");
	pen_put(pen, ROLE_WHATIF, title);
}

void header_draw(struct canvas *canvas, const struct scene *scene, const char *title, bool of_set)
{
	struct header header = { .scene = scene, .width = canvas->width - badge_draw(canvas, scene) };
	struct pen pen = pen_until(canvas, 1, 0, header.width);
	struct str name;

	if (!scene->session) {
		pen_put(&pen, ROLE_TITLE, title ? title : "mxladder");
		return;
	}
	str_init(&name, 0);
	translate_name(&name, session_domain(scene->session), scene->ascii);
	if (title && !of_set) { /* of no domain */
		pen_put(&pen, ROLE_WHATIF, title);
	} else if (title) {
		draw_titled(&pen, name.s, title);
		draw_truth(&pen, &header);
	} else {
		gather(&header);
		draw_parts(canvas, &header, &name);
	}
	for (size_t i = 0; i < header.n; i++) {
		str_release(&header.part[i].text);
		str_release(&header.part[i].brief);
	}
	str_release(&name);
}
