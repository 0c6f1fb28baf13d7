const WORDS = { s: "survives", i: "by itself", r: "by runbook", l: "lost", u: "unknown" };
const CLASSES = { s: "survives", i: "itself", r: "runbook", l: "lost", u: "unknown" };
const NOTHING = "No fault is chosen.";

const buttons = [...document.querySelectorAll("button[data-fault]")];
const nodes = [...document.querySelectorAll(".node")];
const places = [...document.querySelectorAll("[data-struck]")];
const groups = [...document.querySelectorAll(".outcomes tbody")];
const told = [...document.querySelectorAll(".told-of")];
const said = document.getElementById("said");
let chosen = null;

function fatesOf(node) {
  const found = new Map();
  for (const entry of (node.dataset.fates ?? "").split(" ").filter(Boolean)) {
    const [fault, counts] = entry.split(":");
    const parts = [...counts.matchAll(/([a-z])(\d+)(~?)/g)];
    found.set(fault, parts.map(([, letter, count, aside]) => [letter, Number(count), aside !== "" && "lru".includes(letter)]));
  }
  return found;
}

const fates = new Map(nodes.map((node) => [node, fatesOf(node)]));

function tell(node, fault) {
  node.classList.remove("told", "aside", ...Object.values(CLASSES));
  if (fault === null || node.classList.contains("ghost")) return;
  const counts = fates.get(node).get(fault);
  const size = Number(node.dataset.size);
  const [worst, count, aside] = counts?.[0] ?? [null, 0, false];
  const within = (node.dataset.within ?? "").split(" ").includes(fault);
  const idle = node.classList.contains("strange") ? "not judged" : within ? "goes with it" : "not reached";
  const word = worst === null ? idle : count < size ? `${count} of ${size} ${WORDS[worst]}` : WORDS[worst];
  node.classList.add("told");
  if (worst !== null) node.classList.add(CLASSES[worst]);
  node.querySelector("use").setAttribute("href", `#i-${worst === null ? "none" : CLASSES[worst]}`);
  node.classList.toggle("aside", aside);
  node.querySelector(".word").textContent = aside ? `(${word})` : word;
}

function choose(button, { remember = true } = {}) {
  chosen = button;
  const fault = button?.dataset.fault ?? null;
  for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
  for (const node of nodes) tell(node, fault);
  for (const place of places) place.classList.toggle("struck", place.dataset.struck.split(" ").includes(fault));
  for (const group of groups) group.hidden = fault !== null && group.dataset.fault !== fault;
  for (const each of told) each.hidden = each.dataset.fault !== fault;
  said.textContent = button?.dataset.says ?? NOTHING;
  said.classList.toggle("chosen", button !== null);
  if (!remember) return;
  try {
    history.replaceState(null, "", button ? `#${button.dataset.slug}` : "#faults");
  } catch {
    // A page shown inside another one may not be allowed to have an address of its own.
  }
}

function stand(button) {
  for (const each of buttons) each.tabIndex = each === button ? 0 : -1;
}

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function key(event) {
  const at = buttons.indexOf(event.currentTarget);
  const last = buttons.length - 1;
  const to = { Home: 0, End: last }[event.key] ?? (event.key in STEPS ? at + STEPS[event.key] : null);
  if (to === null) return;
  event.preventDefault();
  const next = buttons[(to + buttons.length) % buttons.length];
  stand(next);
  next.focus();
}

function followAddress() {
  const button = buttons.find((each) => each.dataset.slug === location.hash.slice(1));
  if (!button) return;
  choose(button, { remember: false });
  stand(button);
  document.getElementById("faults").scrollIntoView();
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    stand(button);
    choose(chosen === button ? null : button);
  });
  button.addEventListener("keydown", key);
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && chosen) choose(null);
});
addEventListener("hashchange", followAddress);

// Paper has nothing to click: all of it is open there, and as it was again afterwards.
const closed = new Set();
const paper = matchMedia("print");
paper.addEventListener("change", () => {
  if (paper.matches) for (const each of document.querySelectorAll("details:not([open])")) closed.add(each);
  for (const each of closed) each.open = paper.matches;
  if (!paper.matches) closed.clear();
});

for (const each of document.querySelectorAll(".scripted")) each.hidden = false;
if (buttons.length) stand(buttons[0]);
followAddress();
