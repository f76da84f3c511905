// What whoever looks may choose. A value comes from the address, else from the browser's memory, else it is the
// default that stands here and nowhere else. What is chosen on the page goes to both, so that the address of the
// page always shows the same page elsewhere. A link changes nothing that is remembered.

const MEMORY = "trueline-wallboard";

/** Numbers with their unit and bounds; `otherwise` is the default. A value that is out of bounds counts as none. */
const NUMBERS = new Map([
  ["wait_s", { label: "A caller waits for", unit: "seconds", otherwise: 120, least: 1, most: 86_400 }],
  ["waiting", { label: "Callers who wait in a queue", unit: "callers", otherwise: 10, least: 1, most: 10_000 }],
  ["available", { label: "Fewer agents available than", unit: "agents", otherwise: 1, least: 0, most: 10_000 }],
  ["ring_s", { label: "An agent's phone rings for", unit: "seconds", otherwise: 20, least: 1, most: 3_600 }],
  ["turn_s", { label: "Turn the page every", unit: "seconds; 0: all on one page", otherwise: 15, least: 0, most: 3_600 }],
]);
const VIEWS = ["queues", "agents"];
const settings = { ...defaults(), ...remembered(), ...readAddress() };

function defaults() {
  const numbers = [...NUMBERS].map(([name, { otherwise }]) => [name, otherwise]);
  return { ...Object.fromEntries(numbers), org: null, queues: [], channel: "", view: VIEWS[0] };
}

/** Those of some values that can be used. */
function usable({ org, queues, channel, view, ...rest }) {
  const found = {};
  if (typeof org === "string") found.org = org;
  if (Array.isArray(queues) && queues.every((id) => typeof id === "string")) found.queues = queues;
  if (typeof channel === "string") found.channel = channel;
  if (VIEWS.includes(view)) found.view = view;
  for (const [name, { least, most }] of NUMBERS) {
    const given = Object.hasOwn(rest, name) && rest[name] !== "" ? Number(rest[name]) : NaN;
    if (given >= least && given <= most) found[name] = Math.round(given);
  }
  return found;
}

/** `?org=…&queues=…&queues=…&view=…&wait_s=…`, without `queues` all; links of before have `#org=…`. */
function readAddress() {
  const query = new URLSearchParams(location.search);
  const fragment = new URLSearchParams(location.hash.slice(1));
  const org = query.get("org") ?? fragment.get("org");
  const isAsked = query.size > 0 || org != null;
  return usable({ ...Object.fromEntries(query), org, queues: isAsked ? query.getAll("queues") : null });
}

function remembered() {
  try {
    return usable(JSON.parse(localStorage.getItem(MEMORY)) ?? {});
  } catch {
    return {};
  }
}

/** Writes all settings to the address, and which organization is shown. */
function writeAddress() {
  const { org, queues, ...rest } = { ...settings, org: settings.org ?? state.org };
  const query = new URLSearchParams(org == null ? [] : [["org", org]]);
  for (const queue of queues) query.append("queues", queue);
  for (const [name, value] of Object.entries(rest)) query.set(name, value);
  history.replaceState(null, "", `?${query}`);
}

/** Chooses some values, remembers them and draws the page anew. */
function choose(chosen) {
  Object.assign(settings, usable(chosen));
  try {
    localStorage.setItem(MEMORY, JSON.stringify({ ...remembered(), ...usable(chosen) }));
  } catch {
    // Without memory the address still has them.
  }
  writeAddress();
  draw();
}

/** Fills and opens the dialog. */
function openSettings() {
  const numbers = [...NUMBERS].map(([name, { label, unit, least, most }]) => {
    const input = element("input", { type: "number", name, min: least, max: most, step: 1, value: settings[name] });
    input.addEventListener("change", () => {
      choose({ [name]: input.value });
      input.value = settings[name];
    });
    return element("label", {}, element("span", {}, label), input, element("span", { className: "unit" }, unit));
  });
  const queues = queuesByName().map((queue) => {
    const input = element("input", { type: "checkbox", checked: settings.queues.includes(queue) });
    const others = () => settings.queues.filter((id) => id !== queue);
    input.addEventListener("change", () => choose({ queues: input.checked ? [...others(), queue] : others() }));
    return element("label", {}, input, queueName(queue));
  });
  byId("numbers").replaceChildren(...numbers);
  byId("queue-choice").replaceChildren(...queues);
  byId("settings").showModal();
}

byId("open-settings").addEventListener("click", openSettings);
byId("close-settings").addEventListener("click", () => byId("settings").close());
byId("reset").addEventListener("click", () => {
  const { org, view, channel, ...usual } = defaults();
  choose(usual);
  byId("settings").close();
  openSettings();
});
