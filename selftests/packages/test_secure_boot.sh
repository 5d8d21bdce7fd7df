#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module on hosts with Secure Boot: real firmware that has it on, Debian's kernels,
# which it locks down, and a key of our own, made and enrolled as README says; only
# that the list of enrolled keys is written here, as shim would.
. ./packages.sh || exit

run=$top/selftests/vm/run
lib=$(readlink -f ../lib)
export OUT=$tmp/out

# sign KERNEL: builds and signs the module for it, with one key for all
sign()
{
	make -s -C "$top" sign BUILD="$tmp/build" KDIR="$("$top/selftests/vm/kernel" "$1" kdir)" \
		SIGN_KEY="$tmp/mok.key" SIGN_CERT="$tmp/mok.pub" >>"$log" 2>&1
}

# boot KERNEL COMMAND: bash, on a host whose firmware keeps what it has been told
boot()
{
	"$run" -e "$tmp/variables" -k "$1" -s 1 -n -- bash -c "$prepare; $2" >"$tmp/said" 2>&1
	local status=$?
	cat "$tmp/said" >>"$log"
	return "$status"
}

said()
{
	grep -q -- "$1" "$tmp/said"
}

# What a host has: its key where DKMS keeps it, and the firmware's variables.
efivars=/sys/firmware/efi/efivars
prepare="mkdir -p /var/lib/dkms && cp '$tmp/mok.pub' /var/lib/dkms/mok.pub &&
	modprobe efivarfs && mount -t efivarfs efivarfs $efivars; dmesg | grep -i secure"
unsigned="$top/build/\$(uname -r)/dbgport.ko"
signed="$tmp/build/\$(uname -r)/dbgport.ko"

# enroll: as shim's MokManager, when it has asked on the console
enroll()
{
	openssl x509 -inform DER -in "$tmp/mok.pub" -out "$tmp/mok.pem" &&
		cert-to-efi-sig-list "$tmp/mok.pem" "$tmp/mok.esl" >>"$log" &&
		printf '\7\0\0\0' | cat - "$tmp/mok.esl" >"$tmp/list" &&
		boot 6.1 "cat '$tmp/list' >$efivars/MokListRT-605dab50-e046-4300-abb6-3dd810dd8b23"
}

takes_writes()
{
	boot "$1" "insmod \"$signed\" && '$lib/talk' 0xe9 \$'locked down\n' &&
		dbgportctl tail && dbgportctl doctor"
	said "locked down$"
}

ktap_print_header
ktap_set_plan 12
result "a key is made, and the module signed by it" sign 6.1
result "for another kernel by the same key" sign 6.12
boot 6.1 "insmod \"$unsigned\"; insmod \"$signed\"; dbgportctl doctor"
result "Secure Boot is on, and locks the kernel down" said "locked down from EFI Secure Boot"
result "a module is refused that is not signed, and one by a key that is not enrolled" test \
	"$(grep -c "dbgport.ko: Key was rejected by service" "$tmp/said")" -eq 2
result "the doctor says that the key is not enrolled" said "mok.pub is not enrolled"
result "and what to do" said "mokutil --import /var/lib/dkms/mok.pub; then reboot"
result "the key is enrolled" enroll
boot 6.1 "cat /sys/module/module/parameters/sig_enforce; insmod \"$unsigned\""
result "the kernel takes nothing but signed modules" said "^Y$"
result "so one that is not signed is refused, still" said "dbgport.ko: Key was rejected by service"
for kernel in 6.1 6.12; do
	result "$kernel loads the signed module, which hears a VM" takes_writes "$kernel"
done
result "the doctor is content" said "Secure Boot is on, and .*mok.pub is enrolled"
ktap_finished
