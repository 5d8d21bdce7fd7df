#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every command is clear about what it does and what was wrong, without a device.
# shellcheck source=/dev/null
. ../kselftest/ktap_helpers.sh || exit

PATH=$(cd ../../.. && pwd)/build/userspace:$PATH
mapfile -t commands < <(dbgportctl complete -- "" | cut -f 1)

# says STATUS TEXT ARGUMENT...: one line on standard error, and nothing else.
says()
{
	local said status=0

	said=$(dbgportctl "${@:3}" 2>&1 >/dev/null) || status=$?
	if [ "$status" = "$1" ] && [ "$said" = "dbgportctl: $2" ] &&
		[ -z "$(dbgportctl "${@:3}" 2>/dev/null)" ]; then
		ktap_test_pass "dbgportctl ${*:3}"
	else
		ktap_test_fail "dbgportctl ${*:3}"
		printf '# %s\n' "status $status: $said"
	fi
}

# helps COMMAND: its help fits in 80 columns, and begins as it should.
helps()
{
	local help

	help=$(dbgportctl "$1" --help) && [[ $help == "Usage: dbgportctl $1 [OPTION]…"* ]] &&
		! LC_ALL=C.UTF-8 grep -q '.\{81\}' <<<"$help"
}

# same COMMAND... -- COMMAND...: both print the same, and something.
same()
{
	local first=()

	while [ "$1" != -- ]; do
		first+=("$1")
		shift
	done
	[ -n "$("${first[@]}")" ] && [ "$("${first[@]}")" = "$("${@:2}")" ]
}

ktap_print_header
ktap_set_plan $((15 + 3 * ${#commands[@]}))
says 2 "it takes a command; see dbgportctl --help"
says 2 "unknown command 'lst'; see dbgportctl --help" lst
says 2 "unknown option '--nothing'; see dbgportctl --help" --nothing list
says 2 "list: unexpected argument 'web'; see dbgportctl list --help" list web
says 2 "tail: unknown option '-x'; see dbgportctl tail --help" tail -x
says 2 "show: it takes VM; see dbgportctl show --help" show
says 2 "detach: unexpected argument 'b'; see dbgportctl detach --help" detach a b
says 2 "attach: it takes either PIDs or --all" attach
says 2 "attach: '1:x' is no PID or PID:FD" attach 1:x
says 1 "/nothing: No such file or directory; load the module: modprobe dbgport" \
	list --device /nothing
says 1 "/dev/null: not the device of the module dbgport, or one too old or too new to say what it is (Inappropriate ioctl for device)" \
	list --device /dev/null
says 2 "unknown command 'lst'; see dbgportctl --help" help lst
says 2 "help: unexpected argument 'show'; see dbgportctl help --help" help list show
ktap_test_result "help alone is --help" same dbgportctl help -- dbgportctl --help
for command in "${commands[@]}"; do
	says 2 "$command: unknown option '--nothing'; see dbgportctl $command --help" \
		"$command" --nothing
	ktap_test_result "$command has its help" helps "$command"
	ktap_test_result "which help $command shows, too" \
		same dbgportctl help "$command" -- dbgportctl "$command" --help
done
ktap_test_result "a full disk is told" eval \
	'dbgportctl --help 2>&1 >/dev/full | grep -q "standard output: No space left"'
ktap_finished
