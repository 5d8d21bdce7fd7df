#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# All that can hang or be full is so at once: VMMs that are stuck, one whose command
# line cannot be read, a frozen file system, a full one, a stopped journald.  The files
# of two other VMs go on, dbgportd ends when it is told to, and rmmod can be
# interrupted.
#
# Environment: DBGPORT_STUCK, for how many seconds; default 5.
. ../lib/system.sh || exit

seconds=${DBGPORT_STUCK:-5}
hold_mm=$(readlink -f ../lib/hold_mm)

thaw()
{
	fsfreeze --unfreeze "$tmp/frozen" 2>/dev/null
}
trap '[ "$BASHPID" != $$ ] || { thaw; end_children; umount "$tmp/frozen" "$tmp/full"; rm -rf "$tmp"; }' EXIT

# is_waiting MODE: of the VM whose outputs are stuck.
is_waiting()
{
	tells ".vms[] | select(.name == \"flood-$bad\").outputs[] | select(.route | contains(\":$1\")) |
		.queue > 0 and (.dead | not)" true
}

ktap_print_header
ktap_set_plan 13

modprobe -a loop ext4 btrfs fuse 2>/dev/null
unload_module
mount_new frozen mkfs.ext4 -q
mount_new full mkfs.btrfs -q --mixed

# Some are there before the module, some come after it.
start "$stuck_vm" >"$tmp/stuck.early"
start bash -c 'exec -a firecracker "$@"' - "$hold_mm" -v --id=held >"$tmp/held.early"
await test -s "$tmp/stuck.early"
await test -s "$tmp/held.early"
reload_module ring=1048576
start_journald
start_bursts bad -l 100 0xe9 0x402
bad=$!
start_bursts one -l 1 0xe9 0x402
one=$!
start_bursts two -l 1 0xe9 0x402
two=$!
options=(
	--sink "0xe9:file=$tmp/frozen/log,vm=flood-$bad"
	--sink "0xe9:file=$tmp/full/log,vm=flood-$bad"
	--sink "0xe9:journal,queue=16K,vm=flood-$bad"
	--sink "any:file=$tmp/frozen/%v.late,vm=!flood-*"
	--sink "0xe9:file=$tmp/one,vm=flood-$one"
	--sink "0xe9:file=$tmp/two,vm=flood-$two"
)
start_daemon "${options[@]}"
burst bad 1
result "the frozen file system's file works before" await ends_with_line "$tmp/frozen/log" 00000100
result "so does the full one's" await ends_with_line "$tmp/full/log" 00000100

head -c 64M /dev/zero >"$tmp/full/ballast" 2>"$tmp/head.log"
sync -f "$tmp/full"
kill -STOP "$journald"
fsfreeze --freeze "$tmp/frozen"
start bash -c 'exec -a firecracker "$@"' - "$hold_mm" -v --id=held >"$tmp/held.late"

# In lockstep: each line must be there before the next one is written.
in_time=true
end=$((SECONDS + seconds))
stuck_at=0
for ((n = 1; n <= 60 || SECONDS < end; n++)); do
	# One ends by itself after 25 s.
	if ((SECONDS >= stuck_at)); then
		start "$stuck_vm" >>"$tmp/stuck.late"
		stuck_at=$((SECONDS + 20))
	fi
	((n > 60)) || burst bad 10
	burst one 1
	burst two 1
	for what in one two; do
		await ends_with_line "$tmp/$what" "$(printf %08d "$n")" || in_time=false
	done
	((n < 60)) || sleep 0.2
done
last=$((n - 1))
result "beside all this for $seconds s, the files of two VMs go on" $in_time
for what in one two; do
	result "the file of VM $what has each byte, in order" cmp <(count_to $last) "$tmp/$what"
done
result "nothing was lost" tells .totals.lost 0
result "the frozen file system is waited for" await is_waiting "file=$tmp/frozen/log"
result "so is the full one" await is_waiting "file=$tmp/full/log"
result "so is journald" await is_waiting journal
result "dbgportctl lists beside it" timeout 30 dbgportctl list --names

kill -TERM "$daemon"
result "dbgportd ends when it is told to" await is_no_more "$daemon"
status=0
timeout -s INT 10 rmmod dbgport 2>/dev/null || status=$?
waits_for()
{
	dmesg | grep -q 'dbgport: unloading waits for '
}
# 124: timeout had to end it, which it did.
unloads_or_says()
{
	[ "$status" = 0 ] || { [ "$status" = 124 ] && waits_for; }
}
result "rmmod ends, or says whom it waits for and can be interrupted" unloads_or_says
thaw
kill -CONT "$journald"
# shellcheck disable=SC2046 # one or several
kill -9 $(cat "$tmp"/held.* "$tmp"/stuck.*) 2>/dev/null
end_children
result "when all have ended, the module can be unloaded" unload_module
ktap_finished
