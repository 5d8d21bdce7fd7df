#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What Linux tells of its initcalls; see boot_initcalls.
. ./job.sh || exit

DBGPORT_RIG_TIMEOUT=1800 run_job boot_initcalls
