# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests of the packages that "make deb" has made; to be sourced from a test in its
# installed directory.
. ../lib/ktap.sh || exit

top=$(cd ../../.. && pwd)
# shellcheck disable=SC2034 # used by the tests
debs=$top/build/deb
version=$(sed -n 's/^VERSION := //p' "$top/userspace/Makefile")
# shellcheck source=../vm/cache.sh
. "$top/selftests/vm/cache.sh"

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

# bootstrap NAME PACKAGES [OPTION...]: a Debian 12 with these, once, in the cache
bootstrap()
{
	local dir=$cache/$1 packages=$2 options=("${@:3}")

	keep "$dir" is_bootstrapped run_mmdebstrap
}

# One that was made in another way is made anew.
is_bootstrapped()
{
	cmp -s "$dir/bootstrapped" <(how)
}

how()
{
	echo "$packages" "${options[@]}"
	declare -f run_mmdebstrap
}

# An initramfs with all modules takes long to make; these are what ours need.  What is
# not whole is not kept.
run_mmdebstrap()
{
	# shellcheck disable=SC2016 # mmdebstrap's shell knows $1
	mmdebstrap --variant=important --include="$packages" --dpkgopt=force-unsafe-io \
		--essential-hook='cd "$1" &&
			mkdir -p etc/initramfs-tools/conf.d usr/share/initramfs-tools/modules.d &&
			echo MODULES=list >etc/initramfs-tools/conf.d/emulator &&
			printf "%s\n" virtio_pci virtio_blk ext4 \
				>usr/share/initramfs-tools/modules.d/emulator' \
		"${options[@]}" bookworm "$new" - >>"$log" 2>&1 <<-'EOT' || exit
		deb http://deb.debian.org/debian bookworm main
		deb http://deb.debian.org/debian bookworm-updates main
		deb http://deb.debian.org/debian-security bookworm-security main
	EOT
	how >"$new/bootstrapped"
}

# mount_over TREE ROOT: what happens in ROOT is forgotten, by umount_over ROOT
mount_over()
{
	mkdir -p "$tmp/over" "$2"
	mount -t tmpfs -o size=2G dbgport "$tmp/over" || return
	mkdir "$tmp/over/upper" "$tmp/over/work"
	mount -t overlay -o "lowerdir=$1,upperdir=$tmp/over/upper,workdir=$tmp/over/work" \
		dbgport "$2"
}

umount_over()
{
	umount -q "$1" "$tmp/over"
}
