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

machine_check()
{
	accel=${DBGPORT_RIG_ACCEL-}
	[[ ! $count ]] || accel=tcg
	if [[ ! $accel ]]; then
		accel=tcg
		! can_nest || accel=kvm
	fi
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

machine_start()
{
	local cpu=max,+svm

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

	timeout --kill-after=5 "$timeout" qemu-system-x86_64 \
		-nodefaults -no-user-config -display none -no-reboot \
		-machine pc -accel "$accel" -cpu "$cpu" -smp "$cpus" \
		-m "${DBGPORT_RIG_MEMORY:-2G}" \
		-kernel "$root/boot/vmlinux-$release" -initrd "$initramfs" -append "$cmdline" \
		-serial "file:$tmp/console.log" "${qemu_args[@]}" \
		</dev/null >"$tmp/emulator.log" 2>&1 &
	emulator=$!
}

# 9p has brought all of it as it came.
machine_end()
{
	:
}
