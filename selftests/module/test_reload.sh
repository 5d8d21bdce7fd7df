#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kvm-amd or kvm-intel is unloaded and loaded again below the module: VMs that are
# made then are taken in from their first byte on, and their end is seen.
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
ktap_set_plan $((3 * ${#backends[@]}))

kvm_end_idle_vm
for backend in "${backends[@]}"; do
	! [ -e /sys/module/dbgport ] || rmmod dbgport
	insmod "$DBGPORT_KO" "backend=$backend"
	# Gives it the eventfd, too.
	dbgportctl claim --host always
	reload_vendor
	result "the first VM is claimed, backend $backend" \
		test "$("$talk" 0xe9 text)" = "0xe9 0"
	result "and its end is seen, backend $backend" has_ended
	reload_vendor
	result "as is the next one's, backend $backend" \
		test "$("$talk" 0xe9 text)" = "0xe9 0"
done
ktap_finished
