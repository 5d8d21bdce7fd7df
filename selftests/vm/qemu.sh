# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The rig's usual machine, for "run": QEMU, on nested KVM where that is there, else with
# emulated CPUs that have SVM; the host's files come over 9p.
# shellcheck disable=SC2154,SC2034 # variables of "run"

# Nested KVM, or emulated CPUs that have SVM.  The latter take turns in one thread:
# in threads of their own QEMU 7.2 now and then runs code that has been patched,
# and loses the state of a guest whose vCPUs exit all the time - with or without
# the module.  Turns end anywhere, so races are still met.
can_nest()
{
	[[ -r /dev/kvm && -w /dev/kvm ]] && grep -qwE 'svm|vmx' /proc/cpuinfo &&
		grep -qsE '^(1|Y)$' /sys/module/kvm_{amd,intel}/parameters/nested
}

# Firmware that believes a key which comes with it, and what that key is locked with.
ovmf=/usr/share/OVMF
ovmf_key=/usr/share/ovmf/PkKek-1-snakeoil
ovmf_password=snakeoil

machine_check()
{
	accel=${DBGPORT_RIG_ACCEL-}
	[[ ! $count ]] || accel=tcg
	if [[ ! $accel ]]; then
		accel=tcg
		! can_nest || accel=kvm
	fi
	[[ ! $variables || -e $ovmf/OVMF_CODE_4M.snakeoil.fd ]] ||
		fail "there is no firmware for -e: selftests/setup packages"
	case $accel in
	tcg) accel=tcg,thread=single ;;
	kvm)
		can_nest ||
			fail "there is no KVM that nests: see /proc/cpuinfo for svm or vmx, and KVM's parameter nested"
		;;
	*) bad_usage "DBGPORT_RIG_ACCEL takes tcg or kvm, not '$accel'" ;;
	esac
}

machine_build()
{
	tsc_khz=$top/build/rig/tsc_khz
	! newer_than "$tsc_khz" "$here/tsc_khz.c" ||
		cc -O2 -o "$tsc_khz" "$here/tsc_khz.c" || fail "tsc_khz does not compile"
}

qemu_args=()
share()
{
	qemu_args+=(
		-fsdev "local,id=$1,path=${2//,/,,},security_model=none,multidevs=remap${3-}"
		-device "virtio-9p-pci,fsdev=$1,mount_tag=$1"
	)
}

# What Secure Boot takes: the kernel as it is packed, signed by a key that the firmware
# believes.  Sets qemu_args, and image to the kernel.
secure_boot()
{
	image=$tmp/vmlinuz
	[[ -e $variables ]] || cp "$ovmf/OVMF_VARS_4M.snakeoil.fd" "$variables"
	{
		openssl rsa -passin "pass:$ovmf_password" -in "$ovmf_key.key" -out "$tmp/key" &&
			sbsign --key "$tmp/key" --cert "$ovmf_key.pem" --output "$image" \
				"$root/boot/vmlinuz-$release"
	} >/dev/null 2>&1 || fail "vmlinuz-$release could not be signed"
	qemu_args+=(
		-global "driver=cfi.pflash01,property=secure,value=on" -global ICH9-LPC.disable_s3=1
		-drive "if=pflash,format=raw,readonly=on,file=$ovmf/OVMF_CODE_4M.snakeoil.fd"
		-drive "if=pflash,format=raw,file=${variables//,/,,}"
	)
}

machine_start()
{
	local cpu=max,+svm machine=pc image=$root/boot/vmlinux-$release

	share root / ,readonly=on
	share rig "$rig"
	share out "$OUT"
	[[ $accel != kvm ]] || cpu=host
	# KVM on PREEMPT_RT insists on a constant TSC, which TCG has and cannot announce.
	# Under VMware, Linux takes it for granted; what makes it think so are the serial
	# number, QEMU's vmport, and that no other hypervisor is announced.
	if [[ $accel == tcg* && $release == *-rt-* ]]; then
		cpu+=,-hypervisor
		qemu_args+=(-smbios "type=1,serial=VMware-0")
	fi
	[[ ! $count ]] ||
		qemu_args+=(-icount "shift=0,sleep=off" -rtc "base=2025-01-01,clock=vm")
	# TCG hands the host's TSC on.  Under load the kernel finds a wrong rate, by
	# timers that come late, and its clock runs several times too fast.
	if [[ $accel == tcg* && ! $count ]]; then
		cmdline+=" tsc_early_khz=$("$tsc_khz")" || fail "the TSC has no rate"
	fi

	if [[ $variables ]]; then
		machine=q35,smm=on
		secure_boot
	fi

	timeout --kill-after=5 "$timeout" "${DBGPORT_RIG_QEMU:-qemu-system-x86_64}" \
		-nodefaults -no-user-config -display none -no-reboot \
		-machine "$machine" -accel "$accel" -cpu "$cpu" -smp "$cpus" \
		-m "${DBGPORT_RIG_MEMORY:-2G}" \
		-kernel "$image" -initrd "$initramfs" -append "$cmdline" \
		-serial "file:$tmp/console.log" "${qemu_args[@]}" \
		</dev/null >"$tmp/emulator.log" 2>&1 &
	emulator=$!
}

# 9p has brought all of it as it came.
machine_end()
{
	:
}
