# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests in shell.  To be sourced from a test in its installed directory; brings
# kselftest's KTAP functions along, and a scratch directory $tmp.
# shellcheck source=/dev/null
. ../kselftest/ktap_helpers.sh || exit

# kselftest's runner makes stdout line-buffered this way: not for what a test starts.
unset LD_PRELOAD

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# The file that result() shows the end of: what is under test speaks there.
log=$tmp/log

# await COMMAND...: until it succeeds, for as many seconds as this.  What never comes is
# told: a test that goes on without it would just be slow.
await_s=60
await()
{
	local end=$((SECONDS + await_s))

	until "$@"; do
		if ((SECONDS >= end)); then
			echo "# did not come in $await_s s: $*" >&2
			return 1
		fi
		sleep 0.05
	done
}

# ktap_test_result for conditions whose words must not be split again.
result()
{
	if "${@:2}"; then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1"
		echo "# failed: ${*:2}"
		tail -n 50 "$log" 2>/dev/null | sed 's/^/# /'
	fi
}
