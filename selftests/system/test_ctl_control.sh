#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl list, show, attach, detach, ports, uart and claim, as root and as a user.
. ../lib/system.sh || exit

getent group kvm >/dev/null || groupadd --system kvm

# says TEXT COMMAND...: exactly that, and nothing was wrong.
says()
{
	local said

	said=$("${@:2}" 2>&1) && [ "$said" = "$1" ]
}

# of VM FILTER: what jq makes of its object.
of()
{
	dbgportctl show --json "$1" | jq -r "$2"
}

# For a command of one who is in group kvm, and root's no more.
as_user=(setpriv --reuid=1234 --regid=1234 --groups="$(getent group kvm | cut -d: -f3)")

is_table()
{
	dbgportctl list -l | awk 'NR == 1 { ok = /^ID +NAME +VMM .*LOST +SAVED$/ }
		NR == 2 { ok = ok && $2 == "web" && $3 == "talk" && $5 == "root" && $6 == "tee" }
		END { exit !(ok && NR == 2) }'
}

# clears_screens N: so many by now; each begins at the top left.
clears_screens()
{
	[ "$(grep -ao $'\033\[H' "$tmp/watch" | wc -l)" -ge "$1" ]
}

ktap_print_header
ktap_set_plan 64
reload_module
chgrp kvm /dev/dbgport
chmod 660 /dev/dbgport

# shellcheck disable=SC2016 # for the inner shell
start bash -c 'exec -a firecracker "$@"' - "$talk" -k -c 2 -- 0xe9 $'text\n' \
	0x80 $'\x10' 0x1000 --id=web >/dev/null
web=$!
await wrote web 12
result "list has a VM" is_table
result "and its name" says web dbgportctl list --names
result "as JSON" says '[1,"web",true,3]' \
	jq -c '.[0] | [.id, .name, .pid == '"$web"', (.ports | length)]' <(dbgportctl list --json)
result "which is told when it wrote last, in its life" test "$(dbgportctl list --json |
	jq '.[0] | .last_ns > .zero_ns and .last_age < .age')" = true
result "no colour in a pipe" test -z "$(dbgportctl list | tr -dc '\033')"
result "colour on a terminal" grep -q $'^\033\[1m' <(script -qec 'TERM=xterm dbgportctl list' /dev/null)
result "but not with NO_COLOR" \
	test -z "$(NO_COLOR=1 script -qec 'TERM=xterm dbgportctl list' /dev/null | tr -dc '\033')"
start script -qfc 'TERM=xterm dbgportctl list -w' "$tmp/watch" >/dev/null
result "-w shows it on the screen, again and again" await clears_screens 2
end_child "$!"
result "and leaves what can be scrolled back to" \
	test -z "$(grep -ao $'\033\[3J' "$tmp/watch")"
result "show has counters of each port" \
	test "$(of web '[.ports[] | [.port, .writes, .bytes]] | tostring')" = \
	'[[128,2,2],[233,10,10],[1026,0,0]]'
result "and of each vCPU" \
	test "$(of web '[.vcpus[] | [.vcpu, .kept]] | tostring')" = '[[0,6],[1,6]]'
result "and adds up" test "$(of web '.kept == .writes and .oldest == 0')" = true
result "show is for people too" grep -qx 'VMM       talk, process '"$web" <(dbgportctl show web)
result "a VM that is not there is told" fails_with 1 "there is no VM 'db'" dbgportctl show db
result "nobody reads it" test "$(of web .lost)" = null
# Where it is looked for.
run_dir=/run/dbgport
start_daemon --sink any:null
await tells ".vms | length" 1
result "a daemon does" test "$(of web .lost)" = 0
result "and claims it" test "$(of web .state)" = claimed

result "its mode is the host's" says host dbgportctl claim web
result "it can have one of its own" says "" dbgportctl claim web never
result "which it has" says never dbgportctl claim web
result "and follows" test "$(of web .state)" = tee
result "and can give up" says "" dbgportctl claim web host
result "the host has one" says listening dbgportctl claim --host
result "which root changes" says "" dbgportctl claim --host always
result "for all" says always dbgportctl claim --host
result "a mode that there is not is told" \
	fails_with 2 "'sometimes' is no mode" dbgportctl claim web sometimes
result "the host cannot follow itself" fails_with 2 "no mode" dbgportctl claim --host host

