#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The example of libdbgport: a VMM that hears its own guest, by itself and where
# dbgportd has the VM too.
. ../lib/system.sh || exit

vmm=$PWD/example_vmm

hears()
{
	"$vmm" >"$tmp/heard" 2>>"$log" || return
	sed 's/^VM [0-9]*/VM N/' "$tmp/heard" | diff - <(
		cat <<-'EOT'
			code 0x40 on port 0x80
			Hello
			VM N left KVM for a port 0 times
		EOT
	) >>"$log"
}

not_loaded()
{
	unload_module
	! "$vmm" >>"$log" 2>"$tmp/said" || return
	[ "$(cat "$tmp/said")" = "example_vmm: /dev/dbgport is not there: modprobe dbgport" ]
}

named()
{
	[ "$(dbgportctl list --json | jq -r ".[].name")" = example ]
}

as_well()
{
	reload_module
	start_daemon --console "file=$tmp/console" --firmware off --post off
	hears || return
	stop_daemon
	[ "$(cat "$tmp/console")" = Hello ]
}

ktap_print_header
ktap_set_plan 5
reload_module
result "a VMM reads what its guest writes, which never leaves KVM" hears
result "its VM has the name that it gave it" named
result "it does so again" hears
result "while dbgportd gets the same" as_well
result "without the module it says what to do" not_loaded
ktap_finished
