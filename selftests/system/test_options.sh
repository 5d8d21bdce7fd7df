#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgportd's command line as one who uses it meets it.
. ../lib/system.sh || exit

# refuses OPTION...: says why and where help is, and ends with 2.
refuses()
{
	local status=0

	dbgportd --run-dir "$run_dir" "$@" >"$tmp/out" 2>"$tmp/log" || status=$?
	test "$status" -eq 2 && test ! -s "$tmp/out" &&
		test "$(wc -l <"$tmp/log")" -eq 2 && said "Try 'dbgportd --help'."
}

# ends_with STATUS TEXT OPTION...: one line that has TEXT, and ends with STATUS.
ends_with()
{
	local status=0

	timeout 20 dbgportd "${@:3}" >"$tmp/out" 2>"$tmp/log" || status=$?
	test "$status" -eq "$1" && test "$(wc -l <"$tmp/log")" -eq 1 && said "$2"
}

refuses_to_start()
{
	ends_with 1 "$1" "${@:2}"
}

accepts()
{
	rm -rf "$run_dir"
	start_daemon "$@"
	stop_daemon
}

ktap_print_header
ktap_set_plan 40

reload_module
dbgportd --help >"$tmp/out" 2>"$tmp/log"
result "--help ends with 0" test "$?" -eq 0
for option in --console --firmware --post --device --run-dir --engine --help --version; do
	result "--help tells of $option" holds "$tmp/out" "$option"
done
dbgportd --version >"$tmp/out" 2>"$tmp/log"
result "--version ends with 0" test "$?" -eq 0
result "--version has the version" grep -qE '^dbgportd [0-9]+\.[0-9]+' "$tmp/out"
result "--version has the ABI" holds "$tmp/out" "ABI 1"

result "an unknown option is refused" refuses --colour
result "a stray word is refused" refuses stdout
result "an option without its value is refused" refuses --console
result "an empty mode is refused" refuses --console ""
result "an unknown mode is refused" refuses --console loud
result "socket is refused" refuses --console socket=/tmp/s
result "iobase without a mode is refused" refuses --console iobase=0xe9
result "iobase without 0x is refused" refuses --console pty,iobase=e9
result "iobase beyond 16 bits is refused" refuses --console pty,iobase=0x10000
result "iobase on the POST port is refused" refuses --console pty,iobase=0x80
result "iobase on the firmware port is refused" refuses --console pty,iobase=0x402
result "iobase for another port is refused" refuses --firmware stdout,iobase=0x402
result "a file without a path is refused" refuses --console file=
result "an unknown % in a path is refused" refuses --firmware "file=$tmp/%x"
result "log is for POST codes only" refuses --firmware log
result "an unknown engine is refused" refuses --engine epoll

result "off wins over pty" accepts --console pty,off
result "every mode is accepted for the console" accepts --console null
result "a file is accepted for the console" \
	accepts --console "file=$tmp/console,iobase=0xe9"
result "a file of a VM is accepted" accepts --firmware "file=$tmp/%v"
result "everything off is refused" \
	refuses --console off --firmware off --post off

result "tty without a terminal is refused" \
	refuses_to_start terminal --run-dir "$run_dir" --firmware tty
result "a port that the module does not take is named" \
	refuses_to_start 0x3f8 --run-dir "$run_dir" --console null,iobase=0x3f8
result "an unwritable file is named" refuses_to_start "$tmp/no/such" \
	--run-dir "$run_dir" --firmware "file=$tmp/no/such"
result "a bad run directory is named" refuses_to_start "$tmp/no/such" \
	--run-dir "$tmp/no/such"
start_daemon
result "two daemons do not share a run directory" \
	refuses_to_start "another dbgportd" --run-dir "$run_dir"
stop_daemon
result "what is no dbgport device is refused" \
	ends_with 3 /dev/null --run-dir "$run_dir" --device /dev/null
unload_module
result "a missing module is named, and the remedy" \
	ends_with 3 "modprobe dbgport" --run-dir "$run_dir"
ktap_finished
