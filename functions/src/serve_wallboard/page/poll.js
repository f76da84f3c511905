// Asks once a second what is live, and says so when it does not know.

const EVERY_MS = 1_000;
const PATIENCE_MS = 5_000;
/** Without an answer for this long the numbers are called old. */
const LOST_AFTER_MS = 3_500;
/** Without a delivery for this long it may be that none arrives. */
const QUIET_AFTER_MS = 5 * 60_000;
const TASK_EVERY_MS = 5_000;

let etag = "";
let answeredAt = null;
let trouble = "";

async function ask() {
  const headers = etag === "" ? {} : { "if-none-match": etag };
  const answer = await fetch("live", { headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (answer.status !== 304 && !answer.ok) throw new Error(`the server says ${answer.status}`);
  if (answer.status !== 304) take(await answer.json());
  etag = answer.headers.get("etag") ?? "";
  state.clockOffset = Number(answer.headers.get("x-trueline-now")) - Date.now();
  answeredAt = Date.now();
  trouble = "";
}

/** Says how old the numbers are, and stops their ages when no newer ones come. */
function judge() {
  const age = answeredAt == null ? Infinity : Date.now() - answeredAt;
  const lost = age > LOST_AFTER_MS && trouble !== "";
  state.stoppedAt = lost && answeredAt != null ? answeredAt + state.clockOffset : null;
  const last = chosen()?.last_delivery_at;
  const quiet = !lost && last != null && now() - last > QUIET_AFTER_MS;
  const alarm = lost
    ? `⚠ Connection lost${answeredAt == null ? "" : ` for ${running(age)}: these numbers are from ${clock(answeredAt)}`}. ${trouble}`
    : quiet ? `⚠ No webhook for ${running(now() - last)}: nothing happens, or nothing is delivered.` : "";
  document.documentElement.dataset.state = lost ? "lost" : quiet ? "quiet" : "live";
  byId("alarm").hidden = alarm === "";
  write(byId("alarm"), alarm);
  write(byId("freshness"), lost ? "⚠ not live" : answeredAt == null ? "connecting" : "live");
  const board = chosen();
  const all = shownTotal();
  document.title = lost ? "⚠ Connection lost" : board ? `${all.live.count} on the line, ${all.callbacks.count} callbacks` : "Wallboard";
}

async function poll() {
  if (!document.hidden) {
    await ask().catch((error) => {
      trouble = error.name === "TypeError" ? "Nobody answers." : `It failed: ${error.message}.`;
    });
  }
  setTimeout(poll, EVERY_MS);
}

byId("org").addEventListener("change", (event) => {
  state.org = event.target.value;
  for (const id of ["queues", "agent-table"]) byId(id).tBodies[0].replaceChildren();
  choose({ org: state.org, queues: [] });
});
byId("close").addEventListener("click", () => byId("calls").close());
byId("calls").addEventListener("click", (event) => {
  if (event.target === byId("calls")) byId("calls").close();
});
setInterval(() => {
  judge();
  draw();
}, 250);
setInterval(readTask, TASK_EVERY_MS);
poll();
