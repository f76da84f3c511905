// The board: counts of one organization, in place, so that focus and reading stay where they are.
//
// `state` is what the last answer said, and all that is drawn comes from that one answer: the tiles are the sums of
// the rows. Ages run by the server's clock, which `now()` keeps, and stop when the connection is lost. Ids are any
// text, `constructor` too: what is looked up by them is a Map.

const state = { live: null, names: new Map(), clockOffset: 0, stoppedAt: null, org: null, seen: new Map(), queue: null, task: null };
const now = () => state.stoppedAt ?? Date.now() + state.clockOffset;

const chosen = () => state.live?.organizations.find((board) => board.org === state.org);
const NO_QUEUE = "";

/** Takes an answer of `live`. Queues that were there before stay, empty, with their names: rows do not jump. */
function take(live) {
  for (const [id, name] of Object.entries(live.names)) state.names.set(id, name);
  state.live = live;
  const orgs = live.organizations.map((board) => board.org);
  state.org = orgOfChoice(live.organizations);
  for (const board of live.organizations) {
    const seen = state.seen.get(board.org) ?? new Set();
    for (const queue of board.queues) seen.add(queue.queue ?? NO_QUEUE);
    board.byQueue = new Map(board.queues.map((of) => [of.queue ?? NO_QUEUE, of]));
    state.seen.set(board.org, seen);
  }
  const options = orgs.map((org) => new Option(nameOf(org, state.names), org, false, org === state.org));
  if (byId("org").length !== options.length) byId("org").replaceChildren(...options);
  byId("org-choice").hidden = orgs.length < 2;
}

/** The organization that is chosen, else the one that is shown, else the one with the newest event. */
function orgOfChoice(boards) {
  const board = (org) => boards.find((board) => board.org === org);
  const newest = (one, other) => ((other.newest_event_at ?? 0) > (one.newest_event_at ?? 0) ? other : one);
  const shown = board(settings.org) ?? board(state.org) ?? (boards.length > 0 ? boards.reduce(newest) : null);
  return shown?.org ?? null;
}

/** Draws what is known, as of now. */
function draw() {
  drawView();
  const board = chosen();
  if (!board) {
    if (state.live) write(byId("headline"), "No webhook has come yet.");
    return;
  }
  const all = shownTotal();
  write(byId("headline"), headline(all));
  drawTiles(all, board.agent_list);
  drawQueues();
  drawAgentTable(board);
  drawPages();
  announce(crossed(board));
  drawAgents(board);
  write(byId("pulse"), pulse(board));
  write(byId("rule"), rule(state.live.uncertain_after_ms));
  if (byId("calls").open) drawCalls();
}

/** What makes a call uncertain. */
function rule({ queued, ringing, dialing, with_agent, in_flow }) {
  const [wait, ring, dial, talk, flow] = [queued, ringing, dialing, with_agent, in_flow].map(short);
  return `Uncertain: calls without a sign for over ${wait} in a queue, ${ring} ringing, ${dial} being called back, ${talk} with an agent or ${flow} in the flow, and calls from before a gap in the webhooks. They may be over, or wait for a callback.`;
}

/** The truth in one sentence. */
function headline({ live, callbacks, uncertain }) {
  const waiting = live.count === 0 ? "Nobody waits on the line" : `${counted(live.count, "caller waits", "callers wait")} on the line`;
  const off = callbacks.count === 0 ? "nobody for a callback" : `${callbacks.count} off it for a callback`;
  const unsure = uncertain.count === 0 ? "" : `; of ${uncertain.count} more it is not certain`;
  return `${waiting}, ${off}${unsure}.`;
}

const others = ({ waiting }) => (waiting.count === 0 ? "" : `, +${counted(waiting.count, "other")}`);
const longest = (waiting) => (waiting.longest_since == null ? "" : running(now() - waiting.longest_since));

const WAITING = ["live", "callbacks", "uncertain", "waiting"];
const COUNTS = ["callbacks_certain", "ringing", "calling_back", "talking", "on_hold", "consulting", "conferencing"];

