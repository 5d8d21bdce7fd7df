# SPDX-License-Identifier: GPL-2.0
#
# For the questions: a dbgportd that runs while something is measured.  $tmp is theirs.
# shellcheck shell=bash disable=SC2154

# What all CPUs have been busy for, in ns: who boots or writes waits for much.
busy()
{
	awk '/^cpu/ { sum += $8 } END { printf "%.0f\n", sum }' /proc/schedstat
}

# start_dbgportd OPTION...: it reads what is written from now on.
start_dbgportd()
{
	dbgportd --config /dev/null --run-dir "$tmp/run" "$@" >/dev/null 2>"$tmp/log" &
	dbgportd=$!
	until [[ -e $tmp/run/status.json ]]; do
		sleep 0.1
		if ! [[ -e /proc/$dbgportd ]]; then
			cat "$tmp/log" >&2
			return 1
		fi
	done
}

end_dbgportd()
{
	kill "$dbgportd"
	wait "$dbgportd"
	rm -rf "$tmp/run"
}

# had_all: no record is missing from what the last dbgportd wrote.
had_all()
{
	if ! grep -q 'lost: 0, to no sink: 0' "$tmp/log" || grep -q dropped "$tmp/log"; then
		cat "$tmp/log" >&2
		return 1
	fi
}
