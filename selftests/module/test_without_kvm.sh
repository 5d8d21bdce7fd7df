#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Loading the module on a host without KVM fails, with one line that says why.
. ../lib/ktap.sh || exit
. ../lib/kvm.sh || exit
trap 'kvm_load; rm -rf "$tmp"' EXIT

ktap_print_header
ktap_set_plan 3
kvm_unload

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
