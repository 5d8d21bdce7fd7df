#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What was ever of interest to the fuzz targets, given to them once more.
# shellcheck source=/dev/null
. ../kselftest/ktap_helpers.sh || exit

corpus=../../../selftests/fuzz/corpus
targets=(fuzz_*)
said=$(mktemp)
trap 'rm -f "$said"' EXIT

# replay TARGET: all of its corpus, which must not be empty.
replay()
{
	"./$1" "$corpus/${1#fuzz_}"/* >"$said" 2>&1
}

ktap_print_header
ktap_set_plan "${#targets[@]}"
for target in "${targets[@]}"; do
	if replay "$target"; then
		ktap_test_pass "$target: $(wc -l <"$said") inputs"
	else
		ktap_test_fail "$target"
		# The last path is that of the input.
		tail -n 40 "$said" | sed 's/^/# /'
	fi
done
ktap_finished
