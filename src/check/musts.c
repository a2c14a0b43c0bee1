/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/musts.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

void musts_release(struct musts *musts)
{
	for (size_t i = 0; i < musts->n_section; i++) {
		free(musts->section[i].kind);
		free(musts->section[i].name);
		free(musts->section[i].domain);
	}
	free(musts->section);
	free(musts->line);
	*musts = (struct musts){ 0 };
}

/* ---- reading ---- */

/* Reads a domain's name. A pattern is refused: no domain would match it. */
static bool parse_domain(struct dname *domain, const char *text, struct err *err)
{
	if (!strchr(text, '*'))
		return dname_parse(domain, text, err);
	err_set(err, ERR_USAGE, N_("\"%s\" names no domain"), text);
	err_hint(err, N_("A group has each domain by its name, or \"domains = *\" for every domain."));
	return false;
}

static void add_domain(struct must_section *section, const struct dname *domain)
{
	section->domain = mem_grow(section->domain, section->n, &section->cap, sizeof(*section->domain));
	section->domain[section->n++] = *domain;
}

bool musts_add_section(struct musts *musts, const char *kind, const char *name, int line, struct err *err)
{
	bool is_domain = !strcmp(kind, "domain");
	struct must_section *section;
	struct dname domain;

	if ((!is_domain && strcmp(kind, "group") != 0) || !*name) {
		err_set(err, ERR_USAGE, *name ? N_("a policy has no section [%s %s]") : N_("a policy has no section [%s]"), kind, name);
		err_hint(err, N_("It has [domain NAME] and [group NAME]."));
		return false;
	}
	if (is_domain && !parse_domain(&domain, name, err))
		return false;
	musts->section = mem_grow(musts->section, musts->n_section, &musts->cap_section, sizeof(*musts->section));
	section = &musts->section[musts->n_section++];
	*section = (struct must_section){ .kind = mem_text(kind), .name = mem_text(name), .line = line };
	if (is_domain)
		add_domain(section, &domain);
	return true;
}

/* "exempel.com, exempel.net" or "*" */
static bool add_domains(struct must_section *section, const char *value, struct err *err)
{
	char *copy = mem_text(value), *save = NULL;
	bool ok = true;

	for (char *at = strtok_r(copy, ", \t", &save); ok && at; at = strtok_r(NULL, ", \t", &save)) {
		struct dname domain;

		if (!strcmp(at, "*"))
			section->every = true;
		else if ((ok = parse_domain(&domain, at, err)))
			add_domain(section, &domain);
	}
	free(copy);
	return ok;
}

bool musts_add_pair(struct musts *musts, const char *name, const char *value, int line, struct err *err)
{
	struct must_section *section = musts->n_section ? &musts->section[musts->n_section - 1] : NULL;
	struct must must;

	if (!section) {
		err_set(err, ERR_USAGE, N_("%s stands before any [section]"), name);
		err_hint(err, N_("Begin with [domain NAME] or [group NAME]."));
		return false;
	}
	if (!strcmp(name, "domains") && !strcmp(section->kind, "group"))
		return add_domains(section, value, err);
	if (strcmp(name, "must") != 0) {
		err_set(err, ERR_USAGE, N_("a section %s of a policy has no line %s"), section->kind, name);
		err_hint(err, !strcmp(section->kind, "group") ? N_("It has lines \"must = DEMAND\" and \"domains = NAME, NAME\".")
							      : N_("It has lines \"must = DEMAND\"."));
		return false;
	}
	if (!must_parse(&must, value, err))
		return false;
	musts->line = mem_grow(musts->line, musts->n, &musts->cap, sizeof(*musts->line));
	musts->line[musts->n++] = (struct must_line){ .must = must, .section = musts->n_section - 1, .line = line };
	return true;
}

const struct must_section *musts_idle(const struct musts *musts)
{
	for (size_t i = 0; i < musts->n_section; i++)
		if (!musts->section[i].every && !musts->section[i].n)
			return &musts->section[i];
	return NULL;
}

/* ---- a domain's lines ---- */

static bool is_named(const struct must_section *section, const struct dname *domain)
{
	for (size_t i = 0; i < section->n; i++)
		if (dname_equal(&section->domain[i], domain))
			return true;
	return section->every;
}

const struct must_line *musts_next(const struct musts *musts, const struct dname *domain, const struct must_line *line)
{
	for (size_t i = line ? (size_t)(line - musts->line) + 1 : 0; i < musts->n; i++)
		if (is_named(&musts->section[musts->line[i].section], domain))
			return &musts->line[i];
	return NULL;
}

unsigned musts_needs(const struct musts *musts, const struct dname *domain)
{
	unsigned needs = 0;

	for (const struct must_line *line = NULL; (line = musts_next(musts, domain, line));)
		needs |= must_needs(&line->must);
	return needs;
}

static int by_text(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

void musts_canonical(const struct musts *musts, const struct dname *domain, struct str *out)
{
	char **text = mem_alloc((musts->n + 1) * sizeof(*text));
	size_t n = 0;

	for (const struct must_line *line = NULL; (line = musts_next(musts, domain, line));) {
		struct str one;

		str_init(&one, 0);
		must_text(&line->must, &one);
		text[n++] = str_take(&one);
	}
	qsort(text, n, sizeof(*text), by_text);
	for (size_t i = 0; i < n; i++)
		if (!i || strcmp(text[i], text[i - 1]) != 0)
			str_addf(out, "%s\n", text[i]);
	for (size_t i = 0; i < n; i++)
		free(text[i]);
	free(text);
}
