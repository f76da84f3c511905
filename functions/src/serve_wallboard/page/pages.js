// What a screen on a wall needs: pages that turn by themselves, views, and the full screen.
//
// Rows are never smaller than can be read across a room; what does not fit stands on a further page. Nothing turns
// below a pointer that moves, at the focus of a keyboard, behind a dialog, or for who wants less motion.

/** The least height of a row, in rem of the root. */
const LEAST_ROW_REM = 3.3;
/** What gaps and borders around the rows take, in rem. */
const SPARE_REM = 3.4;
/** A pointer that rests for so long looks at nothing. */
const POINTER_RESTS_MS = 30_000;
const NARROW = matchMedia("(max-width: 900px)");
const LESS_MOTION = matchMedia("(prefers-reduced-motion: reduce)");

const pages = { at: 0, count: 1, turnedAt: Date.now(), pointerAt: -Infinity };

/** Whether somebody points at a table, or has the focus in it. */
function isHeld(table) {
  const points = table.matches(":hover") && Date.now() - pages.pointerAt < POINTER_RESTS_MS;
  return points || table.querySelector(":focus-visible") != null;
}

/**
 * Puts the rows of a table in the order of their keys, and makes those that are new. While the table is held, rows
 * that are there stay where they are.
 */
function arrange(body, keys, make) {
  const there = new Map([...body.rows].map((row) => [row.dataset.key, row]));
  const wanted = new Set(keys);
  const stay = isHeld(body.parentElement) ? [...there.keys()].filter((key) => wanted.has(key)) : [];
  const staying = new Set(stay);
  const ordered = [...stay, ...keys.filter((key) => !staying.has(key))];
  if (ordered.length === there.size && [...there.keys()].every((key, at) => key === ordered[at])) return;
  const rows = ordered.map((key) => there.get(key) ?? keyed(make(key), key));
  keepFocus(() => body.replaceChildren(...rows));
}

function keyed(row, key) {
  row.dataset.key = key;
  return row;
}

/** How many rows fit, and into what height in pixels. */
function room(body) {
  const top = body.getBoundingClientRect().top + scrollY;
  const below = document.querySelector("footer").offsetHeight + byId("pages").offsetHeight;
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const height = innerHeight - top - below - SPARE_REM * rem;
  return { height, fitting: Math.max(3, Math.floor(height / (LEAST_ROW_REM * rem))) };
}

/** Shows one page of the table that is in view. */
function drawPages() {
  const table = byId(settings.view === "agents" ? "agent-table" : "queues");
  const rows = [...table.tBodies[0].rows];
  const { height, fitting } = room(table.tBodies[0]);
  const size = NARROW.matches || settings.turn_s === 0 ? Math.max(1, rows.length) : fitting;
  pages.count = Math.max(1, Math.ceil(rows.length / size));
  pages.at %= pages.count;
  turnIfDue(table);
  rows.forEach((row, at) => { row.hidden = Math.floor(at / size) !== pages.at; });
  document.body.style.setProperty("--rows", Math.max(1, Math.min(rows.length, size)));
  document.body.style.setProperty("--room", `${height}px`);
  byId("pages").hidden = pages.count === 1;
  write(byId("page-number"), `Page ${pages.at + 1} of ${pages.count}`);
}

function turnIfDue(table) {
  const stands = LESS_MOTION.matches || isHeld(table) || isHeld(byId("pages")) || document.querySelector("dialog[open]") != null;
  if (pages.count === 1 || stands) pages.turnedAt = Date.now();
  if (Date.now() - pages.turnedAt >= settings.turn_s * 1000) turn(1);
}

function turn(by) {
  Object.assign(pages, { at: (pages.at + by + pages.count) % pages.count, turnedAt: Date.now() });
}

/** Shows the view that is chosen. */
function drawView() {
  for (const button of document.querySelectorAll("[data-view]")) button.ariaPressed = String(button.dataset.view === settings.view);
  byId("queues").hidden = settings.view !== "queues";
  byId("agent-view").hidden = settings.view !== "agents";
}

for (const button of document.querySelectorAll("[data-view]")) {
  button.addEventListener("click", () => {
    pages.at = 0;
    choose({ view: button.dataset.view });
  });
}
for (const [id, by] of [["earlier", -1], ["later", 1]]) {
  byId(id).addEventListener("click", () => {
    turn(by);
    draw();
  });
}
addEventListener("pointermove", () => { pages.pointerAt = Date.now(); });
byId("full-screen").hidden = !document.fullscreenEnabled;
byId("full-screen").addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
document.addEventListener("fullscreenchange", () => write(byId("full-screen"), document.fullscreenElement ? "Leave full screen" : "Full screen"));
