# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The rig's machine with Intel's CPUs, for "run": Bochs emulates VMX, and CET, which no
# other emulator does.
#
# It has nothing to share files by, and what it is given to do takes long.  So the rig
# has in its memory those of the host's files that "host_files" takes and what is in
# $OUT; the command's outputs are serial ports, and so is the way back.
# shellcheck disable=SC2154,SC2034 # variables of "run"

# Instructions in a second of the rig's time.
ips=100000000

machine_check()
{
	[[ ! ${DBGPORT_RIG_ACCEL-} ]] ||
		bad_usage "DBGPORT_RIG_ACCEL is not for -c intel, which is always emulated"
	[[ ! $count ]] || bad_usage "-i is not for -c intel"
	[[ ! $variables ]] || bad_usage "-e is not for -c intel"
	megabytes=${DBGPORT_RIG_MEMORY:-1G}
	megabytes=${megabytes/%G/*1024}
	megabytes=${megabytes%M}
	[[ $megabytes =~ ^[1-9][0-9]*(\*1024)?$ ]] ||
		bad_usage "DBGPORT_RIG_MEMORY takes a number of M or G, not '$DBGPORT_RIG_MEMORY'"
	megabytes=$((megabytes))
	[[ $PWD/ == "$top"/* ]] ||
		bad_usage "-c intel has only what is below $top, and essential programs: cd there"
}

machine_build()
{
	bochs=$("$here/bochs") || fail "there is no Bochs"
	"$here/host_files" "$root/lib/modules/$release" "$tmp/host.cpio" ||
		fail "there is no archive of the host's files"
}

# A kernel that makes no use of CET may not even boot where it is: 6.1 does not.
cpu_model()
{
	if grep -qx CONFIG_X86_KERNEL_IBT=y \
		"$root/usr/src/linux-headers-$release/include/config/auto.conf"; then
		echo tigerlake
	else
		echo corei7_haswell_4770
	fi
}

bochsrc()
{
	cat <<-EOF
		config_interface: textconfig
		display_library: term
		cpu: model=$(cpu_model), count=$cpus, ips=$ips, reset_on_triple_fault=0
		memory: guest=$megabytes, host=$megabytes
		romimage: file=\$BXSHARE/BIOS-bochs-latest, options=fastboot
		vgaromimage: file=\$BXSHARE/VGABIOS-lgpl-latest
		pci: enabled=1, chipset=i440fx
		ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
		ata1: enabled=0
		ata0-master: type=disk, mode=flat, path=$tmp/boot.img, cylinders=0
		boot: disk
		clock: sync=none, time0=utc
		panic: action=fatal
		error: action=ignore
		com1: enabled=1, mode=file, dev=$tmp/console.log
		com2: enabled=1, mode=file, dev=$rig/stdout
		com3: enabled=1, mode=file, dev=$rig/stderr
		com4: enabled=1, mode=file, dev=$tmp/back.tar.gz
	EOF
}

# What is shared, as an initramfs.
job()
{
	local dir=$tmp/job/run

	mkdir -p "$dir/rig"
	cp "$rig"/{init,job} "$dir/rig"
	ln -s /dev/ttyS1 "$dir/rig/stdout"
	ln -s /dev/ttyS2 "$dir/rig/stderr"
	cp -a "$OUT" "$dir/out"
	(cd "$tmp/job" && find run | cpio --quiet -o -H newc -R 0:0)
}

machine_start()
{
	local screen

	# Its clock runs with the instructions, not at the rate that CPUID tells.  What ITS
	# is fought with makes pages writable and executable, before any module is there.
	# If the kernel panics, Bochs ends with the triple fault.
	cmdline+=" tsc_early_khz=$((ips / 1000)) hpet=disable indirect_target_selection=off"
	cmdline+=" reboot=t host=here"
	# GRUB is slower at reading than Linux at unpacking.
	job | cat "$tmp/host.cpio" "$initramfs" - | zstd -q -T0 -o "$tmp/initramfs"
	"$here/boot_disk" "$bochs" "$root/boot/vmlinuz-$release" "$tmp/initramfs" "$cmdline" \
		"$tmp/boot.img" || fail "there is no disk to boot"
	bochsrc >"$tmp/bochsrc"

	TERM=xterm timeout --kill-after=5 "$timeout" "$bochs/start" bochs-bin -q \
		-f "$tmp/bochsrc" -log "$tmp/bochs.log" </dev/null >"$tmp/screen" 2>&1 &
	emulator=$!
	# Its screen is a new terminal; when nobody reads it, Bochs waits.
	until screen=$(grep -aom 1 '/dev/pts/[0-9]*' "$tmp/screen"); do
		kill -0 "$emulator" 2>/dev/null || return 0
		sleep 0.1
	done
	cat "$screen" >/dev/null 2>&1 &
}

# Bochs's own exit status says nothing.
machine_end()
{
	local back=$tmp/back.tar.gz

	grep -a '>>PANIC<<' "$tmp/bochs.log" >"$tmp/emulator.log" || true
	[[ -s $back ]] || return 0
	if ! { tar -xzf "$back" -C "$tmp" rig &&
		tar -xzf "$back" -C "$OUT" --strip-components=1 out; }; then
		say "what came back is not whole"
		rm -f "$rig/status"
	fi
}
