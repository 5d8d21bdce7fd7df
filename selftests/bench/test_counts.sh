#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What an access costs, in instructions, has not changed: within 3 % of the file
# "expected".  Less is a change too, for that file to tell of.
. ../lib/ktap.sh || exit

export DBGPORT_BENCH_UNIT=instructions
kernel=$(uname -r | cut -d. -f1,2)

# The difference to a device that does nothing is what is dbgport's own.
measure()
{
	insmod "${DBGPORT_KO%/*}/floor/dbgport_floor.ko" &&
		./vmm floor "nothing" && ./vmm exit "exit" && ./vmm recorded "recorded" &&
		./vmm claimed "claimed" && ./vmm claimed-ioeventfd "ioeventfd" &&
		./vmm beside-ioeventfd "beside"
}

above()
{
	awk -F '\t' -v OFS='\t' '
		{ print $2, $3 }
		/: nothing/ { sub(/: .*/, "", $2); floor[$2] = $3 }
		/: claimed/ { sub(/: .*/, "", $2); print $2 ": claimed above nothing", $3 - floor[$2] }' "$1"
}

ktap_print_header
if ! grep -q "^$kernel	" expected; then
	ktap_skip_all "there are no figures to expect of Linux $kernel"
	exit "$KSFT_SKIP"
fi
ktap_set_plan "$(grep -c "^$kernel	" expected)"
! [ -e /sys/module/dbgport ] || rmmod dbgport
measure >"$tmp/lines"
above "$tmp/lines" >"$tmp/counted"
while IFS=$'\t' read -r _ what expected; do
	counted=$(awk -F '\t' -v what="$what" '$1 == what { print $2 }' "$tmp/counted")
	name="$what: $expected instructions expected, ${counted:-none} counted"
	if awk -v a="$counted" -v b="$expected" \
		'BEGIN { exit !(a && a <= b * 1.03 && a >= b * 0.97) }'; then
		ktap_test_pass "$name"
	else
		ktap_test_fail "$name"
	fi
done < <(grep "^$kernel	" expected)
ktap_finished
