#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl tail: the last lines of all VMs together, and of each.
. ./fake.sh || exit

# tails OPTION...: without times.
tails()
{
	ctl tail -o text,time=none "$@"
}

# follows TEXT OPTION...: that is printed, and then more is waited for.
follows()
{
	[ "$(tails -f "${@:2}" | head -c "${#1}")" = "$1" ]
}

ktap_print_header
ktap_set_plan 9

vms <<'EOT'
vm 1 web claimed 9000
vm 2 db ended 9000
line 2 0xe9 0 8000 d1
line 2 0xe9 0 7000 d2
line 1 0xe9 0 6000 w1
line 1 0xe9 0 5000 w2
line 1 0xe9 1 4000 w3
code 1 0 3000 0x10
vm 3 silent tee 9000
EOT

result "all together" prints $'[web] w3\n[web] 0x10 Firmware' tails -n 2
result "of each, one VM after the other" \
	prints $'[web] w3\n[web] 0x10 Firmware\n[db] d1\n[db] d2' tails --each -n 2
result "a VM without lines has none" prints $'[web] 0x10 Firmware\n[db] d2' tails --each -n 1
result "of those that are named" prints $'w3\n0x10 Firmware' tails --each -n 2 web
result "of one port" prints $'[web] w3\n[db] d2' tails --each -n 1 -p console
result "all that is kept" \
	prints $'[web] w1\n[web] w2\n[web] w3\n[web] 0x10 Firmware\n[db] d1\n[db] d2' tails --each -n all
result "as objects, of which events are some" test \
	"$(ctl tail --json --each -n 1 | jq -r '.vm, .type' | tr '\n' ' ')" = \
	"web code db gone silent attached "

echo 'text 1 0xe9 2 2000 begun' >>"$FAKE_DEVICE"
result "a line without its end ends where the next VM begins" \
	prints $'[web] begun\n[db] d2' tails --each -n 1
result "it goes on with what comes" follows $'[web] 0x10 Firmware\n[db] d2\n[web] begun' --each -n 1
ktap_finished
