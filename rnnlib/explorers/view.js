// The browser code of the course (play.js adds a button): paints the moving marks of a figure over the picture that stands still.
// Marks and frames are described in frames.py and marks.py; the browser knows pixels, never axes.

const UNITS = 16, GAP = -32768, COMMIT_MS = 200, CACHED = 300, IN_FLIGHT = 2, PATIENCE_MS = 8000;
const TYPES = {i2: Int16Array, u2: Uint16Array, u1: Uint8Array, f4: Float32Array};
const WIDTH = {i2: 2, u2: 2, u1: 1, f4: 4};

// ---- frames
async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

async function readFrames(bytes) {
  const block = await inflate(bytes);
  const length = new DataView(block).getUint32(0, true);
  const table = JSON.parse(new TextDecoder().decode(new Uint8Array(block, 4, length)));
  const typed = (type, at, count) => {
    const start = 4 + length + at;
    return new TYPES[type](block.slice(start, start + count * WIDTH[type]));
  };
  const indexed = (c, sheet) => { if ("index_at" in c) c.index = typed("u2", c.index_at, table.sheets[sheet].settings); };
  for (const mark of table.marks) {
    for (const c of Object.values(mark.channels)) {
      c.data = c.type === "i2" ? places(c, typed) : typed(c.type, c.at, c.n * c.rows);
      if (c.lengths_at !== undefined) c.lengths = typed("u2", c.lengths_at, c.rows);
      indexed(c, mark.sheet);
    }
  }
  for (const words of table.words) indexed(words, words.sheet);
  return table;
}

function places(c, typed) {                      // stored as steps from point to point, low bytes before high bytes
  const size = c.n * c.rows, bytes = typed("u1", c.at, 2 * size), all = new Int16Array(size);
  for (let i = 0; i < size; i++) all[i] = (bytes[i] | (bytes[size + i] << 8)) + (i % c.n ? all[i - 1] : 0);
  return all;
}

function channels(mark, setting) {
  const values = {};
  for (const [name, c] of Object.entries(mark.channels)) {
    const row = c.index ? c.index[setting] : 0, start = row * c.n;
    values[name] = c.data.subarray(start, start + (c.lengths ? c.lengths[row] : c.n));
  }
  return values;
}

const wordsAt = (table, at) => table.words.map(w => w.strings[w.index ? w.index[at[w.sheet]] : 0]).join("");
const longest = strings => strings.reduce((a, b) => (b.length > a.length ? b : a), "");

// ---- painting
const css = (c, i = 0) => `rgba(${c[4 * i]},${c[4 * i + 1]},${c[4 * i + 2]},${c[4 * i + 3] / 255})`;
const seen = (c, i = 0) => c[4 * i + 3] > 0;
const at = (list, size, i) => (list.length > size ? i : 0);

function trace(path, codes, x, y) {             // matplotlib's path codes: 1 move, 2 line, 3 and 4 curves, 79 close
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 1) path.moveTo(x(i), y(i));
    else if (code === 2) path.lineTo(x(i), y(i));
    else if (code === 3) { path.quadraticCurveTo(x(i), y(i), x(i + 1), y(i + 1)); i += 1; }
    else if (code === 4) { path.bezierCurveTo(x(i), y(i), x(i + 1), y(i + 1), x(i + 2), y(i + 2)); i += 2; }
    else if (code === 79) path.closePath();
  }
  return path;
}

const outline = ([codes, flat]) => trace(new Path2D(), codes, i => flat[2 * i], i => flat[2 * i + 1]);

