#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What dbgportd tells of itself, and when it ends by itself.
. ../lib/system.sh || exit

# was_told TEXT: the service manager was.
was_told()
{
	grep -qaF -- "$1" "$tmp/manager"
}

ktap_print_header
ktap_set_plan 63

# The status.
reload_module
awkward="$tmp/a, <b>\\ \$"$'\t'"and caf"$'\xc3\xa9'
mkdir "$awkward"
start_daemon --sink "0xe9:file=\"$awkward/%v\"" --sink "0xe9:null" --firmware stdout \
	--sink "any:file=$tmp/all,format=json,json=write"
result "status.json is there at once" is_json "$run_dir/status.json"
mode=$(stat -c %a "$run_dir/status.json")
result "and may not be read by others" test "$mode" = 640
start_bursts vm -l 3 0xe9 0x402
vm=$!
name=flood-$vm
burst vm 4
await ends_with_line "$tmp/vm.number" 12
await tells ".vms[] | select(.name == \"$name\").records" 120
result "SIGUSR1 brings the present one" tells ".vms[] | select(.name == \"$name\").records" 120
of_vm=".vms[] | select(.name == \"$name\")"
result "the VM's bytes" tells "$of_vm.bytes" $((12 * 13))
result "its VMM's process and user" tells "$of_vm | \"\\(.pid) \\(.uid)\"" "$vm 0"
result "what was claimed and lost" tells "$of_vm | \"\\(.claimed) \\(.lost)\"" "120 0"
result "the next write's number" tells "$of_vm.next_seq" 120
is_kept()
{
	tells "$of_vm.position" 120
}
result "how far it has been written" await is_kept
result "its routes" tells "$of_vm.outputs | length" 4
result "their records" tells "[$of_vm.outputs[].records] | @csv" 108,108,12,120
result "their bytes" tells "[$of_vm.outputs[].bytes] | @csv" 108,108,48,156
result "what is in the file" tells "$of_vm.outputs[0].written" 108
result "nothing waits, nothing was dropped, no error" tells \
	"[$of_vm.outputs[] | .queue, .dropped, .last_error] | unique | @csv" ",0"
result "a path with everything in it is the same in JSON" tells \
	'.sinks[] | select(.path | tostring | contains("<b>")).path' "$awkward/$name"
result "the totals" tells ".totals | \"\\(.records) \\(.claimed) \\(.lost)\"" "120 120 0"
result "the version" test "$(status .version)" = \
	"$(dbgportd --version | sed -n 's/^dbgportd //p')"
result "the process" tells .pid "$daemon"
engine=$(status .engine)
result "the engine" said "engine $engine"
result "the module's load" grep -qxE '[0-9a-f]{16}' <<<"$(status .load_id)"
before=$(status .uptime_ms)
result "how long it runs" test "$(status .uptime_ms)" -gt "$before"
burst vm 1
has_changed()
{
	[ "$(jq "$of_vm.records" "$run_dir/status.json")" -eq 150 ]
}
result "without a signal it changes by itself" await has_changed
end_child "$vm"
await said "$name: gone"
result "a VM that has gone is not in it" tells "[$of_vm] | length" 0
result "but in the totals" tells .totals.records 150
stop_daemon
result "dbgportd ends well" test "$?" -eq 0
result "and its status goes" is_left_clean

# --version.
dbgportd --version >"$tmp/version"
result "--version ends with 0" test "$?" -eq 0
result "it has the program's ABI" grep -q "^ABI 1," "$tmp/version"
result "and the module's, with its features" grep -qE \
	"^module: ABI 1,.*; .*claim.*seek.*unplug.*attach" "$tmp/version"
result "and the engine with its own" grep -qE "^engine (uring|poll) " "$tmp/version"
unload_module
dbgportd --version >"$tmp/version"
result "without a module it says so, and ends with 0" \
	test "$?" -eq 0 -a "$(grep -c "^module: .*modprobe dbgport" "$tmp/version")" -eq 1

# Log levels.
reload_module
# log_at LEVEL: what is told of a VM that comes and goes, and of a mistake.
log_at()
{
	cat >"$tmp/conf" <<-EOT
		[daemon]
		log-level = $1
		[sink a]
		port = 0xe9
		mode = file=$tmp/at.$1
	EOT
	start_daemon --config "$tmp/conf"
	"$talk" 0xe9 x >/dev/null
	await has_bytes "$tmp/at.$1" 1
	echo nonsense >>"$tmp/conf"
	kill -HUP "$daemon"
	await grep -q "conf:6" "$tmp/log"
	stop_daemon
}
log_at error
result "level error has errors only" test "$(wc -l <"$tmp/log")" -eq 1
log_at info
result "level info has VMs" said "attached"
cp "$tmp/log" "$tmp/info"
log_at debug
result "level debug has no less" test "$(wc -l <"$tmp/log")" -ge "$(wc -l <"$tmp/info")"
sed -i '$d' "$tmp/conf"
start_daemon --config "$tmp/conf" --log-level error
stop_daemon
result "the option goes before the file" test "$?" -eq 0 -a ! -s "$tmp/log"

# Standard error and output that are the journal's.
: >"$tmp/log"
: >"$tmp/out"
JOURNAL_STREAM=$(stat -c %d:%i "$tmp/log") start_daemon --post log --firmware stdout
"$talk" 0x402 $'<0>boom\n' >/dev/null
await said gone
stop_daemon
result "messages to the journal have their level" test \
	"$(grep -c '^<[3-7]>dbgportd: ' "$tmp/log")" -eq "$(wc -l <"$tmp/log")"
