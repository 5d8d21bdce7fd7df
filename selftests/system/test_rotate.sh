#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Rotation: no more on disk than is allowed, at any moment, and nothing missing
# among what is kept.
. ../lib/system.sh || exit

# small DIR BYTES: a disk of hardly more: the last page of each file may be empty in
# part, and there are at most five.
small()
{
	mkdir "$1"
	mount -t tmpfs -o "size=$(($2 + 5 * 4096))" none "$1"
}

# in_order PATH: its files, from the oldest on.
in_order()
{
	local file

	for file in $(find "${1%/*}" -name "${1##*/}.*" | sort -V -r) "$1"; do
		cat "$file"
	done
}

# is_end_of FILE: our input is, and is not empty.
is_end_of()
{
	cat >"$tmp/end"
	test -s "$tmp/end" && tail -c "$(stat -c %s "$tmp/end")" "$1" | cmp - "$tmp/end"
}

# bytes PATH: of all its files.
bytes()
{
	cat "$1" "$1".* | wc -c
}

ktap_print_header
ktap_set_plan 25

reload_module ring=262144
small "$tmp/disk" $((128 * 1024))
small "$tmp/total" $((32 * 1024))
options=(
	--sink "0xe9:file=$tmp/disk/json,format=json,size=32K,keep=3"
	--sink "0xe9:file=$tmp/total/%v.raw,total=32K"
	--sink "0xe9:file=$tmp/all"
)
start_daemon "${options[@]}"
start_bursts vm -l 100 0xe9 0x402
vm=$!
raw=$tmp/total/flood-$vm.raw
burst vm 1
await ends_with_line "$tmp/all" 00000100
result "what fits in is in one file" test ! -e "$tmp/disk/json.1" -a ! -e "$raw.1"
burst vm 59
await ends_with_line "$tmp/all" 00006000
result "a file that is full becomes .1" test -e "$tmp/disk/json.1"
result "so many are kept" test -e "$tmp/disk/json.3" -a ! -e "$tmp/disk/json.4"
result "each is full, and not more" test "$(find "$tmp/disk" -name 'json.*' \
	-size -32769c -size +30000c | wc -l)" -eq 3
count_to 6000 >"$tmp/expected"
result "together they have the end of what there was, without a gap" \
	is_end_of "$tmp/expected" < <(in_order "$tmp/disk/json" | json_lines -)
for file in "$tmp"/disk/json*; do
	is_json "$file" || bad+=" $file"
done
result "each of them is valid JSON" test -z "${bad-}"
result "total= rotates, too" test -e "$raw.1"
result "and keeps within that" test "$(bytes "$raw")" -le $((32 * 1024))
result "but not by much" test "$(bytes "$raw")" -gt $((24 * 1024))
result "together they have the end of the bytes, without a gap" \
	is_end_of "$tmp/expected" < <(in_order "$raw")
result "and are cut where lines end" test "$(find "$tmp/total" -name '*.raw.*' -exec tail -qc 1 {} + |
	tr -d '\n' | wc -c)" -eq 0
result "the disk was never full" test "$(grep -c "No space" "$tmp/log")" -eq 0
result "nothing was dropped" tells .totals.dropped_bytes 0

# Not by SIGHUP, nor by a restart.
kill -HUP "$daemon"
burst vm 1
await ends_with_line "$tmp/all" 00006100
stop_daemon
result "dbgportd ends well" test "$?" -eq 0
start_daemon "${options[@]}"
burst vm 60
await ends_with_line "$tmp/all" 00012100
count_to 12100 >"$tmp/expected"
result "a restarted one goes on in the file that is there" \
	is_end_of "$tmp/expected" < <(in_order "$raw")
result "and counts what it finds" test "$(bytes "$raw")" -le $((32 * 1024))
result "of the other, no more is kept" test ! -e "$tmp/disk/json.4"
result "and nothing is missing" \
	is_end_of "$tmp/expected" < <(in_order "$tmp/disk/json" | json_lines -)
result "the disk was never full" test "$(grep -c "No space" "$tmp/log")" -eq 0

# A lower keep=.
stop_daemon
start_daemon "${options[@]/keep=3/keep=1}"
burst vm 60
await ends_with_line "$tmp/all" 00018100
result "after keep= was lowered, what is more goes" \
	test -e "$tmp/disk/json.1" -a ! -e "$tmp/disk/json.2" -a ! -e "$tmp/disk/json.3"

# Each VM has its own bound.
stop_daemon
umount "$tmp/total"
start_daemon "${options[@]}"
start_bursts other -l 100 0xe9 0x402
other=$!
burst other 60
await ends_with_line "$tmp/all" 00006000
result "another VM has as much for itself" \
	is_end_of <(count_to 6000) < <(in_order "$tmp/total/flood-$other.raw")
result "and keeps within that" test "$(bytes "$tmp/total/flood-$other.raw")" -le $((32 * 1024))
end_child "$vm"
end_child "$other"

# What stands in the way.
mkdir -p "$tmp/way/file.1"
stop_daemon
start_daemon --sink "0xe9:file=$tmp/way/file,size=16K,keep=1" --sink "0x402:file=$tmp/all2,data=bytes"
start_bursts third -l 100 0xe9 0x402
third=$!
burst third 30
await has_bytes "$tmp/all2" 12000
result "what cannot be renamed is told" await said "$tmp/way/file: "
rmdir "$tmp/way/file.1"
result "and done as soon as it can be" await has_bytes "$tmp/way/file.1" 16000
end_child "$third"
await said "flood-$third: gone"
stop_daemon
result "with nothing lost" cmp <(count_to 3000) <(in_order "$tmp/way/file" 2>/dev/null)
umount "$tmp/disk"
ktap_finished
