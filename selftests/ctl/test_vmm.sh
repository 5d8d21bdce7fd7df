#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl memlog VM: which process is meant, with the module and without it.
. ./fake_log.sh || exit

# without COMMAND...: no module is loaded.
without()
{
	dbgportctl "$1" --device "$tmp/none" "${@:2}"
}

start_vmm < <(printf hello)
cp "$(command -v sleep)" "$tmp/qemu-system-x86_64"
"$tmp/qemu-system-x86_64" 600 &
other=$!
trap 'kill "$vmm" "$other"; rm -rf "$tmp"' EXIT

ktap_print_header
ktap_set_plan 11
vms <<-'EOT'
	vm 1 web claimed 60
	vm 2 old ended 60
EOT
result "a process needs no module" prints hello without memlog "pid:$vmm"
result "nor the word pid" prints hello without memlog "$vmm"
result "it may be one that the module does not know" prints hello ctl memlog "$vmm"
result "a name needs the module" ends_with 1 without memlog web
result "which is told" grep -q "$tmp/none: No such file" "$log"
ends_with 1 ctl memlog old
result "a VM that has ended has no memory" grep -qx "dbgportctl: old: it has ended.*" "$log"
ends_with 1 ctl memlog 2
result "nor is its number a process" grep -qx "dbgportctl: old: it has ended.*" "$log"
ends_with 1 ctl memlog nothing
result "a VM that is not there is told" grep -q "there is no VM 'nothing'" "$log"
ends_with 1 without memlog $$
result "so is a process without a log" grep -qx "dbgportctl: .*: no log in its memory.*" "$log"
ends_with 1 without memlog "$other"
result "a process is called what the module would call it" \
	grep -qx "dbgportctl: qemu-system-x86-$other: .*" "$log"
result "a number of lines that is none is refused" ends_with 2 without memlog -n x "$vmm"
ktap_finished
