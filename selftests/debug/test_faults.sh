#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# On the debug kernel, requests of the module's are refused; see faults.c.
set -euo pipefail

faults=$PWD/faults
unset OUT
# From where build/ is found.
cd ../../..
exec selftests/vm/run -k debug -- "$faults"
