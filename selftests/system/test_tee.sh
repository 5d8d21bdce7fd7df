#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tee: with claim=never, or while nobody listens, QEMU's own debugcon has what
# it has without the module, however the guest writes; and dbgportd the same
# records all the while.
. ../lib/system.sh || exit

# A boot sector that writes to 0xe9 in every way there is, and ends QEMU.
talking_sector()
{
	perl -e '
		my $text = join "", map { chr } 0x20 .. 0x7e, 0 .. 0x10;
		my $at = 0x7c00 + 0x80;
		my $n = length $text;
		print pack "a510 v",
			pack("a128", pack("H*", "31c08ed8bae900")	# ds = 0, dx = 0xe9
				. pack("C v C2", 0xb8, 0x4241, 0xee, 0xef)	# out al, ax
				. pack("C2 V C2", 0x66, 0xb8, 0x46454443, 0x66, 0xef)	# eax
				. "\xfc"
				. pack("C v C v H*", 0xbe, $at, 0xb9, $n, "f36e")
				. pack("C v C v H*", 0xbe, $at, 0xb9, $n / 2, "f36f")
				. pack("C v C v H*", 0xbe, $at, 0xb9, $n / 4, "66f36f")
				. pack("H*", "b000e6f4f4ebfd"))
			. $text, 0xaa55' >"$1"
	truncate -s 1M "$1"
}

# boot NAME: what QEMU's debugcon has is $tmp/NAME.
boot()
{
	qemu -m 64 -device isa-debug-exit,iobase=0xf4 \
		-drive "file=$tmp/disk,format=raw,snapshot=on" \
		-chardev "file,id=capture,path=$tmp/$1" \
		-device isa-debugcon,iobase=0xe9,chardev=capture
	wait "$!"
}

same()
{
	cmp "$tmp/reference" "$tmp/$1"
}

ktap_print_header
ktap_set_plan 6

talking_sector "$tmp/disk"
unload_module
boot reference
# 1 + 1 + 1, and the text byte by byte, then every second and every fourth.
result "without the module QEMU has the bytes" \
	test "$(wc -c <"$tmp/reference")" -eq $((3 + 112 + 56 + 28))

reload_module
boot unread
result "with nobody listening it has the same" same unread

for backend in iodev ioeventfd; do
	reload_module claim=never "backend=$backend"
	start_daemon --console "file=$tmp/$backend.console"
	boot "$backend"
	await said gone
	stop_daemon
	result "with claim=never it has the same, backend $backend" same "$backend"
	# dbgportd has wide writes in full: 1 + 2 + 4, and three times the whole text.
	result "and so has dbgportd, which sees wide writes whole" \
		test "$(wc -c <"$tmp/$backend.console")" -eq $((1 + 2 + 4 + 3 * 112))
done
ktap_finished
