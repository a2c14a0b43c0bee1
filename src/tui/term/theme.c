/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term/theme.h"

#include <stdio.h>
#include <string.h>

#include "base/embedded.h"
#include "base/i18n.h"
#include "base/str.h"
#include "base/banned.h"

#define WORD_MAX 32
#define THEMES "themes/" /* where base/embedded.h has them */

static const char *const colours[] = {
	"black",
	"red",
	"green",
	"yellow",
	"blue",
	"magenta",
	"cyan",
	"white",
	"bright-black",
	"bright-red",
	"bright-green",
	"bright-yellow",
	"bright-blue",
	"bright-magenta",
	"bright-cyan",
	"bright-white",
};

static const struct {
	const char *name;
	unsigned bit;
} attributes[] = {
	{ "bold", LOOK_BOLD },
	{ "dim", LOOK_DIM },
	{ "underline", LOOK_UNDERLINE },
	{ "reverse", LOOK_REVERSE },
	{ "italic", LOOK_ITALIC },
	{ "strike", LOOK_STRIKE },
	{ "plain", 0 },
};

static bool parse_number(const char *word, unsigned base, int *value)
{
	unsigned v = 0;

	for (const char *s = word; *s; s++) {
		const char *digits = "0123456789abcdef", *at = strchr(digits, *s | (*s >= 'A' ? 0x20 : 0));

		if (!at || (unsigned)(at - digits) >= base || v > 0xffffff)
			return false;
		v = v * base + (unsigned)(at - digits);
	}
	*value = (int)v;
	return *word != '\0';
}

static bool parse_colour(const char *word, int *colour)
{
	for (size_t i = 0; i < sizeof(colours) / sizeof(*colours); i++)
		if (!strcmp(colours[i], word)) {
			*colour = (int)i;
			return true;
		}
	if (!strcmp(word, "default")) {
		*colour = COLOUR_DEFAULT;
		return true;
	}
	if (word[0] == '#' && strlen(word) == 7 && parse_number(word + 1, 16, colour)) {
		*colour |= COLOUR_RGB;
		return true;
	}
	return parse_number(word, 10, colour) && *colour < 256;
}

static bool parse_word(struct look *look, const char *word, bool *background)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++)
		if (!strcmp(attributes[i].name, word)) {
			look->attributes |= attributes[i].bit;
			return true;
		}
	if (!strcmp(word, "on") && !*background) {
		*background = true;
		return true;
	}
	return parse_colour(word, *background ? &look->bg : &look->fg);
}

/* Cuts the next word of a line into word; an over-long one is cut, and so not known. */
static const char *next_word(const char *line, const char *end, char word[WORD_MAX])
{
	size_t n = 0;

	while (line < end && (*line == ' ' || *line == '\t' || *line == '\r'))
		line++;
	if (line < end && *line == '#' && (line + 1 == end || line[1] == ' '))
		line = end;
	while (line < end && *line != ' ' && *line != '\t' && *line != '\r') {
		if (n + 1 < WORD_MAX)
			word[n++] = *line;
		line++;
	}
	word[n] = '\0';
	return line;
}

static bool parse_look(struct look *look, const char **line, const char *end, struct err *err)
{
	char word[WORD_MAX];
	bool background = false;

	*look = (struct look){ COLOUR_DEFAULT, COLOUR_DEFAULT, 0 };
	for (*line = next_word(*line, end, word); *word && strcmp(word, "/") != 0; *line = next_word(*line, end, word))
		if (!parse_word(look, word, &background)) {
			err_set(err, ERR_USAGE, N_("\"%s\" is neither a colour nor an attribute"), word);
			err_hint(err,
				N_("Colours: black, red, green, yellow, blue, magenta, cyan, white, bright-red and so on, default, 0 to 255, #rrggbb. Attributes: bold, dim, underline, reverse, italic, strike, plain."));
			return false;
		}
	return true;
}

