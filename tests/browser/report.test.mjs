// The report in a browser: its numbers are those of the Parquet files, and people can use it.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { generate, namesOfQueues, rebuild, receipt, sample, table } from "./archive.mjs";
import { launch, open, rowsOf } from "./report-page.mjs";
import {
  agentFigures,
  falseLiveMs,
  groupBy,
  naiveMetricsOf,
  serviceOf,
  staffingOf,
  sum,
  visitsOf,
  waitsOf,
} from "./sums.mjs";

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
  let run, page, complaints, names, channelOf;
  const tables = {};
  /** The rows of a table that are about calls. */
  const calls = (name) =>
    tables[name].filter((row) => (row.channel ?? channelOf.get(row.task_id)) === "telephony");
  const queueOf = (row) => names.names.get(row.queue_id) ?? "no queue";

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
    const read = ["tasks", "segments", "offers", "corrections", "visits", "queue_intervals"];
    for (const name of [...read, "agent_intervals"]) tables[name] = await table(run, name);
    channelOf = new Map(tables.tasks.map((task) => [task.task_id, task.channel]));
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
    const [rows, tasks] = [calls("queue_intervals"), calls("tasks")];
    const all = {
      ...visitsOf(rows),
      ...serviceOf(rows),
      "Longest live wait": Math.max(...tasks.map((task) => task.live_wait_ms)),
    };
    const expected = Object.fromEntries(
      Object.entries(all).filter(([label]) => !/^of it/.test(label)),
    );
    const naive = {
      ...naiveMetricsOf(rows),
      "Longest live wait": Math.max(...tasks.map((task) => task.naive_live_wait_ms ?? 0)),
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
    const lost = calls("tasks").filter(
      (task) => ["abandoned", "failed"].includes(task.naive_outcome) && task.callback !== "none",
    );
    const succeeded = lost.filter((task) => task.callback === "completed");
    const story = await page.locator("#story li").first().textContent();
    assert.match(
      story,
      new RegExp(`^${lost.length} calls .* ${succeeded.length} of them succeeded`),
    );
    const { body } = await rowsOf(page, "#outcomes-table");
    assert.equal(sum(body, "Tasks"), calls("tasks").length);
    const handled = body.filter(
      (row) => row["Webhooks said"] === "failed" && row["What happened"] === "handled",
    );
    assert.equal(
      sum(handled, "Tasks"),
      calls("tasks").filter(
        (task) =>
          task.naive_outcome === "failed" && task.outcome === "handled" && task.callback === "none",
      ).length,
    );
  });

  test("queues", async () => {
    const groups = groupBy(calls("queue_intervals"), queueOf);
    for (const [place, of] of [
      ["#queues-table", visitsOf],
      ["#queues-service-table", serviceOf],
    ]) {
      const { body, foot } = await rowsOf(page, place);
      assert.equal(body.length, groups.size);
      for (const row of body) assertRow(row, of(groups.get(row.Queue)), row.Queue);
      assertRow(foot, of(calls("queue_intervals")), "all queues");
    }
  });

  test("ringing counts as waiting while the switch says so", async () => {
    const without = serviceOf(calls("queue_intervals"));
    const ringing = serviceOf(calls("queue_intervals"), true);
    assert.ok(ringing.ASA > without.ASA && ringing["Service level"] < without["Service level"]);
    const choice = page.getByLabel(/Count ringing as waiting/);
    for (const [on, expected] of [[true, ringing], [false, without]]) {
      await choice.focus();
      await page.keyboard.press("Space");
      assert.equal(await choice.isChecked(), on);
      for (const place of ["#queues-service-table", "#intervals-service-table"])
        assertRow((await rowsOf(page, place)).foot, expected, `${place}, switched ${on}`);
      const value = await page.locator("[data-metric=asa] .value").getAttribute("data-value");
      assertSame(Number(value), expected.ASA, "ASA of the first screen");
    }
  });

  test("visits add up in each row and in total", async () => {
    for (const place of ["#queues-table", "#intervals-table"]) {
      const { body, foot } = await rowsOf(page, place);
      for (const row of [...body, foot]) {
        const results = [row["Answered live"], row.Abandoned, row["Short calls"], row.Open];
        const kinds = ["callback", "transferred", "by the platform"];
        const flowOut = kinds.map((kind) => row[`of it ${kind}`]);
        assert.equal(sum(flowOut, Number), row["Flow-out"]);
        assert.equal(sum([...results, row["Flow-out"]], Number), row.Offered);
      }
    }
  });

  test("waits by percentiles, and who was free when callers gave up", async () => {
    const offered = calls("visits").filter((visit) => visit.queue_id != null);
    for (const [place, of, visits] of [
      ["#percentiles-table", waitsOf, offered],
      ["#staffing-table", staffingOf, offered.filter((visit) => visit.result === "abandoned")],
    ]) {
      const { body, foot } = await rowsOf(page, place);
      const groups = groupBy(visits, queueOf);
      assert.equal(body.length, groups.size, place);
      for (const row of body) assertRow(row, of(groups.get(row.Queue)), row.Queue);
      assertRow(foot, of(visits), "all queues");
    }
  });

  test("half hours of one queue", async () => {
    const [id, name] = [...names.names][0];
    await page.locator("select[name=queue]").selectOption({ label: name });
    const rows = calls("queue_intervals").filter((row) => row.queue_id === id);
    const inOrder = [...rows].sort((a, b) => a.interval_start - b.interval_start);
    for (const [place, of] of [
      ["#intervals-table", visitsOf],
      ["#intervals-service-table", serviceOf],
    ]) {
      const { body } = await rowsOf(page, place);
      assert.equal(body.length, rows.length);
      body.forEach((row, at) => assertRow(row, of([inOrder[at]]), `half hour ${at}`));
    }
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
      "Callback withdrawn": "callback_withdrawn",
      "Customer left": "customer_left",
      Repeats: "duplicate",
      Late: "late",
    };
    const { body } = await rowsOf(page, "#ledger-table");
    assert.equal(sum(body, "Corrections"), calls("corrections").length);
    for (const row of body) {
      const rows = calls("corrections").filter((of) => of.rule === labels[row.Rule]);
      assert.equal(row.Corrections, rows.length, row.Rule);
      assert.equal(row.Tasks, new Set(rows.map((of) => of.task_id)).size, row.Rule);
    }
    const { body: days } = await rowsOf(page, "#days-table");
    assert.equal(sum(days, "Tasks"), calls("tasks").length);
    assert.equal(sum(days, "False ends"), sum(calls("tasks"), "false_ends"));
    assertSame(
      sum(days, "False-live minutes"),
      falseLiveMs(tables.segments, tables.tasks) / 60_000,
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

  test("the naive lane is drawn from its four instants", async () => {
    const drawn = await page.evaluate(async () => {
      const data = await unpack("data");
      data.asOf = Date.parse(data.receipt.options.as_of);
      const tasks = tasksOf(await unpack("packed-timelines"), data);
      const ms = (task, phase) =>
        naiveSegments(task)
          .filter((of) => of.phase === phase && !of.open)
          .reduce((sum, of) => sum + of.to - of.from, 0);
      return tasks.map((task) => [
        task.id,
        { waited: ms(task, "queued"), talked: ms(task, "talking") },
      ]);
    });
    assert.equal(drawn.length, tables.tasks.length);
    const lanes = new Map(drawn);
    // Where the events come in the usual order, the lane has the very lengths of the columns.
    const usual = (task) =>
      task.naive_connected_at == null || task.naive_connected_at >= task.naive_parked_at;
    const closed = tables.tasks.filter((task) => task.naive_ended_at != null && usual(task));
    for (const task of closed) {
      const waited = task.naive_live_wait_ms ?? 0;
      const talked = task.naive_talk_ms ?? 0;
      assert.deepEqual(lanes.get(task.task_id), { waited, talked }, task.task_id);
    }
    const neverOffered = closed.filter((task) => task.offers === 0 && task.naive_live_wait_ms > 0);
    assert.ok(neverOffered.length > 0);
  });

  test("other channels have figures of their own, and no words of calls", async () => {
    const choice = page.locator("select[name=channel]");
    const channels = [...new Set(tables.tasks.map((task) => task.channel))];
    assert.equal(await choice.locator("option").count(), channels.length);
    await choice.selectOption("chat");
    const chats = tables.queue_intervals.filter((row) => row.channel === "chat");
    const { foot } = await rowsOf(page, "#queues-table");
    assert.equal(foot.Offered, sum(chats, "offered"));
    assert.equal(foot.Answered, sum(chats, "answered"));
    const service = (await rowsOf(page, "#queues-service-table")).foot;
    assertSame(service.AHT, serviceOf(chats).AHT, "AHT of chats");
    const ofCalls = /callback|called back|on the line/i;
    for (const place of ["#summary", "#queues", "#intervals", "#ledger"])
      assert.doesNotMatch(await page.locator(place).innerText(), ofCalls, place);
    await choice.selectOption("telephony");
    const back = (await rowsOf(page, "#queues-table")).foot;
    assert.equal(back.Offered, sum(calls("queue_intervals"), "offered"));
  });

  test("nothing complains, and no network is asked", () => assert.deepEqual(complaints, []));
});

