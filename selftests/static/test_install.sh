#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is installed serves: programs build with the library, all of it is described,
# it has one version, and nothing stays when it is taken away.
. ./static.sh || exit

root=$tmp/root
library=$top/userspace/libdbgport

# install_with TARGET...: into $root
install_with()
{
	make -s --no-print-directory -C "$top" "$@" BUILD="$tmp/build" PREFIX=/usr \
		DESTDIR="$root" INITRAMFS=/usr/share/initramfs-tools >"$tmp/log" 2>&1 ||
		cat "$tmp/log"
}

# compile SOURCE LANGUAGE FLAG...: against what is installed
compile()
{
	local flags

	flags=$(PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_PATH=$root/usr/lib/pkgconfig \
		pkg-config --cflags --libs libdbgport) || return
	# shellcheck disable=SC2086 # they are several
	cc -Wall -Wextra -Werror -x "$2" "$1" -x none "${@:3}" $flags -I"$root/usr/include" \
		-L"$root/usr/lib" -o "$tmp/program"
}

example_builds()
{
	compile "$root/usr/share/doc/dbgport/examples/vmm.c" c
	(($(wc -l <"$library/examples/vmm.c") <= 200)) || echo "it is long"
}

page_builds()
{
	awk '/^```/ { on = !on; next } on' "$top/Documentation/libdbgport.3.scd" >"$tmp/page.c"
	compile "$tmp/page.c" c
}

header_is_cpp()
{
	echo '#include <libdbgport.h>
		int main() { return dbgport_open("/nothing", nullptr) > 0; }' >"$tmp/main.cc"
	compile "$tmp/main.cc" c++
}

# Of the header, in the head of a page each, and in the library.
functions_described()
{
	grep -o '\bdbgport_[a-z_]*(' "$library/libdbgport.h" | tr -d '(' | sort -u >"$tmp/a"
	[ -s "$tmp/a" ] || echo "there is none"
	sed -n '/^# NAME/,/^# SYN/p' "$top"/Documentation/dbgport_*.3.scd |
		grep -o '\bdbgport_[a-z_]*' | sort -u | diff "$tmp/a" -
	nm "$tmp/build/userspace/libdbgport.a" | sed -n 's/.* T //p' | sort | diff "$tmp/a" -
}

nothing_stays()
{
	find "$root" -type f | grep -q . || echo "nothing was there"
	install_with uninstall uninstall-guest
	find "$root" -type f
	[ ! -e "$root/usr/share/doc/dbgport" ] || echo "the documentation's directory stays"
}

ktap_print_header
ktap_set_plan 6
quiet "it is installed, with what is for guests" install_with install install-guest
quiet "the example VMM builds with the library" example_builds
quiet "the example in libdbgport(3) builds with the library" page_builds
quiet "the header serves C++ too" header_is_cpp
quiet "each function of the library has a manual page" functions_described
quiet "make uninstall and uninstall-guest leave nothing" nothing_stays
ktap_finished
