#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# User space can be read in one direction: Documentation/hacking.rst draws it.
# Each rule is broken once, too, in a copy.
. ./static.sh || exit

layers=$PWD/layers
log=$tmp/said

build()
{
	make -s --no-print-directory -j"$(nproc)" -C "$top/userspace" BUILD="$tmp/userspace" CFLAGS=-O0 \
		>"$tmp/build.log" 2>&1 || cat "$tmp/build.log"
}

# breaks FILE LINE: add it to the copy of FILE; prints where it is then.
breaks()
{
	echo "$2" >>"$tmp/broken/$1"
	echo "$1:$(wc -l <"$tmp/broken/$1")"
}

# included FILE WHAT EXPECTED: an include of WHAT in FILE is named so.
included()
{
	local where

	rm -rf "$tmp/broken"
	cp -r "$top/userspace" "$tmp/broken"
	where=$(breaks "$1" "#include \"$2\"")
	"$layers" includes "$tmp/broken" >"$log"
	grep -qxF "$where: $2 $3" "$log"
}

# Two files that use each other, and a third one that uses both.
called()
{
	rm -rf "$tmp/broken"
	mkdir -p "$tmp/broken/obj"
	echo 'int b(void); int a(void) { return b(); }' >"$tmp/broken/a.c"
	echo 'extern int (*c)(void); int b(void) { return c(); }' >"$tmp/broken/b.c"
	echo 'int a(void); int (*c)(void) = a;' >"$tmp/broken/c.c"
	echo 'int a(void), b(void); int main(void) { return a() + b(); }' >"$tmp/broken/main.c"
	for name in a b c main; do
		cc -c -o "$tmp/broken/obj/$name.o" "$tmp/broken/$name.c" || return
	done
	"$layers" calls "$tmp/broken/obj" | sort >"$log"
	diff - "$log" <<-'EOT'
		a: b of b is in a circle
		b: c of c is in a circle
		c: a of a is in a circle
	EOT
}

linked()
{
	"$layers" links "$tmp/userspace/dbgportd" liburing libc >"$log"
	[ "$(wc -l <"$log")" -eq 2 ]
}

ktap_print_header
ktap_set_plan 9
quiet "files include only what lies below, in no circle" "$layers" includes "$top/userspace"
quiet "user space builds" build
quiet "files use each other in no circle" "$layers" calls "$tmp/userspace/obj"
quiet "dbgportctl does not need io_uring" \
	"$layers" links "$tmp/userspace/dbgportctl" liburing
result "an include that goes up is named" included lib/port.c words/format.h "is not for lib"
result "an include that goes across is named" \
	included dbgportctl/main.c dbgportd/router/router.h "is not for dbgportctl"
result "an include that closes a circle is named" \
	included words/entry.h words/format.h "is in a circle"
result "a call that closes a circle is named" called
result "a library that is linked is named" linked
ktap_finished
