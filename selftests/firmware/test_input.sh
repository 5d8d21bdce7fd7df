#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is typed into firmware and loaders whose serial console is claimed; see boot_input.
. ./job.sh || exit

run_mended boot_input
