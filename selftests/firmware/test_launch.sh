#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A whole Debian from firmware to its login; see boot_launch.
. ./job.sh || exit

disk=$(selftests/vm/debian_disk)
ovmf=$(selftests/vm/debug_ovmf)
run_mended boot_launch "$disk" "$ovmf"
