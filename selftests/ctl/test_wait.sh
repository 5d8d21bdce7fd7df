#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How dbgportctl wait and on end, which scripts go by.
. ./fake.sh || exit

ktap_print_header
ktap_set_plan 10

vms <<'EOT'
vm 1 web claimed 60
line 1 0xe9 0 5000 ASSERT in y.c
vm 2 gone ended 60
line 2 0xe9 0 5000 Kernel panic
EOT
result "0: it came" ends_with 0 ctl wait web --text ASSERT
result "1: there is no such VM" ends_with 1 ctl wait db --text ASSERT
result "2: not understood" ends_with 2 ctl wait web --text '('
result "3: the VM has ended before it came" ends_with 3 ctl wait gone --text ASSERT
result "which is told" grep -qx 'dbgportctl: it did not come, and the VM has ended' "$log"
result "124: it did not come in time" ends_with 124 ctl wait web --text panic --timeout 1ms
result "a living VM among them is waited for" \
	ends_with 124 ctl wait web gone --text nothing --timeout 1ms
result "the case of letters counts" ends_with 124 ctl wait web --text assert --timeout 1ms
result "unless it is not to, wherever that is said" ends_with 0 ctl wait -i web --text assert
result "and for on, too" ends_with 7 ctl on web --text assert --kept --once --exec 'exit 7' -i
ktap_finished
