/* SPDX-License-Identifier: GPL-2.0 */
/* Elements, and the details that stand beside them under the pointer. */
function fill(element, attributes, inside) {
	for (const [name, value] of Object.entries(attributes))
		element.setAttribute(name, value);
	element.append(...inside);
	return element;
}

/* Strings in @inside are text, whatever is in them. */
function make(name, attributes = {}, ...inside) {
	return fill(document.createElement(name), attributes, inside);
}

function make_svg(name, attributes = {}, ...inside) {
	return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes,
		    inside);
}

function make_button(text, title, pressed) {
	const button = make("button", { type: "button", title, "aria-label": title }, text);

	button.addEventListener("click", pressed);
	return button;
}

const tip = make("div", { id: "tip", role: "tooltip", hidden: "" });

document.body.append(tip);

/* Below what reaches from @top to @bottom, or above it where there is no room. */
function show_tip(text, left, top, bottom) {
	tip.textContent = text;
	tip.hidden = false;
	tip.style.left = Math.max(4, Math.min(left, innerWidth - tip.offsetWidth - 4)) + "px";
	tip.style.top = bottom + tip.offsetHeight + 8 < innerHeight ?
		bottom + 4 + "px" : Math.max(4, top - tip.offsetHeight - 4) + "px";
}

function hide_tip() {
	tip.hidden = true;
}

function tip_of(event) {
	const target = event.target.closest && event.target.closest("[data-tip]");

	if (!target)
		return hide_tip();
	const box = target.getBoundingClientRect();

	show_tip(target.dataset.tip, box.left, box.top, box.bottom);
}

document.addEventListener("mouseover", tip_of);
document.addEventListener("focusin", tip_of);
document.addEventListener("scroll", hide_tip, true);
document.addEventListener("keydown", event => {
	if (event.key === "Escape")
		hide_tip();
});
