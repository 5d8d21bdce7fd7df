#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl boots and timeline on what the module keeps: where and when boots were.
. ./fake.sh || exit

vms <<'END'
vm 1 web claimed 60
line 1 0x402 0 59000 SeaBIOS (version 1.16.2-debian-1.16.2-1)
code 1 0 58000 0x40
line 1 0x3f8 0 57000 [    0.000000] Linux version 6.1.0-28-amd64 (x)
code 1 0 50000 0x7f
END

host=$(uname -n)

# The host is called as it is, and its clock is that of now.
boot_is_here()
{
	ctl boots --live --each --json >"$tmp/out" || return
	jq -e --arg host "${host//[^A-Za-z0-9._-]/_}" --argjson now "$(date +%s)" 'length == 1 and
		(.[0] | .host == $host and .vm == "web" and .boot == 1 and
		.firmware == "SeaBIOS 1.16.2-debian-1.16.2-1" and
		.kernel == "Linux 6.1.0-28-amd64" and
		($now - 60 - (.realtime | sub("[.][0-9]{9}Z$"; "Z") | fromdate) |
			. >= -2 and . <= 30))' "$tmp/out" >/dev/null
}

# Both ask the clock each for itself.
timeline_agrees()
{
	local began

	began=$(ctl timeline --json | jq -r '.[0].realtime | sub("[.][0-9]{9}Z$"; "")')
	ctl timeline --time iso8601 >"$tmp/out" || return
	grep -qE "^web  [0-9.]+ s in all, from [0-9-]+T[0-9:.]+\+00:00$" "$tmp/out" || return
	began=$(date -d "${began}Z" +%s) &&
		(($(date -d "$(sed -n 's/^web .* from //p' "$tmp/out")" +%s) - began <= 30))
}

ktap_print_header
ktap_set_plan 2
result "a boot of this host is named so, with its time" boot_is_here
result "the timeline has the same" timeline_agrees
ktap_finished
