#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What shows how dbgportd waits and writes, once more on its poll engine.
export DBGPORTD_ENGINE=poll

status=0
for test in lines pty unplug seabios; do
	"./test_$test.sh" || status=1
done
exit $status
