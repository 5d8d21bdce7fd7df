#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The control of what the module's tests say on Intel's CPUs: IBT is on there, and a call
# as the module must not make it ends in a panic.
# shellcheck disable=SC2016 # $OUT is the rig's
. ../lib/ktap.sh || exit

top=$(cd ../../.. && pwd)
kernel=6.12
log=$tmp/said
# What failing runs leave behind.
export TMPDIR=$tmp

# rig ARGUMENT...: loads the control in one; $status and $tmp/said are what came of it,
# with the rest in $tmp/out.
rig()
{
	status=0
	mkdir -p "$tmp/out"
	cp "$control" "$tmp/out/control.ko"
	(cd "$top" && OUT=$tmp/out selftests/vm/run -n -k "$kernel" "$@" -- bash -c \
		'insmod "$OUT/control.ko"; dmesg | grep control:') >"$tmp/said" 2>&1 || status=$?
}

says()
{
	grep -qE "\] control: $1\$" "$2"
}

ktap_print_header
ktap_set_plan 6
control=$("$top/selftests/intel/build_control" "$kernel") ||
	ktap_exit_fail_msg "the control cannot be built"

rig
result "without IBT, the direct call returns" says "the direct call gave -12" "$tmp/said"
result "without IBT, the indirect call returns" says "the indirect call gave -12" "$tmp/said"

rig -c intel
console=$tmp/out/console.log
result "IBT is on" grep -q "CET detected: Indirect Branch Tracking enabled" "$console"
result "with IBT, the direct call returns" says "the direct call gave -12" "$console"
does_not_return()
{
	! says "the indirect call gave .*" "$console"
}
result "with IBT, the indirect call does not return" does_not_return
complains_of_endbr()
{
	[ "$status" -eq 99 ] && grep -q "Missing ENDBR: kvm_io_bus_register_dev" "$tmp/said"
}
result "with IBT, the kernel says why, and the rig has failed" complains_of_endbr
ktap_finished
