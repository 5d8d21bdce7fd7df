#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl with the backend ioeventfd, which needs an eventfd.  No daemon runs.
. ../lib/system.sh || exit

is_state()
{
	[ "$(dbgportctl show --json web | jq -r .state)" = "$1" ]
}

has_written()
{
	[ "$(dbgportctl show --json web | jq .writes)" = 1 ]
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
result "what is not claimed is recorded" await has_written
result "and said to be a tee" is_state tee
result "doctor says how to have the other backend" \
	grep -q "without backend=ioeventfd" <(dbgportctl doctor)
result "a VM is to be claimed without a daemon" dbgportctl claim web always
result "which gives the eventfd, so that it is" await is_state claimed
result "and takes no second one" dbgportctl claim web always
result "ports can be let go of" gets_ports 0xe9,0x402
result "and be taken again" gets_ports 0x80,0xe9
result "as can others" gets_ports 0xe9,0x3f8
result "and one can be recorded only" gets_ports 0xe9,0x3f8/tee
result "but no UART" fails_with 1 "UARTs take the module's backend iodev" dbgportctl uart web on
result "claim never gives it back" dbgportctl claim web never
result "and it is a tee again" await is_state tee
result "it is let go of" dbgportctl detach web
result "and taken in again" grep -q ": attached as VM 2" <(dbgportctl attach "$vm")
result "with the ports that VMs have at first" test "$(dbgportctl ports web)" = 0x80,0xe9,0x402
result "the host's mode is for it, too" dbgportctl claim --host always
result "a new VM is claimed from its first byte on" never_exits 0xe9 "by an eventfd"
result "and can be read" grep -qx "by an eventfd" <(dbgportctl tail -o text 3)
ktap_finished
