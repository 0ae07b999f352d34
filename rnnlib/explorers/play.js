// The button of a Play control, put behind view.js in explorers that have one: while it runs, every frame that
// has been painted asks for the next one, so that nothing piles up and a closed page asks for nothing.
CONTROL.play = (control, box, choose) => {
  const root = box.closest(".rnnlib-explorer"), canvas = root.querySelector("canvas");
  const alert = root.querySelector("[role=alert]"), last = control.values.length - 1;
  const place = root.querySelectorAll(".rnnlib-control").length - 1;       // of this control, among all
  let at = 0, wanted = 0, running = false, due = false;

  const start = button(box, "Start", () => (running ? pause() : run()));
  start.style.minWidth = "6em";
  const bar = make("progress", "rnnlib-progress", box, {max: last, ariaHidden: "true"});
  const text = make("output", "rnnlib-value rnnlib-step", box, {ariaLive: "off"});      // the words tell it, once it rests

  const shown = () => Number(canvas.dataset.frame?.split(",")[place]) === at;
  const over = () => at === last || (shown() && canvas.dataset.last === "true");

  function label() {
    start.textContent = running ? "Pause" : over() ? "Ended" : at ? "Go on" : "Start";
    start.disabled = !running && over();
  }

  function run() { running = true; label(); next(); }
  function pause() { running = false; label(); }

  function next() {
    due = false;
    if (!running) return;
    if (over() || !box.isConnected) { pause(); return; }
    wanted = at + 1;
    choose(wanted);
  }

  function painted() {
    label();
    if (!running || due || !shown()) return;
    due = true;
    requestAnimationFrame(next);
  }

  new MutationObserver(painted).observe(canvas, {attributeFilter: ["data-frame"]});
  new MutationObserver(() => { if (!alert.hidden) pause(); }).observe(alert, {attributeFilter: ["hidden"]});
  root.addEventListener("input", event => {        // before the other control acts: its new setting begins anew
    if (box.contains(event.target)) return;
    pause();
    if (at) choose(0);
  }, true);

  return position => {
    if (running && position !== wanted && position !== at) running = false;        // somebody else has set it
    at = position;
    bar.value = position;
    text.textContent = control.texts[position];
    box.dataset.position = position;
    label();
  };
};
