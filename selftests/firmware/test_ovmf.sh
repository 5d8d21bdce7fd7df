#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What OVMF writes; see boot_ovmf.
. ./job.sh || exit

ovmf=$(selftests/vm/debug_ovmf)
run_mended boot_ovmf "$ovmf"
