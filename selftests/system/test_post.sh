#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The POST log: one line per code, as Cloud Hypervisor's specification has it.
. ../lib/system.sh || exit

line()
{
	grep -cE "^\[Debug I/O port: $1 code $2\] [0-9]+\.[0-9]{6} seconds\$" "$tmp/post"
}

logs()
{
	test "$(line "$1" "$2")" -eq 1
}

ktap_print_header
ktap_set_plan 33

reload_module
start_daemon --sink "post:file=$tmp/post,label=no"
"$talk" 0x80 $'\x01\x1f\x20\x3f\x40\x5f\x60\x7f\x80\xff' >/dev/null
await said gone
stop_daemon

while read -r component code; do
	result "code $code is the $component's" logs "$component" "$code"
done <<-EOT
	Firmware 0x1
	Firmware 0x1f
	Bootloader 0x20
	Bootloader 0x3f
	Kernel 0x40
	Kernel 0x5f
	Userspace 0x60
	Userspace 0x7f
	Custom 0x80
	Custom 0xff
EOT

# The log is the default, on standard error.
start_daemon --firmware off
"$talk" 0x80 $'\x42' >/dev/null
await said gone
stop_daemon
result "the log goes to standard error by default" \
	holds "$tmp/log" "[Debug I/O port: Kernel code 0x42] "
result "and nothing to standard output" test ! -s "$tmp/out"

# A VM that begins to speak after more than a second: six digits, not more.
start_daemon --sink post:stdout,label=no
"$talk" -d 1100 0x80 $'\x03' >/dev/null
await said gone
stop_daemon
result "seconds above one are right" \
	grep -qxE '\[Debug I/O port: Firmware code 0x3\] [1-9][0-9]*\.[0-9]{6} seconds' \
	"$tmp/out"

# Wide codes, and other tables.
cat >"$tmp/table" <<-EOT
	# mine
	0x31-0x3f = Loader:
	0x34 = Loader: half way
	0x34333231 = Board: all four bytes
	0x3231 = Board:
EOT
sinks=(--sink "post:file=$tmp/default,label=no")
for table in coreboot ami "$tmp/table"; do
	name=${table##*/}
	sinks+=(--sink "post:file=$tmp/$name.txt,format=text,label=no,table=$table")
	sinks+=(--sink "post:file=$tmp/$name.json,format=json,table=$table")
done
start_daemon "${sinks[@]}"
for width in 1 2 4; do
	"$talk" -w $width 0x80 1234 >/dev/null
done
all_gone()
{
	test "$(grep -c ": gone" "$tmp/log")" -eq 3
}
await all_gone
stop_daemon
# is FILE LINE: it has it.
is()
{
	grep -qxF -- "$2" "$tmp/$1"
}
# has TABLE FIELD VALUE TEXT: in the JSON object of the code with that value.
has()
{
	test "$(jq -r "select(.type == \"code\" and .value == $3) | $2" "$tmp/$1.json")" = "$4"
}
result "coreboot's table" is coreboot.txt "0x34 Romstage: preparing memory initialisation"
result "and its parts in JSON" has coreboot '.component + ", " + .name' 52 \
	"Romstage, preparing memory initialisation"
result "AMI's table" is ami.txt "0x34 PEI: other CPUs"
result "a table of the user's" is table.txt "0x34 Loader: half way"
result "with its ranges" is table.txt "0x33 Loader"
result "a code of 16 bits" is table.txt "0x3231 Board"
result "one of 32 bits" is table.txt "0x34333231 Board: all four bytes"
result "one that is in no table" is table.txt "0x3433 Custom"
result "the width is told" has table .width $((0x34333231)) 4
result "by default a wide code is nobody's" \
	test "$(grep -c "Custom code 0x3231\]" "$tmp/default")" -eq 1
result "and each write is one code" test "$(wc -l <"$tmp/default")" -eq $((4 + 2 + 1))
echo "0x10 Firmware" >"$tmp/table"
dbgportd --sink "post:log,table=$tmp/table" --check-config 2>"$tmp/log"
result "a mistake in a table is told with its line" test "$?" -eq 2 -a \
	"$(grep -cF "$tmp/table:1: " "$tmp/log")" -eq 1

# What Linux's io_delay does.
codes=5000
start_daemon --sink "post:file=$tmp/storm,label=no" \
	--sink "post:file=$tmp/storm.json,format=json" \
	--sink "post:file=$tmp/show,label=no,storm=show"
{
	printf '\x41'
	head -c $codes /dev/zero
	await grep -qsF "not shown" "$tmp/storm"
	printf '\x42'
} | "$say" 0x80
await said gone
stop_daemon
shown()
{
	grep -c " code 0x" "$tmp/$1"
}
count=$(jq -s 'map(select(.type == "storm").count) | add' "$tmp/storm.json")
result "a storm of codes is not shown" test "$(shown storm)" -lt $((codes / 2))
result "but counted" test $(($(shown storm) + count)) -eq $((codes + 2))
result "in the log, too" test "$(sed -n 's/.*\[… \([0-9]*\) codes in .*/\1/p' "$tmp/storm" |
	awk '{ n += $1 } END { print n }')" -eq "$count"
result "which says how to see them" grep -q "storm=show shows them" "$tmp/storm"
result "a code before it is shown" grep -q "Kernel code 0x41" "$tmp/storm"
result "so is one after it" grep -q "Kernel code 0x42" "$tmp/storm"
result "nothing else is left out" test "$(grep -c '"type":"code"' "$tmp/storm.json")" -eq \
	"$(shown storm)"
result "storm=show shows all" test "$(shown show)" -eq $((codes + 2))
ktap_finished
