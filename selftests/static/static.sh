# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For static checks; to be sourced from a test in its installed directory.
. ../lib/ktap.sh || exit

# shellcheck disable=SC2034 # used by the tests
kernels=(6.1 6.12)
top=$(cd ../../.. && pwd)

# files PATTERN...: of the project's sources, relative to its top.
files()
{
	local pattern args=(-false)

	for pattern; do
		args+=(-o -name "$pattern")
	done
	cd "$top" && find module userspace selftests .ci packaging -type f \
		\( "${args[@]}" \) 2>/dev/null | sort
}

# quiet NAME COMMAND...: passes if it succeeds without a word, which are shown.
quiet()
{
	if "${@:2}" >"$tmp/said" 2>&1 && [ ! -s "$tmp/said" ]; then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1"
		sed 's/^/# /' "$tmp/said"
	fi
}

# kbuild KERNEL VARIABLE=VALUE...: the module, in a build directory of its own.
kbuild()
{
	make --no-print-directory -j"$(nproc)" -C "$top" modules BUILD="$tmp/build" \
		KDIR="$("$top/selftests/vm/kernel" "$1" kdir)" "${@:2}"
}
