/* SPDX-License-Identifier: GPL-2.0 */
/* Details under the pointer, and zoom.  The page says all without it. */
"use strict";
(function () {
	const units = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]];
	const tip = document.getElementById("tip");

	/* The smallest of 1, 2, 5, 10 … that leaves each tick so many pixels. */
	function step(total, width) {
		const least = total * 90 / width;
		let s = 1;

		for (;; s *= 10)
			for (const f of [1, 2, 5])
				if (s * f >= least)
					return s * f;
	}

	function draw_axis(track) {
		const total = Number(track.dataset.total), axis = track.querySelector(".axis");
		const s = step(total, track.clientWidth);
		const unit = units.find(u => s >= u[0]);

		axis.replaceChildren();
		for (let ns = 0; total && ns <= total; ns += s) {
			const label = document.createElement("span");

			label.style.left = 100 * ns / total + "%";
			label.textContent = Math.round(ns / unit[0]) + " " + unit[1];
			axis.append(label);
			if (label.offsetLeft + label.offsetWidth > axis.clientWidth)
				label.className = "before";
		}
	}

	/* So many times as wide as the view; what is at pixel @x of that stays there. */
	function zoom(view, factor, x) {
		const track = view.firstElementChild;
		const before = track.clientWidth, at = (view.scrollLeft + x) / before;
		const times = Math.min(Math.max(before / view.clientWidth * factor, 1), 1000);

		track.style.width = 100 * times + "%";
		draw_axis(track);
		view.scrollLeft = at * track.clientWidth - x;
	}

	for (const view of document.querySelectorAll(".view")) {
		view.addEventListener("wheel", event => {
			if (!event.ctrlKey && !event.shiftKey)
				return;
			event.preventDefault();
			zoom(view, (event.deltaY || event.deltaX) < 0 ? 1.3 : 1 / 1.3,
			     event.clientX - view.getBoundingClientRect().left);
		}, { passive: false });
		draw_axis(view.firstElementChild);
	}
	window.addEventListener("resize", () =>
		document.querySelectorAll(".track").forEach(draw_axis));

	for (const button of document.querySelectorAll("button[data-zoom]"))
		button.addEventListener("click", () => {
			const factor = Number(button.dataset.zoom);

			for (const view of document.querySelectorAll(".view"))
				zoom(view, factor, view.clientWidth / 2);
		});

	function show(target) {
		const box = target.getBoundingClientRect();

		tip.textContent = target.dataset.tip;
		tip.hidden = false;
		tip.style.left = Math.max(4, Math.min(box.left, innerWidth - tip.offsetWidth - 4)) + "px";
		tip.style.top = box.bottom + tip.offsetHeight + 8 < innerHeight ?
			box.bottom + 4 + "px" : box.top - tip.offsetHeight - 4 + "px";
	}

	function seen(event) {
		const target = event.target.closest && event.target.closest("[data-tip]");

		if (target)
			show(target);
		else
			tip.hidden = true;
	}

	document.addEventListener("mouseover", seen);
	document.addEventListener("focusin", seen);
	document.addEventListener("click", seen);
	document.addEventListener("scroll", () => { tip.hidden = true; }, true);
	document.addEventListener("keydown", event => {
		if (event.key === "Escape")
			tip.hidden = true;
	});
	window.addEventListener("beforeprint", () =>
		document.querySelectorAll("details").forEach(d => { d.open = true; }));
})();
