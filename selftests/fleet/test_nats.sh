#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nats=: what is in the stream is what a file would have, whatever becomes of the server;
# and what is wrong with it is said once, and holds up nothing else.
. ./nats.sh || exit

# said TEXT: the daemon says so
said()
{
	grep -qF -- "$1" "$tmp/daemon.said"
}

# said_once TEXT
said_once()
{
	[[ $(grep -cF -- "$1" "$tmp/daemon.said") == 1 ]]
}

# refused TEXT ARGUMENT...: with these the daemon does not start, and says so in one line
refused()
{
	! LD_PRELOAD=$PWD/replay_device.so "$top/build/userspace/dbgportd" --engine poll \
		--device "$tmp/device" --run-dir "$tmp/other" "${@:2}" >"$tmp/refused" 2>&1 &&
		cat "$tmp/refused" >>"$log" &&
		[[ $(grep -cvx "Try 'dbgportd --help'." "$tmp/refused") == 1 ]] &&
		grep -qF -- "$1" "$tmp/refused"
}

is_stalled()
{
	in_status '.sinks[] | select(.kind == "nats") | .stalled and .queue > 0'
}

# What the stream has is what the file has, of each VM in the same order.
same_as_file()
{
	client get LINES | cut -f 3 | sort >"$tmp/a"
	sort "$tmp/out.json" | diff "$tmp/a" - >>"$log"
}

# The bytes of a daemon that was killed are there: nothing is known of their acknowledgment.
beyond_the_window()
{
	write_lines 500
	await holds_more_than 300
	end KILL daemon
	# Longer than the server remembers any message.
	sleep 1.5
	start_daemon "${sinks[@]}"
	await waits_for_nothing
}

# holds_more_than COUNT
holds_more_than()
{
	[[ $(client count LINES) -gt $1 ]]
}

# objects JQ_FILTER: the sum of that over all that is in the stream
objects()
{
	client get LINES | cut -f 3 | jq -n "[inputs | $1] | add // 0"
}

tells_what_is_missing()
{
	local have missing

	have=$(objects 'select(.type == "line") | 1')
	missing=$(objects 'select(.type == "dropped") | .objects')
	echo "$have lines, $missing are missing" >>"$log"
	[[ $missing -gt 0 && $((have + missing)) == $((vm_count * lines)) ]]
}

# Each VM's own subject tells what it misses, once.
tells_it_by_subject()
{
	[[ $(client get LINES | grep '"type":"dropped"' | cut -f 1 | sort | uniq -c |
		awk '{ print $1, $2 }' | grep -c '^1 .*\.vm%2E[123]\.0xe9$') == 3 ]]
}

is_counted()
{
	local bytes

	bytes=$(objects 'select(.type == "dropped") | .bytes')
	in_status ".totals.dropped_bytes == $bytes and
		(.sinks[] | select(.kind == \"nats\") | .dropped == $bytes)"
}

# What the daemon may do to other processes is not for the one that talks to servers.
has_no_capability()
{
	local pid

	pid=$(pgrep -P "${pids[daemon]}" dbgportd-nats) &&
		grep -qxE $'CapPrm:\t0*2?' "/proc/$pid/status" &&
		grep -qx $'NoNewPrivs:\t1' "/proc/$pid/status"
}

sinks=(--sink "any:nats=$url" --sink "any:file=$tmp/out.json,format=json")

ktap_print_header
ktap_set_plan 26

vms 3
result "what is no URL is refused" refused "it takes URLs" --sink any:nats=localhost
result "so is another format" refused "json alone" --sink "any:nats=$url,format=text"
result "and a subject that is none" refused "words with dots" --sink "any:nats=$url,subject=a..b"
result "and credentials that cannot be read" refused "creds=$tmp/none: No such file" \
	--sink "any:nats=$url,creds=$tmp/none"

# There is no server yet.
start_daemon "${sinks[@]}"
write_lines 100
result "a server that is away is said" await said "cannot connect: No server available"
result "the process that tries has no capability but to write a spool" has_no_capability
result "what comes waits, which the status shows" await is_stalled
result "other sinks get it" await in_file "$tmp/out.json"

start_server
result "that there is no stream is said" await said "no stream takes dbgport.>: make one"
await client add LINES "dbgport.>" 1000
result "what waited comes when there is one" await waits_for_nothing
result "the same as a file has" same_as_file
result "each once and in order" each_once
result "and each of these was said once" said_once "cannot connect"

# It does not answer, nor does it close its connections.
kill -STOP "${pids[server]}"
write_lines 1000
result "other sinks get all while the server hangs" await in_file "$tmp/out.json"
kill -CONT "${pids[server]}"
result "and it gets all when it goes on" await waits_for_nothing
result "each once and in order" each_once

result "what was sent is recognised when the server has forgotten it" beyond_the_window
result "each once and in order" each_once

end TERM daemon
client delete LINES
client add LINES "dbgport.>" 1000 50000
vms 3
rm -rf "$tmp/run" "$STATE_DIRECTORY"
start_daemon "${sinks[@]}"
write_lines 200
result "a stream that is full is said" await said "takes nothing: maximum bytes exceeded"
result "what comes waits" await is_stalled
client grow LINES
result "what waited comes when there is room" await waits_for_nothing
result "each once and in order" each_once

end TERM daemon
end TERM server
rm -rf "$tmp/run" "$STATE_DIRECTORY" "$store"
vms 3
start_daemon --sink "any:nats=$url,spool=4M,full=block"
write_lines 5000
await said "its spool is full"
start_server
await client add LINES "dbgport.>" 1000
result "what was more than the spool takes is missing" await waits_for_nothing
result "and told in the stream" tells_what_is_missing
result "by the subjects that miss it" tells_it_by_subject
result "and counted" is_counted
ktap_finished
