# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests that are one job in the rig; to be sourced in their installed directory.
set -euo pipefail

jobs=$PWD
unset OUT
# From where build/ is found.
cd ../../..

# run_job JOB ARG...: instead of the test.  Real firmware on one CPU; see "check".
run_job()
{
	DBGPORT_RIG_TIMEOUT=${DBGPORT_RIG_TIMEOUT-3400} exec selftests/vm/run -k 6.12 -s 1 -- \
		"$jobs/$1" "${@:2}"
}

# run_mended JOB ARG...: the same, where UEFI firmware runs.
run_mended()
{
	DBGPORT_RIG_QEMU=$(selftests/vm/mended_qemu)
	export DBGPORT_RIG_QEMU
	run_job "$@"
}
