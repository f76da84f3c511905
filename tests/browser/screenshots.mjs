// Makes the pictures of the README: the wallboard amid generated traffic of this hour, and the
// report of a generated archive. `npm run screenshots` writes them to `docs/`.
//
// Ids have made-up names here; all numbers are what the programs say.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate, namesOfQueues, rebuild, root } from "./archive.mjs";
import { launch, open } from "./report-page.mjs";
import { startStack } from "./stack.mjs";
import { openWallboard } from "./wallboard-page.mjs";

const HOUR_MS = 60 * 60_000;
const QUEUES = ["Billing", "Bookings", "Business", "Cancellations", "Claims", "Complaints", "Deliveries", "New customers", "Night desk", "Refunds", "Returns", "Technical help"];
const docs = join(root, "docs");

/** What a generated contact centre would have sent in the last hours, if now were its busiest one. */
function eventsUntilNow() {
  const options = { tasks: 2400, days: 1, "start-ms": Math.round(Date.now() - 10.5 * HOUR_MS), seed: 5 };
  const folder = generate(...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]));
  const lines = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n"));
  const events = lines.filter((line) => line.includes('"createdTime"')).map((line) => JSON.parse(line));
  const recent = new Set(events.filter(({ type, data }) => type === "task:new" && data.createdTime > Date.now() - 2 * HOUR_MS).map(({ data }) => data.taskId));
  return events.filter(({ data }) => data.createdTime <= Date.now() && (data.taskId == null || recent.has(data.taskId)));
}

/** The queues of some events, named. */
function namesOf(events) {
  const ids = [...new Set(events.map(({ data }) => data.queueId).filter(Boolean))].sort();
  return ["id,name", ...ids.map((id, at) => `${id},${QUEUES[at % QUEUES.length]}`)].join("\n");
}

async function takeWallboard(browser) {
  const stack = await startStack();
  const events = eventsUntilNow();
  const bucket = join(stack.folder, "s3/trueline");
  mkdirSync(bucket, { recursive: true });
  writeFileSync(join(bucket, "names.csv"), namesOf(events));
  await stack.sender.deliverAll(events);
  const { page } = await openWallboard(browser, stack.url, { viewport: { width: 1600, height: 900 }, colorScheme: "dark" });
  await page.waitForTimeout(2_000);
  await page.screenshot({ path: join(docs, "wallboard.png") });
  stack.stop();
}

async function takeReport(browser) {
  const events = generate("--tasks", "5000", "--days", "2", "--seed", "3");
  const { file, names } = await namesOfQueues(rebuild(events));
  writeFileSync(file, ["id,name", ...[...names.keys()].map((id, at) => `${id},${QUEUES[at % QUEUES.length]}`)].join("\n"));
  const { page } = await open(browser, rebuild(events, "--names", file), { viewport: { width: 1280, height: 1000 }, colorScheme: "light" });
  await page.screenshot({ path: join(docs, "report.png") });
}

mkdirSync(docs, { recursive: true });
const browser = await launch();
await takeWallboard(browser);
await takeReport(browser);
await browser.close();
