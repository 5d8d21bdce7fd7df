#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# sparse: address spaces, contexts, types.
. ./static.sh || exit

# What the checker says about other people's headers is not ours.
module()
{
	kbuild "$1" C=2 >"$tmp/log" 2>&1 || cat "$tmp/log"
	grep -q 'CHECK.*module/ring.c' "$tmp/log" || echo "sparse did not run"
	! grep -E '(^|/)module/[^:]*: *(warning|error)' "$tmp/log"
}

userspace()
{
	local source

	cd "$top/userspace" || return
	for source in */*.c */*/*.c; do
		sparse -D_GNU_SOURCE -DDBGPORTD_VERSION='""' -DLIBURING_VERSION='""' \
			-I. -Ilibdbgport -I../module/uapi "$source"
	done >"$tmp/log" 2>&1
	! grep -E '^[a-z][a-z_/]*\.[ch]:[0-9]+:[0-9]+: *(warning|error)' "$tmp/log"
}

ktap_print_header
ktap_set_plan 3
for kernel in "${kernels[@]}"; do
	quiet "module on Linux $kernel" module "$kernel"
done
quiet "user space" userspace
ktap_finished
