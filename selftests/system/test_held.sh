#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A VMM that holds up whoever asks for its command line holds up nobody else: not
# dbgportd, which starts, routes other VMs and ends beside it, nor dbgportctl.
. ../lib/system.sh || exit

hold_mm=$(readlink -f ../lib/hold_mm)

# Becomes a VM whose VMM was told the name "held"; $held is its process, and $server
# that which has to be killed for it to end.
start_held()
{
	# shellcheck disable=SC2016 # for the inner shell
	start bash -c 'exec -a firecracker "$@"' - "$hold_mm" -v --id=held >"$tmp/server"
	held=$!
	await test -s "$tmp/server"
	server=$(<"$tmp/server")
}

# Whoever reads it waits: timeout's status says so.
is_held()
{
	local status=0

	timeout 1 cat "/proc/$held/cmdline" || status=$?
	[ "$status" = 124 ]
}

end_held()
{
	kill -9 "$server" "$held"
	await is_ended "$held"
}

# is_vm PID: with a vCPU.
is_vm()
{
	[ -n "$(find /sys/kernel/debug/kvm -path "*/$1-*/vcpu*" -name "vcpu*")" ]
}

are_named()
{
	[ "$(dbgportctl list --names | sort | tr '\n' ' ')" = "$1" ]
}

ktap_print_header
ktap_set_plan 12

modprobe fuse 2>/dev/null
reload_module
start_daemon --sink "any:file=$tmp/%v.txt"
start_held
result "its command line cannot be read" is_held
start_vm web 0xe9 $'hello\n'
result "another VM's output comes, under its name" await holds "$tmp/web.txt" hello
result "the held one is called after its VMM" await said "hold_mm-$held: attached; VM "
result "which is said" said "process $held, did not let its name be read in time"
result "dbgportctl knows both" are_named "hold_mm-$held web "
stop_daemon
result "SIGTERM ends the daemon" test "$?" -eq 0
start_daemon --sink "any:file=$tmp/%v.txt"
start_vm db 0xe9 $'hello\n'
result "another daemon does its work, too" await holds "$tmp/db.txt" hello
end_held
result "the VM's end is read" await said "hold_mm-$held: gone"
stop_daemon
end_children

# It was there before the module, and is looked at with all processes.
unload_module
start_held
start_vm late 0xe9 $'hello\n'
late=$!
await is_vm "$late"
reload_module
start_daemon --sink "any:file=$tmp/%v.txt"
result "a VM that runs already is attached beside it" \
	await said "late: attached late, times count from now; VM "
result "and it itself" await said "hold_mm-$held: attached late"
kill -TERM "$late"
end_held
stop_daemon
result "the daemon ends well" test "$?" -eq 0
result "and the module can be unloaded" unload_module
ktap_finished
