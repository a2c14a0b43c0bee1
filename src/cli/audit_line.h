/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What audit says of a domain, or of a line that is none: one JSON object, one line. */
#ifndef CLI_AUDIT_LINE_H
#define CLI_AUDIT_LINE_H

#include "app/audit_names.h"
#include "cli/choice.h"
#include "cli/print_demands.h"
#include "core/preset.h"

struct audit_said {
	bool checks, simulate;
	struct choice *choice;
	enum check_level bar;
	bool failed;                /* a finding stands at or above the bar, or a demand is not met */
	struct policy_told *policy; /* of --require; NULL: nothing is judged */
	int64_t at;                 /* the moment that was written last */
	char at_text[40];
	struct preset_sieve sieve; /* preset_sieve_build() */
};

/* Adds the line, without its end. */
void audit_line(struct audit_said *said, const struct facts *facts, struct str *line);
void audit_line_wrong(const struct audit_wrong *wrong, struct str *line);

#endif
