# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests of a guest's serial port that dbgport has a hand in; to be sourced after
# system.sh.

# The VMM's end of it: what it hears goes to $tmp/serial, what is typed comes from open_tty.
# shellcheck disable=SC2034 # used by the tests
tty=(
	-chardev "pipe,id=tty,path=$tmp/tty,logfile=$tmp/serial"
	-serial chardev:tty
)

open_tty()
{
	local echoed

	mkfifo "$tmp/tty.in" "$tmp/tty.out"
	exec {typing}<>"$tmp/tty.in" {echoed}<>"$tmp/tty.out"
	start cat <&"$echoed" >/dev/null
}

# type_keys KEYS: as printf's %b has them.
type_keys()
{
	printf %b "$1" >&"$typing"
}

type_line()
{
	echo "$1" >&"$typing"
}

# is_claimed [ID]: some of what that VM has sent.
is_claimed()
{
	[ "$(port_has saved "$@")" -gt 0 ]
}

# port_has FIELD [ID]: what the module has counted at the serial port of VM number ID.
port_has()
{
	dbgportctl show "id:${2-1}" --json | jq ".ports[] | select(.uart).$1"
}
