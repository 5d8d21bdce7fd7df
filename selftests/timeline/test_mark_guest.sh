#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dbgport-mark in a Linux guest: what it writes, and what is installed there.
. ./files.sh || exit

mark=$(readlink -f ../../userspace/dbgport-mark)
top=$(cd ../../.. && pwd)

# Three lines each on two ports, and codes: before there is a /dev, and after.
make_initramfs()
{
	local dir=$tmp/initramfs

	mkdir -p "$dir"/{bin,dev,etc}
	echo nobody:x:65534:65534::/:/bin/sh >"$dir/etc/passwd"
	ln -s busybox "$dir/bin/sh"
	cp "$(command -v busybox)" "$mark" "$dir/bin/"
	cat >"$dir/init" <<-'END'
		#!/bin/busybox sh
		/bin/dbgport-mark 0x40
		/bin/dbgport-mark "without /dev"
		/bin/dbgport-mark --port 0x402 64
		/bin/busybox mount -t devtmpfs dev /dev
		/bin/dbgport-mark 96
		/bin/dbgport-mark "with /dev"
		/bin/dbgport-mark --port=0x80 0x1 2>/dev/null || /bin/dbgport-mark -- "--port=0x80"
		/bin/dbgport-mark --port 0x80 0x7F
		/bin/busybox su nobody -s /bin/sh -c "/bin/dbgport-mark 0x55" 2>/dev/console
		/bin/busybox poweroff -f
	END
	chmod +x "$dir/init"
	(cd "$dir" && find . | cpio --quiet -o -H newc -R 0:0) >"$tmp/initrd"
}

# In QEMU's own emulation, with its own debug consoles on the three ports.
boot_linux()
{
	timeout 200 qemu-system-x86_64 -accel tcg -m 256 -display none -net none -no-reboot \
		-kernel "$("$top/selftests/vm/kernel" 6.1 vmlinux)" -initrd "$tmp/initrd" \
		-append "quiet loglevel=0 panic=-1 console=ttyS0" -serial "file:$tmp/serial" \
		-device isa-debugcon,iobase=0x80,chardev=post -chardev "file,id=post,path=$tmp/post" \
		-device isa-debugcon,iobase=0xe9,chardev=console \
		-chardev "file,id=console,path=$tmp/console" \
		-device isa-debugcon,iobase=0x402,chardev=firmware \
		-chardev "file,id=firmware,path=$tmp/firmware" </dev/null >"$tmp/log" 2>&1
}

# Linux itself writes there too.
codes_are()
{
	[ "$(tail -c 3 "$tmp/post" | od -An -tx1)" = " $1" ]
}

# The units, where systemd finds their program.
units_are_good()
{
	local unit

	for unit in "$tmp"/root/usr/lib/systemd/system/*.service; do
		sed -i "s|^ExecStart=dbgport-mark|ExecStart=$mark|; /^Documentation/d" "$unit"
	done
	! systemd-analyze verify "$tmp"/root/usr/lib/systemd/system/*.service 2>&1 | grep .
}

install_guest()
{
	make -s -C "$top" install-guest PREFIX=/usr DESTDIR="$tmp/root" BUILD="$tmp/build" \
		>"$tmp/log" 2>&1
}

# The hook as mkinitramfs calls it, which has an environment of its own.
hook_takes_it()
{
	local hook=$tmp/root/etc/initramfs-tools/hooks/dbgport-mark

	mkdir -p "$tmp/target/bin"
	env -i PATH="$tmp/root/usr/bin:/usr/bin:/sbin:/bin" DESTDIR="$tmp/target" verbose=n \
		sh "$hook" && [ -n "$(find "$tmp/target" -name dbgport-mark -perm -111)" ] &&
		[ -z "$(sh "$hook" prereqs)" ]
}

script_is_harmless()
{
	local script=$tmp/root/etc/initramfs-tools/scripts/init-top/dbgport-mark

	# Here it finds no program, or no port that it may use.
	[ -z "$(sh "$script" prereqs)" ] && sh "$script" >"$tmp/log" 2>&1
}

ktap_print_header
ktap_set_plan 10

make_initramfs
result "a Linux guest boots with it" boot_linux
result "codes are written" codes_are "40 60 7f"
result "text is, before there is a /dev and after" \
	diff "$tmp/console" <(printf 'without /dev\nwith /dev\n--port=0x80\n')
result "and numbers as text on other ports" test "$(tail -n 1 "$tmp/firmware")" = 64
result "who is not root is told" grep -q 'be root (CAP_SYS_RAWIO)' "$tmp/serial"

result "make install-guest installs" install_guest
result "the program is there" test -x "$tmp/root/usr/bin/dbgport-mark"
result "systemd takes the units" units_are_good
result "initramfs-tools takes the program" hook_takes_it
result "its script lets each boot go on" script_is_harmless
ktap_finished
