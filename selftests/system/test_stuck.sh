#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# All sinks of one VM are stuck, each in its own way: another VM's file goes on
# as if nothing were, the status says which are stuck and what they lost, and
# they go on when they can.
#
# Environment: DBGPORT_STUCK, for how many seconds; default 5.
. ../lib/system.sh || exit

seconds=${DBGPORT_STUCK:-5}
# What the stuck ones get at least: more than each of them holds.
bursts=60

# out_of MODE: in the status, the stuck VM's output with it.
out_of()
{
	echo ".vms[] | select(.name == \"$stuck\").outputs[] | select(.route | contains(\":$1\"))"
}

has_dropped()
{
	tells "$(out_of "$1") | .dropped > 0" true
}

is_waiting()
{
	tells "$(out_of "$1") | .queue > 0 and (.dead | not)" true
}

# in_order FILE: the numbers in it, of whole lines, only grow; some are missing.
in_order()
{
	tr -d '\r' <"$1" | grep -aoE '(^| |"text":")[0-9]{8}("|$)' | tr -cd '0-9\n' \
		>"$tmp/numbers"
	sort -c -u "$tmp/numbers" && test "$(wc -l <"$tmp/numbers")" -lt "$number"
}

ktap_print_header
ktap_set_plan 42

reload_module ring=1048576
start_journald

# Their VMs are there before dbgportd is told of them.
start_bursts stuck -l 100 0xe9 0x402
stuck_vm=$!
stuck=flood-$stuck_vm
start_bursts other -l 1 0xe9 0x402
other_vm=$!
other=flood-$other_vm

# A terminal: script(1) gives one and will stop.
mkdir "$tmp/small"
mount -t tmpfs -o size=64k none "$tmp/small"
start socat -u "UNIX-RECV:$tmp/dgram.sock" "CREATE:$tmp/dgram"
dgram=$!
await test -S "$tmp/dgram.sock"
mkfifo "$tmp/fifo"
exec {fifo}<>"$tmp/fifo"
cat >"$tmp/conf" <<-EOT
	[sink terminal]
	port = 0xe9
	mode = tty
	vm = $stuck
	format = json
	[sink unread]
	port = 0xe9
	mode = pty
	scrollback = 16K
	vm = $stuck
	[sink client]
	port = 0xe9
	mode = pty
	scrollback = 16K
	format = text
	time = iso8601
	vm = $stuck
	[sink socket]
	port = 0xe9
	mode = unix=$tmp/unix.sock
	format = json
	vm = $stuck
	queue = 64K
	[sink datagram]
	port = 0xe9
	mode = unix-dgram=$tmp/dgram.sock
	format = text
	time = iso8601
	queue = 16K
	vm = $stuck
	[sink journal]
	port = 0xe9
	mode = journal
	vm = $stuck
	[sink disk]
	port = 0xe9
	mode = file=$tmp/small/file
	format = text
	time = iso8601
	queue = 16K
	vm = $stuck
	[sink fifo]
	port = 0xe9
	mode = file=$tmp/fifo
	format = text
	time = iso8601
	queue = 16K
	vm = $stuck
	[sink other]
	port = 0xe9
	mode = file=$tmp/other
	vm = $other
	[sink otherjson]
	port = 0x402
	mode = file=$tmp/other.json
	format = json
	json = write
	vm = $other
EOT
start script -qfc "echo \$\$ >$tmp/pid; exec dbgportd ${DBGPORTD_ENGINE:+--engine $DBGPORTD_ENGINE} \
	--run-dir $run_dir --config $tmp/conf 2>$tmp/log" "$tmp/tty" \
	</dev/null >/dev/null 2>&1
script=$!
await test -c "$run_dir/$stuck.client"
daemon=$(cat "$tmp/pid")
children+=("$daemon")
exec {client}<>"$run_dir/$stuck.client"
start socat -u "UNIX-CONNECT:$tmp/unix.sock" "CREATE:$tmp/unix"
socat=$!

# All of them work.
burst stuck 1
for what in tty unix dgram; do
	result "the $what works" await holds "$tmp/$what" 00000100
done
in_journal()
{
	journal .MESSAGE | grep -qxF "$1"
}
result "the journal works" await in_journal 00000100
result "the file works" await holds "$tmp/small/file" 00000100

