#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Debian's packages: lintian has nothing against them, each has what it is for, and all
# of the project is one version.
. ./packages.sh || exit

# Errors and warnings.
lintian_is_content()
{
	lintian --fail-on error,warning "$debs"/*.changes >>"$log" 2>&1
}

# files PACKAGE: what it has, in $tmp/PACKAGE.
files()
{
	dpkg-deb -c "$debs/$1"_*.deb | awk '{ sub(/^\./, "", $6); print $6 }' >"$tmp/$1"
}

programs()
{
	local section=/usr/share/man/man

	files dbgport
	has "$tmp/dbgport" /usr/bin/dbgportd /usr/bin/dbgportctl /etc/dbgport/dbgportd.conf \
		'\(/usr\)\?/lib/systemd/system/dbgportd.service' \
		'\(/usr\)\?/lib/udev/rules.d/60-dbgport.rules' \
		/usr/lib/sysusers.d/dbgport.conf /usr/lib/tmpfiles.d/dbgport.conf \
		/usr/share/bash-completion/completions/dbgportctl \
		/usr/share/zsh/vendor-completions/_dbgportctl \
		/usr/share/fish/vendor_completions.d/dbgportctl.fish \
		"${section}1/dbgportd.1.gz" "${section}1/dbgportctl.1.gz" \
		"${section}5/dbgportd.conf.5.gz" /usr/share/doc/dbgport/uapi.rst.gz
}

module()
{
	files dbgport-dkms
	has "$tmp/dbgport-dkms" "/usr/src/dbgport-$version/dkms.conf" \
		"/usr/src/dbgport-$version/Kbuild" \
		"/usr/src/dbgport-$version/module/uapi/dbgport.h" \
		/usr/lib/modprobe.d/dbgport.conf /usr/lib/modules-load.d/dbgport.conf
}

library()
{
	files libdbgport-dev
	has "$tmp/libdbgport-dev" /usr/include/libdbgport.h /usr/include/linux/dbgport.h \
		'/usr/lib/[^/]*/libdbgport.a' '/usr/lib/[^/]*/pkgconfig/libdbgport.pc' \
		/usr/share/man/man3/libdbgport.3.gz /usr/share/doc/libdbgport-dev/examples/vmm.c
}

guest()
{
	files dbgport-guest
	has "$tmp/dbgport-guest" /usr/bin/dbgport-mark \
		'\(/usr\)\?/lib/systemd/system/dbgport-mark-userspace.service' \
		/usr/share/initramfs-tools/hooks/dbgport-mark \
		/usr/share/initramfs-tools/scripts/init-top/dbgport-mark
}

one_version()
{
	local of

	{
		sed -n 's/^MODULE_VERSION("\(.*\)");/module: \1/p' "$top/module/main.c"
		sed -n '1s/.*(\(.*\)).*/Debian: \1/p' "$top/packaging/debian/changelog"
		sed -n 's/^Version: */RPM: /p' "$top/packaging/rpm/dbgport.spec"
		sed -n 's/^pkgver=/Arch: /p' "$top/packaging/arch/PKGBUILD"
	} >"$tmp/versions"
	cat "$tmp/versions" >>"$log"
	[ "$(wc -l <"$tmp/versions")" = 4 ] || return
	while read -r _ of; do
		[ "$of" = "$version" ] || return
	done <"$tmp/versions"
}

ktap_print_header
ktap_set_plan 6
result "lintian finds neither errors nor warnings" lintian_is_content
result "dbgport has the programs, the service and their pages" programs
result "dbgport-dkms has the module's source" module
result "libdbgport-dev has headers, library and example" library
result "dbgport-guest has what marks a boot" guest
result "there is one version" one_version
ktap_finished
