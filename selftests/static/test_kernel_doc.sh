#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module's docstrings: every parameter, member and return value has its words.
. ./static.sh || exit

cd "$top" || exit
sources=(module/*.[ch] module/uapi/*.h)

ktap_print_header
ktap_set_plan "${#sources[@]}"
for source in "${sources[@]}"; do
	quiet "$source" perl build/scripts/kernel-doc -none -Wall "$source"
done
ktap_finished
