# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A dbgportd that is not there either: its status file, and a process of its name.  To be
# sourced behind fake.sh.

# Root's status is looked for there, too.
# shellcheck disable=SC2154 # tmp
export RUNTIME_DIRECTORY=$tmp/run
children=()
trap 'kill "${children[@]}" 2>/dev/null; rm -rf "$tmp"' EXIT

start_daemon()
{
	cp "$(command -v sleep)" "$tmp/dbgportd"
	"$tmp/dbgportd" 3600 &
	daemon=$!
	children+=("$daemon")
}

# daemon_says VM...: objects of VMs in its status.
daemon_says()
{
	mkdir -p "$tmp/run"
	printf '{"pid": %d, "load_id": "000000000000fa4e", "totals": {}, "sinks": [],
		"vms": [%s]}' "$daemon" "$(printf '%s\n' "$@" | paste -sd,)" >"$tmp/run/status.json"
}
