/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/profiles.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/banned.h"

#define PER_HOUR 60

const struct sender *profiles_find(const struct profiles *profiles, const char *name)
{
	for (size_t i = 0; i < profiles->n; i++)
		if (!strcmp(profiles->list[i]->name, name))
			return profiles->list[i];
	return NULL;
}

static bool at_line(const struct profiles *profiles, int line, struct err *err)
{
	return err_context(err, "%s:%d", profiles->config->path ? profiles->config->path : "", line);
}

/* ---- [sender NAME] ---- */

static bool fill(const struct profiles *profiles, const struct config_section *section, struct sender *sender, struct err *err)
{
	const char *base = "rfc5321";
	int base_line = section->line;

	for (size_t i = 0; i < section->n; i++)
		if (!strcmp(section->pair[i].name, "base")) {
			base = section->pair[i].value;
			base_line = section->pair[i].line;
		}
	if (!profiles_find(profiles, base)) {
		err_set(err, ERR_USAGE, N_("there is no sender \"%s\" to begin from"), base);
		err_hint(err, N_("mxladder list senders shows them; a configured one must stand above."));
		return at_line(profiles, base_line, err);
	}
	*sender = *profiles_find(profiles, base);
	sender->name = sender->title = section->name;
	sender->common = 0;
	for (size_t i = 0; i < section->n; i++) {
		const struct config_pair *pair = &section->pair[i];

		if (!strcmp(pair->name, "title"))
			sender->title = pair->value;
		else if (strcmp(pair->name, "base") != 0 && !sender_field_set(sender, pair->name, pair->value, err))
			return at_line(profiles, pair->line, err);
	}
	return sender_check(sender, err) || at_line(profiles, section->line, err);
}

/* Can the text be shown as it is? Titles go to the terminal without being escaped. */
static bool shows(const char *text)
{
	struct str safe;
	bool same;

	str_init(&safe, 0);
	text_escape(&safe, text, strlen(text));
	same = *text && !strcmp(safe.s, text);
	str_release(&safe);
	return same;
}

static bool add_sender(struct profiles *profiles, const struct config_section *section, struct sender *sender, struct err *err)
{
	if (profiles_find(profiles, section->name) || !strcmp(section->name, "all")) {
		err_set(err, ERR_USAGE, N_("the sender %s is there already"), section->name);
		err_hint(err, N_("Give your own another name; base = %s makes it begin from that one."), section->name);
		return at_line(profiles, section->line, err);
	}
	if (profiles->n == MIX_SENDERS) {
		err_set(err, ERR_USAGE, N_("more than %d senders"), MIX_SENDERS);
		return at_line(profiles, section->line, err);
	}
	if (!fill(profiles, section, sender, err))
		return false;
	if (!shows(sender->name) || !shows(sender->title)) {
		err_set(err, ERR_USAGE, N_("the name or title of the sender %s holds what cannot be shown"), section->name);
		return at_line(profiles, section->line, err);
	}
	profiles->list[profiles->n++] = sender;
	return true;
}

/* ---- [mix NAME], [traffic NAME] ---- */

static bool fill_mix(const struct profiles *profiles, const struct config_section *section, struct mix *mix, struct err *err)
{
	memset(mix, 0, sizeof(*mix));
	mix->source = N_("the configuration");
	for (size_t i = 0; i < section->n; i++) {
		const struct config_pair *pair = &section->pair[i];
		double per_hour[24];
		size_t k = 0;

		while (k < profiles->n && strcmp(profiles->list[k]->name, pair->name) != 0)
			k++;
		if (k == profiles->n) {
			err_set(err, ERR_USAGE, N_("there is no sender \"%s\""), pair->name);
			err_hint(err, N_("mxladder list senders shows them."));
			return at_line(profiles, pair->line, err);
		}
		if (strchr(pair->value, ',') || !traffic_parse(pair->value, per_hour)) {
			err_set(err, ERR_USAGE, N_("\"%s\" is no weight: a number above 0 is"), pair->value);
			return at_line(profiles, pair->line, err);
		}
		mix->weight[k] = per_hour[0];
	}
	if (mix_scale(mix))
		return true;
	err_set(err, ERR_USAGE, N_("the mix %s weighs no sender"), section->name);
	return at_line(profiles, section->line, err);
}

