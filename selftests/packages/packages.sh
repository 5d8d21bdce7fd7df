# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests of the packages that "make deb" has made; to be sourced from a test in its
# installed directory.
. ../lib/ktap.sh

top=$(cd ../../.. && pwd)
# shellcheck disable=SC2034 # used by the tests
debs=$top/build/deb
version=$(sed -n 's/^VERSION := //p' "$top/userspace/Makefile")
# shellcheck disable=SC2034 # used by the tests
cache=${DBGPORT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dbgport}

# make_tarball DIR: the tree, as other distributions' packages want it.
make_tarball()
{
	tar -czf "$1/dbgport-$version.tar.gz" -C "$top" --exclude=./build --exclude-vcs \
		--transform "s,^\.,dbgport-$version," .
}

# has LIST FILE...: each is in that list, one a line
has()
{
	local file missing=0

	for file in "${@:2}"; do
		if ! grep -qx "$file" "$1"; then
			echo "there is no $file" >>"$log"
			missing=1
		fi
	done
	return "$missing"
}
