/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the checks, each in its subject's file; checks.c lists them. For check/ alone. */
#ifndef CHECK_CHECKS_H
#define CHECK_CHECKS_H

#include "check/check.h"

extern const struct check
	/* target.c */
	check_target_empty,
	check_target_ip, check_target_length, check_target_ldh, check_numeric_tld, check_zone_doubled, check_pasted_url, check_single_label,
	check_reserved_tld,
	/* set.c */
	check_pref_range, check_dup_host, check_dup_record, check_null_mixed, check_null_pref, check_implicit_mx, check_undeliverable,
	check_ttl_mixed, check_cname_clash, check_undelegated,
	/* host.c */
	check_target_cname, check_target_nxdomain, check_target_no_address, check_target_servfail, check_slow_name, check_special_address,
	check_same_address,
	/* layout.c */
	check_spof, check_v6_only, check_v4_only, check_crowded_top, check_two_host_senders, check_dual_stack_pull, check_host_weight;

#endif
