// The report in a browser: its numbers are those of the Parquet files, and people can use it.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { generate, namesOfQueues, rebuild, receipt, sample, table } from "./archive.mjs";
import { launch, open, rowsOf } from "./report-page.mjs";
import { agentFigures, falseLiveMs, groupBy, metricsOf, naiveMetricsOf, sum } from "./sums.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Equal but for the rounding of binary fractions. */
function assertSame(shown, expected, what) {
  if (typeof expected === "number") {
    assert.ok(
      Math.abs(shown - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
      `${what}: ${shown}, not ${expected}`,
    );
  } else {
    assert.equal(shown, expected, what);
  }
}

function assertRow(row, expected, what) {
  for (const [label, value] of Object.entries(expected))
    assertSame(row[label], value, `${label} of ${what}`);
}

describe("numbers", () => {
  let run, page, complaints, names;
  const tables = {};

  before(async () => {
    const events = generate("--tasks", "1500", "--days", "2", "--seed", "3");
    names = await namesOfQueues(rebuild(events));
    run = rebuild(
      events,
      "--names",
      names.file,
      "--short-call",
      "5s",
      "--timezone",
      "Europe/Berlin",
    );
    const read = ["tasks", "segments", "offers", "corrections", "queue_intervals"];
    for (const name of [...read, "agent_intervals"])
      tables[name] = await table(run, name);
    ({ page, complaints } = await open(browser, run));
  });

  test("first screen", async () => {
    const cards = await page.locator(".card").evaluateAll((all) =>
      all.map((card) => ({
        label: card.querySelector("dt").firstChild.textContent,
        value: card.querySelector(".value").dataset.value,
        naive: card.querySelector(".naive").dataset.value,
      })),
    );
    const expected = {
      ...metricsOf(tables.queue_intervals),
      "Short calls": sum(tables.queue_intervals, "short"),
      "Longest live wait": Math.max(...tables.tasks.map((task) => task.live_wait_ms)),
    };
    const naive = {
      ...naiveMetricsOf(tables.queue_intervals),
      "Longest live wait": Math.max(...tables.tasks.map((task) => task.naive_live_wait_ms ?? 0)),
    };
    assert.deepEqual(cards.map((card) => card.label).sort(), Object.keys(expected).sort());
    for (const card of cards) {
      assertSame(Number(card.value), expected[card.label], card.label);
      if (card.naive != null)
        assertSame(Number(card.naive), naive[card.label], `naive ${card.label}`);
    }
    assert.equal(cards.filter((card) => card.naive != null).length, Object.keys(naive).length);
  });

  test("what the webhooks said against what happened", async () => {
    const lost = tables.tasks.filter(
      (task) => ["abandoned", "failed"].includes(task.naive_outcome) && task.callback !== "none",
    );
    const succeeded = lost.filter((task) => task.callback === "completed");
    const story = await page.locator("#story li").first().textContent();
    assert.match(
      story,
      new RegExp(`^${lost.length} tasks .* ${succeeded.length} of them succeeded`),
    );
    const { body } = await rowsOf(page, "#outcomes-table");
    assert.equal(sum(body, "Tasks"), tables.tasks.length);
    const handled = body.filter(
      (row) => row["Webhooks said"] === "failed" && row["What happened"] === "handled",
    );
    assert.equal(
      sum(handled, "Tasks"),
      tables.tasks.filter(
        (task) =>
          task.naive_outcome === "failed" && task.outcome === "handled" && task.callback === "none",
      ).length,
    );
  });

  test("queues", async () => {
    const { body, foot } = await rowsOf(page, "#queues-table");
    const groups = groupBy(
      tables.queue_intervals,
      (row) => names.names.get(row.queue_id) ?? "no queue",
    );
    assert.equal(body.length, groups.size);
    for (const row of body) assertRow(row, metricsOf(groups.get(row.Queue)), row.Queue);
    assertRow(foot, metricsOf(tables.queue_intervals), "all queues");
  });

  test("half hours of one queue", async () => {
    const [id, name] = [...names.names][0];
    await page.locator("select[name=queue]").selectOption({ label: name });
    const { body } = await rowsOf(page, "#intervals-table");
    const rows = tables.queue_intervals.filter((row) => row.queue_id === id);
    assert.equal(body.length, rows.length);
    const inOrder = [...rows].sort((a, b) => a.interval_start - b.interval_start);
    body.forEach((row, at) => assertRow(row, metricsOf([inOrder[at]]), `half hour ${at}`));
    const first = new Intl.DateTimeFormat("en-GB", {
      timeZone: "Europe/Berlin",
      hour: "2-digit",
      minute: "2-digit",
    });
    assert.ok(
      await page
        .locator("#intervals-table tbody th")
        .first()
        .textContent()
        .then((text) => text.endsWith(first.format(inOrder[0].interval_start))),
    );
    await page.locator("select[name=queue]").selectOption("all");
  });

  test("agents", async () => {
    const { body, foot } = await rowsOf(page, "#agents-table");
    const short = (id) => id?.slice(0, 8) ?? "not known";
    const offers = groupBy(tables.offers, (offer) => short(offer.agent_id));
    const intervals = groupBy(tables.agent_intervals, (row) => short(row.agent_id));
    for (const row of body)
      assertRow(
        row,
        agentFigures(offers.get(row.Agent) ?? [], intervals.get(row.Agent) ?? []),
        `agent ${row.Agent}`,
      );
    assertRow(foot, agentFigures(tables.offers, tables.agent_intervals), "all agents");
  });

  test("ledger", async () => {
    const labels = {
      "False end": "false_end",
      "Callback wait": "callback_wait",
      "Agent's leg": "agent_leg",
      "After the agent left": "post_call",
      Reopened: "reopened",
      "End from the recording": "end_inferred",
      "Presumed end": "presumed_end",
      Repeats: "duplicate",
      Late: "late",
    };
    const { body } = await rowsOf(page, "#ledger-table");
    assert.equal(sum(body, "Corrections"), tables.corrections.length);
    for (const row of body) {
      const rows = tables.corrections.filter((of) => of.rule === labels[row.Rule]);
      assert.equal(row.Corrections, rows.length, row.Rule);
      assert.equal(row.Tasks, new Set(rows.map((of) => of.task_id)).size, row.Rule);
    }
    const { body: days } = await rowsOf(page, "#days-table");
    assert.equal(sum(days, "Tasks"), tables.tasks.length);
    assert.equal(sum(days, "False ends"), sum(tables.tasks, "false_ends"));
    assertSame(
      sum(days, "False-live minutes"),
      falseLiveMs(tables.segments, tables.offers) / 60_000,
      "false-live minutes",
    );
  });

  test("data quality is that of the receipt", async () => {
    const { counts, gaps } = receipt(run);
    const facts = await page
      .locator("#facts [data-fact]")
      .evaluateAll((all) =>
        Object.fromEntries(
          all.map((fact) => [
            fact.dataset.fact,
            Number(fact.querySelector("dd").textContent.replace(/\D/g, "")),
          ]),
        ),
      );
    assert.equal(facts["Deliveries read"], counts.deliveries);
    assert.equal(facts["Repeats"], counts.duplicates);
    assert.equal(facts["Tasks still open"], counts.open);
    assert.equal(facts["Conflicting"], counts.conflicting);
    assert.equal(facts["Clock ahead"], counts.clock_ahead);
    assert.equal(facts["Gaps"], gaps.length);
  });

  test("every task of the page is drawn as it is", async () => {
    const few = tables.tasks.filter((task) => task.corrections === 2).slice(0, 5);
    for (const task of few) {
      await page.getByLabel("Task id, or how it begins").fill(task.task_id);
      await page.getByLabel("Task id, or how it begins").press("Enter");
      assert.equal(await page.locator("#task h3 code").textContent(), task.task_id);
      assert.equal(await page.locator("#task .entries li").count(), task.corrections);
      await page.locator("#task summary").click();
      const { body } = await rowsOf(page, "#task details");
      const segments = tables.segments.filter((of) => of.task_id === task.task_id);
      assert.deepEqual(
        body.map((row) => row.Length),
        segments.map((of) => of.duration_ms),
      );
    }
  });

  test("nothing complains, and no network is asked", () => assert.deepEqual(complaints, []));
});

describe("use", () => {
  let run, page, complaints;

  before(async () => {
    run = rebuild(generate("--tasks", "400", "--days", "2"));
    ({ page, complaints } = await open(browser, run));
  });

  const firstCells = (place) => page.locator(`${place} tbody th`).allTextContents();

  test("tables sort by keyboard, and say how", async () => {
    const button = page.locator("#queues-table").getByRole("button", { name: "Abandoned" });
    await button.focus();
    await page.keyboard.press("Enter");
    const values = async () =>
      (await rowsOf(page, "#queues-table")).body.map((row) => row.Abandoned);
    const down = await values();
    assert.deepEqual(
      down,
      [...down].sort((a, b) => b - a),
    );
    const head = page.locator("#queues-table th", { hasText: "Abandoned" });
    assert.equal(await head.getAttribute("aria-sort"), "descending");
    await page.keyboard.press("Space");
    assert.deepEqual(
      await values(),
      [...down].reverse().sort((a, b) => a - b),
    );
    assert.equal(await head.getAttribute("aria-sort"), "ascending");
  });

  test("tables filter", async () => {
    const [name] = await firstCells("#queues-table");
    await page.getByLabel("Filter queues").fill(name);
    assert.deepEqual(await firstCells("#queues-table"), [name]);
    await page.getByLabel("Filter queues").fill("nothing like it");
    assert.deepEqual(await firstCells("#queues-table"), []);
    assert.match(await page.locator("#queues-table tbody").textContent(), /Nothing matches/);
    await page.getByLabel("Filter queues").fill("");
  });

  test("a task that is not there is said not to be", async () => {
    await page.getByLabel("Task id, or how it begins").fill("no-such-task");
    await page.getByRole("button", { name: "Show task" }).click();
    assert.match(
      await page.locator("#task-search .status").textContent(),
      /No task in this page begins with no-such-task/,
    );
  });

  test("an example of a correction opens its timeline", async () => {
    const example = page.locator("#ledger-table button.link").first();
    const id = await example.getAttribute("title");
    await example.click();
    assert.equal(await page.locator("#task h3 code").textContent(), id);
    assert.ok((await page.locator("#task-chart svg rect").count()) > 1);
    await page.reload();
    await page.waitForSelector("html[data-ready]");
    assert.equal(await page.locator("#task h3 code").textContent(), id);
  });

  test("every chart has a name, and every control a label", async () => {
    const nameless = await page.evaluate(() =>
      [
        ...[...document.querySelectorAll("svg[role=img], figure[role=img]")].filter(
          (of) => !of.getAttribute("aria-label"),
        ),
        ...[...document.querySelectorAll("input, select")].filter(
          (of) => !of.getAttribute("aria-label") && of.labels.length === 0,
        ),
        ...[...document.querySelectorAll("table")].filter((of) => !of.caption?.textContent),
      ].map((of) => of.outerHTML.slice(0, 80)),
    );
    assert.deepEqual(nameless, []);
  });

  test("nothing complains", () => assert.deepEqual(complaints, []));
});

describe("looks", () => {
  test("dark, on a telephone, and on paper", async () => {
    const dark = await open(browser, rebuild(sample), {
      colorScheme: "dark",
      viewport: { width: 390, height: 844 },
    });
    const look = await dark.page.evaluate(() => ({
      background: getComputedStyle(document.body).backgroundColor,
      ink: getComputedStyle(document.body).color,
      width: document.documentElement.scrollWidth,
      charts: document.querySelectorAll("main [role=img]").length,
    }));
    const light = (color) => sum(color.match(/\d+/g).slice(0, 3), Number);
    assert.ok(light(look.background) < 150 && light(look.ink) > 600, JSON.stringify(look));
    assert.equal(look.width, 390);
    assert.ok(look.charts >= 5, `${look.charts} charts`);
    assert.ok((await dark.page.pdf({ format: "A4" })).length > 20_000);
    assert.deepEqual(dark.complaints, []);
  });

  test("a period without tasks says so", async () => {
    const empty = await open(browser, rebuild(sample, "--from", "2030-01-01"));
    assert.equal(await empty.page.locator("h1").textContent(), "No task began in this period.");
    assert.deepEqual(empty.complaints, []);
  });
});
