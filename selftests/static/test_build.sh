#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Building and installing: without a warning, beside each other, where told.
. ./static.sh || exit

build_module()
{
	kbuild "$1" W=1 >"$tmp/log" 2>&1 || cat "$tmp/log"
	! grep -E 'warning|error' "$tmp/log"
}

# build_programs CFLAGS: all of user space, what a guest runs included.
build_programs()
{
	local dir

	rm -rf "$tmp/userspace"
	for dir in userspace userspace/mark; do
		make -j"$(nproc)" -C "$top/$dir" BUILD="$tmp/userspace" CFLAGS="$1" || return
	done >"$tmp/log" 2>&1
}

build_userspace()
{
	build_programs "-O2 -Werror" || cat "$tmp/log"
	! grep -E 'warning|error' "$tmp/log"
}

# What is a warning to a compiler of tomorrow must not break an old release's build.
build_as_distributions_do()
{
	local program

	build_programs "-O2 -flto -g -D_FORTIFY_SOURCE=3 -Wconversion" || cat "$tmp/log"
	grep -q warning "$tmp/log" || echo "nothing was warned of"
	for program in dbgportd dbgportctl dbgport-mark; do
		"$tmp/userspace/$program" --version >/dev/null || echo "$program does not run"
	done
}

# Both at once, in one build directory; each must be for its own kernel.
build_both()
{
	local kernel release jobs=()

	rm -rf "$tmp/build"
	for kernel in "${kernels[@]}"; do
		kbuild "$kernel" >"$tmp/both.$kernel" 2>&1 &
		jobs+=("$!")
	done
	wait "${jobs[0]}" || cat "$tmp/both.${kernels[0]}"
	wait "${jobs[1]}" || cat "$tmp/both.${kernels[1]}"
	for kernel in "${kernels[@]}"; do
		release=$("$top/selftests/vm/kernel" "$kernel" release)
		modinfo -F vermagic "$tmp/build/$release/dbgport.ko" |
			grep -q "^$release " || echo "not built for $release"
	done
}

install_to()
{
	make -s --no-print-directory -j"$(nproc)" -C "$top" install BUILD="$tmp/build" \
		PREFIX=/opt/x DESTDIR="$tmp/root" >"$tmp/log" 2>&1 || cat "$tmp/log"
	"$tmp/root/opt/x/bin/dbgportd" --version >/dev/null || echo "no dbgportd"
	[ -f "$tmp/root/opt/x/include/linux/dbgport.h" ] || echo "no dbgport.h"
	[ "$(ls "$tmp/root")" = opt ] || find "$tmp/root"
}

modules_install_to()
{
	local release

	release=$("$top/selftests/vm/kernel" "$1" release)
	make -s --no-print-directory -C "$top" modules_install BUILD="$tmp/build" \
		KDIR="$("$top/selftests/vm/kernel" "$1" kdir)" \
		DESTDIR="$tmp/modules" >"$tmp/log" 2>&1 || cat "$tmp/log"
	find "$tmp/modules/lib/modules/$release" -name 'dbgport.ko*' | grep -q . ||
		echo "no dbgport.ko for $release"
}

# With a key that is made for it, and still when it is installed.
sign_it()
{
	local ko keys=(SIGN_KEY="$tmp/keys/mok.key" SIGN_CERT="$tmp/keys/mok.pub")

	kbuild "$1" sign "${keys[@]}" >"$tmp/log" 2>&1 || cat "$tmp/log"
	grep -q "mok.pub is new" "$tmp/log" || echo "no key was made"
	[ "$(stat -c %a "$tmp/keys/mok.key")" = 600 ] || echo "others can read the key"
	make -s --no-print-directory -C "$top" modules_install BUILD="$tmp/build" \
		KDIR="$("$top/selftests/vm/kernel" "$1" kdir)" \
		DESTDIR="$tmp/signed" >"$tmp/log" 2>&1 || cat "$tmp/log"
	ko=$(find "$tmp/signed" -name dbgport.ko)
	modinfo -F signer "$ko" | grep -q "^DKMS module signing key" || modinfo "$ko"
	# It is that key's, and of all that stands before it.
	is_signed_by "$tmp/keys/mok.pub" "$ko" || echo "the signature does not hold"
	printf x | dd of="$ko" bs=1 seek=1000 conv=notrunc status=none
	! is_signed_by "$tmp/keys/mok.pub" "$ko" || echo "it holds for anything"
}

# is_signed_by CERTIFICATE MODULE: the signature's length stands in the last 40 bytes.
is_signed_by()
{
	local size length

	size=$(stat -c %s "$2")
	length=$((16#$(tail -c 32 "$2" | head -c 4 | od -An -tx1 | tr -d ' ')))
	head -c $((size - 40 - length)) "$2" >"$tmp/content"
	tail -c $((40 + length)) "$2" | head -c "$length" >"$tmp/signature"
	openssl x509 -inform DER -in "$1" -out "$tmp/cert.pem" &&
		openssl smime -verify -binary -inform DER -in "$tmp/signature" \
			-content "$tmp/content" -certfile "$tmp/cert.pem" -noverify -nointern \
			-out /dev/null >/dev/null 2>&1
}

# make takes such a path for two, and would say so in many ways.
refuse_blank()
{
	local dir

	for dir in . userspace userspace/mark; do
		mkdir -p "$tmp/a b/$dir"
		cp "$top/$dir/Makefile" "$tmp/a b/$dir"
		! make -s --no-print-directory -C "$tmp/a b/$dir" 2>"$tmp/log" || echo "it is made"
		grep -q 'whose path has a blank: move it' "$tmp/log" || cat "$tmp/log"
		[ "$(wc -l <"$tmp/log")" = 1 ] || cat "$tmp/log"
	done
}

ktap_print_header
ktap_set_plan 10
for kernel in "${kernels[@]}"; do
	quiet "module for Linux $kernel has no warning" build_module "$kernel"
done
quiet "user space has no warning" build_userspace
quiet "user space builds with a distribution's flags, whatever they warn of" \
	build_as_distributions_do
quiet "a path with a blank is refused in one line" refuse_blank
quiet "builds for two kernels at once do not disturb each other" build_both
quiet "make install goes where it is told" install_to
for kernel in "${kernels[@]}"; do
	quiet "make modules_install for Linux $kernel goes where it is told" \
		modules_install_to "$kernel"
done
quiet "make sign signs what is installed then, and makes a key" sign_it "${kernels[0]}"
ktap_finished
