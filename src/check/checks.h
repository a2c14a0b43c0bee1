/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the checks, each in its subject's file; checks.c lists them. For check/ alone. */
#ifndef CHECK_CHECKS_H
#define CHECK_CHECKS_H

#include "check/check.h"

/* target.c */
extern const struct check check_target_empty, check_target_ip, check_target_length, check_target_ldh, check_numeric_tld,
	check_double_hyphen, check_idna;
/* paste.c */
extern const struct check check_zone_doubled, check_pasted_url, check_pref_in_target, check_single_label, check_reserved_tld;
/* set.c */
extern const struct check check_pref_range, check_dup_host, check_dup_record, check_null_mixed, check_null_pref, check_implicit_mx,
	check_undeliverable, check_ttl_mixed, check_answer_size, check_too_many;
/* owner.c */
extern const struct check check_cname_clash, check_owner_alias, check_undelegated, check_wildcard_mx, check_tld_root_mx;
/* host.c */
extern const struct check check_target_cname, check_target_nxdomain, check_target_no_address, check_target_servfail, check_slow_name;
/* address.c */
extern const struct check check_special_address, check_v4_mapped, check_same_address;
/* net.c */
extern const struct check check_same_net, check_same_dns_fate, check_cdn_proxied, check_target_ttl;
/* blocklist.c */
extern const struct check check_dnsbl;
/* hoster.c */
extern const struct check check_leftover_verification, check_two_hosters, check_filter_bypass, check_preset_drift, check_rank_vs_preset,
	check_retired_hoster, check_m365_derived;
/* served.c */
extern const struct check check_auth_disagree, check_auth_fail, check_serial_lag, check_parent_child_ns, check_wrong_zone, check_cache_lag,
	check_ttl_stretch, check_split_view, check_negative_ttl;
/* keep.c */
extern const struct check check_ttl_long, check_ttl_short, check_ttl_auto, check_ttl_floor, check_cap_null, check_cap_count, check_last_mx;
/* past.c */
extern const struct check check_drain_not_over, check_ttl_not_restored;
/* star.c */
extern const struct check check_target_wildcard, check_wildcard_address;
/* layout.c */
extern const struct check check_spof, check_v6_only, check_v4_only, check_crowded_top, check_two_host_senders, check_flat, check_dense,
	check_dual_stack_pull, check_host_weight;
/* probe.c */
extern const struct check check_port25, check_greeting, check_starttls, check_cert;
/* probe_set.c */
extern const struct check check_tls_params, check_tlsa_mismatch, check_nolisting, check_bad_first, check_uneven_limits, check_weak_backup;
/* probe_rcpt.c */
extern const struct check check_open_relay, check_backscatter, check_greylist_leak;
/* sts.c */
extern const struct check check_sts_mx_missing, check_sts_order, check_sts_maxage, check_sts_extra, check_sts_syntax, check_sts_fetch,
	check_tlsrpt;
/* dane.c */
extern const struct check check_tlsa_insecure, check_tlsa_partial, check_tlsa_usage, check_tlsa_rollover, check_tlsa_servfail,
	check_tlsa_retired_ca, check_dnssec_sha1, check_dnssec_bogus, check_security_downgrade;
/* authors.c */
extern const struct check check_spf, check_sub_mx, check_spf_mx, check_spf_include, check_dmarc, check_null_but_sends, check_nomail_trio,
	check_should_be_null;
/* reverse.c */
extern const struct check check_no_ptr, check_fcrdns, check_dangling;

#endif
