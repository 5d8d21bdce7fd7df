#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What dbgportd costs has not changed: instructions for a record, which are exact,
# against what is written down in bench/daemon.expected; and a VM that says nothing
# takes little memory.  A figure that got better is written down anew.
. ../lib/ktap.sh || exit

# What a compiler's update may change.
margin=3
idle_max=2048

# figure WHAT
figure()
{
	awk -F '\t' -v what="$1" '$2 == what { print $3 }' "$tmp/figures"
}

# compare WHAT EXPECTED FIGURE
compare()
{
	local name="$1: ${3:-no figure} instructions a record, $2 expected"

	if awk -v is="${3:-0}" -v was="$2" -v margin=$margin 'BEGIN {
		exit !(is >= was * (1 - margin / 100) && is <= was * (1 + margin / 100)) }'; then
		ktap_test_pass "$name"
	else
		ktap_test_fail "$name, within $margin %"
	fi
}

../bench/daemon >"$tmp/figures" 2>"$tmp/log" || sed 's/^/# /' "$tmp/log"
mapfile -t expected <../bench/daemon.expected

ktap_print_header
ktap_set_plan $((${#expected[@]} + 1))
for line in "${expected[@]}"; do
	IFS=$'\t' read -r what was <<<"$line"
	compare "$what" "$was" "$(figure "$what")"
done
idle=$(figure "idle VM")
name="idle VM: ${idle:-no figure} bytes, at most $idle_max"
if ((${idle:-idle_max + 1} <= idle_max)); then
	ktap_test_pass "$name"
else
	ktap_test_fail "$name"
fi
ktap_finished
