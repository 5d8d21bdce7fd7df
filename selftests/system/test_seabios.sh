#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# SeaBIOS on the firmware port under unmodified QEMU: dbgportd has, byte for
# byte, what QEMU's own isa-debugcon captures from the same command line.
. ../lib/system.sh || exit

boot_sector "$tmp/disk"

# boot NAME: SeaBIOS to its end; QEMU's own capture is $tmp/NAME.
boot()
{
	qemu -m 64 -smp 2 -device isa-debug-exit,iobase=0xf4 \
		-drive "file=$tmp/disk,format=raw,snapshot=on" \
		-chardev "file,id=capture,path=$tmp/$1" \
		-device isa-debugcon,iobase=0x402,chardev=capture
	wait "$!"
}

boot_reference()
{
	unload_module
	boot reference
}

boot_unread()
{
	reload_module
	boot unread
}

# cat(1) looks; what it has seen on the firmware port is $tmp/records.
boot_looked()
{
	local cat

	reload_module
	start cat /dev/dbgport >"$tmp/raw"
	cat=$!
	boot looked
	# The GONE of the only VM is the end.
	await ends_with_gone "$tmp/raw"
	end_child "$cat"
	perl -e '$/ = \32; while (<>) {
		my ($port, $type, $value) = unpack "x20 S C x L";
		print chr $value if $type == 1 && $port == 0x402;
	}' "$tmp/raw" >"$tmp/records"
}

ends_with_gone()
{
	[ "$(tail -c 32 "$1" | od -An -tu1 -j22 -N1)" -eq 3 ] 2>/dev/null
}

boot_claimed()
{
	rm -f "$tmp/claimed"
	reload_module
	start_daemon --firmware "file=$tmp/claimed"
	boot silent
	await said gone
	stop_daemon
}

# Compare $tmp/NAME of "boot_NAME" to the reference.  SeaBIOS prints what it
# measures and what it was too slow for, so two runs of the same may differ on
# a busy machine: there are three tries.
equals_reference()
{
	local try

	for try in 1 2 3; do
		((try == 1)) || boot_reference
		"boot_$1"
		cmp "$tmp/reference" "$tmp/$1" && return
		diff -a "$tmp/reference" "$tmp/$1" | sed "s/^/# try $try: /"
	done
	return 1
}

ktap_print_header
ktap_set_plan 8

boot_reference
result "without the module QEMU captures SeaBIOS" \
	holds "$tmp/reference" "Booting from 0000:7c00"
result "with no reader QEMU's own capture is the same" equals_reference unread
result "with a looking reader QEMU's own capture is the same" equals_reference looked
result "and the looking reader has seen the same, byte for byte" \
	cmp "$tmp/looked" "$tmp/records"
result "dbgportd captures the same" equals_reference claimed
result "and QEMU has seen nothing of it" test ! -s "$tmp/silent"

# With no debugcon in QEMU, SeaBIOS speaks because the module answers its read.
start_daemon --firmware "file=$tmp/plain"
qemu -m 64 -smp 2 -device isa-debug-exit,iobase=0xf4 \
	-drive "file=$tmp/disk,format=raw,snapshot=on"
wait "$!"
await said gone
stop_daemon
result "dbgportd ends well" test "$?" -eq 0
result "SeaBIOS speaks without any debugcon device" \
	holds "$tmp/plain" "Booting from 0000:7c00"
ktap_finished
