// The pages as axe-core judges them: no finding that keeps somebody from using them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { generate, rebuild } from "./archive.mjs";
import { launch, open } from "./report-page.mjs";
import { startStack } from "./stack.mjs";
import { openWallboard } from "./wallboard-page.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Each look that a page must be good in: light and dark, wide and on a telephone. */
const LOOKS = ["light", "dark"].flatMap((colorScheme) =>
  [[1280, 800], [390, 844]].map(([width, height]) => ({ colorScheme, viewport: { width, height } })),
);

/** The serious and critical findings, each with the first elements that have it. */
async function findings(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document));
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary.split("\n")[1].trim()}`),
    );
}

let browser, run, stack;

before(async () => {
  browser = await launch();
  run = rebuild(generate("--tasks", "400", "--days", "2"));
  stack = await startStack();
  for (const [task, type] of [["waits", "task:parked"], ["rings", "task:connect"]]) {
    const data = { taskId: task, queueId: "desk", createdTime: Date.now() - 90_000, channelType: "telephony", direction: "INBOUND" };
    await stack.sender.deliver({ type, comciscoorgid: "org", data });
  }
});
after(async () => {
  await browser.close();
  stack.stop();
});

for (const look of LOOKS) {
  const name = `${look.colorScheme}, ${look.viewport.width} px wide`;

  test(`report, ${name}`, async () => {
    const { page } = await open(browser, run, look);
    await page.evaluate(() => document.querySelectorAll("details").forEach((of) => (of.open = true)));
    assert.deepEqual(await findings(page), []);
    await page.close();
  });

  test(`wallboard, ${name}`, async () => {
    const { page } = await openWallboard(browser, stack.url, look);
    await page.locator("#queues tbody tr").first().waitFor();
    assert.deepEqual(await findings(page), []);
    await page.close();
  });
}