static bool parse_ground(struct theme *theme, const char *line, const char *end, struct err *err)
{
	char word[WORD_MAX];

	next_word(line, end, word);
	theme->ground = !strcmp(word, "dark") ? GROUND_DARK : !strcmp(word, "light") ? GROUND_LIGHT : GROUND_ANY;
	return theme->ground || err_set(err, ERR_USAGE, N_("\"%s\" is neither dark nor light"), word);
}

static bool parse_line(struct theme *theme, const char *line, const char *end, struct err *err)
{
	char word[WORD_MAX], role[WORD_MAX];
	int i = 0;

	line = next_word(line, end, role);
	if (!*role)
		return true;
	while (i < ROLE_COUNT && strcmp(roles[i].name, role) != 0)
		i++;
	if (i == ROLE_COUNT && strcmp(role, "ground") != 0) {
		err_set(err, ERR_USAGE, N_("there is no role \"%s\""), role);
		err_hint(err, N_("`mxladder list roles` prints them."));
		return false;
	}
	line = next_word(line, end, word);
	if (strcmp(word, "=") != 0)
		return err_set(err, ERR_USAGE, N_("\"=\" is missing behind \"%s\""), role);
	if (i == ROLE_COUNT)
		return parse_ground(theme, line, end, err);
	theme->named[i] = 1;
	if (!parse_look(&theme->look[i], &line, end, err))
		return false;
	theme->few[i] = theme->look[i];
	return line == end || parse_look(&theme->few[i], &line, end, err);
}

/* Themes that were written before it was told apart have it dimmed. */
static void dress_accepted(struct look look[ROLE_COUNT])
{
	look[ROLE_ACCEPTED] = look[ROLE_DIM];
	look[ROLE_ACCEPTED].attributes |= LOOK_STRIKE;
}

bool theme_parse(struct theme *theme, const char *name, const char *text, size_t len, struct err *err)
{
	const char *end = text + len, *eol;
	struct theme parsed;
	int line = 1;

	memset(&parsed, 0, sizeof(parsed));
	for (int i = 0; i < ROLE_COUNT; i++)
		parsed.look[i] = parsed.few[i] = (struct look){ COLOUR_DEFAULT, COLOUR_DEFAULT, 0 };
	for (; text < end; text = eol + 1, line++) {
		eol = memchr(text, '\n', (size_t)(end - text));
		if (!eol)
			eol = end;
		if (!parse_line(&parsed, text, eol, err))
			return err_context(err, N_("theme %s, line %d"), name, line);
		if (eol == end)
			break;
	}
	if (!parsed.named[ROLE_ACCEPTED]) {
		dress_accepted(parsed.look);
		dress_accepted(parsed.few);
	}
	*theme = parsed;
	return true;
}

bool theme_at(size_t i, char name[THEME_NAME])
{
	const char *path;

	for (size_t k = 0; (path = embedded_name(k)); k++)
		if (!strncmp(path, THEMES, strlen(THEMES)) && !i--) {
			path += strlen(THEMES);
			snprintf(name, THEME_NAME, "%.*s", (int)strcspn(path, "."), path);
			return true;
		}
	return false;
}

/* Adds the names of all themes, with commas between, for a sentence. */
static void add_names(struct str *names)
{
	char name[THEME_NAME];

	for (size_t i = 0; theme_at(i, name); i++)
		str_add_listed(names, name);
}

bool theme_load(struct theme *theme, const char *name, struct err *err)
{
	char path[64];
	const char *text;
	struct str names;
	size_t len;

	snprintf(path, sizeof(path), THEMES "%s.theme", name);
	text = embedded_find(path, &len);
	if (!text) {
		err_set(err, ERR_USAGE, N_("there is no theme \"%s\""), name);
		str_init(&names, 0);
		add_names(&names);
		err_hint(err, N_("There are: %s."), names.s);
		str_release(&names);
		return false;
	}
	return theme_parse(theme, name, text, len, err);
}

void theme_uncolour(struct theme *theme)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		theme->look[i].fg = theme->look[i].bg = theme->few[i].fg = theme->few[i].bg = COLOUR_DEFAULT;
}
