// Tables saved from the report as CSV: the rows as shown, exact, and safe to open in a spreadsheet.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { generate, namesFile, namesOfQueues, rebuild, table } from "./archive.mjs";
import { launch, open, rowsOf } from "./report-page.mjs";
import { groupBy, serviceOf, sum } from "./sums.mjs";

/** Names that a spreadsheet would run, or that CSV must quote. */
const ODD_NAMES = ['=HYPERLINK("http://example.org")', "+1", "-1", "@SUM(A1)", 'Night, "late"', "Zürich"];

let browser, page, complaints, run, names;

before(async () => {
  browser = await launch();
  const events = generate("--tasks", "600", "--days", "2", "--seed", "5");
  const { names: queues } = await namesOfQueues(rebuild(events));
  names = new Map([...queues.keys()].map((id, at) => [id, ODD_NAMES[at] ?? `Queue ${at}`]));
  run = rebuild(events, "--names", namesFile([...names]), "--timezone", "Europe/Berlin");
  ({ page, complaints } = await open(browser, run));
});
after(() => browser.close());

/** What a button of a table saves: the name of the file, its text, and its lines as records. */
async function saved(place, button) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(place).getByRole("button", { name: button, exact: true }).first().click(),
  ]);
  const text = readFileSync(await download.path(), "utf8");
  const [head, ...rows] = parsed(text);
  return {
    file: download.suggestedFilename(),
    text,
    rows: rows.map((row) => Object.fromEntries(row.map((value, at) => [head[at], value]))),
  };
}

/** CSV as RFC 4180 has it, after the byte order mark. */
function parsed(text) {
  assert.equal(text[0], "\ufeff");
  assert.ok(text.endsWith("\r\n"));
  const lines = [];
  let line = [];
  for (const [, quoted, plain, end] of text.slice(1).matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    line.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") continue;
    lines.push(line);
    line = [];
  }
  return lines;
}

const calls = async (name) => (await table(run, name)).filter((row) => row.channel === "telephony");

test("queues are saved with exact figures, units, ids, and what the webhooks alone say", async () => {
  const { file, rows } = await saved("#queues-service-table", "CSV");
  assert.equal(file, "queues-service.csv");
  const groups = groupBy(await calls("queue_intervals"), (row) => row.queue_id ?? "");
  assert.deepEqual(rows.map((row) => row["Queue id"]).sort(), [...groups.keys()].sort());
  for (const row of rows) {
    const of = serviceOf(groups.get(row["Queue id"]));
    const same = (name, value) => assert.ok(value == null ? row[name] === "" : Math.abs(Number(row[name]) - value) < 1e-6, `${name}: ${row[name]}, not ${value}`);
    same("ASA (ms)", of.ASA);
    same("Service level (share of 1)", of["Service level"]);
    same("Callback requests", of["Callback requests"]);
    assert.ok("ASA, webhooks alone (ms)" in row);
  }
});

test("no text is a formula, and commas, quotes and letters survive", async () => {
  const { rows } = await saved("#queues-table", "CSV");
  for (const row of rows.filter((row) => row["Queue id"] !== "")) {
    const name = names.get(row["Queue id"]);
    assert.equal(row.Queue, /^[=+\-@]/.test(name) ? `'${name}` : name);
  }
  const guarded = await page.evaluate(() => ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "a=1", -1].map(field));
  assert.deepEqual(guarded, ["'=1", "'+1", "'-1", "'@a", "'\t=1", '"\'\r=1"', "a=1", "-1"]);
});

test("rows are saved as they are filtered and sorted, all of them", async () => {
  const place = "#intervals-table";
  await page.locator(place).getByRole("button", { name: "Offered" }).click();
  await page.getByLabel(/Filter half hours/).fill("09:");
  const { file, rows } = await saved(place, "CSV");
  assert.equal(file, "half-hours-visits.csv");
  const { body } = await rowsOf(page, place);
  assert.ok(rows.length > 1);
  assert.deepEqual(rows.map((row) => Number(row.Offered)), body.map((row) => row.Offered));
  for (const row of rows) {
    assert.match(row["From (Europe/Berlin)"], /^\d{4}-\d\d-\d\d 09:[03]0:00$/);
    assert.match(row["From (UTC)"], /^\d{4}-\d\d-\d\dT0[78]:[03]0:00\.000Z$/);
  }
  await page.getByLabel(/Filter half hours/).fill("");
  const all = (await saved(place, "CSV")).rows;
  assert.equal(sum(all, (row) => Number(row.Offered)), sum(await calls("queue_intervals"), "offered"));
});

test("the definitions of a table are a file beside it", async () => {
  const { file, rows } = await saved("#queues-service-table", "Definitions as CSV");
  assert.equal(file, "queues-service-definitions.csv");
  const level = rows.find((row) => row.Column === "Service level");
  assert.match(level.Definition, /^Answered within .* ÷ sum of \(answered \+ abandoned\)\.$/);
});

test("every table can be saved", async () => {
  await page.evaluate(() => document.querySelectorAll("details").forEach((of) => (of.open = true)));
  const tables = page.locator(".table");
  const files = [];
  for (const one of await tables.all()) {
    if (!(await one.isVisible())) continue;
    const [download] = await Promise.all([page.waitForEvent("download"), one.getByRole("button", { name: "CSV", exact: true }).click()]);
    files.push(download.suggestedFilename());
  }
  assert.ok(files.length >= 12, files.join(" "));
  assert.equal(new Set(files).size, files.length, files.join(" "));
  assert.ok(!files.some((name) => /undefined/.test(name)));
  assert.deepEqual(complaints, []);
});
