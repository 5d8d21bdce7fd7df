#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The POST log: one line per code, as Cloud Hypervisor's specification has it.
. ../lib/system.sh

line()
{
	grep -cE "^\[Debug I/O port: $1 code $2\] [0-9]+\.[0-9]{6} seconds\$" "$tmp/post"
}

logs()
{
	test "$(line "$1" "$2")" -eq 1
}

ktap_print_header
ktap_set_plan 13

reload_module
start_daemon --firmware off --post "file=$tmp/post"
"$talk" 0x80 $'\x01\x1f\x20\x3f\x40\x5f\x60\x7f\x80\xff' >/dev/null
await said gone
stop_daemon

while read -r component code; do
	result "code $code is the $component's" logs "$component" "$code"
done <<-EOT
	Firmware 0x1
	Firmware 0x1f
	Bootloader 0x20
	Bootloader 0x3f
	Kernel 0x40
	Kernel 0x5f
	Userspace 0x60
	Userspace 0x7f
	Custom 0x80
	Custom 0xff
EOT

# The log is the default, on standard error.
start_daemon --firmware off
"$talk" 0x80 $'\x42' >/dev/null
await said gone
stop_daemon
result "the log goes to standard error by default" \
	holds "$tmp/log" "[Debug I/O port: Kernel code 0x42] "
result "and nothing to standard output" test ! -s "$tmp/out"

# A VM that begins to speak after more than a second: six digits, not more.
start_daemon --firmware off --post stdout
"$talk" -d 1100 0x80 $'\x03' >/dev/null
await said gone
stop_daemon
result "seconds above one are right" \
	grep -qxE '\[Debug I/O port: Firmware code 0x3\] [1-9][0-9]*\.[0-9]{6} seconds' \
	"$tmp/out"
ktap_finished
