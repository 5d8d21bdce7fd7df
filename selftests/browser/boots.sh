# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Two boots in $tmp/boots.json, one with all phases and hostile text, and one that
# is all text.  To be sourced.
. ../timeline/files.sh || exit

# shellcheck disable=SC2034 # used by the tests
phases=(Start Firmware Bootloader Kernel Userspace Custom)
{
	for ((i = 0; i < 40; i++)); do
		line web 1 5000000 $((1000001 + i * 50000)) $i 0x402 "SeaBIOS says $i"
	done
	code web 1 5000000 4000002 50 0x20 Bootloader
	line web 1 5000000 5000000 51 0xe9 '</script><script>alert(1)</script><img src=x onerror=alert(1)>'
	code web 1 5000000 9000003 52 0x40 Kernel
	code web 1 5000000 90000004 53 0x60 Userspace
	code web 1 5000000 95000005 54 0x80 Custom
	code web 1 5000000 96000006 55 0x81 Custom
	line db 2 9000000 700 0 0xe9 "hello"
	line db 2 9000000 1700 1 0xe9 "$(printf 'wide %.0s' {1..100})"
} >"$tmp/boots.json"
