/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sending.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/banned.h"

#define PER_HOUR 60

const struct sender *sending_find(const struct sending *sending, const char *name)
{
	for (size_t i = 0; i < sending->n; i++)
		if (!strcmp(sending->list[i]->name, name))
			return sending->list[i];
	return NULL;
}

static bool at_line(const struct sending *sending, int line, struct err *err)
{
	return err_context(err, "%s:%d", sending->config->path ? sending->config->path : "", line);
}

/* ---- [sender NAME] ---- */

static bool fill(const struct sending *sending, const struct config_section *section, struct sender *sender, struct err *err)
{
	const char *base = "rfc5321";
	int base_line = section->line;

	for (size_t i = 0; i < section->n; i++)
		if (!strcmp(section->pair[i].name, "base")) {
			base = section->pair[i].value;
			base_line = section->pair[i].line;
		}
	if (!sending_find(sending, base)) {
		err_set(err, ERR_USAGE, N_("there is no sender \"%s\" to begin from"), base);
		err_hint(err, N_("mxladder list senders shows them; a configured one must stand above."));
		return at_line(sending, base_line, err);
	}
	*sender = *sending_find(sending, base);
	sender->name = sender->title = section->name;
	sender->common = 0;
	for (size_t i = 0; i < section->n; i++) {
		const struct config_pair *pair = &section->pair[i];

		if (!strcmp(pair->name, "title"))
			sender->title = pair->value;
		else if (strcmp(pair->name, "base") != 0 && !sender_field_set(sender, pair->name, pair->value, err))
			return at_line(sending, pair->line, err);
	}
	return sender_check(sender, err) || at_line(sending, section->line, err);
}

/* They go to the terminal as they are. */
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

static bool add_sender(struct sending *sending, const struct config_section *section, struct sender *sender, struct err *err)
{
	if (sending_find(sending, section->name) || !strcmp(section->name, "all")) {
		err_set(err, ERR_USAGE, N_("the sender %s is there already"), section->name);
		err_hint(err, N_("Give your own another name; base = %s makes it begin from that one."), section->name);
		return at_line(sending, section->line, err);
	}
	if (sending->n == MIX_SENDERS) {
		err_set(err, ERR_USAGE, N_("more than %d senders"), MIX_SENDERS);
		return at_line(sending, section->line, err);
	}
	if (!fill(sending, section, sender, err))
		return false;
	if (!shows(sender->name) || !shows(sender->title)) {
		err_set(err, ERR_USAGE, N_("the name or title of the sender %s holds what cannot be shown"), section->name);
		return at_line(sending, section->line, err);
	}
	sending->list[sending->n++] = sender;
	return true;
}

/* ---- [mix NAME], [traffic NAME] ---- */

static bool fill_mix(const struct sending *sending, const struct config_section *section, struct mix *mix, struct err *err)
{
	memset(mix, 0, sizeof(*mix));
	mix->source = N_("the configuration");
	for (size_t i = 0; i < section->n; i++) {
		const struct config_pair *pair = &section->pair[i];
		double per_hour[24];
		size_t k = 0;

		while (k < sending->n && strcmp(sending->list[k]->name, pair->name) != 0)
			k++;
		if (k == sending->n) {
			err_set(err, ERR_USAGE, N_("there is no sender \"%s\""), pair->name);
			err_hint(err, N_("mxladder list senders shows them."));
			return at_line(sending, pair->line, err);
		}
		if (strchr(pair->value, ',') || !traffic_parse(pair->value, per_hour)) {
			err_set(err, ERR_USAGE, N_("\"%s\" is no weight: a number above 0 is"), pair->value);
			return at_line(sending, pair->line, err);
		}
		mix->weight[k] = per_hour[0];
	}
	if (mix_scale(mix))
		return true;
	err_set(err, ERR_USAGE, N_("the mix %s weighs no sender"), section->name);
	return at_line(sending, section->line, err);
}

static bool fill_traffic(const struct sending *sending, const struct config_section *section, double per_hour[24],
			 struct err *err)
{
	const struct config_pair *pair = section->n ? &section->pair[0] : NULL;

	if (pair && traffic_parse(pair->value, per_hour))
		return true;
	err_set(err, ERR_USAGE, N_("the traffic %s needs per_hour: one number, or 24 with commas between"), section->name);
	return at_line(sending, pair ? pair->line : section->line, err);
}

/* The section that a name or [simulate] asks for; *asked stays NULL where neither does. */
static const struct config_section *chosen(const struct sending *sending, const char *kind, const char **asked)
{
	if (!*asked)
		*asked = config_get(sending->config, "simulate", "", kind);
	return *asked ? config_find(sending->config, kind, *asked) : NULL;
}

static bool not_there(const char *kind, const char *name, struct err *err)
{
	err_set(err, ERR_USAGE, N_("the configuration has no section [%s %s]"), kind, name);
	err_hint(err, N_("mxladder list settings shows the sections and their settings."));
	return false;
}

bool sending_mix(const struct sending *sending, const char *name, struct mix *mix, struct err *err)
{
	const struct config_section *section = chosen(sending, "mix", &name);

	if (section)
		return fill_mix(sending, section, mix, err);
	mix_standard(mix, sending->list);
	return !name || not_there("mix", name, err);
}

size_t sending_parts(const struct sending *sending, const struct mix *mix, struct cutover_part part[MIX_SENDERS])
{
	size_t n = 0;

	for (size_t i = 0; i < sending->n; i++)
		if (mix->weight[i] > 0)
			part[n++] = (struct cutover_part){sending->list[i], mix->weight[i]};
	return n;
}

bool sending_traffic(const struct sending *sending, const char *name, double per_hour[24], struct err *err)
{
	const struct config_section *section = chosen(sending, "traffic", &name);

	if (section)
		return fill_traffic(sending, section, per_hour, err);
	for (size_t i = 0; i < 24; i++)
		per_hour[i] = PER_HOUR;
	return !name || not_there("traffic", name, err);
}

/* ---- all at once, so that a fault is told when the program starts ---- */

static bool holds(const struct sending *sending, struct err *err)
{
	const struct config *config = sending->config;
	double per_hour[24];
	struct mix mix;

	for (size_t i = 0; i < config->n; i++) {
		const struct config_section *section = &config->section[i];

		if (!strcmp(section->kind, "mix") && !fill_mix(sending, section, &mix, err))
			return false;
		if (!strcmp(section->kind, "traffic") && !fill_traffic(sending, section, per_hour, err))
			return false;
	}
	return sending_mix(sending, NULL, &mix, err) && sending_traffic(sending, NULL, per_hour, err);
}

bool sending_read(struct sending *sending, const struct config *config, struct err *err)
{
	size_t own = 0;

	*sending = (struct sending){.config = config};
	for (; senders[sending->n]; sending->n++)
		sending->list[sending->n] = senders[sending->n];
	sending->own = mem_alloc((config->n + 1) * sizeof(*sending->own));
	for (size_t i = 0; i < config->n; i++)
		if (!strcmp(config->section[i].kind, "sender") &&
		    !add_sender(sending, &config->section[i], &sending->own[own++], err))
			return false;
	return holds(sending, err);
}

void sending_release(struct sending *sending)
{
	free(sending->own);
	*sending = (struct sending){0};
}
