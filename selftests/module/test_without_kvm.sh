#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Loading the module on a host without KVM fails, with one line that says why.
# shellcheck source=/dev/null
. ../kselftest/ktap_helpers.sh

vendor=$(lsmod | awk '$1 ~ /^kvm_(amd|intel)$/ { print $1 }')

# The rig keeps an idle VM, so that KVM stays loaded and the scheduler unpatched
# (see its init).  It goes for this test; another one takes its place.
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
trap put_back EXIT

ktap_print_header
ktap_set_plan 3

rmmod dbgport 2>/dev/null
kill "$DBGPORT_IDLE_VM"
while ! rmmod "$vendor" 2>/dev/null; do
	sleep 0.1
done
rmmod kvm || ktap_exit_fail_msg "kvm.ko cannot be unloaded"

mark="without kvm: $$"
echo "$mark" >/dev/kmsg
insmod "$DBGPORT_KO" 2>/dev/null
status=$?
said=$(dmesg | sed "1,/$mark/d" | grep "dbgport: ")

ktap_test_result "insmod fails" test "$status" -ne 0
ktap_test_result "the module is not there" test ! -e /sys/module/dbgport
lines=$(grep -c 'dbgport: .*KVM.*kvm_put_kvm' <<<"$said")
ktap_test_result "one line names what is missing" \
	test "$lines" -eq 1 -a "$(wc -l <<<"$said")" -eq 1
[ "$lines" -eq 1 ] || echo "$said"
ktap_finished
