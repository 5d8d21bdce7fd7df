#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# SeaBIOS on the firmware port under unmodified QEMU: dbgportd has, byte for
# byte, what QEMU's own isa-debugcon captures from the same command line.
. ../lib/system.sh

boot_sector "$tmp/disk"

# boot NAME [OPTION...]: SeaBIOS to its end; QEMU's own capture is $tmp/NAME.
boot()
{
	qemu -m 64 -smp 2 -device isa-debug-exit,iobase=0xf4 \
		-drive "file=$tmp/disk,format=raw,snapshot=on" \
		-chardev "file,id=capture,path=$tmp/$1" \
		-device isa-debugcon,iobase=0x402,chardev=capture
	wait "$!"
}

ktap_print_header
ktap_set_plan 8

unload_module
boot reference
result "without the module QEMU captures SeaBIOS" \
	holds "$tmp/reference" "Booting from 0000:7c00"

reload_module
boot unread
result "with no reader QEMU's own capture is the same" \
	cmp "$tmp/reference" "$tmp/unread"

start cat /dev/dbgport >"$tmp/records"
boot looked
result "with a looking reader QEMU's own capture is the same" \
	cmp "$tmp/reference" "$tmp/looked"
result "and the looking reader has a record for each byte" \
	test "$(stat -c %s "$tmp/records")" -ge \
	$(($(stat -c %s "$tmp/reference") * 2 * 32))
end_children

reload_module
start_daemon --firmware "file=$tmp/claimed"
boot silent
await said gone
stop_daemon
result "dbgportd ends well" test "$?" -eq 0
result "dbgportd has captured the same" cmp "$tmp/reference" "$tmp/claimed"
result "and QEMU has seen nothing of it" test ! -s "$tmp/silent"

# With no debugcon in QEMU, SeaBIOS speaks because the module answers its read.
start_daemon --firmware "file=$tmp/plain"
qemu -m 64 -smp 2 -device isa-debug-exit,iobase=0xf4 \
	-drive "file=$tmp/disk,format=raw,snapshot=on"
wait "$!"
await said gone
stop_daemon
result "SeaBIOS speaks without any debugcon device" \
	holds "$tmp/plain" "Booting from 0000:7c00"
ktap_finished
