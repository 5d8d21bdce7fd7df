#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# U-Boot's POST codes: dbgportd logs the sequence that QEMU's own
# isa-debugcon,iobase=0x80 captures from the same command line.
. ../lib/system.sh || exit

codes=23

boot()
{
	qemu -cpu max -m 256 -bios /usr/lib/u-boot/qemu-x86_64/u-boot.rom \
		-chardev "file,id=capture,path=$tmp/$1" \
		-device isa-debugcon,iobase=0x80,chardev=capture
	qemu=$!
}

has_lines()
{
	test "$(wc -l 2>/dev/null <"$1" || echo 0)" -ge "$2"
}

ktap_print_header
ktap_set_plan 5

unload_module
boot reference
await has_bytes "$tmp/reference" $codes
kill "$qemu"
wait "$qemu"
od -An -v -w1 -tx1 "$tmp/reference" | sed 's/ *0\{0,1\}//' >"$tmp/expected"
result "without the module QEMU captures $codes codes" \
	test "$(wc -l <"$tmp/expected")" -eq $codes

reload_module
start_daemon --sink "post:file=$tmp/post,label=no"
boot silent
await has_lines "$tmp/post" $codes
kill "$qemu"
wait "$qemu"
await said gone
stop_daemon
line='^\[Debug I/O port: [A-Z][a-z]* code 0x\([0-9a-f]*\)\] [0-9]*\.[0-9]\{6\} seconds$'
sed -n "s,$line,\1,p" "$tmp/post" >"$tmp/codes"
result "dbgportd logs the same sequence" cmp "$tmp/expected" "$tmp/codes"
result "and nothing else" test "$(wc -l <"$tmp/post")" -eq $codes
result "with times that do not go back" \
	sort -c -s -n <(sed 's/.*\] //; s/ seconds//' "$tmp/post")
result "and QEMU has seen nothing of it" test ! -s "$tmp/silent"
ktap_finished
