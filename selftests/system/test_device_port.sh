#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A port where QEMU has a device, here isa-debug-exit: with /tee the guest's exit
# arrives and is recorded, whoever claims; without, doctor names the port, and what
# it says to do gives QEMU its device back.
. ../lib/system.sh || exit

# exit_sector FILE: a disk that asks isa-debug-exit for status 85, again and again.
exit_sector()
{
	# 1: mov al, 0x2a; out 0xf4, al; jmp 1b
	printf '\xb0\x2a\xe6\xf4\xeb\xfa' >"$1"
	truncate -s 510 "$1"
	printf '\x55\xaa' >>"$1"
	truncate -s 1M "$1"
}

boot()
{
	qemu -name "$1" -m 64 -device isa-debug-exit,iobase=0xf4,iosize=0x04 \
		-drive "file=$tmp/disk,format=raw,snapshot=on"
	vm=$!
}

exits()
{
	local status=0

	wait "$vm" || status=$?
	[ "$status" = 85 ]
}

# port FILTER: what jq makes of 0xf4 of the newest VM.
port()
{
	dbgportctl list --json | jq -r ".[-1].ports[] | select(.port == 244) | $1"
}

has_written()
{
	dbgportctl list --json |
		jq -e 'any(.[].ports[]; .port == 244 and .writes > 0)' >/dev/null
}

# doctor_says VERDICT CHECK TEXT FIX: in one of its findings.
doctor_says()
{
	dbgportctl doctor --json | jq -e --arg verdict "$1" --arg check "$2" --arg text "$3" \
		--arg fix "$4" 'any(.[]; .verdict == $verdict and .check == $check and
			(.text | contains($text)) and (.fix // "") == $fix)' >/dev/null
}

not_said()
{
	! doctor_says "$@"
}

ktap_print_header
ktap_set_plan 13
exit_sector "$tmp/disk"
ports=0x80,0xe9,0x402,0xf4
means="while it is claimed, a device that the VMM has there, such as a UART, isa-debug-exit or pvpanic, gets nothing"

reload_module "ports=$ports/tee" claim=always
boot always
result "with /tee QEMU ends as its guest asks, though all is claimed" exits
result "and that is recorded" test "$(port '"\(.writes) \(.saved) \(.tee)"')" = "1 0 true"
reload_module "ports=$ports/tee"
result "doctor has nothing against that" doctor_says ok ports "$ports/tee" ""
start_daemon --sink "0xf4:file=$tmp/exit,format=raw" --firmware "file=$tmp/firmware"
boot daemon
result "likewise with a daemon that claims" exits
await said gone
result "which gets the byte" test "$(cat "$tmp/exit")" = '*'
result "and the firmware's output, which it claims" test -s "$tmp/firmware"
stop_daemon

reload_module "ports=$ports" claim=always
result "the log tells what is claimed" grep -qF "ports=: while 0xf4 is claimed" <(dmesg)
result "doctor says what that means to new VMs" \
	doctor_says note ports "0xf4: $means" "load the module with ports=$ports/tee"
boot claimed
await has_written
result "without /tee QEMU does not hear of it" kill -0 "$vm"
result "doctor names the VM's port" \
	doctor_says note VM "claimed: port 0xf4: $means" "dbgportctl ports id:1 $ports/tee"
kill -STOP "$vm"
dbgportctl ports id:1 "$ports/tee"
result "which that mends" not_said note VM "port 0xf4" "dbgportctl ports id:1 $ports/tee"
kill -CONT "$vm"
result "and QEMU ends at once" exits
result "and claims were claims before" test "$(port '.writes - .saved')" = 1
ktap_finished