# None of them works.
kill -STOP "$script" "$socat" "$dgram" "$journald"
head -c 64K /dev/zero >"$tmp/small/ballast" 2>"$tmp/head.log"
# In lockstep: the other VM's line must be there before more is written.
in_time=true
end=$((SECONDS + seconds))
for ((n = 1; n <= bursts || SECONDS < end; n++)); do
	((n > bursts)) || burst stuck 1
	burst other 1
	await ends_with_line "$tmp/other" "$(printf %08d "$n")" || in_time=false
	((n < bursts)) || sleep 0.2
done
number=$((100 * (bursts + 1)))
await ends_with_line "$tmp/stuck.number" $number
last=$((n - 1))
result "with all of one VM's sinks stuck for $seconds s, the other's file goes on" $in_time
result "it has each byte, in order" cmp <(count_to $last) "$tmp/other"
all_read()
{
	tells ".vms[] | select(.name == \"$stuck\").records" $((10 * number))
}
result "all that the stuck VM wrote has been read" await all_read
result "nothing was lost" tells .totals.lost 0
while read -r mode what; do
	result "the status says that some waits for $what" is_waiting "$mode"
	result "and that some was dropped" has_dropped "$mode"
done <<-EOT
	tty a stopped terminal
	pty,format=text a pty whose client does not read
	unix= a stopped client of a socket
	unix-dgram= a stopped listener
	journal a stopped journal
	file=$tmp/small a full disk
	file=$tmp/fifo a FIFO whose reader does not read
EOT
result "the status says what is wrong with the disk" tells \
	"$(out_of "file=$tmp/small").last_error" "No space left on device"
result "the unread pty is held" tells "$(out_of pty,format=raw).held" true
result "the other VM's file has nothing waiting" tells \
	".vms[] | select(.name == \"$other\").outputs[0] | .queue + .dropped" 0

# All of them work again.
kill -CONT "$script" "$socat" "$dgram" "$journald"
rm "$tmp/small/ballast"
start cat "$tmp/fifo" >"$tmp/fifo.out"
exec {fifo}>&-
start cat <&"$client" >"$tmp/client" 2>"$tmp/cat.log"
burst stuck 1
number=$((number + 100))
while read -r file what; do
	result "the $what goes on" await holds "$tmp/$file" "$(printf %08d $number)"
done <<-EOT
	tty terminal
	client pty
	unix client
	dgram listener
	small/file disk
	fifo.out FIFO
EOT
result "the journal goes on" await in_journal "$(printf %08d $number)"
for what in tty unix dgram small/file fifo.out client; do
	grep -qa "bytes dropped …\|\"type\":\"dropped\",\"bytes\":" "$tmp/$what" || missing+=" $what"
done
result "where some is missing, it is said" test -z "${missing-}"
ktap_print_msg "without a word:${missing-}"
for what in tty unix dgram small/file fifo.out client; do
	in_order "$tmp/$what" || disordered+=" $what"
done
result "nothing is out of order" test -z "${disordered-}"
ktap_print_msg "disordered:${disordered-}"
result "JSON on the terminal is whole" is_json <(grep -a '^{' "$tmp/tty" | tr -d '\r')
kill "$daemon"
await is_ended "$daemon"
result "dbgportd ends" is_left_clean
end_child "$stuck_vm"
end_child "$other_vm"

# full=block loses nothing: all wait, and then all is there.
umount "$tmp/small"
mount -t tmpfs -o size=64k none "$tmp/small"
head -c 60K /dev/zero >"$tmp/small/ballast"
start_bursts blocked -l 100 0xe9 0x402
blocked_vm=$!
start_daemon --sink "0xe9:file=$tmp/small/file,full=block,queue=16K" \
	--sink "0x402:file=$tmp/block.json,format=json,json=write"
burst blocked 40
await ends_with_line "$tmp/blocked.number" 4000
result "full=block: a full disk is told" await said "No space left on device"
result "and nothing is dropped" tells ".totals | .lost + .dropped_bytes" 0
rm "$tmp/small/ballast"
await has_bytes "$tmp/small/file" 36000
await has_bytes "$tmp/block.json" $((4000 * 100))
burst blocked 1
await ends_with_line "$tmp/small/file" 00004100
result "then the file has each byte" cmp <(count_to 4100) "$tmp/small/file"
last_value_is()
{
	tail -n 1 "$tmp/block.json" | grep -q "\"value\":$1[,}]"
}
result "and other files have all, too" await last_value_is 4100
end_child "$blocked_vm"
stop_daemon
result "dbgportd ends well" test "$?" -eq 0
umount "$tmp/small"
ktap_finished
