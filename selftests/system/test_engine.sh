#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Where io_uring is refused, dbgportd does the same work on poll(2), and says so.
. ../lib/system.sh || exit

no_io_uring=$(readlink -f ../lib/no_io_uring)
sysctl=/proc/sys/kernel/io_uring_disabled
EPERM=1
ENOSYS=38

# Linux 6.1 has no such sysctl.
disabled=0
[ ! -e $sysctl ] || disabled=3

ktap_print_header
ktap_set_plan $((15 + disabled))

# works: what a VM says reaches a pty, a file and standard output.
works()
{
	local vm

	start "$talk" -k 0xe9 $'to the pty\n' 0x402 $'to a line\n' 0x80 $'\x42' >/dev/null
	vm=$!
	await test -c "$run_dir/talk-$vm.console"
	timeout 60 head -n 1 "$run_dir/talk-$vm.console" | grep -qx "to the pty" &&
		await holds "$tmp/out" "to a line" &&
		await holds "$tmp/codes" "Kernel code 0x42" &&
		kill "$vm" && await said "talk-$vm: gone"
}

# with COMMAND...: have dbgportd run by it.
with()
{
	printf '#!/bin/bash\nexec %s %s "$@"\n' "$*" "$dbgportd" >"$tmp/bin/dbgportd"
	chmod +x "$tmp/bin/dbgportd"
}

mkdir "$tmp/bin"
normal_path=$PATH
dbgportd=$(type -P dbgportd)
reload_module

options=(--console pty --post "file=$tmp/codes")
start_daemon "${options[@]}"
result "io_uring is taken where it is" await said "engine uring"
result "and works" works
stop_daemon
result "and ends well" test "$?" -eq 0
result "--version has it" holds <(dbgportd --version) "engine uring (liburing "

start_daemon --engine poll "${options[@]}"
result "poll is taken when it is asked for" await said "engine poll"
result "and works" works
stop_daemon
result "and ends well" test "$?" -eq 0

PATH=$tmp/bin:$PATH
for error in "$EPERM Operation not permitted" "$ENOSYS Function not implemented"; do
	with "$no_io_uring" "${error%% *}"
	start_daemon "${options[@]}"
	result "poll is taken where io_uring is refused, which is said: ${error#* }" \
		await said "engine poll (io_uring is refused: ${error#* })"
	result "and works" works
	stop_daemon
	result "and ends well" test "$?" -eq 0
done
result "--version says the same" holds <(dbgportd --version) \
	"engine poll (io_uring is refused: ${error#* })"
dbgportd --run-dir "$run_dir" --engine uring 2>"$tmp/log"
result "io_uring alone is refused in one line" \
	test "$?" = 1 -a "$(cat "$tmp/log")" = "dbgportd: --engine uring: it is refused: ${error#* }"
PATH=$normal_path

if ((disabled)); then
	before=$(cat $sysctl)
	echo 2 >$sysctl
	start_daemon "${options[@]}"
	result "poll is taken where the sysctl refuses io_uring" \
		await said "engine poll (io_uring is refused: Operation not permitted)"
	result "and works" works
	stop_daemon
	result "and ends well" test "$?" -eq 0
	echo "$before" >$sysctl
fi
ktap_finished
