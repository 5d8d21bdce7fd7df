#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The rig keeps the promises of selftests/vm/run.  It is used here as it is
# installed by kselftest: from build/selftests/vm.
# shellcheck disable=SC2016,SC1003 # the odd words are the point
. ../lib/ktap.sh || exit

top=$(cd ../../.. && pwd)
run=$top/selftests/vm/run
log=$tmp/stderr
# What failing runs leave behind.
export TMPDIR=$tmp
unset OUT DBGPORT_MODPARAMS DBGPORT_TEST_UNSET

# Runs the rig; $status, $tmp/stdout and $tmp/stderr are what came of it.
rig()
{
	status=0
	"$run" "$@" >"$tmp/stdout" 2>"$tmp/stderr" || status=$?
}

says()
{
	grep -qxF -- "$1" "$tmp/stderr"
}

complains_of()
{
	test "$status" -eq 99 && grep -qF -- "$1" "$tmp/stderr"
}

refused()
{
	rig "$@"
	test "$status" -eq 2 && test "$(wc -l <"$tmp/stderr")" -eq 1
}

ktap_print_header
ktap_set_plan 34

# One boot with all that can be seen from a command that ends as it should.
mkdir "$tmp/out dir"
export DBGPORT_TEST="a  'quoted' \$value"
OUT="$tmp/out dir" rig -- ./rig_job 'two words' "it's" '$HOME `id` \' '' $'new\nline' '*'
unset DBGPORT_TEST
result "exit status is passed through" test "$status" -eq 42
result "stdout is passed through byte by byte" cmp "$tmp/stdout" <(
	head -c 1048576 /dev/zero | tr '\0' '\377')
result "stderr comes separately" says "modprobe finds modules"
result "arguments arrive as they are" says '<two words><it'\''s><$HOME `id` \><><new'
result "working directory is the host's" says "$PWD"
result "environment of the tests is passed on" says "cpus 2, a  'quoted' \$value, unset"
result "default kernel is 6.1" grep -q '^6\.1\.' "$tmp/stderr"
result "KVM and the module are loaded" says "dbgport"
result "group kvm may use both devices" says "/dev/dbgport 660 kvm"
result "dbgportd is on PATH" says "$top/build/userspace/dbgportd"
result "OUT comes back" cmp "$tmp/stdout" "$tmp/out dir/sent"
result "console log is in OUT" grep -q 'Linux version' "$tmp/out dir/console.log"

# A run tells of what it has to build first: that is to be there now.
make -s -C "$top" modules KDIR="$("$top/selftests/vm/kernel" 6.12 kdir)" >/dev/null 2>&1

rig -n -k 6.12 -s 3 -- bash -c 'uname -r; nproc; lsmod | grep -c ^dbgport; kill -9 $$'
result "death by a signal is passed through" test "$status" -eq 137
result "-k -s -n are heeded" grep -qzxP '6\.12\..*\n3\n0\n' "$tmp/stdout"
result "nothing is said of a run that ends as it should" test ! -s "$tmp/stderr"

rig -n -- bash -c 'echo "WARNING: CPU: 0 PID: 1 at here" >/dev/kmsg'
result "kernel warning makes it fail" complains_of "WARNING: CPU: 0 PID: 1 at here"

rig -n -- bash -c 'echo c >/proc/sysrq-trigger'
result "kernel panic makes it fail" complains_of "Kernel panic"

DBGPORT_RIG_TIMEOUT=2 rig -n -- true
result "time limit makes it fail" complains_of "stopped after 2 s"

DBGPORT_RIG_MEMORY=lots rig -n -- true
result "machine that does not start makes it fail" complains_of "lots"

DBGPORT_MODPARAMS=claim=perhaps rig -- true
result "module that does not load makes it fail" complains_of "perhaps"

# Nanoseconds that so many system calls take, which are instructions.
count()
{
	rig -n -i -- perl -MTime::HiRes=clock_gettime,CLOCK_MONOTONIC -e '
		my $from = clock_gettime(CLOCK_MONOTONIC);
		getppid for 1..200000;
		printf "%d\n", (clock_gettime(CLOCK_MONOTONIC) - $from) * 1e9'
	count=$(<"$tmp/stdout")
	test "$status" -eq 0 && test "$count" -gt 0
}
result "-i counts" count
first=$count
counts_the_same()
{
	count && echo "# $first, then $count" && test $(((count - first) * 1000 / first)) -eq 0
}
result "-i counts the same from run to run" counts_the_same

# The processes of a machine that was started here.
machine()
{
	grep -laF "file:$tmp/dbgport-rig." /proc/[0-9]*/cmdline 2>/dev/null
}
"$run" -n -- sleep 1000 >"$tmp/stdout" 2>"$tmp/stderr" &
pid=$!
until machine >/dev/null; do
	sleep 0.1
done
kill "$pid"
status=0
wait "$pid" || status=$?
result "SIGTERM ends it" test "$status" -eq 143
gone()
{
	local tenths

	for ((tenths = 0; tenths < 100; tenths++)); do
		machine >/dev/null || return 0
		sleep 0.1
	done
	return 1
}
result "SIGTERM leaves no machine behind" gone

# The /usr of another suite, with one program.
tools=$tmp/tools
mkdir -p "$tools/usr/bin"
cp "$(command -v busybox)" "$tools/usr/bin/"
cp "$top/selftests/vm/with_tools" "$tools/"
echo "a file of the host" >"$tmp/file"
chmod -R go+rX "$tmp"
with_tools()
{
	(cd "$tmp" && "$@" tools/with_tools "$tools" /usr/bin/busybox sh -c \
		'ls /usr/bin; cat file; ls -d /usr/local/bin') >"$tmp/stdout" 2>"$tmp/stderr"
}
is_other_usr()
{
	with_tools "$@" && cmp "$tmp/stdout" <(echo busybox; cat "$tmp/file"; echo /usr/local/bin)
}
result "a build has the other suite's /usr and the host's files" is_other_usr
result "a build leaves the host's /usr as it is" test -e /usr/bin/env
as_user=(setpriv --reuid 65534 --clear-groups)
if ((EUID == 0)) && "${as_user[@]}" unshare --mount --map-root-user true; then
	result "a build needs no privilege" is_other_usr "${as_user[@]}"
else
	ktap_test_skip "a build needs no privilege: no user namespaces, or already none"
fi

lists_kernels()
{
	rig -h
	while read -r name _; do
		grep -q "^$name " "$tmp/stdout" || return
	done < <(grep -v '^#' "$top/selftests/vm/kernels")
}
result "-h lists the kernels" lists_kernels
result "unknown option is refused" refused -x true
result "unknown kernel is refused" refused -k 2.6 true
result "no CPUs are refused" refused -s 0 true
result "no command is refused" refused -n
export DBGPORT_RIG_TIMEOUT=soon
result "unknown time limit is refused" refused true
unset DBGPORT_RIG_TIMEOUT
export DBGPORT_RIG_ACCEL=xen
result "unknown accelerator is refused" refused -n -- true
unset DBGPORT_RIG_ACCEL

ktap_finished
