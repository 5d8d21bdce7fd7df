#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The pages of dbgportctl timeline and boots in Chromium, narrow and wide, light and dark:
# what people do with them works, and nothing is wrong in the console.
. ./boots.sh || exit

# Its end is at a tick of the axis.
code round 3 9000000 100000000 0 0x40 Kernel >>"$tmp/boots.json"
cp probe.js "$tmp"

# chromium_says OPTION... ADDRESS
chromium_says()
{
	chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run \
		--user-data-dir="$tmp/profile" --enable-logging=stderr --log-level=0 "$@" 2>"$tmp/chromium"
}

# browse WIDTH LIGHT|DARK [HASH]: $tmp/page.html in a frame so wide; what is there then goes
# to $tmp/dom.
browse()
{
	local scheme=1

	[ "$2" = light ] || scheme=0
	sed "s/WIDTH/$1/; s|page.html|&${3-}|" frame.html >"$tmp/frame.html"
	chromium_says --allow-file-access-from-files --blink-settings=preferredColorScheme=$scheme \
		--window-size=1400,1000 --virtual-time-budget=5000 --dump-dom \
		"file://$tmp/frame.html" >"$tmp/dom"
}

# left NAME: what the probe left.
left()
{
	xmllint --html --xpath "string(//body/@data-$1)" "$tmp/dom" 2>/dev/null
}

# sees TEXT, and then NAME VALUE of all that it takes.
sees()
{
	local what=$1 failed=0
	shift

	while (($#)); do
		if [ "$(left "$1")" != "$2" ]; then
			echo "# $1: $(left "$1"), and not $2"
			failed=1
		fi
		shift 2
	done
	if ((failed)); then
		ktap_test_fail "$what"
	else
		ktap_test_pass "$what"
	fi
}

console_is_silent()
{
	! grep -E 'CONSOLE|Refused|Uncaught' "$tmp/chromium"
}

# Of this machine, as it is now; until all of it could be seen.
tell_time()
{
	{
		sed '/^<\/body>/,$d' "$tmp/page.html"
		echo '<script>document.body.dataset.height = document.body.offsetHeight;'
		echo 'document.body.dataset.ready = Math.round(performance.now());</script></body></html>'
	} >"$tmp/timed.html"
	chromium_says --dump-dom "file://$tmp/timed.html" >"$tmp/dom"
	echo "# 1,000 boots took $(left ready) ms"
}

ktap_print_header
ktap_set_plan 71

"$dbgportctl" timeline --format html "$tmp/boots.json" -o "$tmp/page.html"
for look in "1280 light" "1280 dark" "400 light" "400 dark"; do
	read -r width scheme <<<"$look"
	browse "$width" "$scheme"
	sees "$look: it is what it is to be" width "$width" \
		dark "$([ "$scheme" = dark ] && echo true || echo false)" end true
	sees "$look: each boot is a bar of its phases, on one scale with an axis" \
		bars "2 6 1" lengths "1000 960 0"
	sees "$look: the longest boot comes first, or the shortest one" \
		sorted "round web db" turned "db web round"
	sees "$look: boots are sorted by name, begin and phases" byname "db round web" \
		bybegin "web db round" bykernel "web round db" kernelup "round web db" \
		column "Kernel, ms" pressed 1
	sees "$look: a click opens a boot, and the address has it" closed 0 open "1 true" hash "#web"
	sees "$look: its phases are there, in one unit" units "begins, ms lasts, ms" \
		phases "Start Firmware Bootloader Kernel Userspace Custom"
	sees "$look: lanes are called by port, and codes by name" \
		lanes "firmware 0x402, post 0x80, console 0xe9" fit true grid true
	sees "$look: a gap has its length, and no hatch" gap "81.000 ms" hatch false
	sees "$look: a drag zooms" dragged 1 zoomed true whole true nearer true back true
	sees "$look: two clicks measure, and so do keys" measured \
		"81.000 ms from 9.000 ms 0x40 Kernel to 90.000 ms 0x60 Userspace" shown "81.000 ms" \
		chosen 2 tip "0x60 Userspace" cleared "" \
		keys "0.100 ms from 1.000 ms SeaBIOS says 0 to 1.100 ms SeaBIOS says 2"
	sees "$look: what is searched for is found" found "web: 1 of 3 boots, 11 marks" rows 11 \
		faint true foundname round none "" everything 3
	sees "$look: nothing is wider than the window" overflow 0 overflowing 0
	echo "# the worst contrast is $(left worst)"
	sees "$look: texts can be read" contrast true
	sees "$look: paper shows what the window does" paper true same true screen true
	sees "$look: a guest's tags are no elements" images 0
	result "$look: the console is silent" console_is_silent
done

many_boots 1000 '""' >"$tmp/many.json"
"$dbgportctl" timeline --format html "$tmp/many.json" -o "$tmp/page.html"
browse 1280 light '#vm-500'
sees "1,000 boots are there, and one is open if the address says so" boots 1000 asked vm-500 \
	opened vm-500
sees "all of them are searched" found "1000 of 1000 boots, 1000 marks"
result "the console is silent" console_is_silent
tell_time

"$dbgportctl" boots --format html "$tmp/many.json" -o "$tmp/page.html"
for width in 1280 400; do
	browse $width dark
	sees "$width: compared boots have figures and bars, and are led to by name" boots 1000 \
		figures 35 linked true opened "" many 0
	result "$width: the console is silent" console_is_silent
done
ktap_finished
