#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Where KVM has to keep page tables for guests, as the CPU's own for them are off (ept=0,
# npt=0), guests in real mode run in other ways, and other exits come between their
# accesses: nothing of that is to be seen in the records.
. ../lib/ktap.sh || exit
. ../lib/kvm.sh || exit
trap 'kvm_unload; kvm_load; rm -rf "$tmp"' EXIT

case $kvm_vendor in
kvm_amd) paging=npt ;;
kvm_intel) paging=ept ;;
*) ktap_exit_fail_msg "there is neither kvm_amd nor kvm_intel" ;;
esac

passes()
{
	"./$1" >"$log" 2>&1
}

ktap_print_header
ktap_set_plan 4
kvm_unload
kvm_load "$paging=0"
result "the CPU's page tables for guests are off" \
	grep -qx '[N0]' "/sys/module/$kvm_vendor/parameters/$paging"
for test in test_guest test_widths test_strings; do
	result "$test passes" passes "$test"
done
ktap_finished
