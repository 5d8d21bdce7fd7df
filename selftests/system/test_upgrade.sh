#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Programs and a module of different versions, built by build_other: of one ABI they work
# together, whichever is newer; of two, one line says which is older.  A module that is
# replaced under a running daemon costs a VM what it writes meanwhile, and nothing else.
. ../lib/system.sh || exit

other=${DBGPORT_KO%/*}/other/dbgport.ko
# DBGPORT_F_ALL; and without SET and NAME.
all=0x6f
older=0xf

load_other()
{
	unload_module
	insmod "$other" "$@"
}

# is_heard NAME: a VM of that name, by a daemon, whole
is_heard()
{
	start_daemon --sink "0xe9:file=$tmp/%v.text"
	start_vm "$1" 0xe9 "hello"$'\n'
	await holds "$tmp/$1.text" hello && [ "$(dbgportctl list --names)" = "$1" ] &&
		[ "$(dbgportctl list --json | jq -r '.[].state')" = claimed ]
}

ends_whole()
{
	end_child "${children[-1]}"
	await said "$1: gone; writes: 6, lost: 0" && stop_daemon
}

# refuses TEXT: with a status that keeps a service from being started again
refuses()
{
	local said status=0

	said=$(dbgportd --run-dir "$run_dir" 2>&1) || status=$?
	[ "$status" = 3 ] && [ "$(wc -l <<<"$said")" = 1 ] && [[ $said == *"$1"* ]]
}

is_said_once()
{
	[ "$(grep -cF -- "$1" "$tmp/log")" = 1 ]
}

ktap_print_header
ktap_set_plan 18
[ -f "$other" ] || ktap_exit_fail_msg "there is no $other: selftests/system/build_other makes it"

load_other other_features=$((all | 1 << 40)) other_fill=0x55
result "a newer module of the same ABI is read" is_heard newer
result "to the end" ends_whole newer
result "what it has more is told" grep -qE '\b40\b' <(dbgportd --version)

load_other other_features=$((older)) other_ioctls=6
result "an older one is, too, with the names of VMs" is_heard older
result "what it lacks is told" fails_with 1 "this module is too old for that" \
	dbgportctl ports older 0xe9
result "to the end" ends_whole older

load_other other_abi=2
result "a module of a newer ABI is refused" refuses "the program is older"
result "by dbgportctl, too" fails_with 1 "the program is older" dbgportctl list
load_other other_abi=0
result "one of an older ABI is refused" refuses "the module is older"
result "by dbgportctl, too" fails_with 1 "the module is older" dbgportctl list

# A package's upgrade, the first half of which is the wrong one.
reload_module
start_daemon --sink "0xe9:file=$tmp/numbers"
start_bursts vm 0xe9 0x402
burst vm 1
result "a VM is read" await has_bytes "$tmp/numbers" 900
echo 1 >/sys/module/dbgport/parameters/unplug
await rmmod dbgport 2>/dev/null
insmod "$other" other_abi=2
result "a running daemon tells of a module of another ABI" await said "the program is older"
burst vm 1
result "the VM goes on" await ends_with_line "$tmp/vm.number" 200
# The daemon has looked at it again.
sleep 2
result "it is told once" is_said_once "the program is older"
await rmmod dbgport 2>/dev/null
insmod "$DBGPORT_KO"
result "one that fits is taken" await said "the module is back"
await said "attached late"
burst vm 1
result "the VM is read on" await has_bytes "$tmp/numbers" 1800
result "and what it wrote is all there, but for that of meanwhile" \
	cmp <(seq -f %08.0f 100; seq -f %08.0f 201 300) "$tmp/numbers"
stop_daemon
result "the daemon ends well" test "$?" -eq 0
ktap_finished
