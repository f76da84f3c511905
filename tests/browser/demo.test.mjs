// The demo as a newcomer meets it: what it prints, and where its links lead.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./report-page.mjs";
import { startDemo } from "./stack.mjs";
import { openWallboard } from "./wallboard-page.mjs";

let browser, demo;

before(async () => {
  browser = await launch();
  demo = await startDemo();
});
after(async () => {
  await browser.close();
  demo.stop();
});

test("nothing that it prints is wider than 80 columns, but for paths", () => {
  const wide = demo.said.split("\n").filter((line) => line.length > 80 && !line.includes("/"));
  assert.deepEqual(wide, []);
});

test("the report opens on the call of the sample that rang at four agents in vain", async () => {
  const page = await browser.newPage();
  await page.goto(demo.report);
  await page.waitForSelector('html[data-ready="true"]');
  const shown = await page.locator("body").innerText();
  assert.match(shown, /3b71ea1d-7511-5bef-a8e5-d7924474b57a/);
  assert.match(shown, /Billing/);
});

test("the wallboard opens on calls that come now, with names and without an alarm", async () => {
  const { page, complaints } = await openWallboard(browser, demo.wallboard);
  await page.waitForFunction(() => document.querySelectorAll("#queues tbody tr").length > 3, null, { timeout: 60_000 });
  assert.equal(await page.locator("#org option:checked").textContent(), "Generated calls of today");
  assert.match(await page.locator("#queues tbody").innerText(), /Billing|Bookings|Claims|Sales/);
  assert.doesNotMatch(await page.locator("#queues tbody").innerText(), /^[0-9a-f]{7}$/m, "a queue without a name");
  assert.ok(await page.locator("#alarm").isHidden());
  assert.deepEqual(complaints, []);
});

test("without an organization in its address it opens on the one with the newest event", async () => {
  const { page } = await openWallboard(browser, new URL(demo.wallboard).origin);
  await page.waitForFunction(() => document.querySelector("#org option:checked") != null);
  assert.equal(await page.locator("#org option:checked").textContent(), "Generated calls of today");
  await page.locator("#org").selectOption({ label: "Sample of 14 October 2022 (over)" });
  assert.match(page.url(), /[?]org=14c6c3b0-/);
});
