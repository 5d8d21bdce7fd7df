#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What firmware of three Debians writes, on QEMU's machines; see boot_debian.
. ./job.sh || exit

roots=()
for suite in bookworm trixie sid; do
	roots+=("$(selftests/vm/firmware "$suite")")
done
run_job boot_debian "${roots[@]}"
