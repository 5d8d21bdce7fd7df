#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl tail: what VMs have written, and what they write, without a daemon.
. ../lib/system.sh || exit

# prints TEXT COMMAND...: exactly that.
prints()
{
	[ "$("${@:2}" 2>&1)" = "$1" ]
}

# shows TEXT OPTION...: lines without times.
shows()
{
	prints "$1" dbgportctl tail -o text,time=none "${@:2}"
}

times_ascend()
{
	dbgportctl tail -n all --json | jq -r .monotonic_ns >"$tmp/times"
	[ "$(wc -l <"$tmp/times")" = "$1" ] && sort -nc "$tmp/times"
}

# ends_with READER COMMAND...: the command ends when what reads its output does, though
# nothing comes that it would write.
ends_with()
{
	local writer status=0

	mkfifo "$tmp/pipe"
	bash -c "$1" <"$tmp/pipe" >"$tmp/read" &
	start "${@:2}" >"$tmp/pipe"
	rm "$tmp/pipe"
	writer=$!
	await is_ended "$writer" || return
	wait "$writer" || status=$?
	[ "$status" -eq $((128 + $(kill -l PIPE))) ]
}

ended_twice()
{
	[ "$(grep -c ended "$tmp/log")" -eq 2 ]
}

ktap_print_header
ktap_set_plan 38

unload_module
result "without the module it says what to do" \
	fails_with 1 "load the module: modprobe dbgport" dbgportctl tail
reload_module
result "of no VM there is nothing" shows ""
result "a VM that is not there is named" fails_with 1 "there is no VM 'web'" dbgportctl tail web

start_vm web 0xe9 $'one\ntwo\nthree\n' 0x80 $'\x10' 0x402 $'\e[31Kred\x9b1m\x07\n'
web=$!
await wrote web 28
result "lines and codes are shown in their order" \
	shows $'one\ntwo\nthree\n0x10 Firmware\n<1b>[31Kred<9b>1m<07>' web
result "and by the id" shows $'<1b>[31Kred<9b>1m<07>' -n1 1
result "and by the process id" shows $'<1b>[31Kred<9b>1m<07>' -n 1 "pid:$web"
result "-n shows the last lines" shows $'0x10 Firmware\n<1b>[31Kred<9b>1m<07>' -n 2 web
result "-n 0 shows none" shows "" -n 0 web
result "-p chooses a port" shows $'one\ntwo\nthree' -p console
result "or several" shows $'three\n0x10 Firmware' -n 2 -p 0xe9 --port post
result "times count from the VM's zero" \
	grep -qE '^\[ +[0-9]+\.[0-9]{6}\] one$' <(dbgportctl tail web)
result "--since leaves out what is older" shows "" --since 1us
result "and shows what is not" shows $'one\ntwo\nthree' --since 60min -p 0xe9
result "of which -n is the last" shows $'two\nthree' -n 2 --since 60min -p 0xe9
result "in whatever order" shows $'two\nthree' --since 60min -n 2 -p 0xe9
printf 'one\ntwo\nthree\n' >"$tmp/expected"
dbgportctl tail -o raw -p 0xe9 -n all >"$tmp/raw"
result "-o raw gives the bytes" cmp "$tmp/expected" "$tmp/raw"
dbgportctl tail --json -n all >"$tmp/json"
result "--json gives objects" is_json "$tmp/json"
json_text()
{
	[ "$(jq -r 'select(.port == 233) | .text' "$tmp/json")" = $'one\ntwo\nthree' ] &&
		[ "$(jq -r 'select(.type == "code") | .component' "$tmp/json")" = Firmware ] &&
		[ "$(jq -r 'select(.type == "attached") | .vm' "$tmp/json")" = web ]
}
result "with what was written, and of whom" json_text
result "a bad option is told" fails_with 2 "known are raw" dbgportctl tail -o morse
result "a bad number too" fails_with 2 "--lines x" dbgportctl tail -n x
result "a bad port too" fails_with 2 "'70000' is no port" dbgportctl tail -p 70000

# Several: by time, not VM after VM.
start_vm db 0xe9 $'a\nb\nc\n'
await wrote db 6
start_vm db 0xe9 $'d\n'
await wrote db.2 2
result "what several VMs have written is in order" times_ascend 12
result "lines say whose they are" \
	shows $'[web] <1b>[31Kred<9b>1m<07>\n[db] a\n[db] b\n[db] c\n[db.2] d' -n 5
result "a VM whose name is taken has a number" shows d db.2
end_children

# What comes, from one that ends.
reload_module
mkfifo "$tmp/live"
exec {live}<>"$tmp/live"
start "$say" 0xe9 <"$tmp/live"
say_pid=$!
await wrote "say-$say_pid" 0
printf 'first\n' >&"$live"
await wrote "say-$say_pid" 6
start dbgportctl tail -f -o text,time=none "say-$say_pid" >"$tmp/follow"
follow=$!
result "-f begins with what is there" await holds "$tmp/follow" first
printf 'second\nthi' >&"$live"
result "goes on" await holds "$tmp/follow" second
result "shows what is unfinished" await holds "$tmp/follow" thi
printf 'rd\n' >&"$live"
result "and its end" await holds "$tmp/follow" third
end_child "$say_pid"
await is_ended "$follow"
wait "$follow"
result "and ends with the VM" test "$?" -eq 0

# Of VMs that have nothing more to say.
start_vm quiet 0xe9 $'first\n'
await wrote quiet 6
result "-f ends with the reader" ends_with "head -n 1" dbgportctl tail -f -o text,time=none quiet
result "which got what there was" test "$(cat "$tmp/read")" = first
result "so does -F" ends_with "grep -m 1 first" dbgportctl tail -F quiet
result "and wait, before it finds something" ends_with true dbgportctl wait --text never
end_children

# One name, one VM after the other, and the module unplugged between.
start dbgportctl tail -F -o text,time=none web >"$tmp/follow" 2>"$tmp/log"
follow=$!
# Of one that is there already it would not tell.
await holds "$tmp/log" waiting
start_vm web 0xe9 $'first\n'
web=$!
result "-F waits for a VM of that name" await holds "$tmp/follow" first
end_child "$web"
await holds "$tmp/log" "has ended"
start_vm other 0xe9 $'other\n'
start_vm web 0xe9 $'second\n'
second=$!
result "and for the next one" await holds "$tmp/follow" second
end_child "$second"
await ended_twice
echo Y >/sys/module/dbgport/parameters/unplug
unload_module
insmod "$DBGPORT_KO"
start_vm web 0xe9 $'third\n'
result "and for the module" await holds "$tmp/follow" third
result "and shows no others" test "$(cat "$tmp/follow")" = $'first\nsecond\nthird'
cat >"$tmp/expected" <<'END'
dbgportctl: no VM of that name is running; waiting for one
dbgportctl: web (VM N) has come
dbgportctl: web (VM N) has ended; waiting for the next one of that name
dbgportctl: web (VM N) has come
dbgportctl: web (VM N) has ended; waiting for the next one of that name
dbgportctl: the module was unplugged; waiting for it
dbgportctl: the module is there again
dbgportctl: web (VM N) has come
END
result "each of which it tells" diff "$tmp/expected" <(sed 's/VM [0-9][0-9]*/VM N/' "$tmp/log")
ktap_finished
