#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What systemd is told of the daemon: a mistake in the config file makes a reload
# fail, and a start that is not tried again; it hears of VMs that are started at boot;
# and it can do little else.
. ../lib/ktap.sh || exit

top=$(cd ../../.. && pwd)
unit=$top/packaging/dbgportd.service

# value KEY: of the unit, each on a line
value()
{
	sed -n "s/^$1=//p" "$unit"
}

# not_tried_again STATUS
not_tried_again()
{
	grep -qw "$1" <<<"$(value RestartPreventExitStatus)"
}

# Before each that starts VMs at boot, and so ended after it.
is_ordered()
{
	local other

	for other in libvirtd virtqemud libvirt-guests pve-guests; do
		grep -qw "$other.service" <<<"$(value Before)" || return
	done
	grep -qw machines.target <<<"$(value Before)"
}

# Its exposure, as systemd counts it, in tenths.
is_confined()
{
	local tenths

	tenths=$(systemd-analyze security --offline=true --no-pager "$unit" 2>>"$log" |
		sed -n 's/.*Overall exposure level.*: \([0-9]*\)\.\([0-9]\).*/\1\2/p')
	[ -n "$tenths" ] && [ "$((10#$tenths))" -le 15 ]
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
ktap_set_plan 10

printf '[sink a]\nport = any\nmode = nul\n' >"$tmp/conf"
result "a reload with a mistake in the config file fails" not reload
result "and the daemon is not asked to read it" test ! -e "$tmp/reloaded"
"$top/build/userspace/dbgportd" --config "$tmp/conf" >>"$log" 2>&1
status=$?
result "a start with a mistake is not tried again" not_tried_again "$status"
printf '[sink a]\nport = any\nmode = null\n' >"$tmp/conf"
result "a reload without one succeeds" reload
result "and the daemon is asked to" reloaded

"$top/build/userspace/dbgportd" --device "$tmp/none" --run-dir "$tmp/run" >>"$log" 2>&1
status=$?
result "a start without the module is not tried again" not_tried_again "$status"
result "but the device that comes then starts it" \
	grep -qw dev-dbgport.device <<<"$(value WantedBy)"
result "which udev tells systemd of" \
	grep -q 'KERNEL=="dbgport".*TAG+="systemd"' "$top/packaging/60-dbgport.rules"
result "it is there before those that start VMs at boot" is_ordered
result "it can do little else: an exposure of at most 1.5" is_confined

kill "$main"
ktap_finished
