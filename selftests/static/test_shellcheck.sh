#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Shell scripts, found by their name or first line.
. ./static.sh || exit

is_shell()
{
	[[ $1 == *.sh ]] || head -n 1 "$top/$1" | grep -qE '^#!.*/(ba)?sh\b'
}

# Functions may be called without their optional arguments.
options=(--external-sources --source-path=SCRIPTDIR --exclude='SC2119,SC2120')

scripts=()
while read -r file; do
	! is_shell "$file" || scripts+=("$file")
done < <(files '*')

ktap_print_header
ktap_set_plan "${#scripts[@]}"
for script in "${scripts[@]}"; do
	quiet "$script" shellcheck "${options[@]}" "$top/$script"
done
ktap_finished