result "but others do not" grep -qx "\[talk-[0-9]*\] <0>boom" "$tmp/out"
JOURNAL_STREAM=$(stat -c %d:%i "$tmp/out") start_daemon --firmware stdout
"$talk" 0x402 $'<0>boom\n' >/dev/null
await holds "$tmp/out" boom
stop_daemon
result "no guest gives its line a level there" \
	grep -qx "<6>\[talk-[0-9]*\] <0>boom" "$tmp/out"
stream=$(stat -c %d:%i "$tmp/out")
JOURNAL_STREAM=$stream timeout 60 dbgportd --run-dir "$run_dir" \
	--sink 0x402:stdout,format=raw >>"$tmp/out" 2>"$tmp/log"
result "nor by raw bytes, which are refused there" test "$?" -eq 2 -a \
	"$(grep -c "the journal; say format=text" "$tmp/log")" -eq 1

# --once.
"$talk" 0x402 $'before\n' >"$tmp/exits"
dbgportd --run-dir "$run_dir" --once >"$tmp/out" 2>"$tmp/log"
result "--once ends with 0" test "$?" -eq 0
result "it has what was there" grep -qx "\[talk-[0-9]*\] before" "$tmp/out"
result "it claims nothing" said "claimed: 0"
dbgportd --run-dir "$run_dir" --once >"$tmp/out" 2>"$tmp/log"
result "another one has nothing more" test "$?" -eq 0 -a ! -s "$tmp/out"
start "$talk" -k 0x402 $'it lives\n' >/dev/null
vm=$!
seen_alive()
{
	dbgportd --run-dir "$run_dir" --once >>"$tmp/out" 2>"$tmp/log" &&
		holds "$tmp/out" "it lives"
}
result "it does not wait for a VM that lives" await seen_alive
end_child "$vm"
# More than standard output's queue holds; claimed, as else it takes its time.
reload_module ring=262144 claim=always
start_bursts once -l 1000 0x402 0xe9
vm=$!
burst once 8
await ends_with_line "$tmp/once.number" 8000
dbgportd --run-dir "$run_dir" --once --sink 0x402:stdout,format=json \
	2>"$tmp/log" | (sleep 2 && cat) >"$tmp/out"
result "into a slow pipe it loses nothing" cmp <(count_to 8000) \
	<(json_lines "$tmp/out")
end_child "$vm"

# --duration.
timeout 300 dbgportd --run-dir "$run_dir" --duration 1 2>"$tmp/log"
result "--duration ends with 0" test "$?" -eq 0
result "and tells totals" said "ends; VMs: "

# --until-vm-exit.
reload_module
start_daemon --until-vm-exit
result "--until-vm-exit waits for a first VM" tells '.vms | length' 0
start "$talk" -k 0x402 $'one\n' >/dev/null
one=$!
await holds "$tmp/out" one
"$talk" 0x402 $'two\n' >/dev/null
await said "VM 2"
await holds "$tmp/out" two
result "goes on while there is one" kill -0 "$daemon"
kill "$one"
wait "$daemon"
result "and ends with 0 after the last" test "$?" -eq 0
result "that one was told" said "talk-$one: gone"

# Of other VMs it takes no notice.
named()
{
	# shellcheck disable=SC2016 # for the inner shell
	start bash -c 'exec -a "$0" "$@"' crosvm "$talk" -k -- 0x402 "--name=$1" >/dev/null
}
reload_module
start_daemon --until-vm-exit --sink '0x402:stdout,format=text,vm="web*,!web-test*",uid=root'
named web-test
other=$!
await said "web-test: attached"
named web
one=$!
await holds "$tmp/out" "--name=web"
kill "$one"
wait "$daemon"
result "--until-vm-exit ends with the last VM that has a route" test "$?" -eq 0
result "though another one lives" kill -0 "$other"
result "which it did not show" test -z "$(grep web-test "$tmp/out")"
end_child "$other"

# A service manager.
start socat -u "UNIX-RECV:$tmp/manager.sock" "CREATE:$tmp/manager"
await test -S "$tmp/manager.sock"
cat >"$tmp/conf" <<-EOT
	[sink a]
	port = 0xe9
	mode = null
EOT
NOTIFY_SOCKET=$tmp/manager.sock WATCHDOG_USEC=200000 start_daemon --config "$tmp/conf"
result "READY=1 is told" await was_told READY=1
result "the watchdog is fed" await was_told WATCHDOG=1
kill -HUP "$daemon"
result "RELOADING=1 is told" await was_told $'RELOADING=1'
result "with its time" await was_told MONOTONIC_USEC=
ready_again()
{
	test "$(grep -ao READY=1 "$tmp/manager" | wc -l)" -eq 2
}
result "and READY=1 again" await ready_again
result "the status is told" await was_told STATUS=
stop_daemon
result "STOPPING=1 is told" await was_told STOPPING=1
result "dbgportd ends well" test "$?" -eq 0
NOTIFY_SOCKET=$tmp/nobody.sock start_daemon
result "a manager that is not there does no harm" kill -0 "$daemon"
stop_daemon
result "dbgportd ends well" test "$?" -eq 0
ktap_finished
