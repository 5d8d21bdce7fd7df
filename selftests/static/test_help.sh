#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# --help, which is made of the daemon's tables, and the manual page have the
# same options, modes, formats and settings, in the same words.
. ./static.sh

# in_help FROM TO: what --help explains between these lines.
in_help()
{
	sed -n "/^$1/,/^$2/p" "$tmp/help" | sed -n 's/^  \([^ ].*\)/\1/p' | sed 's/  .*//' | sort
}

# in_man SECTION: what the manual page explains there.
in_man()
{
	awk -v head="# $1" '/^# / { here = $0 == head } here' "$top/Documentation/dbgportd.1.scd" |
		sed -n '/^\*/ { :a; /,$/ { N; s/\n/ /; ba; }; s/[*_]//g; p; }' | sort
}

# agree FROM TO SECTION: and there is something to agree on.
agree()
{
	in_help "$1" "$2" >"$tmp/in_help"
	in_man "$3" >"$tmp/in_man"
	[ -s "$tmp/in_help" ] || echo "nothing in --help"
	diff "$tmp/in_help" "$tmp/in_man"
}

# The example is a config file, also with all that is commented out in it.
example()
{
	"$tmp/dbgportd" --config "$1" --check-config >"$tmp/routes" || return
	[ -s "$tmp/routes" ] || echo "no routes"
}

ktap_print_header
ktap_set_plan 6
make -s -C "$top/userspace" BUILD="$tmp" >"$tmp/log" 2>&1 || sed 's/^/# /' "$tmp/log"
"$tmp/dbgportd" --help >"$tmp/help"
quiet "options are the same" agree Usage 'PORT is' OPTIONS
quiet "modes are the same" agree 'MODE is' 'PATH can' MODES
quiet "formats are the same" agree format= 'By default' FORMATS
quiet "settings are the same" agree 'The other KEY' Lines SETTINGS
quiet "the example of a config file is right" example "$top/packaging/dbgportd.conf"
sed 's/^# *\([a-z].* = \)/\1/; s/^#\(\[.*\)/\1/' "$top/packaging/dbgportd.conf" >"$tmp/all.conf"
quiet "so is what is commented out in it" example "$tmp/all.conf"
ktap_finished
