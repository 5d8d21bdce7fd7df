#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's coding style.
. ./static.sh

# Lines may be 100 wide as in the kernel.  What is written for user space has
# no kernel helpers, and no MAINTAINERS.
options=(--no-tree --strict --terse --no-summary --quiet --max-line-length=100)

mapfile -t sources < <(files '*.c' '*.h')

ktap_print_header
ktap_set_plan "${#sources[@]}"
for source in "${sources[@]}"; do
	quiet "$source" perl "$top/build/checkpatch/checkpatch.pl" \
		"${options[@]}" -f "$top/$source"
done
ktap_finished