/** The sums of some queues, with the longest wait of each kind. */
function total(queues) {
  const all = {};
  for (const kind of WAITING) {
    const since = queues.map((of) => of[kind].longest_since).filter((at) => at != null);
    const count = queues.reduce((sum, of) => sum + of[kind].count, 0);
    all[kind] = { count, longest_since: since.length === 0 ? null : since.reduce((one, other) => Math.min(one, other)) };
  }
  for (const kind of COUNTS) all[kind] = queues.reduce((sum, of) => sum + of[kind], 0);
  return all;
}

const shownTotal = () => total(shownQueues().map(queueBoard));

function drawTiles(all, agents) {
  const since = (waiting, otherwise) => (waiting.count === 0 ? otherwise : `longest ${longest(waiting)}`);
  const inferred = all.callbacks.count - all.callbacks_certain;
  const held = [[all.on_hold, "on hold"], [all.consulting, "consulting"], [all.conferencing, "in conference"]];
  const tiles = {
    live: [all.live.count, since(all.live, "waiting in a queue") + others(all), worstReasons()],
    callbacks: [all.callbacks.count, since(all.callbacks, "off the line") + (inferred > 0 ? `, ${inferred} inferred` : ""), []],
    uncertain: [all.uncertain.count, since(all.uncertain, "long without a sign"), []],
    ringing: [all.ringing, all.calling_back === 0 ? "at agents" : `+${all.calling_back} being called back`, []],
    talking: [all.talking, held.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`).join(", ") || "talking", []],
    agents: [countAvailable(agents), `of ${agents.length} logged in`, shortage(agents)],
  };
  for (const [name, [count, note, found]] of Object.entries(tiles)) {
    const tile = document.querySelector(`[data-tile=${name}]`);
    tile.classList.toggle("zero", count === 0);
    write(tile.querySelector(".count"), String(count));
    write(tile.querySelector(".note"), note);
    mark(tile, found);
  }
}

const COLUMNS = [
  ["live", "On the line", (of) => [of.live.count, (longest(of.live) + others(of)).replace(/^, /, "")]],
  ["callbacks", "Callbacks", (of) => [of.callbacks.count, longest(of.callbacks)]],
  ["uncertain", "Uncertain", (of) => [of.uncertain.count, longest(of.uncertain)]],
  ["ringing", "Ringing", (of) => [of.ringing, of.calling_back > 0 ? `+${of.calling_back} called` : ""]],
  ["talking", "With agents", (of) => [of.talking, of.on_hold > 0 ? `${of.on_hold} on hold` : ""]],
];
const NOBODY = { ...total([]), tasks: [] };

const queueName = (queue) => (queue === NO_QUEUE ? "no queue" : nameOf(queue, state.names));
const queueBoard = (queue) => chosen()?.byQueue.get(queue) ?? NOBODY;

/** All queues that were seen, by name; those of no queue come last. */
function queuesByName() {
  const seen = [...(state.seen.get(state.org) ?? [])];
  return seen.sort((a, b) => (a === NO_QUEUE) - (b === NO_QUEUE) || queueName(a).localeCompare(queueName(b)));
}

/** The queues that are chosen, whether they were seen or not, or else all that were; the worst first. */
function shownQueues() {
  const queues = settings.queues.length > 0 ? [...settings.queues] : queuesByName();
  return queues.sort(worstFirst);
}

function drawQueues() {
  const body = byId("queues").tBodies[0];
  arrange(body, shownQueues(), newRow);
  for (const row of body.rows) drawQueue(row, queueBoard(row.dataset.key));
}

function newRow(queue) {
  const open = element("button", { type: "button", ariaHasPopup: "dialog" });
  const row = element("tr", { onclick: () => openQueue(queue) }, element("th", { scope: "row" }, open));
  for (const [name, label] of COLUMNS) {
    const cell = element("td", { className: name }, element("span", { className: "count" }), element("span", { className: "note" }));
    if (name === "live") cell.append(element("span", { className: "warning" }));
    cell.dataset.label = label;
    row.append(cell);
  }
  return row;
}

function drawQueue(row, of) {
  write(row.querySelector("button"), queueName(row.dataset.key));
  for (const [name, , texts] of COLUMNS) {
    const [count, note] = texts(of);
    const cell = row.querySelector(`.${name}`);
    cell.classList.toggle("zero", count === 0);
    write(cell.querySelector(".count"), String(count));
    write(cell.querySelector(".note"), note);
  }
  mark(row, reasons(of));
}

function drawAgents({ agents: counts, agent_list: agents }) {
  const states = Object.entries(counts).sort(([, a], [, b]) => b - a);
  const found = ringReasons(agents);
  const tooLong = found.map((reason) => element("span", { className: "warning" }, ` ⚠ ${reason}`));
  const items = states.map(([name, count]) => element("li", {}, element("strong", {}, String(count)), ` ${words(name)}`, ...(name === "ringing" ? tooLong : [])));
  const text = [...states, ...found].join();
  if (byId("agents").dataset.shown !== text) byId("agents").replaceChildren(...items);
  byId("agents").dataset.shown = text;
}

function pulse({ events_last_minute: events, settled_last_minute: settled, newest_event_at: newest }) {
  const age = newest == null ? "" : ` · newest event ${running(now() - newest)} old`;
  return `${counted(events, "event")} in the last minute · ${settled} settled late${age}`;
}

/** Opens the calls of a queue, on one of them or else on the first. */
function openQueue(queue, task = queueBoard(queue).tasks[0]?.task ?? null) {
  Object.assign(state, { queue, task });
  byId("task").replaceChildren(task == null ? "Nobody is in this queue now." : "");
  byId("calls").showModal();
  drawCalls();
  readTask();
}

const PLACES = new Map([
  ["live", ["●", "on the line"]],
  ["callback", ["↩\ufe0e", "callback"]],
  ["uncertain", ["?", "uncertain"]],
  ["waiting", ["✉\ufe0e", "waiting"]],
  ["ringing", ["◔", "ringing"]],
  ["calling_back", ["◔", "being called back"]],
  ["talking", ["■", "talking"]],
  ["on_hold", ["■", "on hold"]],
  ["consulting", ["■", "agent consults"]],
  ["conferencing", ["■", "in conference"]],
]);

/** The calls of the queue that is open: who waits first, the oldest first. */
function drawCalls() {
  const board = queueBoard(state.queue);
  const { tasks } = board;
  write(byId("calls-title"), queueName(state.queue));
  const list = byId("call-list");
  const there = new Map([...list.children].map((item) => [item.dataset.task, item]));
  const items = tasks.map((of) => there.get(of.task) ?? newCall(of.task));
  if (items.length !== list.children.length || items.some((item, at) => item !== list.children[at])) {
    keepFocus(() => list.replaceChildren(...items));
  }
  tasks.forEach((of, at) => {
    const [sign, kind, age] = items[at].querySelectorAll("span");
    const [mark, place] = PLACES.get(of.place) ?? ["", words(of.place)];
    write(sign, mark);
    write(kind, place);
    write(age, running(now() - of.since));
    items[at].firstChild.dataset.place = of.place;
    items[at].firstChild.ariaPressed = String(of.task === state.task);
  });
  const open = WAITING.reduce((sum, kind) => sum + board[kind].count, board.ringing + board.calling_back + board.talking);
  write(byId("unlisted"), open > tasks.length ? `and ${open - tasks.length} younger ones` : "");
}

function newCall(task) {
  const pick = () => {
    state.task = task;
    drawCalls();
    readTask();
  };
  const part = (className) => element("span", { className });
  const item = element("li", {}, element("button", { type: "button", onclick: pick }, part("sign"), part("kind"), part("age")));
  item.dataset.task = task;
  return item;
}

/** Reads the timeline of the task that is picked, and shows it unless another one is by then. */
async function readTask() {
  const { task, org } = state;
  if (task == null || !byId("calls").open) return;
  const answer = await fetch(`task?org=${encodeURIComponent(org)}&task=${encodeURIComponent(task)}`, { cache: "no-store" }).catch(() => null);
  const read = answer ? await answer.json().catch(() => ({})) : { message: "The connection is lost." };
  if (task !== state.task) return;
  byId("task").replaceChildren(...(answer?.ok ? tell(read, now()) : [element("p", {}, read.message ?? "It cannot be read.")]));
}
