/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/checks.h"

#include "check/lint.h"
#include "base/banned.h"

const struct check *const checks[] = { &check_pref_range, &check_target_empty, &check_target_ip, &check_target_length, &check_target_ldh,
	&check_double_hyphen, &check_idna, &check_numeric_tld, &check_zone_doubled, &check_pasted_url, &check_pref_in_target,
	&check_single_label, &check_reserved_tld, &check_dup_host, &check_dup_record, &check_null_mixed, &check_null_pref,
	&check_implicit_mx, &check_undeliverable, &check_last_mx, &check_drain_not_over, &check_ttl_mixed, &check_answer_size,
	&check_too_many, &check_cname_clash, &check_owner_alias, &check_wildcard_mx, &check_wildcard_address, &check_tld_root_mx,
	&check_undelegated, &check_target_cname, &check_target_nxdomain, &check_target_no_address, &check_target_servfail, &check_slow_name,
	&check_target_wildcard, &check_v4_mapped, &check_special_address, &check_cdn_proxied, &check_same_address, &check_same_net,
	&check_same_dns_fate, &check_target_ttl, &check_leftover_verification, &check_two_hosters, &check_filter_bypass,
	&check_preset_drift, &check_rank_vs_preset, &check_retired_hoster, &check_m365_derived, &check_auth_disagree, &check_auth_fail,
	&check_serial_lag, &check_parent_child_ns, &check_wrong_zone, &check_cache_lag, &check_split_view, &check_ttl_stretch,
	&check_negative_ttl, &check_ttl_long, &check_ttl_short, &check_ttl_not_restored, &check_ttl_auto, &check_ttl_floor, &check_cap_null,
	&check_cap_count, &check_dnsbl, &check_spof, &check_v6_only, &check_v4_only, &check_crowded_top, &check_two_host_senders,
	&check_flat, &check_dense, &check_dual_stack_pull, &check_host_weight, &check_port25, &check_greeting, &check_starttls, &check_cert,
	&check_tls_params, &check_tlsa_mismatch, &check_nolisting, &check_bad_first, &check_uneven_limits, &check_weak_backup,
	&check_open_relay, &check_backscatter, &check_greylist_leak, &check_sts_mx_missing, &check_sts_order, &check_sts_maxage,
	&check_sts_extra, &check_sts_syntax, &check_sts_fetch, &check_tlsrpt, &check_tlsa_insecure, &check_tlsa_partial, &check_tlsa_usage,
	&check_tlsa_rollover, &check_tlsa_servfail, &check_tlsa_retired_ca, &check_dnssec_sha1, &check_dnssec_bogus,
	&check_security_downgrade, &check_spf, &check_sub_mx, &check_spf_mx, &check_spf_include, &check_dmarc, &check_null_but_sends,
	&check_nomail_trio, &check_should_be_null, &check_no_ptr, &check_fcrdns, &check_dangling, NULL };
