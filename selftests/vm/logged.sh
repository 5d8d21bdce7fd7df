# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What takes long and says much; for scripts that have die, and in $log a file's path.
# shellcheck disable=SC2154 # log

# logged COMMAND...: what it says goes to the log, and its end to the user if it fails,
# which is the end.
logged()
{
	"$@" >>"$log" 2>&1 || {
		tail -n 20 "$log" >&2
		die "building failed ($1); all it said is in $log"
	}
}
