/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/screen/frame.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/change.h"
#include "tui/translate.h"
#include "base/banned.h"

bool frame_is_small(const struct canvas *canvas)
{
	return canvas->height < 16;
}

void frame_rule(struct canvas *canvas, int y)
{
	struct pen pen = pen_at(canvas, 0, y);

	pen_fill(&pen, ROLE_RULE, "─", canvas->width);
}

enum role level_role(enum check_level level)
{
	static const enum role by_level[] = { ROLE_ERROR, ROLE_WARNING, ROLE_NOTICE, ROLE_INFO };

	return by_level[level];
}

const char *level_symbol(enum check_level level)
{
	static const char *const symbols[] = { "✖", "▲", "●", "·" };

	return symbols[level];
}

const char *level_word(enum check_level level)
{
	static const char *const words[] = { N_("error"), N_("warning"), N_("notice"), N_("info") };

	return _(words[level]);
}

/* ---- the header: parts in the order of their weight; what does not fit is left out ---- */

static void part(struct pen *pen, enum role role, const char *text)
{
	if (pen->x > 1) {
		if (pen->x + 2 + (int)text_width(text) > pen->right) {
			pen->right = pen->x;
			return;
		}
		pen_put(pen, ROLE_RULE, " ▏");
	}
	pen_put(pen, role, text);
}

static void part_state(struct pen *pen, const struct scene *scene)
{
	struct changes changes = { 0 };
	struct str text;

	if (!session_drafting(scene->session)) {
		part(pen, ROLE_LIVE, _("LIVE"));
		return;
	}
	const struct draft *draft = session_draft(scene->session);
	changes_between(&changes, &draft->base, &draft->want);
	str_init(&text, 0);
	str_addf(&text, ngettext("DRAFT, %zu change", "DRAFT, %zu changes", changes.n), changes.n);
	if (session_draft_kept(scene->session))
		str_add(&text, _(" (kept)"));
	part(pen, ROLE_DRAFT, text.s);
	if (session_moved(scene->session))
		part(pen, ROLE_WARNING, _("live has changed: B rebases"));
	str_release(&text);
	changes_release(&changes);
}

static void part_ttl(struct pen *pen, const struct scene *scene)
{
	const struct mxset *set = session_set(scene->session), *live = &session_facts(scene->session)->live;
	struct str text, old, new;

	if (!set->n)
		return;
	str_init(&text, 0);
	str_init(&old, 0);
	str_init(&new, 0);
	text_duration(&new, set->ttl_s);
	text_duration(&old, live->ttl_s);
	if (session_drafting(scene->session) && live->n && live->ttl_s != set->ttl_s)
		str_addf(&text, _("TTL %s, was %s"), new.s, old.s);
	else
		str_addf(&text, _("TTL %s"), new.s);
	part(pen, session_drafting(scene->session) && live->ttl_s != set->ttl_s ? ROLE_CHANGED : ROLE_TEXT, text.s);
	str_release(&text);
	str_release(&old);
	str_release(&new);
}

static void part_servers(struct pen *pen, const struct facts *facts)
{
	int agree = 0, asked = 0, n = 0;
	struct str text;

	for (size_t i = 0; i < facts->n_server; i++) {
		const struct server_facts *server = &facts->server[i];

		n += server->mx != ANSWER_UNASKED;
		asked += answer_is_final(server->mx);
		agree += answer_is_final(server->mx) && server->mx == facts->mx && mxset_same_records(&server->set, &facts->live);
	}
	if (!n)
		return;
	str_init(&text, 0);
	str_addf(&text, ngettext("%d/%d server agrees", "%d/%d servers agree", (unsigned long)n), agree, n);
	part(pen, agree == n ? ROLE_TEXT : asked < n ? ROLE_PENDING : ROLE_WARNING, text.s);
	str_release(&text);
}

static void part_dnssec(struct pen *pen, const struct facts *facts)
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

	part(pen, by_state[facts->dnssec].role, _(by_state[facts->dnssec].text));
}

