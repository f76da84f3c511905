// The wallboard in a browser: it follows what is delivered, and says so when it cannot.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "./report-page.mjs";
import { startStack } from "./stack.mjs";
import { openWallboard } from "./wallboard-page.mjs";

const ORG = "14c6c3b0-d36a-5bc6-a52b-33ef40c2d7ba";
const QUEUE = "98c7df13-0671-5832-abb0-f677c9d15cbc";
const TASK = "228b4d47-ab27-52bf-a30c-3fdff47c0ed3";
const PHONE = "+15550100101";

let browser, stack, page, complaints;
const began = Date.now();

before(async () => {
  browser = await launch();
  stack = await startStack();
  const bucket = join(stack.folder, "s3/trueline");
  mkdirSync(bucket, { recursive: true });
  writeFileSync(join(bucket, "names.csv"), `${QUEUE},Night desk\n`);
  ({ page, complaints } = await openWallboard(browser, stack.url));
});
after(async () => {
  await browser.close();
  stack.stop();
});

/** Delivers an event of the task that happened some seconds ago. */
function deliver(type, secondsAgo, more = {}) {
  const data = { taskId: TASK, createdTime: began - secondsAgo * 1000, channelType: "telephony", direction: "INBOUND", origin: PHONE, queueId: QUEUE, ...more };
  return stack.sender.deliver({ type, comciscoorgid: ORG, data });
}

/** Waits until the first tiles, and the row of the queue, show these counts: on the line, callbacks. */
async function shows(live, callbacks, ringing = 0) {
  const expected = { live, callbacks, uncertain: 0, ringing };
  await page.waitForFunction((expected) => Object.entries(expected).every(([name, count]) =>
    [`[data-tile=${name}] .count`, `#queues tbody .${name} .count`].every((place) => document.querySelector(place)?.textContent === String(count))), expected, { timeout: 10_000 });
}

const nowhereTooWide = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

test("before the first webhook it says that there is none", async () => {
  await page.getByText("No webhook has come yet.").waitFor();
});

test("a caller goes from the line to a callback, without a reload", async () => {
  await deliver("task:new", 300);
  await deliver("task:parked", 280);
  await shows(1, 0);
  assert.match(await page.locator("#headline").textContent(), /^1 caller waits on the line, nobody for a callback\.$/);
  assert.match(await page.locator("#queues .live .note").textContent(), /^4:[45]\d$/);
  await stack.sender.signal({ orgId: ORG, taskId: TASK, requestedAt: began - 200_000 });
  await shows(0, 1);
  assert.match(await page.locator("[data-tile=callbacks] .note").textContent(), /^longest 3:[23]\d$/);
});

test("a false end does not remove the task", async () => {
  await deliver("task:connect", 100, { direction: "OUTBOUND", outboundType: "COURTESY_CALLBACK" });
  await shows(0, 0, 1);
  await deliver("task:ended", 84, { queueId: undefined, terminatingParty: "System", reason: "RONA_TIMER_EXPIRED" });
  await shows(0, 1);
});

test("a ghost is uncertain, and a chat is one of the others", async () => {
  const [ghost, chat] = [{ taskId: "ghost" }, { taskId: "chat", channelType: "chat" }];
  await deliver("task:connect", 400, ghost);
  await deliver("task:parked", 4_000, chat);
  await page.waitForFunction(() => ["[data-tile=uncertain] .count", "#queues tbody .uncertain .count"].every((place) => document.querySelector(place)?.textContent === "1"));
  assert.equal(await page.locator("[data-tile=ringing] .count").textContent(), "0");
  assert.match(await page.locator("[data-tile=live] .note").textContent(), /, \+1 other$/);
  assert.match(await page.locator("#rule").textContent(), /over 30\u202fmin in a queue, 5\u202fmin ringing, .* 8\u202fh with an agent or 2\u202fh in the flow/);
  for (const task of [ghost, chat]) await deliver("task:ended", 5, { ...task, terminatingParty: "Customer", reason: "Customer Left" });
  await shows(0, 1);
});

test("its timeline opens by keyboard, tells what was put right, and closes", async () => {
  await page.locator("#queues tbody button").focus();
  await page.keyboard.press("Enter");
  await page.locator("#task .ledger").waitFor();
  const story = await page.locator("#task").innerText();
  assert.match(story, /Off the line, waiting to be called back\. The webhooks said “ended”/);
  assert.match(story, /false end/);
  assert.deepEqual(await page.locator("#task .truth .segment").evaluateAll((bars) => bars.map((bar) => bar.classList[1])), ["self_service", "queued", "callback_wait", "offered", "callback_wait"]);
  assert.ok(!(await page.content()).includes(PHONE.slice(1)), "a phone number is shown");
  await page.keyboard.press("Escape");
  await page.locator("#calls").waitFor({ state: "hidden" });
});

test("it fits a telephone and a large screen, and runs nothing but its own", async () => {
  for (const [width, height, tallest] of [[390, 844, 60], [1280, 720, 120], [3840, 2160, 300]]) {
    await page.setViewportSize({ width, height });
    assert.ok(await nowhereTooWide(), `${width} × ${height} scrolls sideways`);
    const digits = await page.locator("[data-tile=live] .count").evaluate((count) => parseFloat(getComputedStyle(count).fontSize));
    assert.ok(digits > 40 && digits <= tallest, `${digits} px at ${width} × ${height}`);
  }
  assert.deepEqual(complaints, []);
});

test("it says when the connection is lost, and goes on when it is back", async () => {
  stack.stop();
  await page.locator("#alarm").getByText("Connection lost").waitFor();
  assert.equal(await page.title(), "⚠ Connection lost");
  assert.equal(await page.locator("[data-tile=callbacks] .count").textContent(), "1");
  stack = await startStack(stack);
  await page.locator("#alarm").waitFor({ state: "hidden" });
  await shows(0, 1);
  await deliver("task:ended", 1, { queueId: undefined, terminatingParty: "Customer", reason: "Customer Left" });
  await shows(0, 0);
  assert.equal(await page.locator("#queues tbody button").textContent(), "Night desk", "an empty row keeps its name");
});
