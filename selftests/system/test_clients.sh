#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What people use on the other end: terminal programs, socat, the journal, jq.
. ../lib/system.sh || exit

# Burst number $1 of five lines has come to FILE $2.
has_burst()
{
	holds "$2" "$(printf %08d $((5 * $1)))"
}

ktap_print_header
ktap_set_plan 57

# A pty: one client after the other gets what the one before has not had.
reload_module ring=1048576
start_daemon --console pty
start_bursts vm -l 5 0xe9 0x402
vm=$!
link=$run_dir/flood-$vm.console
await test -c "$link"
burst vm 1
start script -qfc "tio $link" "$tmp/tio" </dev/null >"$tmp/tio.log" 2>&1
tio=$!
result "tio shows what came before it did" await has_burst 1 "$tmp/tio"
burst vm 1
result "and what comes then" await has_burst 2 "$tmp/tio"
end_child "$tio"
is_unread()
{
	tells '.vms[] | select(.outputs[0].route | startswith("0xe9:pty")).outputs[0].held' true
}
await is_unread
burst vm 1
export SCREENDIR=$tmp/screens
mkdir -m 700 "$SCREENDIR"
printf 'logfile flush 1\n' >"$tmp/screenrc"
TERM=vt100 screen -c "$tmp/screenrc" -L -Logfile "$tmp/screen" -dmS rig "$link" 115200
result "screen shows what came meanwhile" await has_burst 3 "$tmp/screen"
burst vm 1
result "and what comes then" await has_burst 4 "$tmp/screen"
result "but not what tio has shown" test "$(grep -c 00000010 "$tmp/screen")" -eq 0
screen -S rig -X quit
await is_unread
burst vm 1
start socat -u "$link,raw,echo=0" "CREATE:$tmp/socat"
result "socat has what came meanwhile" await has_burst 5 "$tmp/socat"
burst vm 1
result "and what comes then" await has_burst 6 "$tmp/socat"
result "byte for byte" cmp <(count_to 30 | tail -n 10) "$tmp/socat"
end_child "$vm"
stop_daemon
result "dbgportd ends well" test "$?" -eq 0

# A unix socket, with two clients at once.
start_daemon --sink "0xe9:unix=$tmp/%v.sock,perm=0600,clients=2"
start_bursts two -l 5 0xe9 0x402
vm=$!
socket=$tmp/flood-$vm.sock
await test -S "$socket"
result "the socket has its mode" test "$(stat -c %a "$socket")" = 600
burst two 1
start socat -u "UNIX-CONNECT:$socket" "CREATE:$tmp/first"
first=$!
result "the first client has the scrollback" await has_burst 1 "$tmp/first"
burst two 1
start socat -u "UNIX-CONNECT:$socket" "CREATE:$tmp/second"
second=$!
result "so has the second, with what came meanwhile" await has_burst 2 "$tmp/second"
result "one client too many is told" grep -q "2 clients are connected already" \
	<(timeout 60 socat -u "UNIX-CONNECT:$socket" -)
burst two 1
result "both have what comes" await has_burst 3 "$tmp/first"
await has_burst 3 "$tmp/second"
end_child "$first"
echo "typed by nobody" | socat -u - "UNIX-CONNECT:$socket"
burst two 1
result "the one that stays goes on" await has_burst 4 "$tmp/second"
result "the first had each byte" cmp <(count_to 15) "$tmp/first"
result "the second, too" cmp <(count_to 20) "$tmp/second"
end_child "$vm"
await is_ended "$second"
result "a client is told of the VM's end" is_ended "$second"
gone_socket()
{
	test ! -e "$socket"
}
result "and the socket goes" await gone_socket
start_bursts late -l 5 0xe9 0x402
vm=$!
socket=$tmp/flood-$vm.sock
burst late 1
await ends_with_line "$tmp/late.number" 5
end_child "$vm"
await said "flood-$vm: gone"
result "what nobody read is there after the VM's end" \
	cmp <(count_to 5) <(timeout 60 socat -u "UNIX-CONNECT:$socket" -)
