# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests in shell that unload KVM or load it anew, in the rig, or ask what it has.

kvm_vendor=$(lsmod | awk '$1 ~ /^kvm_(amd|intel)$/ { print $1 }')

# The rig keeps an idle VM, so that KVM stays loaded and the scheduler unpatched
# (see its init).  It goes with KVM, and another one takes its place; this file tells
# the next test which.
kvm_idle_vm=/run/idle_vm

kvm_end_idle_vm()
{
	kill "$(cat "$kvm_idle_vm" 2>/dev/null || echo "$DBGPORT_IDLE_VM")"
}

kvm_keep_idle_vm()
{
	perl -e 'open my $kvm, "+<", "/dev/kvm" or die "/dev/kvm: $!\n";
		ioctl $kvm, 0xae01, 0 or die "KVM_CREATE_VM: $!\n";
		sleep' </dev/null >/dev/null 2>&1 3>&- 4>&- &
	echo $! >"$kvm_idle_vm"
}

# What the last test has had open, or a VM, may be closed late.
kvm_unload_vendor()
{
	until rmmod "$kvm_vendor" 2>/dev/null; do
		sleep 0.1
	done
}

# The module has no backend ioeventfd on PREEMPT_RT.
kvm_has_ioeventfd()
{
	[[ $(uname -v) != *" PREEMPT_RT"* ]]
}

# Unload dbgport, the idle VM and KVM.
kvm_unload()
{
	while [[ -e /sys/module/dbgport ]] && ! rmmod dbgport 2>/dev/null; do
		sleep 0.1
	done
	kvm_end_idle_vm
	kvm_unload_vendor
	rmmod kvm || ktap_exit_fail_msg "kvm.ko cannot be unloaded"
}

# kvm_load PARAMETER...: of kvm_amd or kvm_intel.
kvm_load()
{
	modprobe "$kvm_vendor" "$@"
	kvm_keep_idle_vm
}
