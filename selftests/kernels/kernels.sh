# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests that build the module in odd ways and load what comes of it; to be
# sourced from a test in its installed directory.  The kernel is that of
# $DBGPORT_TEST_KERNEL, 6.12 if not set.
. ../lib/ktap.sh || exit

top=$(cd ../../.. && pwd)
kernel=${DBGPORT_TEST_KERNEL:-6.12}
# shellcheck disable=SC2034 # used by the tests
kdir=$("$top/selftests/vm/kernel" "$kernel" kdir) || ktap_exit_fail_msg "no kernel $kernel"
jobs=()

# build NAME KDIR VARIABLE=VALUE...: the module, as $tmp/NAME.ko; it must have no
# warning.  What the variables do not change is not built again.
build()
{
	local dir=$tmp/build/${2##*/}

	make --no-print-directory -C "$top" modules BUILD="$dir" KDIR="$2" W=1 \
		"${@:3}" >"$log" 2>&1 && ! grep -E 'warning|error' "$log" &&
		cp "$dir"/*/dbgport.ko "$tmp/$1.ko"
}

# will NAME HOW WORDS...: what "try" shall see of $tmp/NAME.ko.
will()
{
	jobs+=("$tmp/$1.ko" "$2" "$3")
}

# All that was asked for by will, in one rig; its lines are in $tmp/tried.
try_all()
{
	"$top/selftests/vm/run" -n -k "$kernel" -- ./try "${jobs[@]}" >"$tmp/tried" 2>"$log"
}

# tried NAME
tried()
{
	grep -qxF "$1.ko: as expected" "$tmp/tried" || {
		sed -n "s/^$1.ko: /# /p" "$tmp/tried"
		return 1
	}
}

# As the loader sees it: functions of KVM's that the module is linked with.
links()
{
	nm "$tmp/$1.ko" | awk '$1 ~ /^[Uw]$/ && $2 ~ /^kvm_|_kvm$/ { print $2 }'
}
