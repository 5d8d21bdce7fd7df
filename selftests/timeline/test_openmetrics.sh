#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportctl boots --format openmetrics: what promtool takes, with the boots that JSON has.
. ./files.sh || exit

# Boots of 10 ms to 1 s, and one that never reaches 0x7f; a phase's name is the user's.
make_boots()
{
	local n zero ms

	for ((n = 1; n <= 100; n++)); do
		zero=$((n * 1000000000)) ms=$((n * 10 * 1000000))
		code "vm-$n" $n $zero 1000000 0 0x00 Firmware
		code "vm-$n" $n $zero $((ms / 2)) 1 0x40 'Ker\"\\nel'
		((n == 7)) || code "vm-$n" $n $zero $ms 2 0x7f Userspace
	done >"$tmp/boots.json"
}

boots()
{
	"$dbgportctl" boots --until 0x7f "$tmp/boots.json" "$@" 2>>"$log"
}

metrics()
{
	boots --format openmetrics
}

is_clean()
{
	metrics | promtool check metrics >"$log" 2>&1 && [ ! -s "$log" ]
}

# value SAMPLE
value()
{
	metrics | awk -v sample="$1" 'index($0, sample " ") == 1 { print $NF }'
}

# Of phases, parts and the whole, as JSON has them.
agrees_with_json()
{
	diff <(boots --json | jq -r '.figures[] | select(.name | startswith("0x") | not).count' | sort) \
		<(metrics | sed -n 's/.*_count.* //p' | sort) >>"$log"
}

# Each is no smaller than the one before, and the last one is all.
grow()
{
	metrics | awk '
		/_bucket/ { if ($NF < last) exit 1; last = $NF }
		/_count/ { if ($NF != last) exit 1; last = 0; n++ }
		END { exit !n }'
}

no_intervals()
{
	! metrics | grep -q 0x
}

make_boots
ktap_print_header
ktap_set_plan 9
result "promtool takes them" is_clean
result "they are of the boots that JSON has" agrees_with_json
result "buckets grow up to the count" grow
result "the seventh is missing of those up to 100 ms" test \
	"$(value 'dbgport_boot_seconds_bucket{le="0.1"}')" = 9
result "the sum is in seconds" test "$(value dbgport_boot_seconds_sum)" = 50.430000000
result "parts of the software stack are told apart from phases" test \
	"$(value 'dbgport_boot_part_seconds_count{part="Userspace"}')" = 99
result "a phase is quoted" test \
	"$(value 'dbgport_boot_phase_seconds_count{phase="Ker\\"\\\\nel"}')" -gt 0
result "intervals between codes, which guests choose, make no labels" no_intervals
result "the end is told" test "$(metrics | tail -n 1)" = "# EOF"
ktap_finished
