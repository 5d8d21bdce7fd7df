#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Faults of the kernel's own test modules make the rig fail on debug kernels.
. ../lib/ktap.sh || exit

top=$(cd ../../.. && pwd)
run=$top/selftests/vm/run
log=$tmp/said
# What failing runs leave behind.
export TMPDIR=$tmp
unset OUT

# rig KERNEL COMMAND: runs it; $status and $tmp/said are what came of it.
rig()
{
	status=0
	"$run" -n -k "$1" -- bash -c "$2" >"$tmp/said" 2>&1 || status=$?
}

complains_of()
{
	[ "$status" -eq 99 ] && grep -qE -- "$1" "$tmp/said"
}

ktap_print_header
ktap_set_plan 9

rig kcsan true
result "nothing is said without a fault on kcsan" [ "$status" -eq 0 ]

rig debug 'cd /sys/kernel/debug && ls -d failslab fail_page_alloc fail_usercopy kcov'
result "nothing is said without a fault on debug" [ "$status" -eq 0 ]
result "faults can be injected, coverage can be had" \
	[ "$(grep -cv "^rig: " "$tmp/said")" -eq 4 ]

# The rig has built it.
result "the module's coverage can be had" grep -q __sanitizer_cov_trace_pc \
	"$top/build/$("$top/selftests/vm/kernel" debug release)/dbgport.ko"

rig debug 'modprobe kmemleak-test; modprobe lkdtm
	cd /sys/kernel/debug/provoke-crash
	echo READ_AFTER_FREE >DIRECT; echo ARRAY_BOUNDS >DIRECT; exit 0'
result "KASAN's report fails" complains_of 'KASAN: slab-use-after-free in lkdtm_'
result "UBSAN's report fails" complains_of 'UBSAN: array-index-out-of-bounds'
result "a leak fails" complains_of 'kmemleak: [0-9]+ new suspected memory leaks'
result "a leak is shown" grep -q '\[kmemleak_test\]' "$tmp/said"

rig debug 'modprobe lkdtm; echo SPINLOCKUP >/sys/kernel/debug/provoke-crash/DIRECT'
result "lockdep's report fails" complains_of 'lock held when returning to user space'
ktap_finished