result "it has the ports of the parameter" says 0x80,0xe9,0x402 dbgportctl ports web
claimed="while it is claimed, a device that the VMM has there, such as a UART, isa-debug-exit or pvpanic, gets nothing"
result "they can be others, and what that means is told" \
	says "dbgportctl: port 0x3f8: $claimed; 0x3f8/tee only records it, /uart leaves it its input" \
	dbgportctl ports web console,0x3f8,post
result "which it has then" says 0x80,0xe9,0x3f8 dbgportctl ports web
result "and keeps the counters of before" \
	test "$(of web '[.ports[] | select(.off) | .port] | tostring')" = '[1026]'
result "with /tee there is nothing to be told" says "" dbgportctl ports web console,0x3f8/tee,post
result "which is shown" says 0x80,0xe9,0x3f8/tee dbgportctl ports web
result "in all of it" grep -q '^0x3f8 .* tee: never claimed$' <(dbgportctl show web)
result "as JSON too" \
	test "$(of web '[.ports[] | select(.tee) | .port] | tostring')" = '[1016]'
polled="while it is claimed, what its guest sends by polling is not in the VMM's own console; input and all else work"
result "a UART takes a port's place, and what that means is told" \
	says "dbgportctl: UART 0x3f8: $polled; 0x3f8/uart/tee only records it" dbgportctl uart web on
result "it is shown" says 0x3f8 dbgportctl uart web
result "among the ports" says 0x80,0xe9,0x3f8/uart dbgportctl ports web
result "in the list" grep -q ' 0x80,0xe9,0x3f8/uart ' <(dbgportctl list -l)
result "and with what it takes away" \
	grep -q "^0x3f8 .* UART: what is polled is not in the VMM's console$" <(dbgportctl show web)
result "what is neither on nor off is told" fails_with 2 "neither on nor off" dbgportctl uart web no
result "it is switched off" says "" dbgportctl uart web off
result "and is off" says off dbgportctl uart web
result "a port twice is told" fails_with 2 "0xe9 is given twice" dbgportctl ports web console,0xe9
result "no port is told" fails_with 2 "'' is no port" dbgportctl ports web ,
result "too many are told" fails_with 2 "more than 16" dbgportctl ports web "$(seq -s, 17)"
result "and too many in all" fails_with 1 "no room" dbgportctl ports web "$(seq -s, 16)"

# As a user.
result "a user does not see root's VM" fails_with 1 "there is no VM 'web'" "${as_user[@]}" dbgportctl show web
result "nor detaches it" fails_with 1 "there is no VM '1'" "${as_user[@]}" dbgportctl detach 1
result "nor attaches it" fails_with 1 "another user's" "${as_user[@]}" dbgportctl attach "$web"
result "nor changes the host" fails_with 1 "takes root" "${as_user[@]}" dbgportctl claim --host never
chmod 666 /dev/kvm
start "${as_user[@]}" "$talk" -k 0xe9 $'mine\n' >/dev/null
users=$!
await wrote "talk-$users" 5
result "the user sees that VM" says "talk-$users" "${as_user[@]}" dbgportctl list --names
result "and what it wrote" says mine "${as_user[@]}" dbgportctl tail -o text "$users"
result "and changes it" says "" "${as_user[@]}" dbgportctl claim "talk-$users" never
stop_daemon

# Let go of, and taken in again.
result "a VM is let go of" says "" dbgportctl detach web
result "and is so" grep -q ' detached ' <(dbgportctl list)
result "it is taken in again" grep -qxE "$web:[0-9]+: attached as VM 3" <(dbgportctl attach "$web")
result "and only once" \
	grep -qxE "$web:[0-9]+: is attached already, as VM 3" <(dbgportctl attach "$web")
result "a process without a VM is told" fails_with 1 "has no VM" dbgportctl attach $$
result "one that is none is told" fails_with 1 "no such process" dbgportctl attach 4194304

# Left out by the rules of the host.
result "a VM that the rules leave out can be let go of" says "" dbgportctl detach web
echo comm:talk >/sys/module/dbgport/parameters/except
result "but not be attached" fails_with 1 "rules of this host leave it out" dbgportctl attach "$web"
result "nor with all others" says "VMs attached: 0" dbgportctl attach --all
echo >/sys/module/dbgport/parameters/except
result "without the rules it can" grep -q ": attached as VM 4" <(dbgportctl attach "$web")
ktap_finished
