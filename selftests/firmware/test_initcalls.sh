#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What Linux tells of its initcalls; see boot_initcalls.
set -euo pipefail

boot=$PWD/boot_initcalls
unset OUT
# From where build/ is found.
cd ../../..
DBGPORT_RIG_TIMEOUT=1800 exec selftests/vm/run -k 6.12 -s 1 -- "$boot"