await gone_socket
# The next daemon finds the socket of one that was killed, $socket, which nobody has read.
leave_over()
{
	"$say" 0xe9 <<<"left over" >/dev/null &
	vm=$!
	wait "$vm"
	socket=$tmp/say-$vm.sock
	await test -S "$socket"
	end_child "$daemon"
}
leave_over
result "a killed daemon leaves a socket behind" test -S "$socket"
start_daemon --sink "0xe9:unix=$tmp/%v.sock,perm=0600,clients=2"
result "the next one has what nobody has read" cmp <(echo "left over") \
	<(timeout 60 socat -u "UNIX-CONNECT:$socket" -)
await gone_socket
leave_over
: >"$tmp/foreign"
start_daemon --sink "0xe9:unix=$socket"
"$say" 0xe9 <<<"after that" >/dev/null
result "which the next one takes over" grep -qx "after that" \
	<(timeout 60 socat -u "UNIX-CONNECT:$socket" - | head -n 1)
timeout 60 dbgportd --run-dir "$tmp/run2" \
	--sink "0xe9:unix=$socket" 2>"$tmp/refused"
result "a socket in use is refused" test "$?" -eq 1 -a "$(grep -c \
	"another process uses this socket" "$tmp/refused")" -eq 1
timeout 60 dbgportd --run-dir "$tmp/run2" \
	--sink "0xe9:unix=$tmp/foreign" 2>"$tmp/refused"
result "so is what is no socket" test "$?" -eq 1 -a "$(grep -c \
	"is no socket" "$tmp/refused")" -eq 1
result "and is still there" test -f "$tmp/foreign"
stop_daemon
result "dbgportd ends well, and its socket goes" test "$?" -eq 0 -a ! -e "$socket"

# Datagrams.
start_daemon --sink "0xe9:unix-dgram=$tmp/dgram.sock,format=text,label=no"
start_bursts dgram -l 5 0xe9 0x402
vm=$!
burst dgram 1
await ends_with_line "$tmp/dgram.number" 5
start socat -u "UNIX-RECV:$tmp/dgram.sock" "CREATE:$tmp/dgram"
receiver=$!
result "who comes to the datagram socket late gets what waited" await has_burst 1 "$tmp/dgram"
burst dgram 1
result "and what comes then" await has_burst 2 "$tmp/dgram"
result "line by line" cmp <(count_to 10) "$tmp/dgram"
end_child "$receiver"
rm "$tmp/dgram.sock"
burst dgram 1
await said "goes on as soon as a process listens"
start socat -u "UNIX-RECV:$tmp/dgram.sock" "CREATE:$tmp/dgram2"
result "one that comes after another goes on" await has_burst 3 "$tmp/dgram2"
end_child "$vm"
stop_daemon
result "dbgportd ends well" test "$?" -eq 0

# The journal.
start_journald
start_daemon --sink 0xe9:journal --sink post:journal --sink "0xe9:file=$tmp/json,format=json" \
	--sink "post:file=$tmp/codes,format=json"
"$talk" -d 10 0xe9 $'to \x1b[31Kthe journal\nMESSAGE=forged\n' 0x80 $'\x42' >/dev/null &
vm=$!
wait "$vm"
has_in_journal()
{
	test "$(journal "select($1).$2")" = "$3"
}
# Its end is the last that it gets.
has_end_in_journal()
{
	journal "select(.DBGPORT_VM == \"talk-$vm\").MESSAGE" | grep -q gone
}
result "the journal has the VM's end" await has_end_in_journal
result "and its lines, made harmless" has_in_journal '.DBGPORT_SEQ == "0" and .DBGPORT_PORT' \
	MESSAGE "to <1b>[31Kthe journal"
result "a guest makes no fields" has_in_journal '.MESSAGE == "MESSAGE=forged"' \
	DBGPORT_PORT 0xe9
line='.MESSAGE == "MESSAGE=forged"'
result "a line has the VM's name" has_in_journal "$line" DBGPORT_VM "talk-$vm"
result "the VM's number" has_in_journal "$line" DBGPORT_VM_ID \
	"$(jq -r 'select(.text == "MESSAGE=forged").vm_id' "$tmp/json")"
