#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A VM that is reset three times, with real firmware: its boots are told apart by dbgportd
# and by dbgportctl, while it lives and afterwards.
. ../lib/system.sh || exit

# SeaBIOS to where it starts a boot sector, which does nothing.
start_firmware()
{
	# 1: hlt; jmp 1b
	printf '\xf4\xeb\xfd' >"$tmp/disk"
	truncate -s 510 "$tmp/disk"
	printf '\x55\xaa' >>"$tmp/disk"
	truncate -s 1M "$tmp/disk"
	qemu -name web -m 64 "${monitor[@]}" \
		-drive "file=$tmp/disk,format=raw,snapshot=on"
	qemu=$!
	await has_booted 1
}

# has_booted N: so many times by now
has_booted()
{
	[ "$(grep -ac "Booting from 0000:7c00" "$tmp/text" 2>/dev/null)" = "$1" ]
}

reset()
{
	ask system_reset >/dev/null
	await has_booted "$1"
}

boots_are()
{
	[ "$(jq -c '[.[].boot]')" = "$1" ]
}

timeline_has()
{
	dbgportctl timeline --json "$1" | boots_are "$2"
}

# Each boot begins with SeaBIOS's first line, at its own zero, and is not empty.
each_is_whole()
{
	dbgportctl timeline --json "$1" | jq -e 'all(.[]; (.marks | length) > 20 and
		(.marks[0].text | startswith("SeaBIOS (version ")))' >/dev/null
}

log_tells()
{
	[ "$(grep -c 'web: reset; boot [234] begins' "$tmp/log")" = 3 ]
}

json_has()
{
	[ "$(jq -s 'map(select(.type == "line").boot) | unique | length' "$tmp/json")" = 4 ]
}

# SeaBIOS says its name twice in each boot, the second time on the screen.
tail_since_boot()
{
	[ "$(dbgportctl tail --since-boot "$@" web | grep -c 'SeaBIOS (version')" = 2 ]
}

ktap_print_header
ktap_set_plan 11

reload_module
start_daemon --firmware "file=$tmp/text" --sink "any:file=$tmp/json,format=json"
start_firmware
result "a VM that was not reset is in its first boot" timeline_has web "[1]"
for n in 2 3 4; do
	reset "$n"
done
result "one that was reset three times has four boots" timeline_has web "[1,2,3,4]"
result "each has all that its firmware said" each_is_whole web
result "one of them is drawn alone" timeline_has 'web#3' "[3]"
result "tail begins with the last one" tail_since_boot
result "dbgportd says so" await log_tells
result "and its status does" tells '.vms[] | select(.name == "web") | .boot' 4
kill "$qemu"
wait "$qemu"
await said gone
stop_daemon
result "JSON has the number of each" json_has
result "the file has the same boots" timeline_has "$tmp/json" "[1,2,3,4]"
result "and so have boots that were compared" test \
	"$(dbgportctl boots --format json "$tmp/json" | jq .boots)" = 4
result "after its end the VM has them still" timeline_has web "[1,2,3,4]"
ktap_finished
