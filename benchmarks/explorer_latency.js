// Runs in the page: changes a control, and notes when the frame of that change is painted.
// A frame is known by its key: our canvas carries it, a picture of `interact` has it in the color of its corner.
(() => {
  const M = window.latency = {shown: [], bytes: 0, root: null, way: null, blank: 0, looked: 0};
  const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

  const Socket = window.WebSocket;
  const size = data => data.byteLength ?? data.size ?? data.length;
  window.WebSocket = class extends Socket {
    constructor(...args) { super(...args); this.addEventListener("message", e => { M.bytes += size(e.data); }); }
    send(data) { M.bytes += size(data); super.send(data); }
  };

  const probe = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  let image = null, source = "", known = null;
  const READ = {                                   // the key of the frame on the page, or null if there is none
    canvas: () => M.root.querySelector("canvas[data-frame]")?.dataset.frame ?? null,
    picture() {
      const now = M.root.querySelector(".jupyter-widgets-output-area img, .widget-output img");
      if (!now?.complete || !now.naturalWidth) return null;
      if (now === image && now.src === source) return known;
      probe.drawImage(now, 14, 14, 1, 1, 0, 0, 1, 1);  // inside the margin of a tight picture
      const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
      [image, source] = [now, now.src];
      return (known = String(Math.round(r / 32) + 8 * Math.round(g / 32) + 64 * Math.round(b / 32)));
    },
  };

  const {port1, port2} = new MessageChannel(), painted = [];
  port1.onmessage = () => { const now = performance.now(); while (painted.length) painted.shift().time = now; };
  let last = null;
  function look() {                                // just before the browser paints; the message comes just after
    if (M.way) {
      const key = READ[M.way]();
      M.looked++;
      if (key === null) M.blank++;
      else if (key !== last) {
        last = key;
        const entry = {key};
        M.shown.push(entry);
        painted.push(entry);
        port2.postMessage(0);
      }
    }
    requestAnimationFrame(look);
  }
  requestAnimationFrame(look);

  const CONTROL = {
    canvas: {                                      // of our explorers: the one control that M.which says
      inputs: () => [...M.root.querySelectorAll(".rnnlib-control")[M.which].querySelectorAll("input, option")],
      isRange: () => CONTROL.canvas.inputs()[0].type === "range",
      isCheck: () => CONTROL.canvas.inputs()[0].type === "checkbox",
      at() {
        const [first] = this.inputs();
        return this.isRange() ? Number(first.value) : this.isCheck() ? Number(first.checked) : this.chosen();
      },
      chosen() { return this.inputs().findIndex(input => input.checked || input.selected); },
      top() {
        const [first, ...rest] = this.inputs();
        return this.isRange() ? Number(first.max) : this.isCheck() ? 1 : rest.length;
      },
      set(value) {
        const inputs = this.inputs();
        if (inputs[0].tagName === "OPTION") {
          inputs[value].parentNode.value = value;
          inputs[value].parentNode.dispatchEvent(new Event("change", {bubbles: true}));
          return;
        }
        if (this.isCheck()) { if (this.at() !== value) inputs[0].click(); return; }
        if (!this.isRange()) { inputs[value].click(); return; }
        inputs[0].value = value;
        inputs[0].dispatchEvent(new Event("input", {bubbles: true}));
      },
      key: value => M.positions.with(M.which, value).join(),
    },
    picture: {
      at: () => Math.round(Number(M.root.querySelector(".noUi-handle").getAttribute("aria-valuetext"))),
      top: () => Math.round(Number(M.root.querySelector(".noUi-handle").getAttribute("aria-valuemax"))),
      set(value) {
        const handle = M.root.querySelector(".noUi-handle"), key = value > this.at() ? "ArrowRight" : "ArrowLeft";
        handle.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
      },
      key: String,
    },
  };

  const find = async (key, from, patience) => {
    const end = performance.now() + patience;
    for (;;) {
      const entry = M.shown.slice(from).find(e => e.key === key && e.time);
      if (entry || performance.now() > end) return entry;
      await sleep(4);
    }
  };

  M.start = async (cell, way) => {                 // run a cell; milliseconds until its first frame is painted
    const notebook = window.jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = cell;
    Object.assign(M, {way: null, shown: [], which: 0, positions: []});
    last = null;
    M.root = notebook.node.querySelectorAll(".jp-CodeCell")[cell];
    M.way = way;
    const began = performance.now(), run = window.jupyterapp.commands.execute("notebook:run-cell");
    while (!M.shown.some(e => e.time) && performance.now() - began < 60000) await sleep(4);
    await run;
    await sleep(1500);
    M.root.scrollIntoView({block: "end"});
    Object.assign(M, {blank: 0, looked: 0});
    return M.shown[0].time - began;
  };

  M.others = async count => {                      // the latencies of every control but the first
    const found = [];
    for (M.which = 1; M.which < M.positions.length; M.which++) {
      if (!CONTROL.canvas.inputs().length) continue;   // a button that plays
      const start = CONTROL.canvas.at();
      found.push(...(await M.steps(count)).latencies);
      CONTROL.canvas.set(start);
      await sleep(300);
    }
    M.which = 0;
    return found;
  };

  M.steps = async count => {                       // one change after the other, each until it is painted
    const control = CONTROL[M.way], top = control.top(), latencies = [], bytes = [];
    M.positions = (READ[M.way]() ?? "").split(",").map(Number);
    let value = control.at(), way = 1;
    for (let i = 0; i < count; i++) {
      if (value + way > top || value + way < 0) way = -way;
      value += way;
      const from = M.shown.length, before = M.bytes, began = performance.now();
      control.set(value);
      const entry = await find(control.key(value), from, 10000);
      latencies.push(entry ? entry.time - began : null);
      await sleep(80 + 17 * Math.random());
      bytes.push(M.bytes - before);
    }
    return {latencies, bytes};
  };

  M.drag = async (count, every) => {               // a drag at a steady pace; how many frames, and how late the last
    await sleep(1000);
    const control = CONTROL[M.way], top = control.top(), from = M.shown.length, start = performance.now();
    let value = control.at(), way = value > top / 2 ? -1 : 1, final = 0, seen = 0;
    for (let i = 0; i < count; i++) {
      const wait = start + i * every - performance.now();
      if (wait > 0) await sleep(wait);
      if (value + way > top || value + way < 0) way = -way;
      value += way;
      [final, seen] = [performance.now(), M.shown.length];
      control.set(value);
    }
    const entry = await find(control.key(value), seen, 30000);
    await sleep(1500);
    return {backlog: entry ? entry.time - final : null, frames: Math.min(count, M.shown.length - from)};
  };

  M.race = async code => {                         // drag while the kernel runs `code`
    const {kernel} = window.jupyterapp.shell.currentWidget.context.sessionContext.session;
    const control = CONTROL[M.way];
    let done = false, value = control.at();
    const run = kernel.requestExecute({code, user_expressions: {damaged: "damaged"}});
    run.done.then(() => { done = true; });
    for (let i = 0; !done && i < 2000; i++) {
      value = (value + 1) % control.top();
      control.set(value);
      await sleep(50);
    }
    return Number((await run.done).content.user_expressions.damaged.data["text/plain"]);
  };
})();
