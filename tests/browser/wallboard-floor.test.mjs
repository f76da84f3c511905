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
  await opened.page.waitForFunction(() => document.querySelectorAll("#queues tbody tr").length === shownQueues().length);
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

const firstRows = (page, count) =>
  page.locator("#queues tbody tr:not([hidden]) button").evaluateAll((all, count) => all.slice(0, count).map((button) => button.textContent), count);
const textOf = (page, place) => page.locator(place).textContent();

test("what crosses a threshold has a colour and a sign, and stands first", async () => {
  const { page } = await openFloor();
  assert.deepEqual(await firstRows(page, 1), ["Desk 07"]);
  const worst = page.locator("#queues tbody tr").first();
  assert.match(await worst.getAttribute("class"), /crossed/);
  assert.equal(await worst.locator(".warning").textContent(), "⚠ over 2:00");
  assert.equal(await page.locator("#queues tbody tr.crossed").count(), 1);
  assert.equal(await textOf(page, "[data-tile=live] .warning"), "⚠ over 2:00");
  const colours = await page.locator("#queues tbody tr .live .count").evaluateAll((all) => all.slice(0, 2).map((count) => getComputedStyle(count).color));
  assert.notEqual(colours[0], colours[1]);
  assert.equal(await textOf(page, "[data-tile=agents] .warning"), "");
  await page.close();
});

test("a threshold is chosen in the dialog, stands in the address, and is remembered", async () => {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  await page.goto(`${stack.url}?available=2`);
  await page.locator("[data-tile=agents] .warning").getByText("⚠ fewer than 2").waitFor();
  await page.getByRole("button", { name: "Settings" }).click();
  const wait = page.getByRole("spinbutton", { name: "A caller waits for seconds" });
  assert.equal(await wait.inputValue(), "120");
  await wait.fill("7200");
  await wait.press("Tab");
  await page.waitForFunction(() => document.querySelectorAll("#queues tr.crossed").length === 0);
  for (const part of ["org=", "view=queues", "wait_s=7200", "available=2", "turn_s=15"]) assert.ok(page.url().includes(part), part);
  await page.goto(stack.url);
  await page.waitForFunction(() => settings.wait_s === 7200 && settings.available === 1);
  await page.goto(`${stack.url}?wait_s=none&view=constructor`);
  await page.waitForFunction(() => settings.wait_s === 7200 && settings.view === "queues");
  await page.goto(`${stack.url}?wait_s=120`);
  await page.waitForFunction(() => settings.wait_s === 120);
  await context.close();
});

test("a sound is played for what is new, and only after a click on its switch", async () => {
  const { page } = await openFloor();
  assert.equal(await page.evaluate(() => sound.context), null);
  const crossing = () => page.evaluate(() => {
    sound.last = 0;
    settings.waiting = settings.waiting === 1 ? 10 : 1;
    draw();
    return sound.last;
  });
  assert.equal(await crossing(), 0);
  await crossing();
  await page.getByRole("button", { name: "Sound off" }).click();
  assert.equal(await page.evaluate(() => sound.context.state), "running");
  assert.ok((await crossing()) > 0, "silent");
  assert.equal(await crossing(), 0, "it sounds for what is over");
  await page.getByRole("button", { name: "Sound on" }).click();
  assert.equal(await crossing(), 0);
  await page.close();
});

/** The rows of the agents: name, state, queue and channel. */
const agentsOf = (page) =>
  page.locator("#agent-table tbody tr").evaluateAll((rows) => rows.map((row) => ["button", ".of-state .text", ".of-queue .text", ".of-channel .text"].map((place) => row.querySelector(place).textContent)));