const PAINT = {
  path(ctx, mark, v) {
    if (!v.codes.length) return;
    const {dash, dash_offset, cap, join} = mark.style;
    ctx.beginPath();
    trace(ctx, v.codes, i => v.x[i] / UNITS, i => v.y[i] / UNITS);
    if (seen(v.fill)) { ctx.fillStyle = css(v.fill); ctx.fill(); }
    if (!seen(v.stroke) || !(v.width[0] > 0)) return;
    Object.assign(ctx, {strokeStyle: css(v.stroke), lineWidth: v.width[0], lineCap: cap, lineJoin: join});
    ctx.setLineDash(dash);
    ctx.lineDashOffset = dash_offset;
    ctx.stroke();
    ctx.setLineDash([]);
  },

  stamp(ctx, mark, v) {
    mark.outline ??= outline(mark.style.outline);
    ctx.lineWidth = v.width[0];
    ctx.lineJoin = "miter";
    for (let i = 0; i < v.x.length; i++) {
      if (v.x[i] === GAP) continue;
      const size = v.size[at(v.size, 1, i)], shape = new Path2D();
      shape.addPath(mark.outline, {a: size, d: size, e: v.x[i] / UNITS, f: v.y[i] / UNITS});
      const f = at(v.fill, 4, i), s = at(v.stroke, 4, i);
      if (seen(v.fill, f)) { ctx.fillStyle = css(v.fill, f); ctx.fill(shape); }
      if (seen(v.stroke, s) && v.width[0] > 0) { ctx.strokeStyle = css(v.stroke, s); ctx.stroke(shape); }
    }
  },

  text(ctx, mark, v, table) {
    if (v.x[0] === GAP || !seen(v.color)) return;
    const string = table.strings[v.string[0]], {pad, width} = mark.style;
    string.path ??= layOut(string, table.letters);
    ctx.translate(v.x[0] / UNITS, v.y[0] / UNITS);
    ctx.rotate((-v.turn[0] * Math.PI) / 180);
    const [left, top, w, h] = string.box, frame = [left - pad, top - pad, w + 2 * pad, h + 2 * pad];
    if (seen(v.fill)) { ctx.fillStyle = css(v.fill); ctx.fillRect(...frame); }
    if (seen(v.stroke) && width > 0) { ctx.strokeStyle = css(v.stroke); ctx.lineWidth = width; ctx.strokeRect(...frame); }
    ctx.fillStyle = css(v.color);
    ctx.fill(string.path);
  },

  image(ctx, mark, v) {
    if (v.x[0] === GAP || !v.cells.length) return;
    const {rows, columns, colors, smooth} = mark.style, cells = new ImageData(columns, rows);
    v.cells.forEach((level, i) => cells.data.set(colors.slice(4 * level, 4 * level + 4), 4 * i));
    mark.buffer ??= Object.assign(document.createElement("canvas"), {width: columns, height: rows});
    mark.buffer.getContext("2d").putImageData(cells, 0, 0);
    ctx.imageSmoothingEnabled = smooth;
    ctx.globalAlpha = v.alpha[0];
    ctx.translate(v.x[0] / UNITS, v.y[0] / UNITS);
    ctx.scale((v.x[1] - v.x[0]) / UNITS / columns, (v.y[1] - v.y[0]) / UNITS / rows);
    ctx.drawImage(mark.buffer, 0, 0);
  },
};

function layOut(string, letters) {
  const path = new Path2D();
  for (const [letter, x, y, scale] of string.letters) {
    const shape = (letters[letter].path ??= outline(letters[letter]));
    path.addPath(shape, {a: scale, d: -scale, e: x, f: y});
  }
  for (const [x, y, w, h] of string.bars) path.rect(x, y, w, h);
  return path;
}

function paintFrame(canvas, spec, table, at) {    // at: for each sheet, which of its settings
  const ctx = canvas.getContext("2d"), zoom = canvas.width / spec.width;
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, canvas.width, canvas.height);
  ctx.setTransform(zoom, 0, 0, zoom, 0, 0);
  for (const mark of table.marks) {
    ctx.save();
    if (mark.style.clip) { ctx.beginPath(); ctx.rect(...mark.style.clip); ctx.clip(); }
    PAINT[mark.kind](ctx, mark, channels(mark, at[mark.sheet]), table);
    ctx.restore();
  }
}

// ---- controls
function make(tag, className, parent, properties = {}) {
  const node = Object.assign(document.createElement(tag), properties);
  if (className) node.className = className;
  parent?.append(node);
  return node;
}

// JupyterLab takes arrow keys, Enter and Space for itself unless the focused element says otherwise.
const keepKeys = node => { node.setAttribute("data-lm-suppress-shortcuts", "true"); return node; };
let made = Math.floor(Math.random() * 1e12);  // each explorer has a module of its own: names must differ across them

const CONTROL = {                                // each returns show(position), which moves the input and nothing else
  slider(control, box, choose) {
    const id = `rnnlib-${made++}`;
    make("label", "rnnlib-name", box, {htmlFor: id, textContent: control.label});
    const input = keepKeys(make("input", "rnnlib-range", box, {type: "range", id, min: 0, step: 1}));
    input.max = control.values.length - 1;
    const output = make("output", "rnnlib-value", box, {htmlFor: id});
    output.style.minWidth = `${Math.max(...control.texts.map(t => t.length))}ch`;
    input.addEventListener("input", () => choose(Number(input.value)));
    return position => {
      input.value = position;
      output.textContent = control.texts[position];
      input.setAttribute("aria-valuetext", control.texts[position]);
      input.style.setProperty("--filled", `${(100 * position) / (control.values.length - 1)}%`);
    };
  },

  select(control, box, choose) {
    const id = `rnnlib-${made++}`;
    make("label", "rnnlib-name", box, {htmlFor: id, textContent: control.label});
    const input = keepKeys(make("select", "rnnlib-select", box, {id}));
    control.texts.forEach((text, i) => make("option", "", input, {value: i, textContent: text}));
    input.addEventListener("change", () => choose(Number(input.value)));
    return position => { input.value = position; };
  },

  radio(control, box, choose) {
    const group = make("div", "rnnlib-radio", box), name = `rnnlib-${made++}`;
    group.setAttribute("role", "radiogroup");
    group.setAttribute("aria-label", control.label);
    make("span", "rnnlib-name", group, {textContent: control.label});
    const inputs = control.texts.map((text, i) => {
      const label = make("label", "", group);
      const input = keepKeys(make("input", "", label, {type: "radio", name, value: i}));
      label.append(text);
      input.addEventListener("change", () => choose(i));
      return input;
    });
    return position => { inputs[position].checked = true; };
  },

  check(control, box, choose) {
    const label = make("label", "rnnlib-check", box);
    const input = keepKeys(make("input", "", label, {type: "checkbox"}));
    label.append(control.label);
    input.addEventListener("change", () => choose(Number(input.checked)));
    return position => { input.checked = position === 1; };
  },
};

