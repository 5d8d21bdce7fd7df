#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl with the backend ioeventfd: what it can do there, and how it says what
# it cannot.  No daemon runs.
. ../lib/system.sh

is_state()
{
	[ "$(dbgportctl show --json web | jq -r .state)" = "$1" ]
}

# gets_ports PORTS: asked for these, it has them.
gets_ports()
{
	dbgportctl ports web "$1" && [ "$(dbgportctl ports web)" = "$1" ]
}

# never_exits PORT TEXT: the VMM of a new VM sees nothing of that.
never_exits()
{
	[ "$("$talk" "$@")" = "$1 0" ]
}

ktap_print_header
ktap_set_plan 19

reload_module backend=ioeventfd
start_vm web 0x80 $'\x10'
vm=$!
await is_state unrecorded
result "what is not claimed is said to be unrecorded" is_state unrecorded
result "as it is" test "$(dbgportctl show --json web | jq .writes)" = 0
result "doctor says how to have the other backend" \
	grep -q "without backend=ioeventfd" <(dbgportctl doctor)
result "a VM is to be claimed without a daemon" dbgportctl claim web always
result "which gives the eventfds, so that it is" await is_state claimed
result "and takes no more of them" dbgportctl claim web always
result "ports can be let go of" gets_ports 0xe9,0x402
result "and be taken again" gets_ports 0x80,0xe9
result "but no others" fails_with 1 "can only take those that it had at first" \
	dbgportctl ports web 0x3f8
result "nor any with /tee" fails_with 1 "sees only what it claims: no /tee" \
	dbgportctl ports web 0xe9/tee
result "and it has those of before" test "$(dbgportctl ports web)" = 0x80,0xe9
result "claim never gives it back" dbgportctl claim web never
result "and it is unrecorded again" await is_state unrecorded
result "it is let go of" dbgportctl detach web
result "and taken in again" grep -q ": attached as VM 2" <(dbgportctl attach "$vm")
result "with the ports that VMs have at first" test "$(dbgportctl ports web)" = 0x80,0xe9,0x402
result "the host's mode is for it, too" dbgportctl claim --host always
result "a new VM is claimed from its first byte on" never_exits 0xe9 "by eventfds"
result "and can be read" grep -qx "by eventfds" <(dbgportctl tail -o text 3)
ktap_finished