test("agents stand by name and state, and who rings for too long stands out", async () => {
  const { page, complaints } = await openFloor("?view=agents");
  assert.deepEqual(await agentsOf(page), [
    ["Ben Okafor", "ringing", "Desk 01", "telephony"],
    ["constructor", "available", "–", "–"],
    ["Ana Ruiz", "connected", "Desk 00", "telephony"],
    ["Cleo Lind", "idle", "–", "–"],
  ]);
  const [first] = await page.locator("#agent-table tbody tr").all();
  assert.match(await first.locator(".warning").textContent(), /^⚠ over 20\ss$/);
  assert.equal(await page.locator("#agent-table tr.crossed").count(), 1);
  assert.match(await page.locator("#agents").textContent(), /1 ringing ⚠ 1 over 20\ss/);
  assert.equal(await page.locator("[data-tile=ringing].crossed").count(), 0, "agents are not its count");
  assert.match(await page.locator("#agent-table tbody tr").nth(3).locator(".of-age .text").textContent(), /^1[12]:\d\d$/);
  await page.getByRole("button", { name: "Ben Okafor" }).click();
  await page.locator("#task h3 code").getByText("rings", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  assert.deepEqual(complaints, []);
  await page.close();
});

test("agents are filtered by queue and channel, and the others are counted", async () => {
  const { page } = await openFloor(`?view=agents&queues=${QUEUES[0]}`);
  assert.deepEqual((await agentsOf(page)).map(([name]) => name), ["Ana Ruiz"]);
  assert.match(await textOf(page, "#agent-note"), /^1 agent\. 3 left out/);
  await page.goto(`${stack.url}?view=agents`);
  await page.waitForFunction(() => document.querySelectorAll("#channel option").length === 2);
  await page.locator("#channel").selectOption("telephony");
  assert.deepEqual((await agentsOf(page)).map(([name]) => name), ["Ben Okafor", "Ana Ruiz"]);
  assert.match(page.url(), /channel=telephony/);
  await page.close();
});

test("the address says which queues are shown, and the tiles count only these", async () => {
  const { page } = await openFloor(`?queues=${QUEUES[1]}&queues=${QUEUES[3]}&queues=constructor`);
  assert.deepEqual((await firstRows(page, 9)).sort(), ["Desk 01", "Desk 03", "constructor"]);
  assert.deepEqual(await countsOf(page, "live"), [2, 2]);
  assert.deepEqual(await countsOf(page, "talking"), [0, 0]);
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByLabel("Desk 00").check();
  await page.waitForFunction(() => document.querySelectorAll("#queues tbody tr").length === 4);
  assert.match(page.url(), new RegExp(`queues=${QUEUES[0]}`));
  await page.close();
});

for (const [width, height] of [[1920, 1080], [3840, 2160]]) {
  test(`forty queues take pages at ${width} × ${height}, which turn by themselves, and can be read from afar`, async () => {
    const { page } = await openFloor("?turn_s=2", { viewport: { width, height } });
    await page.locator("#pages").waitFor();
    await page.waitForFunction(() => document.documentElement.scrollHeight <= innerHeight, null, { timeout: 5_000 });
    const digits = await page.locator("#queues .live .count").first().evaluate((count) => parseFloat(getComputedStyle(count).fontSize));
    assert.ok(digits >= height / 30, `${digits} px`);
    const seen = new Set(await firstRows(page, 40));
    const pages = Number((await textOf(page, "#page-number")).split(" ").at(-1));
    for (let turned = 1; turned < pages; turned += 1) {
      await page.getByText(`Page ${turned + 1} of ${pages}`).waitFor();
      for (const name of await firstRows(page, 40)) seen.add(name);
    }
    assert.equal(seen.size, QUEUES.length);
    await page.close();
  });
}

test("pages stand below a pointer, at the focus, and for who wants less motion", async () => {
  const { page } = await openFloor("?turn_s=1");
  const stands = async () => {
    await page.waitForTimeout(500);
    const before = await textOf(page, "#page-number");
    await page.waitForTimeout(2_500);
    return before === (await textOf(page, "#page-number"));
  };
  await page.mouse.move(900, 450);
  assert.ok(await stands(), "it turns below the pointer");
  await page.mouse.move(2, 2);
  assert.ok(!(await stands()), "it stands without a pointer");
  // In one step, lest the page turns between.
  await page.evaluate(() => document.querySelector("#queues tbody tr:not([hidden]) button").focus());
  assert.ok(await stands(), "it turns at the focus");
  await page.close();
  const still = await openFloor("?turn_s=1", { reducedMotion: "reduce" });
  await still.page.waitForTimeout(2_500);
  assert.match(await textOf(still.page, "#page-number"), /^Page 1 /);
  await still.page.getByRole("button", { name: "Next page" }).click();
  assert.match(await textOf(still.page, "#page-number"), /^Page 2 /);
  await still.page.close();
});

test("the full screen opens with its button", async () => {
  const { page } = await openFloor();
  await page.getByRole("button", { name: "Full screen" }).click();
  await page.getByRole("button", { name: "Leave full screen" }).waitFor();
  await page.close();
});

test("on a telephone all queues stand below each other, and nothing is too wide", async () => {
  for (const view of ["queues", "agents"]) {
    const { page } = await openFloor(`?view=${view}`, { viewport: { width: 390, height: 844 } });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${view} scrolls sideways`);
    assert.ok(await page.locator("#pages").isHidden());
    await page.close();
  }
});
