#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# SeaBIOS asks once whether there is a debug console, and is silent from then on if
# the VMM answers that there is none: what looks like a boot that hangs is said to be
# none.
. ../lib/system.sh || exit

boot_sector "$tmp/disk"

# boot NAME OPTION...: SeaBIOS to its end.
boot()
{
	qemu -name "$1" -m 64 -device isa-debug-exit,iobase=0xf4 \
		-drive "file=$tmp/disk,format=raw,snapshot=on" "${@:2}"
	wait "$!"
	await is_listed "$1"
}

# All here have ended, and only who had asked before knows their names.
is_listed()
{
	[ "$(dbgportctl list --json | jq -r ".[-1].state")" = ended ]
}

note="firmware looked for a debug console at 0x402 when no one listened: its output stops here"
fix="start dbgportd first, or load with claim=always"

# notes ID COUNT: so many of show and timeline say it of that VM.
notes()
{
	local show timeline

	show=$(dbgportctl show "id:$1" | grep -cxF "note      $note; $fix")
	timeline=$(COLUMNS=200 dbgportctl timeline "id:$1" | grep -cF "$note; $fix")
	[ "$show $timeline" = "$2 $2" ] || {
		dbgportctl show --json "id:$1" | jq -c .ports | sed 's/^/# /'
		return 1
	}
}

ktap_print_header
ktap_set_plan 6

reload_module
boot unheard
result "nobody listened: show and timeline say so" notes 1 1
boot own -chardev "file,id=c,path=$tmp/own" -device isa-debugcon,iobase=0x402,chardev=c
result "where QEMU has a console of its own nothing is said" notes 2 0
start_daemon --firmware "file=$tmp/%v.txt"
boot heard
result "where a daemon claims neither" notes 3 0
stop_daemon

# A VM that lives: at the end of its boot it halts.
qemu -name living -m 64 -drive "file=$tmp/disk,format=raw,snapshot=on"
said_by_doctor()
{
	dbgportctl doctor | grep -qF "$note"
}
result "doctor says it of a VM that lives" await said_by_doctor
end_children
said_of_none()
{
	! said_by_doctor
}
result "and not when it has ended" await said_of_none

reload_module claim=always
boot always
result "claim=always makes it all come" notes 1 0
ktap_finished
