#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 1,000 VMs started and stopped in a loop beside a running dbgportd: of each,
# the first byte of the first instruction is captured.
. ../lib/system.sh || exit

vms=1000

ktap_print_header
ktap_set_plan 5

reload_module
start_daemon --firmware off --post "file=$tmp/post"
"$talk" -n $vms 0x80 B >"$tmp/exits"
gone()
{
	test "$(grep -c ": gone; writes: 1, lost: 0" "$tmp/log")" -eq $vms
}
result "every VM is told, with its one write" await gone
stop_daemon
result "dbgportd ends well" test "$?" -eq 0
result "every first byte is captured" test \
	"$(grep -cE '\[Debug I/O port: Kernel code 0x42\] [0-9.]+ seconds$' "$tmp/post")" -eq $vms
result "every write was claimed, none lost" \
	said "VMs: $vms, writes: $vms, claimed: $vms, lost: 0"
result "no VMM has seen one" grep -qx "0x80 0" "$tmp/exits"
ktap_finished