describe("use", () => {
  let run, page, complaints;

  before(async () => {
    run = rebuild(generate("--tasks", "400", "--days", "2"));
    ({ page, complaints } = await open(browser, run));
  });

  /** The heading of the task has the focus and is in sight. */
  async function taskIsInFocus(page) {
    const seen = await page.locator("#task-title").evaluate((title) => ({
      focused: title === document.activeElement,
      top: title.getBoundingClientRect().top,
      height: innerHeight,
    }));
    assert.ok(seen.focused && seen.top > 0 && seen.top < seen.height, JSON.stringify(seen));
  }

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
    const { body, foot } = await rowsOf(page, "#queues-table");
    assert.deepEqual({ ...foot, Queue: name }, body[0], "the foot sums up what the filter lets through");
    assert.match(foot.Queue, /^Sum of 1 of \d+$/);
    await page.getByLabel("Filter queues").fill("nothing like it");
    assert.equal((await rowsOf(page, "#queues-table")).foot, null);
    assert.deepEqual(await firstCells("#queues-table"), []);
    assert.match(await page.locator("#queues-table tbody").textContent(), /Nothing matches/);
    await page.getByLabel("Filter queues").fill("");
  });

  test("half hours and agents that are filtered have totals of their own", async () => {
    for (const [place, label, needle] of [
      ["#intervals-table", "Filter half hours, such as “Mon” or “09:30”", "09:"],
      ["#agents-table", "Filter agents", "a"],
    ]) {
      const whole = (await rowsOf(page, place)).body.length;
      await page.getByLabel(label).fill(needle);
      const { body, foot } = await rowsOf(page, place);
      assert.ok(body.length > 1 && body.length < whole, `${body.length} of ${whole}`);
      const counted = place === "#agents-table" ? ["Offers", "Answered", "RONA"] : ["Offered", "Abandoned", "Handled"];
      for (const column of counted) assert.equal(foot[column], sum(body, column), `${column} of ${place}`);
      await page.getByLabel(label).fill("");
    }
  });

  test("what the columns of a table mean is one click away", async () => {
    await page.locator("#queues-service-table summary").click();
    const meaning = page.locator("#queues-service-table dt", { hasText: /^Service level$/ }).locator("+ dd");
    assert.match(await meaning.innerText(), /^Answered within .*ringing is not in the wait/);
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
      await taskIsInFocus(page);
  });

  test("an address that names a task leads to it, also in an open page", async () => {
    const linked = await open(browser, run);
    const ids = await linked.page.locator("#tasks-table button.link").evaluateAll((all) => all.map((of) => of.title));
    for (const id of [ids[3], ids[5]]) {
      await linked.page.evaluate((id) => (location.hash = `task=${id}`), id);
      await linked.page.locator("#task h3 code").getByText(id).waitFor();
      await taskIsInFocus(linked.page);
    }
    await linked.page.close();
  });

  test("the search says what it searches, and that phone numbers are searched nowhere", async () => {
    const help = await page.locator("#task-id").evaluate((input) => document.getElementById(input.getAttribute("aria-describedby")).textContent);
    assert.match(help, /Only task ids are searched\. Phone numbers are searched nowhere/);
  });

  test("the head of a table stays in sight while its rows go by", async () => {
    const tops = await page.locator("#intervals-table .scroll").evaluate((scroll) => {
      scroll.scrollTop = 200;
      const top = (element) => element.getBoundingClientRect().top;
      return { scrolled: scroll.scrollTop, head: top(scroll.querySelector("thead th")), box: top(scroll) };
    });
    assert.equal(tops.scrolled, 200);
    assert.ok(Math.abs(tops.head - tops.box) < 2, JSON.stringify(tops));
  });

  test("what the chart of waits shows can be read as a table, with the keyboard alone", async () => {
    const [summary, place] = [page.locator("#intervals summary").first(), "#waits-table"];
    await summary.focus();
    await page.keyboard.press("Enter");
    assert.ok(await page.locator(place).isVisible());
    const { foot } = await rowsOf(page, place);
    const rows = (await table(run, "queue_intervals")).filter((row) => row.channel === "telephony");
    assert.equal(foot["On the line"], sum(rows, "live_wait_ms"));
    assert.equal(foot["Off the line"], sum(rows, "callback_wait_ms"));
    assert.equal(foot["On the line, say the webhooks"], sum(rows, "naive_live_wait_ms"));
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
