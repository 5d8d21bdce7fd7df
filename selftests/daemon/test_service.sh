#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What systemd is told of the daemon: a mistake in the config file makes a reload
# fail, and a start that is not tried again.
. ../lib/ktap.sh

top=$(cd ../../.. && pwd)
unit=$top/packaging/dbgportd.service

# value KEY: of the unit, each on a line
value()
{
	sed -n "s/^$1=//p" "$unit"
}

# reload: its commands one by one, as systemd runs them; fails with the first that does
reload()
{
	local command

	while read -r command; do
		command=${command//dbgportd/$top/build/userspace/dbgportd --config $tmp/conf}
		MAINPID=$main bash -c "$command" >>"$log" 2>&1 || return
	done < <(value ExecReload)
}

not()
{
	! "$@"
}

reloaded()
{
	for _ in {1..100}; do
		[ -e "$tmp/reloaded" ] && return
		sleep 0.1
	done
	return 1
}

# What stands for the daemon.
(
	trap 'touch "$tmp/reloaded"' HUP
	touch "$tmp/ready"
	while :; do sleep 0.1; done
) &
main=$!
until [ -e "$tmp/ready" ]; do sleep 0.1; done

ktap_print_header
ktap_set_plan 5

printf '[sink a]\nport = any\nmode = nul\n' >"$tmp/conf"
result "a reload with a mistake in the config file fails" not reload
result "and the daemon is not asked to read it" test ! -e "$tmp/reloaded"
"$top/build/userspace/dbgportd" --config "$tmp/conf" >>"$log" 2>&1
status=$?
result "a start with a mistake is not tried again" \
	grep -qw "$status" <<<"$(value RestartPreventExitStatus)"
printf '[sink a]\nport = any\nmode = null\n' >"$tmp/conf"
result "a reload without one succeeds" reload
result "and the daemon is asked to" reloaded

kill "$main"
ktap_finished