function button(box, label, onClick) {
  const node = keepKeys(make("button", "rnnlib-button", box, {type: "button", textContent: label}));
  node.addEventListener("click", onClick);
  return node;
}

function position(control, value) {              // where a trait's value lies on the grid
  const exact = control.values.indexOf(value);
  if (exact >= 0 || control.kind !== "slider") return Math.max(0, exact);
  const distance = control.values.map(v => Math.abs(v - value));
  return distance.indexOf(Math.min(...distance));
}

// ---- frames from the kernel
class Requests {                                 // at most two on the way; the newest wish replaces older ones
  cache = new Map(); sent = new Set(); flying = new Map(); wish = null; last = 0; painted = 0;
  listen = (message, buffers) => this.receive(message, buffers);

  constructor(model, spec, done) { Object.assign(this, {model, spec, done}).model.on("msg:custom", this.listen); }

  ask(key, values) {
    this.wish = null;
    if (this.cache.has(key)) { this.painted = ++this.last; this.done({table: this.cache.get(key), key}); return; }
    this.wish = {key, values};
    this.pump();
  }

  pump() {
    if (!this.wish || this.flying.size >= IN_FLIGHT) return;
    const id = ++this.last;
    this.flying.set(id, setTimeout(() => this.giveUp(id), PATIENCE_MS));
    try { this.sent.add(id); this.model.send({kind: "frame", id, ...this.wish}); } catch { this.giveUp(id); }
    this.wish = null;
  }

  settle(id) { clearTimeout(this.flying.get(id)); this.flying.delete(id); this.pump(); }

  giveUp(id) {                                     // for now: if the answer still comes, it is painted
    this.settle(id);
    if (id > this.painted) this.done({error: "no answer from the kernel. Run the cell again."});
  }

  async receive(message, buffers) {
    if (!this.sent.delete(message.id)) return;     // the answer to another view of the same explorer
    const table = message.error ? null : await readFrames(buffers[0]);
    if (table) {
      this.cache.set(message.key, table);
      if (this.cache.size > CACHED) this.cache.delete(this.cache.keys().next().value);
    }
    if (message.id > this.painted) {               // a late answer never paints over a newer frame
      this.painted = message.id;
      this.done({table, key: message.key, error: message.error});
    }
    this.settle(message.id);
  }

  stop() { this.model.off("msg:custom", this.listen); this.flying.forEach(clearTimeout); }
}

// ---- the view
function buildPage(spec, el) {
  const root = make("div", "rnnlib-explorer", el);
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", spec.title);
  root.style.maxWidth = `${spec.width}px`;
  const main = make("div", "rnnlib-main", root), bar = make("div", "rnnlib-bar", root);
  let more = null;
  if (spec.controls.length > spec.front) {
    const fold = make("details", "rnnlib-more", root);
    fold.open = spec.controls.length === 2;   // a second control alone is not in the way
    keepKeys(make("summary", "", fold, {textContent: "more"}));
    more = make("div", "rnnlib-others", fold);
  }
  const words = make("div", "rnnlib-words", root), picture = make("div", "rnnlib-picture", root);
  const ghost = make("div", "rnnlib-ghost", words), text = make("div", "rnnlib-text", words);
  ghost.setAttribute("aria-hidden", "true"); text.setAttribute("aria-live", "polite");
  picture.setAttribute("role", "img");
  picture.style.aspectRatio = `${spec.width} / ${spec.height}`;
  const still = make("img", "rnnlib-background", picture, {alt: ""}), canvas = make("canvas", "", picture);
  const error = make("div", "rnnlib-error", picture, {hidden: true});
  error.setAttribute("role", "alert");
  return {root, main, bar, more, words, ghost, text, picture, still, canvas, error};
}

