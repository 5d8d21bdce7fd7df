#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# On the debug kernel, requests of the module's are refused; see faults.c.
set -euo pipefail

faults=$PWD/faults
unset OUT
# From where build/ is found.
cd ../../..
exec env DBGPORT_RIG_TIMEOUT="${DBGPORT_RIG_TIMEOUT-1800}" selftests/vm/run -k debug -- "$faults"
