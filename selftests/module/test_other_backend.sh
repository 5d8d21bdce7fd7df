#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the tests here ask of the backend that the kernel gets by itself, asked of
# ioeventfd: all but what has to do with reads, which that does not answer.
. ../lib/ktap.sh || exit
. ../lib/kvm.sh || exit

export DBGPORT_TEST_BACKEND=ioeventfd

# What is not for it of a test, as options of its harness: reads, what is only true
# where claims follow readers at once, and what is said here.
declare -A without=(
	# It takes a VM in when that is made, with CPUs or without; and not at all if KVM
	# finds a directory of its name, as of a VM that somebody just looks at.
	[test_attach]="-T first_read_is_answered -T a_vm_without_vcpus_leaves_no_trace
		-T first_instruction_is_claimed_whoever_attaches_the_vm"
	[test_claim]="-T decides_who_gets_writes_and_reads_while_all_is_recorded
		-T claiming_one_closed_mid_flood_gives_the_writes_back
		-T the_last_claiming_one_decides -T subscribe_with_known_flags_only"
	# It has a feature of its own.
	[test_info]="-T of_the_module_has_no_feature_that_the_header_does_not_name
		-T of_a_vm_counts_writes_bytes_reads_and_claims_per_port"
	[test_strings]="-T that_are_read_fill_new_pages
		-T and_single_accesses_in_a_row_keep_their_order"
	# It has room for the first 1,024 writes without any memory for more.
	[test_memory]="-T that_is_not_there_costs_records_and_not_the_vmm
		-T is_asked_for_by_many_vcpus_at_once_and_all_go_on_without"
)

# Reads; tests that load each backend themselves; and VMs that are stuck, which hold
# up other things: see test_held.
not_for_it="test_reads test_guest test_params test_created test_rules test_ioeventfd
	test_give test_held test_late test_parked test_ports test_taken test_tee
	test_tee_port test_stuck test_uart"

is_for_it()
{
	[[ " ${not_for_it//[[:space:]]/ } " != *" $1 "* ]]
}

run()
{
	# shellcheck disable=SC2086 # options
	./"$1" ${without[$1]-} >"$log" 2>&1
}

ktap_print_header
if ! kvm_has_ioeventfd; then
	ktap_skip_all "there is no such backend on PREEMPT_RT"
	exit "$KSFT_SKIP"
fi
tests=()
for test in test_*; do
	[[ $test == *.sh ]] || ! is_for_it "$test" || tests+=("$test")
done
ktap_set_plan ${#tests[@]}
for test in "${tests[@]}"; do
	result "$test" run "$test"
done
ktap_finished
