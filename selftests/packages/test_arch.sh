#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The packages for Arch, as far as Debian's makepkg takes them: not with pacman's
# dependencies, nor on a system of its.
. ./packages.sh || exit

# It refuses to be run by root.
as_nobody()
{
	if ((EUID)); then
		"$@"
	else
		chown -R nobody "$tmp/arch"
		chmod 755 "$tmp"
		setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME="$tmp/arch" "$@"
	fi
}

build()
{
	mkdir "$tmp/arch"
	cp "$top/packaging/arch/PKGBUILD" "$tmp/arch/"
	make_tarball "$tmp/arch"
	cd "$tmp/arch" && as_nobody makepkg --nodeps >"$log" 2>&1
	cd "$OLDPWD" || return
	ls "$tmp"/arch/dbgport-"$version"-1-x86_64.pkg.tar* >>"$log"
}

# package_has PACKAGE FILE...
package_has()
{
	tar -tf "$tmp/arch/$1-$version"-1-x86_64.pkg.tar* >"$tmp/files" 2>>"$log" &&
		has "$tmp/files" "${@:2}"
}

nothing_left()
{
	find "$tmp/arch/src/root" -type f | sed "s,^$tmp/arch/src/root,," >"$tmp/left"
	# What others of the packages have, or the packages themselves.
	grep -v -e '^/usr/share/doc/' -e '^/usr/share/initramfs-tools/' "$tmp/left" >>"$log"
	[ $? = 1 ]
}

ktap_print_header
ktap_set_plan 6
result "makepkg builds them" build
result "the programs and the service" package_has dbgport usr/bin/dbgportd usr/bin/dbgportctl \
	usr/lib/systemd/system/dbgportd.service etc/dbgport/dbgportd.conf
result "the module's source" package_has dbgport-dkms "usr/src/dbgport-$version/dkms.conf" \
	"usr/src/dbgport-$version/module/main.c"
result "the library" package_has libdbgport usr/include/libdbgport.h \
	usr/include/linux/dbgport.h usr/lib/libdbgport.a
result "what is for guests" package_has dbgport-guest usr/bin/dbgport-mark
result "all that is installed is in one of them" nothing_left
ktap_finished
