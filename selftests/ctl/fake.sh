# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests of dbgportctl on this machine, without a module: VMs that are not there.
# To be sourced from a test in its installed directory; brings ktap.sh along.
. ../lib/ktap.sh || exit

PATH=$(cd ../../.. && pwd)/build/userspace:$PATH
export FAKE_DEVICE=$tmp/vms
# No daemon's status but what a test puts there.
export XDG_RUNTIME_DIR=$tmp
export TZ=UTC0

# What can be opened and polled, and never has anything to read.
mkfifo "$tmp/device"
# shellcheck disable=SC2034 # it is only to be open
exec {device_fd}<>"$tmp/device"

# vms: what there is, from stdin, as fake_device.c has it.
vms()
{
	cat >"$FAKE_DEVICE"
}

# ctl COMMAND [ARGUMENT]...: dbgportctl, with these VMs.
ctl()
{
	LD_PRELOAD=$PWD/fake_device.so dbgportctl "$1" --device "$tmp/device" "${@:2}"
}

# ends_with STATUS COMMAND...: what it printed is in $tmp/out, what it told in $log.
ends_with()
{
	local status=0

	"${@:2}" >"$tmp/out" 2>"$log" || status=$?
	[ "$status" = "$1" ]
}

# prints TEXT COMMAND...: exactly that, and no complaint.
prints()
{
	ends_with 0 "${@:2}" && [ ! -s "$log" ] && diff - "$tmp/out" >>"$log" <<<"$1"
}
