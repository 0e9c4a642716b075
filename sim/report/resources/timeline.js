"use strict";
/* The time line of a run: lanes of marks and curves on one axis. Everything that it shows stands in the tables below it
 * too. The window [from, to] is all its state; draw() shows it. */
(function () {
  const box = document.getElementById("timeline");
  const data = JSON.parse(document.getElementById("timeline-data").textContent);
  const say = data.say, told = document.getElementById("told");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const SVG = "http://www.w3.org/2000/svg";
  const ROW = 42, BAR = 18, TOP = 24, GROUP = 26;
  const svg = document.createElementNS(SVG, "svg");
  const lanes = [];
  let from = 0, to = data.end, current = null, motion = 0;

  data.groups.forEach(g => g.lanes.forEach(l => { l.group = g; lanes.push(l); }));
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", say.axis);
  box.hidden = false;

  function make(name, attributes, parent) {
    const e = document.createElementNS(SVG, name);
    for (const a in attributes) e.setAttribute(a, attributes[a]);
    if (parent) parent.appendChild(e);
    return e;
  }
  function number(x) { return String(Number(x.toPrecision(5))); }
  function seconds(t) {
    const span = to - from;
    return span < 1e-3 ? number(t * 1e6) + " µs" : span < 1 ? number(t * 1e3) + " ms" : number(t) + " s";
  }
  function sentence(lane, m) {
    return lane.group.title + ", " + lane.name + ": " + m[2] + ", " + number(m[0]) + " … " + number(m[1]) + " s (" +
           say.lasts + " " + number(m[1] - m[0]) + " s)" + (m[4] ? ", " + m[4] : "");
  }
  function summary(lane) {
    const v = lane.points.map(p => p[1]);
    return lane.group.title + ", " + lane.name + ": " + say.from + " " + number(Math.min(...v)) + " " + say.until + " " +
           number(Math.max(...v)) + " " + lane.unit;
  }
  function step(span, width) { /* of the axis: 1, 2 or 5 times a power of ten, some 90 pixels apart */
    const least = span * 90 / width, ten = Math.pow(10, Math.floor(Math.log10(least)));
    return [1, 2, 5, 10].map(f => f * ten).find(s => s >= least);
  }
  function wide(text) { let n = 0; for (const c of text) n += c > "\u2e80" ? 12 : 6.7; return n; }
  function fit(text, width) {
    if (wide(text) <= width) return text;
    let t = text;
    while (t && wide(t) > width - 12) t = t.slice(0, -1);
    return t + "…";
  }

  function drawMark(lane, m, y, x, width) {
    const a = Math.max(x(m[0]), 0), b = Math.min(x(m[1]), width);
    const rect = make("rect", { x: a, y: y, width: Math.max(b - a, 1.5), height: BAR, class: "mark k" + m[3],
                                tabindex: m === current ? 0 : -1, role: "img", "aria-label": sentence(lane, m) }, svg);
    if (b - a > 24 && wide(m[2]) < b - a - 8)
      make("text", { x: a + 4, y: y + 13, class: "in", "aria-hidden": "true" }, svg).textContent = m[2];
    rect.mark = m; rect.lane = lane;
  }
  function drawCurve(lane, y, x) {
    const top = Math.max(...lane.points.map(p => p[1]), 1e-300);
    let d = "";
    lane.points.forEach((p, i) => {
      const end = i + 1 < lane.points.length ? lane.points[i + 1][0] : data.end;
      if (end < from || p[0] > to) return;
      const h = y + BAR - p[1] / top * BAR;
      d += (d ? "L" : "M") + x(Math.max(p[0], from)) + " " + h + "L" + x(Math.min(end, to)) + " " + h;
    });
    const path = make("path", { d: d, class: "curve", tabindex: current === lane ? 0 : -1, role: "img",
                                "aria-label": summary(lane) }, svg);
    path.mark = lane; path.lane = lane;
  }
  function draw() {
    const width = Math.max(box.clientWidth, 200), x = t => (t - from) / (to - from) * width;
    const s = step(to - from, width), focused = svg.contains(document.activeElement);
    let y = TOP, shown = 0;

    svg.replaceChildren();
    for (let t = Math.ceil(from / s) * s; t <= to; t += s) {
      const at = x(t), last = at > width - 40;
      make("line", { x1: at, x2: at, y1: 16, y2: "100%", class: "tick" }, svg);
      make("text", { x: at, y: 12, "text-anchor": at < 20 ? "start" : last ? "end" : "middle" }, svg).textContent = seconds(t);
    }
    data.groups.forEach(g => {
      y += GROUP;
      make("text", { x: 0, y: y - 8, class: "group" }, svg).textContent = g.title;
      g.lanes.forEach(lane => {
        make("text", { x: 0, y: y + 12 }, svg).textContent =
          fit(lane.name + (lane.unit ? " (" + number(Math.max(...lane.points.map(p => p[1]))) + " " + lane.unit + " " + say.most + ")" : ""), width);
        make("rect", { x: 0, y: y + 18, width: width, height: BAR, class: "bed" }, svg);
        if (lane.points) { drawCurve(lane, y + 18, x); shown++; }
        else lane.marks.forEach(m => { if (m[1] >= from && m[0] <= to) { drawMark(lane, m, y + 18, x, width); shown++; } });
        y += ROW;
      });
    });
    svg.setAttribute("height", y + 4);
    if (!svg.querySelector('[tabindex="0"]')) {
      const first = svg.querySelector("[tabindex]");
      if (first) first.setAttribute("tabindex", 0);
    }
    if (focused && current) { const e = svg.querySelector('[tabindex="0"]'); if (e) e.focus({ preventScroll: true }); }
    box.dataset.from = from; box.dataset.to = to; box.dataset.shown = shown;
    document.getElementById("span").textContent = number(from) + " … " + number(to) + " s";
  }
  function look(a, b) { /* goes to the window, at once or, where motion is welcome, within a moment */
    const span = Math.min(Math.max(b - a, data.end * 1e-7), data.end);
    a = Math.min(Math.max(a, 0), data.end - span);
    b = a + span;
    cancelAnimationFrame(motion);
    if (still.matches || document.hidden) { from = a; to = b; draw(); return; }
    const a0 = from, b0 = to, t0 = performance.now();
    (function frame() {
      const f = Math.min((performance.now() - t0) / 140, 1);
      from = a0 + (a - a0) * f; to = b0 + (b - b0) * f;
      if (f === 1) { from = a; to = b; }
      draw();
      if (f < 1) motion = requestAnimationFrame(frame);
    })();
  }
  function zoom(by, at) {
    const c = at === undefined ? (from + to) / 2 : at;
    look(c - (c - from) * by, c + (to - c) * by);
  }
  function pan(by) { const d = (to - from) * by; look(from + d, to + d); }
  function marksOf(lane) { return lane.points ? [lane] : lane.marks; }
  function middle(m) { return m.points ? (from + to) / 2 : (Math.max(m[0], from) + Math.min(m[1], to)) / 2; }
  function go(lane, m) {
    current = m;
    if (!m.points && (m[1] < from || m[0] > to)) {
      const half = (to - from) / 2, c = (m[0] + m[1]) / 2;
      cancelAnimationFrame(motion);
      from = Math.min(Math.max(c - half, 0), data.end - 2 * half); to = from + 2 * half;
    }
    draw();
    const e = svg.querySelector('[tabindex="0"]');
    if (e) e.focus();
  }
  function tell(e) {
    if (e && e.mark) { current = e.mark; told.textContent = e.getAttribute("aria-label"); }
  }

  svg.addEventListener("focusin", e => {
    svg.querySelectorAll('[tabindex="0"]').forEach(o => o.setAttribute("tabindex", -1));
    e.target.setAttribute("tabindex", 0);
    tell(e.target);
  });
  svg.addEventListener("pointerover", e => { if (e.target.mark) told.textContent = e.target.getAttribute("aria-label"); });
  svg.addEventListener("keydown", e => {
    const own = e.target.lane, m = e.target.mark;
    if (!own || e.ctrlKey || e.altKey || e.metaKey) return;
    const marks = marksOf(own), i = marks.indexOf(m), row = lanes.indexOf(own);
    const beside = r => {
      const lane = lanes[r];
      if (!lane) return;
      const c = middle(m);
      go(lane, marksOf(lane).reduce((best, o) => Math.abs(middle(o) - c) < Math.abs(middle(best) - c) ? o : best));
    };
    const keys = {
      ArrowRight: () => marks[i + 1] && go(own, marks[i + 1]), ArrowLeft: () => i > 0 && go(own, marks[i - 1]),
      ArrowDown: () => beside(row + 1), ArrowUp: () => beside(row - 1),
      Home: () => go(own, marks[0]), End: () => go(own, marks[marks.length - 1]),
      "+": () => zoom(0.5, middle(m)), "=": () => zoom(0.5, middle(m)), "-": () => zoom(2, middle(m)),
      "0": () => look(0, data.end),
      Enter: () => !m.points && m[1] > m[0] && look(m[0] - (m[1] - m[0]) * 0.1, m[1] + (m[1] - m[0]) * 0.1),
    };
    if (keys[e.key]) { e.preventDefault(); keys[e.key](); }
  });
  svg.addEventListener("wheel", e => { /* with Ctrl, so that the page scrolls as pages do */
    if (!e.ctrlKey) return;
    e.preventDefault();
    const r = svg.getBoundingClientRect();
    zoom(e.deltaY < 0 ? 0.7 : 1.4, from + (e.clientX - r.left) / r.width * (to - from));
  }, { passive: false });
  let drag = null;
  svg.addEventListener("pointerdown", e => { drag = { x: e.clientX, a: from, b: to }; });
  svg.addEventListener("pointermove", e => {
    if (!drag || Math.abs(e.clientX - drag.x) < 4) return;
    const span = drag.b - drag.a, d = (drag.x - e.clientX) / svg.clientWidth * span;
    from = Math.min(Math.max(drag.a + d, 0), data.end - span);
    to = from + span;
    draw();
  });
  addEventListener("pointerup", () => { drag = null; });
  const acts = { "zoom-in": () => zoom(0.5), "zoom-out": () => zoom(2), "pan-left": () => pan(-0.5),
                 "pan-right": () => pan(0.5), "zoom-all": () => look(0, data.end) };
  for (const id in acts) document.getElementById(id).addEventListener("click", acts[id]);
  box.insertBefore(svg, told);
  addEventListener("resize", draw);
  draw();
})();
