/* SPDX-License-Identifier: GPL-2.0 */
/* One boot as a picture.  It is drawn anew whenever something about it changes. */
const EDGE = 6;			/* pixels left and right of what is drawn */
const ROW = 15;			/* pixels for a line of text */
const LABEL_ROWS = 3;		/* that the codes of a port may have */
const TICK = 16;

const ruler = document.createElement("canvas").getContext("2d");

function width_of(text) {
	ruler.font = "12px " + getComputedStyle(document.body).fontFamily;
	return ruler.measureText(text).width;
}

/* What fits, with an ellipsis where something is missing. */
function fitted(text, width) {
	if (width_of(text) <= width)
		return text;
	while (text && width_of(text + "…") > width)
		text = text.slice(0, -1);
	return text && text + "…";
}

/*
 * @boot: what is drawn
 * @from, @to: the time that is seen
 * @width: of the picture, in pixels
 * @chosen: up to two marks to measure between
 * @cursor: the mark that the keyboard is at, or undefined
 */
class Picture {
	constructor(svg, view) {
		Object.assign(this, view);
		this.svg = svg;
		this.lanes = [];
		this.y = 20;
		svg.replaceChildren();
		this.back = this.add("g", {});
		this.draw_phases();
		this.draw_gaps();
		for (const port of new Set((this.boot.marks || []).map(mark => mark.port)))
			this.draw_lane(port);
		this.draw_grid();
		this.draw_chosen();
		fill(svg, { viewBox: `0 0 ${this.width} ${this.y}` }, []);
	}

	add(name, attributes, ...inside) {
		const element = make_svg(name, attributes, ...inside);

		this.svg.append(element);
		return element;
	}

	x(time) {
		return EDGE + (time - this.from) / (this.to - this.from) * (this.width - 2 * EDGE);
	}

	/* The part of a time that is seen, in pixels; null: none is. */
	seen(begin, end) {
		if (end < this.from || begin > this.to)
			return null;
		return [this.x(Math.max(begin, this.from)), this.x(Math.min(end, this.to))];
	}

	draw_grid() {
		for (const { time, text } of axis_ticks(this.from, this.to, this.width).ticks) {
			const x = this.x(time), half = width_of(text) / 2;
			const at = Math.min(Math.max(x, half), this.width - half);

			this.back.append(make_svg("path", { class: "grid", d: `M${x} 16V${this.y}` }),
					 make_svg("text", { class: "dim", x: at, y: 11,
							    "text-anchor": "middle" }, text));
		}
	}

	draw_phases() {
		for (const phase of this.boot.phases) {
			const part = this.seen(phase.begin, phase.end);

			if (!part)
				continue;
			const [left, right] = part, length = with_unit(phase.end - phase.begin);
			const both = phase.name + "  " + length;
			const text = width_of(both) < right - left - 10 ? both :
				fitted(phase.name, right - left - 10);

			this.add("rect", { class: "bar c" + phase.colour, x: left, y: this.y, rx: 2,
					   width: Math.max(right - left, 1.5), height: 22,
					   "data-tip": `${phase.name}: ${length}\n` +
						`${with_unit(phase.begin)} to ${with_unit(phase.end)}` });
			if (text)
				this.add("text", { class: "in", x: left + 5, y: this.y + 15 }, text);
		}
		this.y += 26;
	}

	/*
	 * A length, in the line between its ends or, where that is too short, beside it, unless
	 * that is beyond @left_end or @right_end.
	 */
	draw_length(style, begin, end, y, left_end, right_end) {
		const part = this.seen(begin, end);

		if (!part)
			return;
		const [left, right] = part, text = with_unit(end - begin), room = width_of(text) + 12;
		const at = right - left >= room ? (left + right) / 2 :
			right + room <= right_end ? right + room / 2 :
			left - room >= left_end ? left - room / 2 : undefined;

		this.add("path", { class: style, d: `M${left} ${y - 4}v8m0 -4H${right}m0 -4v8` });
		if (at !== undefined)
			this.add("text", { class: style, x: at, y: y + 4, "text-anchor": "middle" }, text);
	}

	draw_gaps() {
		const gaps = (this.boot.marks || []).filter(mark => mark.after >= this.boot.long_gap);

		gaps.forEach((mark, i) => {
			const next = gaps[i + 1];

			this.draw_length("gap", mark.time - mark.after, mark.time, this.y + 7,
					 i ? Infinity : 0,
					 next ? this.x(next.time - next.after) : this.width);
		});
		this.y += gaps.length ? ROW + 2 : 0;
	}

	draw_lane(port) {
		const marks = this.boot.marks.filter(mark => mark.port === port);
		const codes = marks.filter(mark => mark.type === "c");
		const rows = Math.min(codes.length, LABEL_ROWS), top = this.y + 2;
		const tick_y = top + ROW + 2 + rows * ROW;
		const bottom = tick_y + TICK + 3;

		this.back.append(make_svg("rect", { class: "lane", x: 0, y: top, width: this.width,
						    height: bottom - top }));
		this.add("text", { class: "dim", x: 4, y: top + 12 }, port_text(port));
		this.draw_labels(codes, rows, top + ROW, tick_y);
		this.draw_ticks(marks, tick_y);
		this.lanes.push({ top, bottom, marks });
		this.y = bottom + 2;
	}

	/*
	 * Where there is room, in the highest row that has it; those that begin a phase
	 * choose first.
	 */
	draw_labels(codes, rows, top, tick_y) {
		const taken = Array.from({ length: rows }, () => []);
		const begins = mark => mark.time === mark.phase.begin;

		for (const mark of [...codes.filter(begins), ...codes.filter(m => !begins(m))]) {
			if (!this.seen(mark.time, mark.time))
				continue;
			const x = this.x(mark.time), text = fitted(mark.text, 220);
			const left = Math.min(x + 3, this.width - width_of(text) - 2);
			const right = left + width_of(text) + 8;
			const row = taken.findIndex(others =>
				others.every(other => right < other.left || left > other.right));

			if (row < 0)
				continue;
			taken[row].push({ left, right });
			this.back.append(make_svg("path", { class: "leader",
							    d: `M${x} ${top + row * ROW + 3}V${tick_y}` }));
			this.add("text", { class: "code", x: left, y: top + (row + 1) * ROW - 3 }, text);
		}
	}

	/* One path of a style; what falls on the same pixel is drawn once. */
	draw_ticks(marks, y) {
		const paths = new Map(), drawn = new Set();

		for (const mark of marks) {
			if (!this.seen(mark.time, mark.time))
				continue;
			const faint = is_wanted(mark.text) ? "" : " faint";
			const style = "c" + mark.phase.colour + faint;
			const x = Math.round(this.x(mark.time)), key = style + " " + x;

			if (drawn.has(key))
				continue;
			drawn.add(key);
			paths.set(style, (paths.get(style) || "") + `M${x - 1} ${y}h2v${TICK}h-2z`);
		}
		for (const [style, d] of paths)
			this.add("path", { class: "ticks " + style, d });
	}

	draw_chosen() {
		const [a, b] = this.chosen;

		if (b)
			this.draw_length("measure", Math.min(a.time, b.time), Math.max(a.time, b.time),
					 this.y + 9, 0, this.width);
		this.y += a ? ROW + 4 : 0;
		for (const mark of this.chosen)
			this.draw_line("measure", mark);
		if (this.cursor)
			this.draw_line("cursor", this.cursor);
	}

	draw_line(style, mark) {
		if (this.seen(mark.time, mark.time))
			this.add("path", { class: style, d: `M${this.x(mark.time)} 18V${this.y}` });
	}
}
