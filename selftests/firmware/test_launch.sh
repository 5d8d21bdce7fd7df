#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A whole Debian from firmware to its login; see boot_launch.
set -euo pipefail

boot=$PWD/boot_launch
unset OUT
# From where build/ is found.
cd ../../..
disk=$(selftests/vm/debian_disk)
ovmf=$(selftests/vm/debug_ovmf)
DBGPORT_RIG_QEMU=$(selftests/vm/mended_qemu)
export DBGPORT_RIG_QEMU
# Real firmware on one CPU; see "check".
DBGPORT_RIG_TIMEOUT=3400 exec selftests/vm/run -k 6.12 -s 1 -- "$boot" "$disk" "$ovmf"
