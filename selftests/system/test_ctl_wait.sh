#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl wait and on: scripts act on what a guest writes, and guests do not
# write their commands.
. ../lib/system.sh || exit

# status_of COMMAND...: its exit status; what it prints is in $tmp/said.
status_of()
{
	"$@" >"$tmp/said" 2>&1
	echo "$?"
}

ends_with()
{
	[ "$(status_of "${@:2}")" = "$1" ]
}

# ends_as PID STATUS: what was started ends, and so.
ends_as()
{
	await is_ended "$1"
	wait "$1"
	[ "$?" = "$2" ]
}

ktap_print_header
ktap_set_plan 33

reload_module
result "wait wants to know what for" ends_with 2 dbgportctl wait
result "and a VM that is there" ends_with 1 dbgportctl wait web --code 0x60
result "and a regular expression" ends_with 2 dbgportctl wait --text '('
result "and a code" ends_with 2 dbgportctl wait --code sixty
result "and a time" ends_with 2 dbgportctl wait --code 1 --timeout 10

start_vm web 0xe9 $'fine\nASSERT \e[31K"x" in y.c:42\n' 0x80 $'\x10\x60' 0xe9 'login: '
web=$!
await wrote web 40
result "what has been written already counts" ends_with 0 dbgportctl wait web --code 0x60
result "and is shown" grep -qx '\[ .*\] 0x60 Userspace' "$tmp/said"
result "a line is found by an expression" ends_with 0 dbgportctl wait web --text 'ASSERT .*:[0-9]+'
result "and is harmless" grep -qxF 'ASSERT <1b>[31K"x" in y.c:42' <(cut -d ' ' -f 6- "$tmp/said")
result "so is one without an end" ends_with 0 dbgportctl wait --text 'login: $' --timeout 60s
result "of several the first is shown" \
	ends_with 0 dbgportctl wait --code 0x60 --text fine --text ASSERT
result "and no other" test "$(wc -l <"$tmp/said")" -eq 1
result "as an object, if wanted" ends_with 0 dbgportctl wait --json --code 0x60
result "which says it" test "$(jq -r .component "$tmp/said")" = Userspace
result "a port can be chosen" ends_with 124 dbgportctl wait -p firmware --text fine --timeout 1ms
result "--new leaves out what was written" \
	ends_with 124 dbgportctl wait --new --code 0x60 --timeout 500ms
result "and that is told" grep -qx 'dbgportctl: it did not come in time' "$tmp/said"
start dbgportctl wait web --code 0x61 2>"$tmp/log"
waits=$!
end_child "$web"
result "a VM that ends without it is told by a status of its own" ends_as "$waits" 3

start dbgportctl wait -F web --text '^second$' >"$tmp/out" 2>"$tmp/log"
waits=$!
start_vm web 0xe9 $'first\n'
await wrote web 6
end_child "$!"
start_vm web 0xe9 $'second\n'
result "with -F the next VM of that name counts" ends_as "$waits" 0
end_children

# A line that comes in parts, between which it was shown, and one that is long.
reload_module
mkfifo "$tmp/live"
exec {live}<>"$tmp/live"
start "$say" 0xe9 <"$tmp/live"
await wrote "say-$!" 0
start dbgportctl wait --text 'AS*ERT' >"$tmp/out" 2>"$tmp/log"
waits=$!
printf 'an AS' >&"$live"
sleep 0.5
printf 'SERT' >&"$live"
result "a text in two parts is found" ends_as "$waits" 0
result "and shown whole" grep -q '\] an ASSERT$' "$tmp/out"

# On each.
# shellcheck disable=SC2016 # for its shell
start dbgportctl on --text 'run .*' --code 0x42 --exec \
	'printf "%s|%s|%s|%s\n" "$DBGPORT_VM_ID" "$DBGPORT_PORT" "$DBGPORT_CODE" "$DBGPORT_TEXT" >>'"$tmp/log"
on=$!
result "on wants to know what to do" ends_with 2 dbgportctl on --code 1
sleep 1
# shellcheck disable=SC2016 # the guest is hostile
hostile='run $(touch /tmp/pwned); `touch /tmp/pwned`"; touch /tmp/pwned; "'
printf '\n%s\n' "$hostile" >&"$live"
result "its command runs on a text, which it has in its environment" \
	await holds "$tmp/log" "1|0xe9||$hostile"
start "$talk" -k 0x80 $'\x41\x42'
result "and on a code, of a VM that came later" await holds "$tmp/log" "2|0x80|0x42|"
printf 'run \e]0;x\a\x00\xff\n' >&"$live"
result "control characters are none" await holds "$tmp/log" "1|0xe9||run <1b>]0;x<07><00><ff>"
result "and nothing of it was run" test ! -e /tmp/pwned
end_child "$on"

start dbgportctl on --once --kept --text 'an ASSERT' --exec 'exit 7' >"$tmp/out"
result "--once ends as the command does" ends_as "$!" 7
result "and shows what it was for" grep -q 'an ASSERT' "$tmp/out"
start dbgportctl on --text 'again' --exec 'sleep 0.2; echo ended; exit 3' >"$tmp/out" 2>"$tmp/log"
on=$!
sleep 1
printf 'again\nagain\nagain\n' >&"$live"
three_ended()
{
	[ "$(grep -cx ended "$tmp/out")" = 3 ]
}
result "each runs the command" await three_ended
result "one after the other" test "$(grep -vcx ended "$tmp/out")" -eq 3
alternate()
{
	[ "$(sed 's/.*again/again/' "$tmp/out")" = $'again\nended\nagain\nended\nagain\nended' ]
}
result "in the order of what was written" alternate
result "a command that fails is told" await holds "$tmp/log" "it ended with status 3"
end_child "$on"

# Records that were overwritten may have been it.
end_children
reload_module ring=64
start "$flood" -p 1 0xe9 0x402
start dbgportctl on --code 1 --text nothing --exec true 2>"$tmp/log"
result "what was lost is told" await holds "$tmp/log" "writes were lost before"
ktap_finished
