#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kvm-amd or kvm-intel is unloaded and loaded again below the module, or loaded after it,
# as happens when a host boots: VMs that are made then are taken in from their first byte
# on, and their end is seen.
. ../lib/ktap.sh || exit
. ../lib/kvm.sh || exit

talk=$(readlink -f ../lib/talk)
trap 'modprobe "$kvm_vendor"; kvm_keep_idle_vm; rm -rf "$tmp"' EXIT

has_ended()
{
	[ "$(dbgportctl list --json | jq -r '.[-1] | "\(.state) \(.writes)"')" = "ended 4" ]
}

reload_vendor()
{
	kvm_unload_vendor
	modprobe "$kvm_vendor"
}

backends=(auto)
! kvm_has_ioeventfd || backends+=(ioeventfd)

ktap_print_header
ktap_set_plan $((6 * ${#backends[@]}))

kvm_end_idle_vm
for backend in "${backends[@]}"; do
	! [ -e /sys/module/dbgport ] || rmmod dbgport
	kvm_unload_vendor
	result "it is loaded before $kvm_vendor, backend $backend" \
		insmod "$DBGPORT_KO" "backend=$backend"
	modprobe "$kvm_vendor"
	# Gives it the eventfd, too.
	dbgportctl claim --host always
	result "a VM after that is claimed, backend $backend" \
		test "$("$talk" 0xe9 text)" = "0xe9 0"
	result "and its end is seen, backend $backend" has_ended
	reload_vendor
	result "the first VM after a reload is claimed, backend $backend" \
		test "$("$talk" 0xe9 text)" = "0xe9 0"
	result "and the end of that, backend $backend" has_ended
	reload_vendor
	result "as is the next one's, backend $backend" \
		test "$("$talk" 0xe9 text)" = "0xe9 0"
done
ktap_finished
