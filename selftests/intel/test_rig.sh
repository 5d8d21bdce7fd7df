#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The rig keeps the promises of selftests/vm/run with Intel's CPUs, too.
# shellcheck disable=SC2016,SC1003 # the odd words are the point
. ../lib/ktap.sh || exit

top=$(cd ../../.. && pwd)
run=$top/selftests/vm/run
log=$tmp/stderr
# What failing runs leave behind.
export TMPDIR=$tmp
unset OUT DBGPORT_MODPARAMS DBGPORT_RIG_ACCEL DBGPORT_TEST_UNSET

# Runs the rig; $status, $tmp/stdout and $tmp/stderr are what came of it.
rig()
{
	status=0
	"$run" -c intel "$@" >"$tmp/stdout" 2>"$tmp/stderr" || status=$?
}

says()
{
	grep -qxF -- "$1" "$tmp/stderr"
}

refused()
{
	"$run" "$@" >"$tmp/stdout" 2>"$tmp/stderr"
	test $? -eq 2 && test "$(wc -l <"$tmp/stderr")" -eq 1
}

ktap_print_header
ktap_set_plan 19

# It tells of what it has to get and to build first: that is to be there now.
"$top/selftests/vm/bochs" >/dev/null 2>&1
make -s -C "$top" modules KDIR="$("$top/selftests/vm/kernel" 6.12 kdir)" >/dev/null 2>&1

mkdir "$tmp/out dir"
perl -e 'print pack "C*", map { $_ & 255 } 0 .. 4095' >"$tmp/out dir/given"
export DBGPORT_TEST="a  'quoted' \$value"
OUT="$tmp/out dir" rig -k 6.12 -s 2 -- ./rig_job 'two words' "it's" '$HOME `id` \' '' '*'
unset DBGPORT_TEST
result "exit status is passed through" test "$status" -eq 42
result "stdout is passed through byte by byte" cmp "$tmp/stdout" "$tmp/out dir/given"
result "stderr comes separately" says "to stderr"
result "arguments arrive as they are" says '<two words><it'\''s><$HOME `id` \><><*>'
result "working directory is the host's" says "$PWD"
result "environment of the tests is passed on" says "a  'quoted' \$value, unset"
result "OUT comes back" cmp "$tmp/out dir/given" "$tmp/out dir/sent"
result "console log is in OUT" grep -q 'Linux version 6\.12\.' "$tmp/out dir/console.log"
result "-s is heeded" says "2 CPUs"
result "CPUs are Intel's, with VMX" says "GenuineIntel with vmx"
result "IBT is on" says "CET detected: Indirect Branch Tracking enabled"
result "KVM and the module are loaded" says "dbgport kvm kvm_intel"
result "memory of guests is mapped by the CPU" says "ept Y"
result "group kvm may use both devices" says "/dev/dbgport 660 kvm"
result "nothing else is said of a run that ends as it should" \
	test "$(wc -l <"$tmp/stderr")" -eq 10

result "other CPUs are refused" refused -c sparc -n -- true
result "counting is refused" refused -c intel -i -- true
export DBGPORT_RIG_ACCEL=kvm
result "an accelerator is refused" refused -c intel -n -- true
unset DBGPORT_RIG_ACCEL
elsewhere()
(
	cd / && refused -c intel -n -- true
)
result "a directory that is not there is refused" elsewhere
ktap_finished
