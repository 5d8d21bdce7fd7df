#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What klog takes for a fault of the kernel, and what not.  The lines are of
# real kernels.  Used as it is installed: from build/selftests/vm.
# shellcheck source=/dev/null
. ../kselftest/ktap_helpers.sh || exit

klog=../../../selftests/vm/klog

faults=(
	'WARNING: CPU: 0 PID: 7 at kernel/softirq.c:362 __local_bh_enable_ip+0x6d/0x80'
	'BUG: kernel NULL pointer dereference, address: 0000000000000000'
	'Oops: 0002 [#1] PREEMPT SMP NOPTI'
	'Oops: int3: 0000 [#1] PREEMPT SMP NOPTI'
	'invalid opcode: 0000 [#1] PREEMPT SMP NOPTI'
	'general protection fault, probably for non-canonical address 0x6b6b6b6b6b6b6b6b'
	'kernel BUG at mm/slub.c:305!'
	'Kernel panic - not syncing: Fatal exception'
	'BUG: KASAN: slab-use-after-free in dbgport_read_iter+0x10/0x20 [dbgport]'
	'UBSAN: array-index-out-of-bounds in module/ring.c:10:3'
	'WARNING: possible circular locking dependency detected'
	'WARNING: suspicious RCU usage'
	'INFO: task rmmod:201 blocked for more than 120 seconds.'
	'rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:'
	'watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [qemu-system-x86:150]'
	'refcount_t: underflow; use-after-free.'
	'BUG: sleeping function called from invalid context at mm/slab.h:494'
	'BUG: scheduling while atomic: kworker/0:1/8/0x00000002'
	'kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)'
	'BUG kmalloc-64 (Tainted: G           OE     ): Poison overwritten'
	'list_del corruption. prev->next should be ffff8881, but was ffff8882'
	'unchecked MSR access error: WRMSR to 0x122 (tried to write 0x0)'
	'Call Trace:'
)
harmless=(
	'dbgport: loading out-of-tree module taints kernel.'
	'dbgport: module verification failed: signature and/or required key missing - tainting kernel'
	'traps: test_read[201] general protection fault ip:401136 sp:7ffd error:0 in test_read'
	'test_read[201]: segfault at 0 ip 0000000000401136 sp 00007ffd error 4 in test_read'
	'clocksource: timekeeping watchdog on CPU1: hpet wd-wd read-back delay of 170us'
	'hrtimer: interrupt took 15152684 ns'
	'mtrr: your CPUs had inconsistent variable MTRR settings'
	'kvm: exiting hardware virtualization'
	'printk: console [ttyS0] enabled'
	'Spectre V2 : WARNING: Unprivileged eBPF is enabled with eIBRS on'
)

# race FUNCTION FUNCTION: what KCSAN reports of two that race.
race()
{
	cat <<-EOT
		==================================================================
		BUG: KCSAN: data-race in ${1%%[[:space:]]*} / ${2%%[[:space:]]*}

		write to 0xffffffff82a3c0c0 of 8 bytes by task 77 on cpu 1:
		 $1
		 kvm_io_bus_write+0x9f/0xe0 [kvm]

		read to 0xffffffff82a3c0c0 of 8 bytes by task 78 on cpu 0:
		 $2

		Reported by Kernel Concurrency Sanitizer on:
		CPU: 0 UID: 0 PID: 78 Comm: dbgportd Tainted: G           O
		==================================================================
	EOT
}

# judge MESSAGES: the exit status of klog.
judge()
{
	local stamp='[    1.234567] '

	"$klog" <(echo "$stamp${1//$'\n'/$'\n'$stamp}") >/dev/null
	echo $?
}

ktap_print_header
ktap_set_plan $((${#faults[@]} + ${#harmless[@]} + 7))
for line in "${faults[@]}"; do
	ktap_test_result "fault: ${line%%#*}" test "$(judge "$line")" -eq 1
done
for line in "${harmless[@]}"; do
	ktap_test_result "harmless: ${line%%#*}" test "$(judge "$line")" -eq 0
done
ours='ring_write+0x55/0x80 [dbgport]'
theirs='tick_do_update_jiffies64+0x120/0x150'
fault="BUG: KASAN: slab-out-of-bounds in ${ours% *}"
ktap_test_result "fault: a data race with the module" \
	test "$(judge "$(race "$theirs" "$ours")")" -eq 1
ktap_test_result "harmless: a data race of the kernel's own" \
	test "$(judge "$(race "$theirs" "$theirs")")" -eq 0
ktap_test_result "fault: one in what the module has copied for it" \
	test "$(judge "$(race "$theirs" "_copy_to_iter+0x9f/0x460"$'\n '"$ours")")" -eq 1
ktap_test_result "harmless: one of the kernel's own that the module calls" \
	test "$(judge "$(race "$theirs" "$theirs"$'\n '"$ours")")" -eq 0
ktap_test_result "fault: something between two races of the kernel's own" \
	test "$(judge "$(race "$theirs" "$theirs"; echo "$fault"; race "$theirs" "$theirs")")" -eq 1
ktap_test_result "fault: something within a race of the kernel's own" \
	test "$(judge "$(race "$theirs" "$theirs"$'\n'"$fault")")" -eq 1
ktap_test_result "fault: something in a report that does not end" \
	test "$(judge "$(race "$theirs" "$theirs"; race "$theirs" "$theirs" | sed '$d')")" -eq 1
ktap_finished
