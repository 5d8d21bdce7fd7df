#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl console: a VM's pty at a terminal, and the terminal afterwards.
. ./fake.sh || exit
. ./fake_daemon.sh || exit

# status ROUTE...: the VM's outputs.
status()
{
	daemon_says "$(printf '{"id": 1, "name": "web", "lost": 0, "outputs": [%s]}' \
		"$(printf '{"route": "%s"}\n' "$@" | paste -sd,)")"
}

# start_pty ROLE: what is written to $tmp/guest comes out of it; $guest is who has it.
start_pty()
{
	[ -p "$tmp/guest" ] || mkfifo "$tmp/guest"
	socat -u "OPEN:$tmp/guest,ignoreeof" "PTY,link=$tmp/run/web.$1,raw,echo=0" &
	guest=$!
	children+=("$guest")
	exec {to_guest}<>"$tmp/guest"
	await test -e "$tmp/run/web.$1"
}

shows()
{
	grep -aqsF "$1" "$tmp/screen"
}

# start_console OPTION...: at a terminal, whose keys are written to $keys; what is on it is
# in $tmp/screen, and how it is set in $tmp/before and $tmp/after.
start_console()
{
	rm -f "$tmp"/{keys,before,after,screen,status}
	mkfifo "$tmp/keys"
	exec {keys}<>"$tmp/keys"
	# Shells have what they start in the background ignore Ctrl-C.
	env --default-signal=INT script -qfc "trap : INT
		stty -g >$tmp/before
		sh -c 'echo \$\$ >$tmp/pid; exec \"\$@\"' - env LD_PRELOAD=$PWD/fake_device.so \
			dbgportctl console --device $tmp/device $*
		echo \$? >$tmp/status
		stty -g >$tmp/after" "$tmp/screen" <"$tmp/keys" >/dev/null 2>&1 &
	children+=("$!")
	await shows 'Escape character'
}


# ended STATUS: it ended so, and the terminal is as it was.
ended()
{
	await test -s "$tmp/after" && [ "$(<"$tmp/status")" = "$1" ] &&
		cmp "$tmp/before" "$tmp/after"
}

press()
{
	# shellcheck disable=SC2059 # as printf has it
	printf "$1" >&"$keys"
}

ktap_print_header
ktap_set_plan 17

vms <<<'vm 1 web claimed 60'
result "without a daemon there is none" ends_with 1 ctl console web
result "which is told" grep -q "has a pty for web; start one with --console pty" "$log"
start_daemon
status 0x402:stdout,format=text
result "nor with one that has no pty" ends_with 1 ctl console web
status 0xe9:pty,format=raw 0x402:pty,format=raw 0x403:pty,format=raw,name=bios
result "of several one is to be chosen" ends_with 1 ctl console web
result "whose names are told" grep -q "web has several ptys: console, firmware, bios; say which by --port" "$log"
result "a port that is none is told" ends_with 2 ctl console web -p x

start_pty console
status 0xe9:pty,format=raw
start_console web
printf 'hello \e]0;x\a\r\nlogin: ' >&"$to_guest"
result "what comes is shown, and harmless" await shows 'hello <1b>]0;x<07>'
result "also what has no end yet" await shows 'login: '
press 'typed\x1d'
result "Ctrl-] ends it, and the terminal is as it was" ended 0
result "what is typed is not shown" eval '! shows typed'
start_console web
press '\x03'
result "so does Ctrl-C" ended 130
start_console web
kill "$(<"$tmp/pid")"
result "and a signal" ended 143
start_console web --unsafe-raw
printf '\e[1mbold\n' >&"$to_guest"
result "bytes come as they are on request" await shows $'\e[1mbold'
kill "$guest"
result "the end of the VM ends it" ended 0
result "and is told" await shows 'the console was closed'

start_pty bios
status 0xe9:pty,format=raw 0x403:pty,format=raw,name=bios
printf 'of the firmware\n' >&"$to_guest"
result "one of several by its port, in a pipe, and with no terminal" \
	test "$(ctl console web -p 0x403 </dev/null | head -n 1)" = "of the firmware"
result "a pty that is gone is told" ends_with 1 ctl console web -p console
ktap_finished