result "the vCPU" has_in_journal "$line" DBGPORT_VCPU 0
result "the sequence number" has_in_journal "$line" DBGPORT_SEQ \
	"$(jq -r 'select(.text == "MESSAGE=forged").seq' "$tmp/json")"
result "the times of its record" has_in_journal "$line" 'DBGPORT_TIME_NS + " " +
	.DBGPORT_MONOTONIC_NS' "$(jq -r 'select(.text == "MESSAGE=forged") |
	"\(.time_ns) \(.monotonic_ns)"' "$tmp/json")"
result "a code has its number and component" has_in_journal '.DBGPORT_PORT == "0x80"' \
	'DBGPORT_CODE + " " + .DBGPORT_COMPONENT' "0x42 Kernel"
result "all are dbgportd's" test "$(journal .SYSLOG_IDENTIFIER | sort -u)" = dbgportd
stop_daemon
result "dbgportd ends well" test "$?" -eq 0

# Whatever guests say, JSON is JSON, and has all of it; and terminals are safe.
head -c 1M /dev/urandom >"$tmp/random"
start_daemon --sink "0x402:file=$tmp/text,format=text" --sink "0x402:stdout,time=vm" \
	--sink "0x402:file=$tmp/random.json,format=json" --sink "0x402:file=$tmp/raw"
"$say" 0x402 <"$tmp/random" >/dev/null &
vm=$!
wait "$vm"
result "1 MiB of random bytes is taken" await said \
	"say-$vm: gone; writes: $((1024 * 1024)), lost: 0"
stop_daemon
result "dbgportd ends well" test "$?" -eq 0
result "the raw file has them" cmp "$tmp/random" "$tmp/raw"
result "jq takes the JSON" is_json "$tmp/random.json"
result "it is strict UTF-8" iconv -f UTF-8 -t UTF-8 -o /dev/null "$tmp/random.json"
result "and counts every write" test "$(jq -s 'map(select(.type == "line").count) | add' \
	"$tmp/random.json")" -eq $((1024 * 1024))
# Without a hex, the text is what the guest said.  Carriage returns around a line
# end are not a line's.
jq -r 'select(.type == "line") | (if .hex then .hex else "=" + (.text | @uri) end) +
	(if .unfinished then "" else " end" end)' "$tmp/random.json" |
	perl -ne 'chomp; my $end = s/ end$//; print s/^=// ? s/%(..)/chr hex $1/ger :
		pack("H*", $_), $end ? "\n" : ""' >"$tmp/again"
perl -0777 -pe 's/(?<![^\n])\r+//g; $_ .= "\n" unless /\n\z/; s/\r+\n/\n/g' \
	"$tmp/random" >"$tmp/plain"
result "and has every byte" cmp "$tmp/plain" "$tmp/again"
start script -qfc "echo \$\$ >$tmp/pid; exec dbgportd ${DBGPORTD_ENGINE:+--engine $DBGPORTD_ENGINE} \
	--run-dir $run_dir --sink 0x402:tty,time=vm 2>$tmp/log" "$tmp/tty" \
	</dev/null >/dev/null 2>&1
await test -s "$tmp/pid"
daemon=$(cat "$tmp/pid")
await is_up
head -c 64K "$tmp/random" | "$say" 0x402
await said "gone; writes: 65536, lost: 0"
kill "$daemon"
await is_ended "$daemon"
while read -r file what; do
	result "no control character is on $what" \
		test "$(tr -d '\r\n\t -~\200-\377' <"$tmp/$file" | wc -c)" -eq 0
	result "which is strict UTF-8" iconv -f UTF-8 -t UTF-8 -o /dev/null "$tmp/$file"
done <<-EOT
	text a file of text
	out standard output
	tty a terminal
EOT
result "and has all that was said" test "$(grep -ac '^\[ *[0-9.]*\] ' "$tmp/tty")" -ge \
	"$(head -c 64K "$tmp/random" | wc -l)"
ktap_finished
