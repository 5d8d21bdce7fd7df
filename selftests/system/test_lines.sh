#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Lines on a shared standard output: labelled from the first one on, and harmless to
# a terminal.
. ../lib/system.sh || exit

ktap_print_header
ktap_set_plan 11

reload_module
start_daemon
"$talk" 0x402 $'[db] only one\n' >/dev/null &
first=$!
wait "$first"
await holds "$tmp/out" "only one"
result "one VM's lines are labelled, so that it cannot forge a label" \
	grep -qx "\[talk-$first\] \[db\] only one" "$tmp/out"

"$talk" 0x402 $'second\n' >/dev/null &
second=$!
wait "$second"
await holds "$tmp/out" second
result "lines of a second VM are labelled" \
	grep -qx "\[talk-$second\] second" "$tmp/out"

"$talk" 0x402 $'\x1b[31Kred\x07\x9b2J caf\xc3\xa9\n' >/dev/null
await holds "$tmp/out" "red"
result "control characters are shown harmlessly" \
	holds "$tmp/out" "<1b>[31Kred<07><9b>2J"
result "UTF-8 is kept" holds "$tmp/out" "café"
result "nothing but text is on standard output" \
	test "$(tr -d '\n\t -~\200-\377' <"$tmp/out" | wc -c)" -eq 0

# Four vCPUs each say the same line at once: four whole lines.
"$talk" -c 4 0x402 $'the quick brown fox jumps over the lazy dog\n' >/dev/null &
four=$!
wait "$four"
await grep -qF "talk-$four: gone" "$tmp/log"
result "lines of vCPUs are not mixed" test "$(grep -cx \
	"\[talk-$four\] the quick brown fox jumps over the lazy dog" "$tmp/out")" -eq 4

start "$talk" -k 0x402 'a prompt> ' >/dev/null
prompt=$!
result "an unfinished line is shown after a while" \
	await holds "$tmp/out" "[talk-$prompt] a prompt> "
end_child "$prompt"
await grep -qF "talk-$prompt: gone" "$tmp/log"
stop_daemon
result "SIGTERM ends it well" test "$?" -eq 0

# What has ended stays to be read, so there is a line; and no other one comes.
reload_module
"$talk" 0x402 $'a line\n' >/dev/null
timeout 60 dbgportd --run-dir "$tmp/run2" 2>"$tmp/log" |
	head -n 1 >"$tmp/head"
result "it ends with who reads its standard output" test "${PIPESTATUS[0]}" -eq 1
result "and says so" said "standard output is gone"
result "that one had a line" holds "$tmp/head" "a line"
ktap_finished
