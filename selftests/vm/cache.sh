# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Where the rig keeps what was downloaded or built once: $cache; see "kernel".

cache=${DBGPORT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dbgport}
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)

# Programs that pass descriptors on by their numbers to Debian's /bin/sh, as mmdebstrap
# does, fail when those below 10 are taken.  255 is bash's own.
close_inherited()
{
	local fd

	for fd in "/proc/$BASHPID/fd"/*; do
		fd=${fd##*/}
		((fd <= 2 || fd == 9 || fd == 255)) || exec {fd}>&-
	done
}

# remove DIR, unless something is mounted below: a bootstrap that was killed leaves this
# machine's own /proc and /dev/shm there.
remove()
{
	if grep -qF " $1/" /proc/self/mounts; then
		echo "$1 is not removed: unmount what is mounted there first" >&2
		exit 1
	fi
	rm -rf --one-file-system "$1"
}

# keep DIR IS_THERE MAKE: DIR is in the cache, after this.  MAKE fills the directory
# $new, which becomes DIR; IS_THERE says whether what is in DIR will do.  The lock is
# for two runs at once; an interrupted one leaves only DIR.new.
keep()
{
	local new=$1.new

	! "$2" || return 0
	(
		flock 9
		! "$2" || exit 0
		remove "$new"
		mkdir "$new"
		close_inherited
		"$3" 9>&-
		remove "$1"
		mv "$new" "$1"
	) 9>"$1.lock"
}