// The output before ours is our still picture: it steps aside at once, and comes back if the explorer goes.
function coverStill(el, spec) {
  const before = el.closest(".widget-box") ? null : el.closest(".jp-OutputArea-child")?.previousElementSibling;
  const image = before?.querySelector("img");
  const ours = image?.alt.startsWith(spec.title) || Number(image?.getAttribute("width")) === spec.width;
  if (!ours) return () => {};
  before.classList.add("rnnlib-covered");
  return () => before.classList.remove("rnnlib-covered");
}

async function render({model, el}) {
  const spec = model.get("_spec"), page = buildPage(spec, el);
  const table = await readFrames(model.get("_frames"));
  const svg = new Blob([await inflate(model.get("_background"))], {type: "image/svg+xml"});
  page.still.src = URL.createObjectURL(svg);
  const first = spec.first ?? spec.controls.map(c => c.start);   // the frames are of it, and Reset returns to it
  const state = {table, at: table.sheets.map(() => 0), key: "", due: false, commit: 0, calm: 0};

  const positions = () => spec.controls.map(c => position(c, model.get(c.name)));
  const repaint = () => paintFrame(page.canvas, spec, state.table, state.at);

  function say(words) {
    if (page.text.textContent === words) return;
    page.text.setAttribute("aria-busy", "true");   // a screen reader waits until the slider rests
    page.text.textContent = words;
    if (words.length > page.ghost.textContent.length) page.ghost.textContent = words;
    page.picture.setAttribute("aria-label", `${spec.alt} ${words}`.trim());
    clearTimeout(state.calm);
    state.calm = setTimeout(() => page.text.removeAttribute("aria-busy"), 400);
  }

  function show({table: fresh, at = [0], key, error}) {
    page.error.hidden = !error;
    page.error.textContent = error ? `This setting could not be computed: ${error}` : "";
    page.canvas.style.visibility = page.still.style.visibility = error ? "hidden" : "";
    if (error) { say(""); return; }
    Object.assign(state, {table: fresh, at});
    repaint();
    say(wordsAt(fresh, at));
    Object.assign(page.canvas.dataset, {last: fresh.last, frame: key});
  }

  const requests = spec.live ? new Requests(model, spec, show) : null;

  function update() {                              // the controls and the picture follow the traits
    state.due = false;
    const here = positions(), key = here.join();
    here.forEach((p, i) => shows[i](p));
    if (key === state.key) return;
    state.key = key;
    const setting = ({axes}) => axes.reduce((k, i) => k * spec.controls[i].values.length + here[i], 0);
    if (!requests) show({table, at: table.sheets.map(setting), key});
    else if (key === first.join()) { requests.wish = null; requests.painted = ++requests.last; show({table, key}); }
    else requests.ask(key, Object.fromEntries(spec.controls.map(c => [c.name, model.get(c.name)])));
  }

  function follow() {                              // several traits set at once make one frame
    if (state.due) return;
    state.due = true;
    queueMicrotask(update);
  }

  function choose(wanted) {                        // {name: position}
    for (const c of spec.controls) if (c.name in wanted) model.set(c.name, c.values[wanted[c.name]]);
    clearTimeout(state.commit);
    state.commit = setTimeout(() => model.save_changes(), COMMIT_MS);
  }

  const shows = spec.controls.map((c, i) => {
    const box = make("div", "rnnlib-control", i < spec.front ? page.main : page.more);
    return CONTROL[c.kind](c, box, p => choose({[c.name]: p}));
  });
  for (const preset of spec.presets) button(page.bar, preset.label, () => choose(preset.positions));
  const reset = button(page.bar, "Reset", () => choose(Object.fromEntries(spec.controls.map((c, i) => [c.name, first[i]]))));
  reset.classList.add("rnnlib-reset");
  page.ghost.textContent = table.words.map(w => longest(w.strings)).join("");
  page.words.hidden = !page.ghost.textContent;

  let uncover = null;
  const fit = new ResizeObserver(() => {
    uncover ??= coverStill(el, spec);              // not earlier: only now is the view on the page
    const width = Math.round(page.picture.clientWidth * (window.devicePixelRatio || 1));
    if (!width || width === page.canvas.width) return;
    page.canvas.width = width;
    page.canvas.height = Math.round((width * spec.height) / spec.width);
    repaint();
  });
  fit.observe(page.picture);
  const events = spec.controls.map(c => `change:${c.name}`);
  events.forEach(event => model.on(event, follow));
  update();
  try { model.send({kind: "shown"}); } catch { /* no kernel: an exported page */ }

  return () => {
    events.forEach(event => model.off(event, follow));
    requests?.stop();
    uncover?.();
    fit.disconnect();
    clearTimeout(state.commit); clearTimeout(state.calm);
    URL.revokeObjectURL(page.still.src);
  };
}

export default {render};
