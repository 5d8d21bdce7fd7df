#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What firmware of three Debians writes, on QEMU's machines; see boot_debian.
set -euo pipefail

boot=$PWD/boot_debian
unset OUT
# From where build/ is found.
cd ../../..
roots=()
for suite in bookworm trixie sid; do
	roots+=("$(selftests/vm/firmware "$suite")")
done
# Real firmware on one CPU; see "check".
DBGPORT_RIG_TIMEOUT=3400 exec selftests/vm/run -k 6.12 -s 1 -- "$boot" "${roots[@]}"