static void part_source(struct pen *pen, const struct scene *scene, const struct facts *facts)
{
	static const char *const kinds[] = {
		[SOURCE_RESOLVER] = N_("resolver"),
		[SOURCE_SERVER] = N_("server"),
		[SOURCE_ZONE] = N_("zone"),
		[SOURCE_PROVIDER] = N_("provider"),
	};
	struct str text;

	if (!facts->observed_at) {
		part(pen, ROLE_PENDING, session_surveying(scene->session) ? _("asking …") : _("not asked"));
		return;
	}
	str_init(&text, 0);
	str_addf(&text, "%s ", _(kinds[facts->source]));
	text_escape(&text, facts->source_name, strlen(facts->source_name));
	str_add(&text, ", ");
	translate_ago(&text, scene->now - facts->observed_at);
	part(pen, ROLE_TEXT, text.s);
	str_release(&text);
}

static void draw_header(struct canvas *canvas, const struct scene *scene, const char *title)
{
	struct pen pen = pen_at(canvas, 1, 0);
	const struct facts *facts;
	struct str text;

	if (!scene->session) {
		part(&pen, ROLE_TITLE, title ? title : "mxladder");
		return;
	}
	facts = session_facts(scene->session);
	str_init(&text, 0);
	translate_name(&text, session_domain(scene->session), scene->ascii);
	part(&pen, ROLE_TITLE, text.s);
	str_release(&text);
	if (title) {
		pen_put(&pen, ROLE_RULE, " ▏");
		pen_put(&pen, ROLE_WHATIF, title);
		return;
	}
	part_state(&pen, scene);
	part_ttl(&pen, scene);
	part_servers(&pen, facts);
	part_dnssec(&pen, facts);
	part_source(&pen, scene, facts);
	if (scene->account) {
		str_init(&text, 0);
		str_addf(&text, _("account %s"), scene->account);
		part(&pen, ROLE_TEXT, text.s);
		str_release(&text);
	}
}

/* ---- hints: as many as fit, the weightiest first, shown in the table's order ---- */

static int hint_width(const struct scene *scene, enum action action)
{
	struct str key;
	int width = 0;

	str_init(&key, 0);
	if (keymap_name(scene->keymap, action, &key))
		width = (int)(text_width(key.s) + text_width(_(actions[action].hint))) + 3;
	str_release(&key);
	return width;
}

static void draw_hint(struct pen *pen, const struct scene *scene, enum action action)
{
	int from = pen->x;
	struct str key;

	str_init(&key, 0);
	keymap_name(scene->keymap, action, &key);
	pen_put(pen, ROLE_KEY, key.s);
	pen_put(pen, ROLE_HINT, " ");
	pen_put(pen, ROLE_HINT, _(actions[action].hint));
	canvas_hit(pen->canvas, &(struct hit){ from, pen->y, pen->x - from, action, -1 });
	if (pen->x + 2 < pen->right)
		pen_put(pen, ROLE_HINT, "  ");
	str_release(&key);
}

static void draw_hints(struct canvas *canvas, const struct scene *scene, enum in_screen in)
{
	struct pen pen = pen_at(canvas, 1, canvas->height - 1);
	bool chosen[ACTION_COUNT] = { false };
	int room = canvas->width;

	for (int rank = 0; rank < ACTION_RANKS; rank++)
		for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
			int width = actions[i].hinted & (unsigned)in && actions[i].rank == rank ? hint_width(scene, (enum action)i) : 0;

			if (!width || width > room)
				continue;
			chosen[i] = true;
			room -= width;
		}
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
		if (chosen[i])
			draw_hint(&pen, scene, (enum action)i);
}

struct area frame_draw(struct canvas *canvas, const struct scene *scene, const struct screen_class *class, const char *title)
{
	struct area area = { 1, canvas->height - 1 };

	draw_header(canvas, scene, title);
	draw_hints(canvas, scene, class->in);
	if (frame_is_small(canvas))
		return area;
	frame_rule(canvas, 1);
	frame_rule(canvas, canvas->height - 2);
	return (struct area){ 2, canvas->height - 2 };
}
