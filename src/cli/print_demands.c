/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print_demands.h"

#include "base/i18n.h"
#include "cli/print.h"
#include "cli/print_document.h"
#include "show/demands.h"
#include "base/banned.h"

bool policy_told_read(struct policy_told *told, struct app *app, const char *path, struct err *err)
{
	told->path = path ? path : config_get(&app->config, "main", "", "policy_file");
	return demand_read(app, told->path, &told->musts, err);
}

void policy_told_judge(struct policy_told *told, const struct check_input *in)
{
	demands_release(&told->demands);
	demands_judge(&told->musts, in, &told->demands);
}

void policy_told_release(struct policy_told *told)
{
	demands_release(&told->demands);
	musts_release(&told->musts);
}

void print_demands(const struct policy_told *told, const struct dname *domain)
{
	struct document document = print_begin(0);

	if (!told->path)
		return;
	demands_document(told->path, &told->demands, domain, &document);
	print_document_as(&document, stdout, &(struct print_form){ .indent = { 0, 1 } });
}

static json_t *demand_json(const struct policy_told *told, const struct demand *demand)
{
	const struct must_section *section = &told->musts.section[demand->line->section];
	struct str must, place;
	json_t *json;

	str_init(&must, 0);
	str_init(&place, 0);
	must_text(&demand->line->must, &must);
	str_addf(&place, "%s %s", section->kind, section->name);
	json = json_pack("{s:s, s:o, s:i, s:s, s:o}", "must", must.s, "section", json_text(place.s), "line", demand->line->line, "answer",
		must_answer_name(demand->answer), "text", json_msg(&demand->why));
	str_release(&must);
	str_release(&place);
	return json;
}

json_t *print_demands_json(const struct policy_told *told, const struct dname *domain)
{
	char digest[PLAN_ID_MAX];
	json_t *list;

	if (!told->path)
		return json_null();
	list = json_array();
	for (size_t i = 0; i < told->demands.n; i++)
		json_array_append_new(list, demand_json(told, &told->demands.row[i]));
	demand_digest(&told->musts, domain, digest);
	return json_pack("{s:o, s:s?, s:b, s:o}", "file", json_text(told->path), "digest", *digest ? digest : NULL, "holds",
		demands_open(&told->demands) == 0, "demands", list);
}
