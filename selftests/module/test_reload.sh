#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kvm-amd or kvm-intel is unloaded and loaded again below the module: VMs that are
# made then are taken in from their first byte on, and their end is seen.
. ../lib/ktap.sh

talk=$(readlink -f ../lib/talk)
vendor=$(lsmod | awk '$1 ~ /^kvm_(amd|intel)$/ { print $1 }')

# As the rig does, see its init and test_without_kvm.sh.
keep_idle_vm()
{
	exec perl -e 'open my $kvm, "+<", "/dev/kvm" or die "/dev/kvm: $!\n";
		ioctl $kvm, 0xae01, 0 or die "KVM_CREATE_VM: $!\n";
		sleep' </dev/null >/dev/null 2>&1 3>&- 4>&-
}

put_back()
{
	modprobe "$vendor"
	keep_idle_vm &
}
trap 'put_back; rm -rf "$tmp"' EXIT

has_ended()
{
	[ "$(dbgportctl list --json | jq -r '.[-1] | "\(.state) \(.writes)"')" = "ended 4" ]
}

reload_vendor()
{
	until rmmod "$vendor" 2>/dev/null; do
		sleep 0.1
	done
	modprobe "$vendor"
}

backends=(auto)
# There is none on PREEMPT_RT.
[ -e /sys/kernel/realtime ] || backends+=(ioeventfd)

ktap_print_header
ktap_set_plan $((3 * ${#backends[@]}))

kill "$DBGPORT_IDLE_VM"
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
