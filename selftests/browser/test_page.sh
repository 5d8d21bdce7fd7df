#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The page of dbgportctl timeline in Chromium, narrow and wide: all phases are
# there, nothing is wrong in its console, details and zoom work.
. ./boots.sh

page=$tmp/page.html
probe=$tmp/probe.html
# Its end is at a tick of the axis.
code round 3 9000000 100000000 0 0x40 Kernel >>"$tmp/boots.json"
"$dbgportctl" timeline --format html "$tmp/boots.json" -o "$page"

# The same with a script that tries what people do, and leaves what it saw.
{
	sed '/^<\/body>/,$d' "$page"
	cat <<-'END'
		<script>//<![CDATA[
		const seen = document.body.dataset, tip = document.getElementById("tip");
		const over = { bubbles: true };
		seen.overflow = document.documentElement.scrollWidth - innerWidth;
		document.querySelectorAll(".bar")[2].dispatchEvent(new MouseEvent("mouseover", over));
		seen.said = tip.hidden ? "" : tip.textContent.replaceAll("\n", " | ");
		seen.tipped = tip.getBoundingClientRect().right <= innerWidth;
		document.querySelector("h1").dispatchEvent(new MouseEvent("mouseover", over));
		seen.away = tip.hidden;
		const track = document.querySelector(".track"), before = track.clientWidth;
		const inside = (part, whole) => {
			const a = part.getBoundingClientRect(), b = whole.getBoundingClientRect();

			return a.left >= b.left - 1 && a.right <= b.right + 1;
		};
		seen.labels = [...document.querySelectorAll(".axis span")].every(label =>
			inside(label, label.parentElement));
		seen.ticks = document.querySelectorAll(".axis")[0].children.length;
		document.querySelector("button[data-zoom='2']").click();
		seen.zoom = Math.round(track.clientWidth / before);
		seen.more = document.querySelectorAll(".axis")[0].children.length;
		seen.names = [...document.querySelectorAll(".view")].every(view => {
			view.scrollLeft = view.scrollWidth;
			return view.scrollLeft > 0 && [...view.querySelectorAll("em")].every(name =>
				inside(name, view));
		});
		document.querySelector("button[data-zoom='0.5']").click();
		seen.back = track.clientWidth === before;
		seen.images = document.images.length;
		//]]></script>
		</body>
		</html>
	END
} >"$probe"

# browse WIDTH FILE OPTION...
browse()
{
	chromium --headless=old --no-sandbox --disable-gpu --hide-scrollbars --no-first-run \
		--user-data-dir="$tmp/profile" --enable-logging=stderr --log-level=0 \
		--window-size="$1,1000" "${@:3}" "file://$2" 2>"$tmp/log"
}

# saw NAME VALUE: what the probe left.
saw()
{
	local value

	value=$(grep -oP "data-$1=\"\K[^\"]*" "$tmp/dom" | head -n 1)
	echo "# $1: $value"
	[ "$value" = "$2" ]
}

all_phases()
{
	local phase

	for phase in "${phases[@]}"; do
		grep -q "class=\"bar [^>]*data-tip=\"$phase: " "$tmp/dom" || return
	done
}

console_is_silent()
{
	! grep -E 'CONSOLE|Refused|Uncaught' "$tmp/log"
}

# A picture that is not of one colour.
is_drawn()
{
	browse "$1" "$page" --screenshot="$tmp/$1.png" >/dev/null &&
		[ "$(stat -c %s "$tmp/$1.png")" -gt 10000 ]
}

ktap_print_header
ktap_set_plan 28

for width in 400 1280; do
	browse "$width" "$probe" --dump-dom >"$tmp/dom"
	result "$width pixels: every phase is there" all_phases
	result "$width: the console is silent" console_is_silent
	result "$width: nothing is wider than the window" saw overflow 0
	result "$width: details are under the pointer" \
		saw said "Bootloader: 5.000 ms | 0.004000 s to 0.009000 s | codes: 1, lines: 1"
	result "$width: they are in the window" saw tipped true
	result "$width: they go away" saw away true
	result "$width: all of each label on the axis is seen" saw labels true
	result "$width: zoom is twice as wide" saw zoom 2
	result "$width: the ports' names stay in view" saw names true
	result "$width: and back" saw back true
	result "$width: zoom shows more of the axis" test \
		"$(grep -oP 'data-more="\K[0-9]+' "$tmp/dom")" -gt \
		"$(grep -oP 'data-ticks="\K[0-9]+' "$tmp/dom")"
	result "$width: a guest's tags are no elements" saw images 0
	result "$width: it can be drawn" is_drawn "$width"
done

"$dbgportctl" boots "$tmp/boots.json" --format html -o "$page"
browse 400 "$page" --dump-dom >"$tmp/dom"
result "the page of boots has its figures" grep -q '0x20-0x40' "$tmp/dom"
result "its console is silent" console_is_silent
ktap_finished
