#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What shows that nothing is lost, once more on dbgportd's poll engine.
export DBGPORTD_ENGINE=poll

status=0
for test in routes stuck kill; do
	"./test_$test.sh" || status=1
done
exit $status
