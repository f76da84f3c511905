// The wallboard on a busy floor: one snapshot, thresholds, agents, and what hangs on a wall.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventsOf, floor, nameFloor, QUEUES } from "./floor.mjs";
import { launch } from "./report-page.mjs";
import { startStack } from "./stack.mjs";
import { openWallboard } from "./wallboard-page.mjs";

const began = Date.now();
const { task } = eventsOf(began);
let browser, stack;

before(async () => {
  browser = await launch();
  stack = await startStack();
  nameFloor(stack);
  await stack.sender.deliverAll(floor(began));
});
after(async () => {
  await browser.close();
  stack.stop();
});

/** The page once it shows every queue. */
async function openFloor(query = "", options = {}) {
  const opened = await openWallboard(browser, stack.url + query, options);
  await opened.page.waitForFunction((queues) => state.live && chosen()?.queues.length === queues, QUEUES.length, { timeout: 60_000 });
  await opened.page.waitForFunction(() => document.querySelector("#queues tbody .live .count")?.textContent !== "");
  return opened;
}

/** The counts of a column: of the tile, and of the rows together. */
const countsOf = (page, column) =>
  page.evaluate((column) => {
    const rows = [...document.querySelectorAll(`#queues tbody .${column} .count`)];
    const tile = document.querySelector(`[data-tile=${column}] .count`);
    return [Number(tile.textContent), rows.reduce((sum, cell) => sum + Number(cell.textContent), 0)];
  }, column);

test("the tiles are the sums of the rows", async () => {
  const { page, complaints } = await openFloor();
  const expected = { live: 40, callbacks: 0, uncertain: 0, ringing: 1, talking: 1 };
  for (const [column, count] of Object.entries(expected)) {
    assert.deepEqual(await countsOf(page, column), [count, count], column);
  }
  assert.deepEqual(complaints, []);
  await page.close();
});

test("a call that rings or talks opens as one that waits does", async () => {
  const { page } = await openFloor();
  for (const [desk, kind, story] of [["Desk 00", "talking", "talks"], ["Desk 01", "ringing", "rings"]]) {
    await page.locator("#queues tbody").getByRole("button", { name: desk }).press("Enter");
    const places = await page.locator("#call-list .kind").allTextContents();
    assert.deepEqual(places, ["on the line", kind]);
    await page.locator("#call-list button").filter({ hasText: kind }).click();
    await page.locator("#task h3 code").getByText(story, { exact: true }).waitFor();
    await page.keyboard.press("Escape");
  }
  await page.close();
});

test("ages stop while the connection is lost, and go on afterwards", async () => {
  const { page } = await openFloor();
  const note = () => page.locator("[data-tile=live] .note").textContent();
  await page.route("**/live", (route) => route.abort());
  await page.locator("#alarm").getByText("Connection lost").waitFor();
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector("main")).opacity), "0.45");
  const stopped = await note();
  await page.waitForTimeout(2_500);
  assert.equal(await note(), stopped);
  await page.unroute("**/live");
  await page.locator("#alarm").waitFor({ state: "hidden" });
  assert.notEqual(await note(), stopped);
  await page.close();
});
