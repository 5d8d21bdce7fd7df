# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Files as dbgportd writes them with format=json, made here.  To be sourced.
. ../lib/ktap.sh

# shellcheck disable=SC2034 # used by the tests
dbgportctl=$(readlink -f ../../userspace/dbgportctl)

# object TYPE VM ID ZERO_NS TIME_NS SEQ FIELDS: one line of the file.
object()
{
	printf '{"type":"%s","vm":"%s","vm_id":%d,"pid":77,"time":0,"time_ns":%d,' \
		"$1" "$2" "$3" "$5"
	printf '"monotonic_ns":%d,"realtime":"","seq":%d%s}\n' "$(($4 + $5))" "$6" "${7:+,$7}"
}

# code VM ID ZERO_NS TIME_NS SEQ VALUE COMPONENT
code()
{
	object code "${@:1:5}" \
		"\"port\":128,\"vcpu\":0,\"count\":1,\"claimed\":true,\"width\":1,\"value\":$(($6)),\"component\":\"$7\",\"name\":null"
}

# line VM ID ZERO_NS TIME_NS SEQ PORT TEXT [FIELDS]: TEXT is as JSON has it.
line()
{
	object line "${@:1:5}" \
		"\"port\":$(($6)),\"vcpu\":0,\"count\":3,\"claimed\":true,\"text\":\"$7\"${8:+,$8}"
}
