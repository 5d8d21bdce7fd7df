/* SPDX-License-Identifier: GPL-2.0 */
/* The picture of a boot, and what is done with pointer and keys there. */
const NEAR = 8;			/* pixels from a mark that are still at it */
const DRAG = 5;			/* pixels from which on it is no click */

class Chart {
	constructor(boot) {
		this.boot = boot;
		this.end = Math.max(boot.total, 1);
		this.from = 0;
		this.to = this.end;
		this.chosen = [];
		this.changed = () => {};
		this.svg = make_svg("svg", {
			class: "chart", tabindex: 0, role: "application",
			"aria-label": `Chart of ${boot.name}: arrow keys go from mark to mark, ` +
				"Enter measures, + and − zoom, 0 shows all of it",
		});
		this.said = make("output", { class: "said" });
		this.tools = this.make_tools();
		this.element = make("div", { class: "view" }, this.tools, this.svg, this.said);
		this.listen();
		/* Its size does not depend on what is drawn. */
		new ResizeObserver(() => this.draw()).observe(this.tools);
	}

	make_tools() {
		return make("div", { class: "tools" },
			    make_button("−", "zoom out", () => this.zoom(0.5)),
			    make_button("+", "zoom in", () => this.zoom(2)),
			    make_button("◀", "earlier", () => this.move(-0.25)),
			    make_button("▶", "later", () => this.move(0.25)),
			    make_button("all", "show all of it", () => this.show(0, this.end)),
			    make("span", { class: "dim" }, "drag to zoom, click two marks to measure"));
	}

	draw() {
		/* One that is hidden has no width. */
		this.width = this.element.clientWidth || this.width || 600;
		const { boot, from, to, width, chosen, cursor } = this;

		this.picture = new Picture(this.svg, { boot, from, to, width, chosen, cursor });
		this.said.textContent = this.words();
	}

	words() {
		const [a, b] = this.chosen;
		const at = mark => `${with_unit(mark.time)} ${mark.text}`;

		if (b)
			return `${with_unit(Math.abs(b.time - a.time))} from ${at(a)} to ${at(b)}`;
		if (a)
			return `from ${at(a)} to …`;
		return this.cursor ? at(this.cursor) : "";
	}

	/* Ten ticks are seen at least, and nothing beyond the ends. */
	show(from, to) {
		const length = Math.min(Math.max(to - from, 10), this.end);

		this.from = Math.min(Math.max(from, 0), this.end - length);
		this.to = this.from + length;
		this.draw();
	}

	/* So many times as large; the time at @at, in parts of the width, stays there. */
	zoom(factor, at = 0.5) {
		const length = this.to - this.from, still = this.from + at * length;

		this.show(still - at * length / factor, still + (1 - at) * length / factor);
	}

	move(parts) {
		const by = parts * (this.to - this.from);

		this.show(this.from + by, this.to + by);
	}

	/* The first one and the second one of a measurement in turn. */
	choose(mark) {
		this.chosen = this.chosen.length === 1 ? [this.chosen[0], mark] : [mark];
		this.draw();
		this.changed();
	}

	go(by) {
		const marks = this.boot.marks || [];
		const first = marks.findIndex(mark => mark.time >= this.from);
		const i = this.cursor ? marks.indexOf(this.cursor) + by : first;

		if (!marks[i])
			return;
		this.cursor = marks[i];
		if (this.cursor.time < this.from || this.cursor.time > this.to) {
			const half = (this.to - this.from) / 2;

			this.show(this.cursor.time - half, this.cursor.time + half);
		}
		this.draw();
	}

	key(event) {
		const keys = {
			ArrowLeft: () => this.go(-1), ArrowRight: () => this.go(1),
			Enter: () => this.cursor && this.choose(this.cursor),
			"+": () => this.zoom(2), "-": () => this.zoom(0.5),
			0: () => this.show(0, this.end),
			Escape: () => {
				this.chosen = [];
				this.cursor = undefined;
				this.draw();
				this.changed();
			},
		};

		if (event.ctrlKey || event.altKey || event.metaKey || !keys[event.key])
			return;
		event.preventDefault();
		keys[event.key]();
	}

	/* Where the pointer is, in pixels of the picture. */
	place(event) {
		const box = this.svg.getBoundingClientRect();

		return { x: event.clientX - box.left, y: event.clientY - box.top };
	}

	time_at(x) {
		return this.from + (x - EDGE) / (this.width - 2 * EDGE) * (this.to - this.from);
	}

	near(event) {
		const { x, y } = this.place(event);
		const lane = this.picture.lanes.find(one => y >= one.top && y <= one.bottom);
		const far = mark => Math.abs(this.picture.x(mark.time) - x);
		let best;

		for (const mark of lane ? lane.marks : [])
			if (far(mark) <= NEAR && (!best || far(mark) < far(best)))
				best = mark;
		return best;
	}

	point(event) {
		const mark = this.near(event);
		const box = this.svg.getBoundingClientRect();

		if (!mark)
			return;
		event.stopPropagation();
		show_tip(`${mark.text}\n${with_unit(mark.time)}, ${with_unit(mark.after)} after ` +
			 "what was before", box.left + this.picture.x(mark.time),
			 event.clientY - 12, event.clientY + 12);
	}

	drag(event) {
		const x = this.place(event).x;

		if (!this.held || Math.abs(x - this.held.x) < DRAG && !this.held.rect)
			return;
		hide_tip();
		if (!this.held.rect) {
			this.held.rect = make_svg("rect", { class: "drag", y: 0, height: this.picture.y });
			this.svg.append(this.held.rect);
		}
		fill(this.held.rect, { x: Math.min(x, this.held.x),
				       width: Math.abs(x - this.held.x) }, []);
	}

	drop(event) {
		const held = this.held, x = this.place(event).x;

		this.held = undefined;
		if (held && held.rect)
			this.show(this.time_at(Math.min(x, held.x)), this.time_at(Math.max(x, held.x)));
		else if (held && this.near(event))
			this.choose(this.near(event));
	}

	wheel(event) {
		const along = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;

		if (event.ctrlKey)
			this.zoom(event.deltaY < 0 ? 1.3 : 1 / 1.3,
				  this.place(event).x / this.width);
		else if (Math.abs(along) > Math.abs(event.shiftKey ? 0 : event.deltaY))
			this.move(along / this.width);
		else
			return;
		event.preventDefault();
	}

	listen() {
		const svg = this.svg;

		svg.addEventListener("keydown", event => this.key(event));
		svg.addEventListener("wheel", event => this.wheel(event), { passive: false });
		svg.addEventListener("dblclick", () => this.show(0, this.end));
		svg.addEventListener("pointerdown", event => {
			if (event.button)
				return;
			this.held = this.place(event);
			svg.setPointerCapture(event.pointerId);
		});
		svg.addEventListener("pointermove", event => {
			this.drag(event);
			if (!this.held)
				this.point(event);
		});
		svg.addEventListener("pointerup", event => this.drop(event));
		svg.addEventListener("pointercancel", () => {
			this.held = undefined;
			this.draw();
		});
		svg.addEventListener("pointerleave", hide_tip);
	}
}
