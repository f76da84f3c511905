// Ids, names and reasons of any text: the pages show them as they are, and count what belongs to them.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { archiveOf, namesCsv, namesFile, rebuild } from "./archive.mjs";
import { oddCall, oddEnd, oddest, oddNames, oddTexts, shownOf } from "./odd-texts.mjs";
import { launch, open, rowsOf } from "./report-page.mjs";
import { startStack } from "./stack.mjs";
import { openWallboard } from "./wallboard-page.mjs";

const SECOND = 1_000;
const ORG = "constructor";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Sorted, since pages have their own order. */
const sorted = (texts) => [...texts].sort();

describe("wallboard", () => {
  let stack, page, complaints;
  const began = Date.now();

  before(async () => {
    stack = await startStack();
    const bucket = join(stack.folder, "s3/trueline");
    mkdirSync(bucket, { recursive: true });
    writeFileSync(join(bucket, "names.csv"), namesCsv(oddNames));
    const waiting = (text, org) => oddCall(text, org, began - 60 * SECOND, 50 * SECOND).slice(0, 3);
    await stack.sender.deliverAll(oddTexts.flatMap((text) => waiting(text, ORG)));
    const others = oddest.filter((org) => org !== ORG);
    await stack.sender.deliverAll(others.flatMap((org) => waiting(org, org)));
    ({ page, complaints } = await openWallboard(browser, `${stack.url}#org=${ORG}`));
    const areThere = ([orgs, queues]) =>
      document.querySelectorAll("#org option").length === orgs &&
      document.querySelectorAll("#queues tbody tr").length === queues;
    await page.waitForFunction(areThere, [oddest.length, oddTexts.length], { timeout: 60_000 });
  });
  after(() => stack.stop());

  test("each queue has its row, with its name and its count", async () => {
    const rows = await page.locator("#queues tbody tr").evaluateAll((all) =>
      all.map((row) => [
        row.dataset.key,
        row.querySelector("button").textContent,
        row.querySelector(".live .count").textContent,
      ]),
    );
    const expected = oddTexts.map((queue) => [queue, shownOf(queue), "1"]);
    assert.deepEqual(sorted(rows), sorted(expected));
    const all = await page.locator("[data-tile=live] .count").textContent();
    assert.equal(all, String(oddTexts.length));
  });

  test("each organization is in the choice, and found by its address", async () => {
    const options = await page
      .locator("#org option")
      .evaluateAll((all) => all.map((option) => [option.value, option.textContent]));
    assert.deepEqual(sorted(options), sorted(oddest.map((org) => [org, shownOf(org)])));
    for (const org of oddest) {
      await page.locator("#org").selectOption({ value: org });
      const asked = await page.evaluate(() => orgOfChoice(state.live.organizations));
      assert.equal(asked, org);
    }
    await page.reload();
    await page.locator("#queues tbody tr").waitFor();
    assert.equal(await page.locator("#org").inputValue(), oddest.at(-1));
    await page.locator("#org").selectOption({ value: ORG });
  });

  test("each task opens, with the names of its queue and agent", async () => {
    await page.evaluate(() => byId("calls").showModal());
    const read = (task) =>
      page.evaluate(async (task) => {
        state.task = task;
        await readTask();
        const cells = (table) => [...table.querySelectorAll("td")].map((cell) => cell.textContent);
        const tables = [...document.querySelectorAll("#task table")].map(cells);
        return { task: document.querySelector("#task h3 code")?.textContent, tables };
      }, task);
    for (const text of oddTexts) {
      const { task, tables } = await read(text);
      assert.equal(task, text);
      assert.ok(tables[0].includes(shownOf(text)), `queue of ${text}: ${tables[0]}`);
    }
    const offer = (text) => oddCall(text, ORG, began - 60 * SECOND, 50 * SECOND).slice(3);
    await stack.sender.deliverAll(oddest.flatMap(offer));
    for (const text of oddest) {
      const { tables } = await read(text);
      assert.equal(tables[1][1], shownOf(text), `agent of ${text}: ${tables[1]}`);
    }
  });

  test("nothing complains, and no markup is made of a text", async () => {
    assert.deepEqual(complaints, []);
    assert.equal(await page.locator("main img, main b, dialog img, dialog b").count(), 0);
  });
});

describe("report", () => {
  let page, complaints;
  const began = Date.parse("2026-03-02T09:00:00Z");
  const waitMs = (at) => (at + 1) * SECOND;

  before(async () => {
    const call = (text, at) => {
      const offered = began + at * 20 * SECOND + waitMs(at);
      return [
        ...oddCall(text, text, offered - waitMs(at), waitMs(at)),
        ...oddEnd(text, text, offered + 5 * SECOND),
      ];
    };
    const events = archiveOf(oddTexts.flatMap(call));
    ({ page, complaints } = await open(browser, rebuild(events, "--names", namesFile(oddNames))));
  });

  /** The whole ids that the first column of a table tells, in order. */
  const idsOf = (place) =>
    page
      .locator(`${place} tbody th`)
      .evaluateAll((all) =>
        all.map((th) => th.querySelector("[title]")?.title ?? th.textContent),
      );

  test("each queue has its rows, and its wait", async () => {
    for (const place of ["#queues-table", "#queues-service-table", "#percentiles-table"]) {
      const { body } = await rowsOf(page, place);
      const ids = await idsOf(place);
      assert.deepEqual(sorted(ids), sorted(oddTexts), place);
      if (place === "#percentiles-table")
        ids.forEach((id, at) =>
          assert.equal(body[at]["Live wait p50"], waitMs(oddTexts.indexOf(id)), id),
        );
    }
    const choice = page.locator("select[name=queue]");
    assert.equal(await choice.locator("option").count(), oddTexts.length + 1);
  });

  test("each agent has a row, with the one offer", async () => {
    const { body } = await rowsOf(page, "#agents-table");
    assert.deepEqual(sorted(await idsOf("#agents-table")), sorted(oddTexts));
    for (const row of body) assert.deepEqual([row.Offers, row.Answered], [1, 1], row.Agent);
  });

  test("each task is found by its id, and by its address", async () => {
    const find = (text) =>
      page.evaluate((text) => {
        at("task-id").value = text;
        at("task-id").form.requestSubmit();
        return {
          task: document.querySelector("#task h3 code").textContent,
          lead: document.querySelector("#task .lead").textContent,
          asked: new URLSearchParams(location.hash.slice(1)).get("task"),
        };
      }, text);
    for (const text of oddTexts) {
      const { task, lead, asked } = await find(text);
      assert.deepEqual([task, asked], [text, text]);
      assert.ok(lead.endsWith(` · ${text} / Agent`), lead);
    }
    for (const text of ["sub", "a&org=b"]) {
      await find(text);
      await page.reload();
      await page.waitForSelector("html[data-ready]");
      assert.equal(await page.locator("#task h3 code").textContent(), text);
    }
  });

  test("nothing complains, and no markup is made of a text", async () => {
    assert.deepEqual(complaints, []);
    assert.equal(await page.locator("main img, main b, footer img, footer b").count(), 0);
  });
});
