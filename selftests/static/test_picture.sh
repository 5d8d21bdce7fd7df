#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The picture of what an access costs has the figures that are written beside it, and what
# draws it can draw others.
. ./static.sh || exit

picture=$top/selftests/bench/picture
page=$top/Documentation/performance.rst

# Of question a, as its program prints them: the column outb.
figures()
{
	awk '/^\(a\) What one access costs/ { on = 1 } /^\(b\)/ { exit }
		on && /  +[0-9,]+ +[0-9,]+/ { what = $0
			sub(/  .*/, "", what)
			split(substr($0, length(what) + 1), column, " ")
			gsub(/,/, "", column[1])
			printf "a\toutb: %s\t%s\tinstructions\n", what, column[1] }' "$page"
}

# The one of the documentation, from the figures there.
is_up_to_date()
{
	local -A pictured

	eval "$(sed -n '/^declare -A pictured/,/^)/p; /^pictured\[a\]+=/p' "$top/selftests/bench/run" |
		sed 's/^declare -A //')"
	figures | "$picture" "What one access costs (Linux 6.12)" "${pictured[a]}" >"$tmp/access.svg" &&
		[ "$(grep -c '<rect x' "$tmp/access.svg")" -eq 5 ] &&
		diff "$top/Documentation/access.svg" "$tmp/access.svg"
}

# values CLASS: what is written in that style.
values()
{
	xmllint --xpath "//*[local-name()='text'][@class='$1']/text()" "$tmp/picture.svg" | xargs
}

# drawn TITLE WANTED, with lines "WHAT FIGURE UNIT" on stdin.
drawn()
{
	awk -v OFS='\t' '{ print "q", $1 ": " $2, $3, $4 }' | "$picture" "$@" >"$tmp/picture.svg" &&
		xmllint --noout "$tmp/picture.svg"
}

# saw CLASS VALUES
saw()
{
	[ "$(values "$1")" = "$2" ] || echo "$1: $(values "$1")"
}

ktap_print_header
ktap_set_plan 6

quiet "the picture of the documentation is that of its figures" is_up_to_date
quiet "a picture is well-formed" drawn "a < b & c" <<'EOT'
out long<est> 2100 ns
out dbgport,claimed 0.5 ns
out other 1234567 bytes
in between 1000.5 ns
EOT
quiet "the shortest bar comes first" saw what \
	"dbgport,claimed long&lt;est&gt; ns other bytes between ns"
quiet "each bar has its figure" saw figure "0.5 2,100 1,234,567 1,000"
quiet "each unit has its axis, all over the picture" saw tick \
	"0 500 1,000 1,500 2,000 0 200,000 400,000 600,000 800,000 1,000,000 1,200,000 0 500 1,000 1,500 2,000"
quiet "what stands out is dbgport's" test "$(grep -c 'class="ours"' "$tmp/picture.svg")" -eq 1
ktap_finished
