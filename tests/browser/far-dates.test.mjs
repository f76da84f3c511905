// Tasks that lie, or last, decades: the report is as large as what happened, not as the time between.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { archiveOf, rebuild } from "./archive.mjs";
import { launch, open, rowsOf } from "./report-page.mjs";

const DAY_MS = 86_400_000;
const ORG = "14c6c3b0-d36a-5bc6-a52b-33ef40c2d7ba";

let browser, nearby;
before(async () => {
  browser = await launch();
  nearby = await look(["2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z"]);
});
after(() => browser.close());

/** A call that waits a minute, and ends after `lastsMs`. */
function call(task, begins, lastsMs = 120_000) {
  const event = (type, after, more) => ({
    type,
    comciscoorgid: ORG,
    data: {
      taskId: task,
      createdTime: begins + after,
      channelType: "telephony",
      direction: "INBOUND",
      ...more,
    },
  });
  return [
    event("task:new", 0),
    event("task:parked", 1_000, { queueId: "sales" }),
    event("task:connect", 61_000, { queueId: "sales" }),
    event("task:connected", 65_000, { queueId: "sales" }),
    event("task:ended", lastsMs, { terminatingParty: "Customer", reason: "Customer Left" }),
  ];
}

/** The report of some events, how many elements it has, and how long it took to be there. */
async function openTimed(events) {
  const run = rebuild(archiveOf(events));
  const from = performance.now();
  const { page, complaints } = await open(browser, run);
  const ms = performance.now() - from;
  const elements = await page.evaluate(() => document.querySelectorAll("*").length);
  return { page, complaints, ms, elements };
}

const look = (times) => openTimed(times.flatMap((time, at) => call(`task-${at}`, Date.parse(time))));

for (const times of [
  ["2026-03-02T09:00:00Z", "2099-03-02T09:00:00Z"],
  ["2001-10-01T09:00:00Z", "2099-12-30T09:00:00Z"],
  ["2001-10-01T09:00:00Z", "2026-03-02T09:00:00Z", "2099-12-30T09:00:00Z"],
]) {
  const years = times.map((time) => time.slice(0, 4));
  const days = times.map((time) => time.slice(0, 10));
  test(`a report of tasks in ${years.join(", ")} is as small as that of two days`, async () => {
    const { page, complaints, ms, elements } = await look(times);
    assert.ok(ms < 10_000, `${ms} ms`);
    assert.ok(elements < nearby.elements * 1.5, `${elements}, of two days ${nearby.elements}`);
    const { body } = await rowsOf(page, "#intervals-table");
    assert.deepEqual(
      body.map((row) => [/\d{4}/.exec(row.From)[0], row.Offered]),
      years.map((year) => [year, 1]),
    );
    const ledger = await rowsOf(page, "#days-table");
    assert.deepEqual(
      ledger.body.map((row) => row.Day),
      days,
    );
    const choice = page.locator("select[name=day] option");
    assert.equal(await choice.count(), times.length + 1);
    for (const place of ["#waits-chart", "#trend-chart"])
      assert.match(await page.locator(place).textContent(), /no tasks for\s*[\d\u202f]+ days/);
    const bars = await page
      .locator("#waits-chart rect[fill='var(--truth)']")
      .evaluateAll((all) => all.map((bar) => bar.getBoundingClientRect()));
    const widths = bars.filter((box) => box.height > 1).map((box) => box.width);
    assert.equal(widths.length, times.length);
    assert.ok(Math.min(...widths) > 2, `bars of ${widths} pixels`);
    await page.locator("select[name=day]").selectOption(days[0]);
    assert.equal((await rowsOf(page, "#intervals-table")).body.length, 1);
    assert.deepEqual(complaints, []);
    await page.close();
  });
}

test("a task that lasts 73 years is drawn, with its days", async () => {
  const begins = Date.parse("2026-03-02T09:00:00Z");
  const { page, complaints, elements } = await openTimed([
    ...call("long", begins, 73 * 365.25 * DAY_MS),
    ...call("short", begins),
  ]);
  assert.ok(elements < nearby.elements * 1.5, `${elements} elements`);
  await page.getByLabel("Task id, or how it begins").fill("long");
  await page.getByLabel("Task id, or how it begins").press("Enter");
  assert.ok((await page.locator("#task-chart *").count()) < 200);
  assert.match(await page.locator("#task .lead").first().textContent(), /ended Mon 2 Mar 2099/);
  assert.match(await page.locator("#task-chart svg").textContent(), /20[3-9]\d/);
  assert.deepEqual(complaints, []);
});

test("on an axis of days a day is a place, however many hours it has", async () => {
  // Clocks change on 29 March 2026; then come two days without tasks, and 73 years.
  const days = ["2026-03-28", "2026-03-29", "2026-03-30", "2026-04-02", "2099-04-02"];
  const axis = await nearby.page.evaluate((days) => {
    const midnight = (day, at) => Date.parse(`${day}T00:00:00${at < 2 ? "+01:00" : "+02:00"}`);
    const rows = days.map((day, at) => ({ key: midnight(day, at), offered: 1 }));
    const clock = new Clock("Europe/Berlin", [rows[0].key, rows.at(-1).key]);
    const { rows: drawn, cuts, end } = new IntervalAxis(rows, { clock, byDay: true });
    return { places: drawn.map((row) => [row.place, row.offered]), cuts, end };
  }, days);
  const gapDays = (Date.parse(days[4]) - Date.parse(days[3])) / DAY_MS - 1;
  assert.deepEqual(axis, {
    places: [[0, 1], [1, 1], [2, 1], [3, 0], [4, 0], [5, 1], [6, 0], [7, 1]],
    cuts: [{ from: 6, to: 7, days: gapDays }],
    end: 8,
  });
});
