#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The file system of one VM's log is frozen: whoever calls it waits and cannot even
# be killed.  Another VM's file goes on, dbgportd ends when it is told to, and after
# the thaw all is there, once.
. ../lib/system.sh || exit

freeze()
{
	fsfreeze --freeze "$tmp/cold"
}

thaw()
{
	fsfreeze --unfreeze "$tmp/cold"
}

# Whatever else fails, nobody waits for ever.
trap '[ "$BASHPID" != $$ ] || { thaw; end_children; umount "$tmp/cold"; rm -rf "$tmp"; }' EXIT 2>/dev/null

# other_goes_on: each burst is in the other VM's file before the next one is written.
number=0
other_goes_on()
{
	local i

	for ((i = 0; i < 20; i++)); do
		burst other 1
		number=$((number + 1))
		await ends_with_line "$tmp/other" "$(printf %08d $number)" || return 1
	done
}

# is_waiting SINK: of the cold VM's.
is_waiting()
{
	tells ".sinks[] | select(.path == \"$tmp/cold/$1\") | .queue > 0 and (.dead | not)" true
}

ktap_print_header
ktap_set_plan 19

reload_module ring=1048576
modprobe -a loop ext4
mount_new cold mkfs.ext4 -q

start_bursts cold -l 100 0xe9 0x402
cold=$!
start_bursts other -l 1 0xe9 0x402
other=$!
options=(
	--sink "0xe9:file=$tmp/cold/log,vm=flood-$cold"
	--sink "0x402:file=$tmp/cold/json,format=json,json=write,size=64K,keep=999,vm=flood-$cold"
	--sink "0xe9:file=$tmp/other,vm=flood-$other"
	--sink "0xe9:file=$tmp/cold/new-%v,vm=talk-*"
)
start_daemon "${options[@]}"
burst cold 1
result "both files are written to" await ends_with_line "$tmp/cold/log" 00000100
result "the other one, too" other_goes_on

freeze
burst cold 5
result "beside a frozen file system, another VM's file goes on" other_goes_on
result "a file that is to be written waits" await is_waiting log
result "so does one that is to be rotated" await is_waiting json
"$talk" -k 0xe9 $'cold start\n' >/dev/null &
talk_vm=$!
children+=("$talk_vm")
await said "talk-$talk_vm: attached"
result "and it goes on beside a file that cannot be opened" other_goes_on
result "nothing was dropped" tells .totals.dropped_bytes 0
thaw
result "after the thaw all is there" await ends_with_line "$tmp/cold/log" 00000600
result "in order, once" cmp <(count_to 600) "$tmp/cold/log"
result "the new file, too" await holds "$tmp/cold/new-talk-$talk_vm" "cold start"

freeze
burst cold 5
await is_waiting log
kill -TERM "$daemon"
result "beside a frozen file system it ends when it is told to" await is_no_more "$daemon"
start_daemon "${options[@]}"
result "another one starts" other_goes_on
end_child "$daemon"
result "and can be killed" await is_no_more "$daemon"
thaw
start_daemon "${options[@]}"
result "the one after the thaw goes on where they stopped" \
	await ends_with_line "$tmp/cold/log" 00001100
result "with all in order, once" cmp <(count_to 1100) "$tmp/cold/log"
is_there()
{
	[ "$(cat "$tmp"/cold/json* | jq -s 'map(select(.type == "write").seq) | unique | length')" \
		-eq 1100 ]
}
result "the rotated files have all, too" await is_there
result "and what they have is JSON" is_json "$tmp"/cold/json*
result "the other VM's file has no gap" cmp <(count_to $number) "$tmp/other"
stop_daemon
result "dbgportd ends well" test "$?" -eq 0
end_child "$cold"
end_child "$other"
ktap_finished
