/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config.h's table of settings. */
#include <stddef.h>

#include "base/i18n.h"
#include "io/config.h"
#include "base/banned.h"

const struct setting settings[] = {
	{ "main", "read_only", SETTING_YES_NO, 0, 0, "no", N_("refuse everything that would change a zone") },
	{ "main", "name", SETTING_TEXT, 0, 0, NULL, N_("who approves; without it the user and the machine") },
	{ "main", "allowed_signers", SETTING_PATH, 0, 0, NULL, N_("file of SSH keys whose signatures approve (ssh-keygen(1))") },
	{ "main", "sign_key", SETTING_PATH, 0, 0, NULL, N_("SSH key that signs your approvals") },
	{ "main", "approval_age", SETTING_DURATION, 60, 315360000, "7d", N_("how old an approval may be when its plan is pushed") },
	{ "account", "provider", SETTING_TEXT, 0, 0, NULL, N_("which provider: see mxladder list providers") },
	{ "account", "endpoint", SETTING_PATH, 0, 0, NULL, N_("base address of the API, instead of the provider's own") },
	{ "account", "key_command", SETTING_TEXT, 0, 0, NULL, N_("command that prints the key; run without a shell") },
	{ "account", "key_file", SETTING_PATH, 0, 0, NULL, N_("file that holds the key; only you may read it") },
	{ "account", "key_env", SETTING_TEXT, 0, 0, NULL, N_("environment variable that holds the key") },
	{ "account", "ca_file", SETTING_PATH, 0, 0, NULL,
		N_("file of the authorities that may vouch for the API's server, instead of the system's") },
	{ "account", "settle", SETTING_DURATION, 0, 600, NULL,
		N_("how long a read may still show the old records after a write; without it the provider's own") },
	{ "domain", "account", SETTING_TEXT, 0, 0, NULL, N_("the account that holds the domain's zone") },
	{ "domain", "protected", SETTING_YES_NO, 0, 0, "no", N_("ask for the domain's name before a push") },
	{ "domain", "approvals", SETTING_NUMBER, 0, 16, NULL, N_("signed approvals that a push needs; 0 needs none at all") },
	{ "domain", "approval_age", SETTING_DURATION, 60, 315360000, NULL, N_("the same for this domain alone") },
	{ "push", "watch", SETTING_DURATION, 1, 86400, "2m", N_("how long a push waits for the name servers") },
	{ "push", "seen_apart", SETTING_DURATION, 0, 3600, "10s",
		N_("how far apart a name server must give the new set twice before it counts") },
	{ "push", "hook_command", SETTING_TEXT, 0, 0, NULL,
		N_("command that is told of every push that was published, failed, or is unfinished, as JSON on its stdin; run without a shell") },
	{ "push", "hook_timeout", SETTING_DURATION, 1, 600, "10s", N_("how long that command may take") },
	{ "dns", "resolver", SETTING_ADDRESS, 0, 0, NULL, N_("resolver to ask, ADDRESS[:PORT]; without it the system's") },
	{ "dns", "timeout", SETTING_DURATION, 1, 60, "5s", N_("how long one question may take") },
	{ "dns", "ca_file", SETTING_PATH, 0, 0, NULL,
		N_("certificate authorities that MTA-STS policies are fetched under; without it the system's") },
	{ "dns", "anchor_file", SETTING_PATH, 0, 0, NULL, N_("trust anchors for validation; without it the system's root key") },
	{ "simulate", "mix", SETTING_TEXT, 0, 0, NULL, N_("the mix of senders to weigh by; without it the program's own") },
	{ "simulate", "traffic", SETTING_TEXT, 0, 0, NULL, N_("the traffic of an outage; without it 60 messages an hour, day and night") },
	{ "simulate", "outage", SETTING_DURATION, 1, 31536000, "24h", N_("how long an outage lasts in the interface at first") },
	{ "sender", "base", SETTING_TEXT, 0, 0, NULL, N_("the sender that this one begins from: see mxladder list senders") },
	{ "sender", "title", SETTING_TEXT, 0, 0, NULL, N_("what it is called on the screen; without it its name") },
	{ "sender", "*", SETTING_TEXT, 0, 0, NULL, N_("FIELD = VALUE: see mxladder list mechanisms") },
	{ "mix", "*", SETTING_TEXT, 0, 0, NULL, N_("SENDER = WEIGHT, such as postfix = 40") },
	{ "traffic", "per_hour", SETTING_TEXT, 0, 0, NULL,
		N_("messages an hour: one number, or 24 with commas, for each hour of the day in UTC") },
	{ "ui", "theme", SETTING_TEXT, 0, 0, "default",
		N_("theme by name, or a file; without one, \"light\" where COLORFGBG tells of a light terminal") },
	{ "ui", "mouse", SETTING_YES_NO, 0, 0, "yes", N_("take clicks and the wheel") },
	{ "ui", "ascii", SETTING_YES_NO, 0, 0, "no", N_("draw without line characters") },
	{ "keys", "*", SETTING_KEYS, 0, 0, NULL, N_("ACTION = KEY, KEY: see mxladder list actions") },
	{ NULL, NULL, SETTING_TEXT, 0, 0, NULL, NULL },
};
