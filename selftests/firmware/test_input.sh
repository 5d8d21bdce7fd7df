#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is typed into firmware and loaders whose serial console is claimed; see boot_input.
set -euo pipefail

boot=$PWD/boot_input
unset OUT
# From where build/ is found.
cd ../../..
DBGPORT_RIG_QEMU=$(selftests/vm/mended_qemu)
export DBGPORT_RIG_QEMU
# Real firmware on one CPU; see "check".
DBGPORT_RIG_TIMEOUT=3400 exec selftests/vm/run -k 6.12 -s 1 -- "$boot"
