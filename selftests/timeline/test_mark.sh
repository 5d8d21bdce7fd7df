#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgport-mark: what it is, and what it says of bad input.
. ./files.sh || exit

mark=$(readlink -f ../../userspace/dbgport-mark)
top=$(cd ../../.. && pwd)

# refuses STATUS TEXT ARGUMENT...
refuses()
{
	local status=0

	"$mark" "${@:3}" >"$tmp/out" 2>"$tmp/said" || status=$?
	echo "# status $status: $(cat "$tmp/said")"
	[ "$status" -eq "$1" ] && [ ! -s "$tmp/out" ] && grep -qF -- "$2" "$tmp/said"
}

is_small_and_static()
{
	[ "$(stat -c %s "$mark")" -lt 16384 ] && ! readelf -lW "$mark" | grep -E 'INTERP|DYNAMIC'
}

ktap_print_header
ktap_set_plan 10

result "it is static, and of a few kilobytes" is_small_and_static
result "nothing to mark is told" refuses 2 "what to mark is missing"
result "a code that is too large is told" refuses 2 "0x100 is no code" 0x100
result "a text that is two words is told" refuses 2 "in quotes" two words
result "a port that is none is told" refuses 2 "65536 is no port" --port 65536 x
result "a port without a value is told" refuses 2 "--port needs a value" --port
result "text for the POST port is told" refuses 2 "x is no code" --port 0x80 x
result "an unknown option is told" refuses 2 "unknown option '--colour'" --colour
result "--help says what there is" test "$("$mark" --help | head -n 1)" = "Usage: dbgport-mark CODE"
result "the page names each option that --help does" \
	diff <("$mark" --help | grep -oE -- '--[a-z]+' | sort -u) \
	<(grep -oE '^\*-.*' "$top/Documentation/dbgport-mark.1.scd" | grep -oE -- '--[a-z]+' | sort -u)
ktap_finished
