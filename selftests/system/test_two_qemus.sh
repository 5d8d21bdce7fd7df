#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two QEMUs at once, each with its own pty, its own file and its own label.
. ../lib/system.sh || exit

boot_sector "$tmp/disk"

qemus=()
boot()
{
	# Their boot ends in an endless loop: they live until they are killed.
	qemu -m 64 -drive "file=$tmp/disk,format=raw,snapshot=on"
	qemus+=("$!")
}

links()
{
	find "$run_dir" -type l | wc -l
}

has_links()
{
	test "$(links)" -eq "$1"
}

has_booted()
{
	grep -qsaF "Booting from 0000:7c00" "$tmp"/*-"$1".txt
}

ktap_print_header
ktap_set_plan 8

reload_module
start_daemon --firmware "file=$tmp/%v.txt" --console pty
boot
boot
for qemu in "${qemus[@]}"; do
	result "a QEMU has a file of its own" await has_booted "$qemu"
done
result "there are two files" test "$(find "$tmp" -name '*.txt' | wc -l)" -eq 2
result "there are two links to ptys" has_links 2
result "they lead to two ptys" test \
	"$(find "$run_dir" -type l -exec readlink {} + | sort -u | wc -l)" -eq 2

end_child "${qemus[0]}"
result "the link of a killed one goes" await has_links 1
result "one message says that it is gone" \
	test "$(grep -c -- "-${qemus[0]}: gone" "$tmp/log")" -eq 1
end_child "${qemus[1]}"
await has_links 0
stop_daemon
# SeaBIOS looks for devices in threads, which take turns by time.
result "files have the same lines, from two VMs" \
	cmp <(sort "$tmp"/*-"${qemus[0]}".txt) <(sort "$tmp"/*-"${qemus[1]}".txt)
ktap_finished
