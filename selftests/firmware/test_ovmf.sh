#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What OVMF writes; see boot_ovmf.
set -euo pipefail

boot=$PWD/boot_ovmf
unset OUT
# From where build/ is found.
cd ../../..
ovmf=$(selftests/vm/debug_ovmf)
DBGPORT_RIG_QEMU=$(selftests/vm/mended_qemu)
export DBGPORT_RIG_QEMU
# Real firmware on one CPU; see "check".
DBGPORT_RIG_TIMEOUT=3400 exec selftests/vm/run -k 6.12 -s 1 -- "$boot" "$ovmf"