static bool fill_traffic(const struct profiles *profiles, const struct config_section *section, double per_hour[24], struct err *err)
{
	const struct config_pair *pair = section->n ? &section->pair[0] : NULL;

	if (pair && traffic_parse(pair->value, per_hour))
		return true;
	err_set(err, ERR_USAGE, N_("the traffic %s needs per_hour: one number, or 24 with commas between"), section->name);
	return at_line(profiles, pair ? pair->line : section->line, err);
}

/* The section that a name or [simulate] asks for; *asked stays NULL where neither does. */
static const struct config_section *chosen(const struct profiles *profiles, const char *kind, const char **asked)
{
	if (!*asked)
		*asked = config_get(profiles->config, "simulate", "", kind);
	return *asked ? config_find(profiles->config, kind, *asked) : NULL;
}

static bool not_there(const char *kind, const char *name, struct err *err)
{
	err_set(err, ERR_USAGE, N_("the configuration has no section [%s %s]"), kind, name);
	err_hint(err, N_("mxladder list settings shows the sections and their settings."));
	return false;
}

bool profiles_mix(const struct profiles *profiles, const char *name, struct mix *mix, struct err *err)
{
	const struct config_section *section = chosen(profiles, "mix", &name);

	if (section)
		return fill_mix(profiles, section, mix, err);
	mix_standard(mix, profiles->list);
	return !name || not_there("mix", name, err);
}

size_t profiles_parts(const struct profiles *profiles, const struct mix *mix, struct cutover_part part[MIX_SENDERS])
{
	size_t n = 0;

	for (size_t i = 0; i < profiles->n; i++)
		if (mix->weight[i] > 0)
			part[n++] = (struct cutover_part){ profiles->list[i], mix->weight[i] };
	return n;
}

bool profiles_traffic(const struct profiles *profiles, const char *name, double per_hour[24], struct err *err)
{
	const struct config_section *section = chosen(profiles, "traffic", &name);

	if (section)
		return fill_traffic(profiles, section, per_hour, err);
	for (size_t i = 0; i < 24; i++)
		per_hour[i] = PER_HOUR;
	return !name || not_there("traffic", name, err);
}

/* ---- all at once, so that a fault is told when the program starts ---- */

static bool holds(const struct profiles *profiles, struct err *err)
{
	const struct config *config = profiles->config;
	double per_hour[24];
	struct mix mix;

	for (size_t i = 0; i < config->n; i++) {
		const struct config_section *section = &config->section[i];

		if (!strcmp(section->kind, "mix") && !fill_mix(profiles, section, &mix, err))
			return false;
		if (!strcmp(section->kind, "traffic") && !fill_traffic(profiles, section, per_hour, err))
			return false;
	}
	return profiles_mix(profiles, NULL, &mix, err) && profiles_traffic(profiles, NULL, per_hour, err);
}

bool profiles_read(struct profiles *profiles, const struct config *config, struct err *err)
{
	size_t own = 0;

	*profiles = (struct profiles){ .config = config };
	for (; senders[profiles->n]; profiles->n++)
		profiles->list[profiles->n] = senders[profiles->n];
	profiles->custom = mem_alloc((config->n + 1) * sizeof(*profiles->custom));
	for (size_t i = 0; i < config->n; i++)
		if (!strcmp(config->section[i].kind, "sender") && !add_sender(profiles, &config->section[i], &profiles->custom[own++], err))
			return false;
	return holds(profiles, err);
}

void profiles_release(struct profiles *profiles)
{
	free(profiles->custom);
	*profiles = (struct profiles){ 0 };
}
