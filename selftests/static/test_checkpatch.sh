#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's coding style.
. ./static.sh || exit

options=(--no-tree --strict --terse --no-summary --quiet --max-line-length=100)

# Headers for user space, and user space itself, have neither the kernel's
# macros nor its types; and kselftest's macros look as they do.
not_in_kernel=BIT_MACRO,PREFER_KERNEL_TYPES,PREFER_DEFINED_ATTRIBUTE_MACRO
not_in_kernel+=,MACRO_ARG_REUSE,COMPLEX_MACRO

# ignored FILE: the types of message that do not apply to it.
ignored()
{
	case $1 in
	module/uapi/*) echo BIT_MACRO ;;
	module/*) ;;
	# libnats' names.
	*/nats/server.c | */nats_client.c | */fleet/jetstream.c | */nats_options.[ch])
		echo "$not_in_kernel,CAMELCASE" ;;
	*) echo "$not_in_kernel" ;;
	esac
}

# Where names in CamelCase come up, it looks for the kernel's own ones, and keeps them.
mkdir "$tmp/include"
options+=(--root "$tmp")
cd "$tmp" || exit

mapfile -t sources < <(files '*.c' '*.h')

# check FILE: what checkpatch says of it goes to $tmp/FILE.
check()
{
	mkdir -p "$tmp/${1%/*}"
	perl "$top/build/scripts/checkpatch.pl" "${options[@]}" \
		--ignore "$(ignored "$1")" -f "$top/$1" >"$tmp/$1" 2>&1 || echo >>"$tmp/$1"
}

ktap_print_header
ktap_set_plan "${#sources[@]}"
for source in "${sources[@]}"; do
	# So many at a time as there are CPUs.
	(($(jobs -rp | wc -l) < $(nproc))) || wait -n
	check "$source" &
done
wait
for source in "${sources[@]}"; do
	quiet "$source" cat "$tmp/$source"
done
ktap_finished
