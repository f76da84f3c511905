// Any task by its id, and those with the most corrections.

/** Draws the tasks, and returns how to pick one: its timeline comes into sight and has the focus. */
function showTasks(data, tasks, clock) {
  const all = tasks.length === data.totals.tasks;
  const missing = data.totals.tasks - tasks.length;
  put(
    "timelines-lead",
    all
      ? `${tasks.length === 1 ? "The one task is" : `All ${number(tasks.length)} tasks are`} in this page.`
      : `The ${number(tasks.length)} tasks with the most corrections are in this page; the other ${number(missing)} did not fit. This draws any of those: `,
    ...(all ? [] : [element("code", {}, commandFor("ID", data.receipt.options)), "."]),
  );

  const pick = (task) => {
    showTask(task, clock);
    history.replaceState(null, "", `#task=${encodeURIComponent(task.id)}`);
    at("timelines").scrollIntoView({ block: "start" });
    at("task-title").focus({ preventScroll: true });
  };
  const lengthOf = ({ task }) => (task.end == null ? null : task.end - task.start);
  const rows = tasks.map((task) => ({
    task,
    id: task.id,
    queue: task.segments.find((of) => of.queue != null)?.queue ?? NOTHING,
  }));
  if (tasks.length === 0) {
    put("timelines-lead", "There is no task to draw.");
    return pick;
  }
  put("task-search", search(tasks, data, pick));
  put(
    "tasks-table",
    table({
      file: "tasks",
      caption: "Tasks by number of corrections",
      rows,
      limit: 12,
      sort: null,
      filter: {
        label: "Filter by queue, outcome or rule",
        text: ({ task, queue }) =>
          [
            task.id,
            queue,
            task.outcome,
            `said ${task.naive.outcome}`,
            task.callback,
            task.channel,
            ...task.ledger.map((of) => of.rule),
          ].join(" "),
      },
      columns: [
        {
          label: "Task",
          value: (row) => row.id,
          cell: (row) =>
            element(
              "button",
              { type: "button", class: "link", title: row.id, onclick: () => pick(row.task) },
              shortId(row.id),
            ),
        },
        {
          label: "Began",
          value: (row) => row.task.start,
          cell: (row) => element("span", { class: "nowrap" }, clock.dayAndMinute(row.task.start)),
          exports: instantExports("Began", (row) => row.task.start, clock),
        },
        ...(data.totals.channels.length > 1
          ? [{ label: "Channel", value: (row) => row.task.channel }]
          : []),
        { label: "Queue", value: (row) => row.queue },
        { label: "Webhooks said", value: (row) => OUTCOME_WORDS[row.task.naive.outcome] },
        { label: "What happened", value: (row) => OUTCOME_WORDS[row.task.outcome] },
        { label: "Corrections", value: (row) => row.task.ledger.length, text: number },
        { label: "False ends", value: (row) => row.task.falseEnds, text: number },
        { label: "Offers", value: (row) => row.task.offers.length, text: number },
        {
          label: "Length",
          value: lengthOf,
          text: (length) => (length == null ? "open" : duration(length)),
          exports: [{ label: withUnit("Length", duration), value: lengthOf }],
        },
      ],
    }),
  );
  showTask(tasks[0], clock);
  return pick;
}

/** Picks the task that the address names, and each that it names later. */
function followLinks(tasks, pick) {
  const follow = () => {
    const asked = new URLSearchParams(location.hash.slice(1)).get("task");
    const [linked] = asked ? beginningWith(asked, tasks) : [];
    if (linked) pick(linked);
  };
  addEventListener("hashchange", follow);
  follow();
}

/** The tasks whose id begins so; one whose whole id it is comes first. */
function beginningWith(text, tasks) {
  const begins = (task) => task.id.toLowerCase().startsWith(text.toLowerCase());
  return d3.sort(tasks.filter(begins), (task) => task.id !== text);
}

function shortId(id) {
  return id.length > 13 ? `${id.slice(0, 8)}…` : id;
}

/** The command that shows a task which is not in the page. */
function commandFor(id, options) {
  const stale =
    options.stale_after_ms === 14 * 86_400_000
      ? ""
      : ` --stale-after ${options.stale_after_ms / 1000}s`;
  const zone = options.timezone === "UTC" ? "" : ` --timezone ${options.timezone}`;
  return `rebuild-timelines --events FOLDER --out FOLDER --task ${id}${zone}${stale} --open`;
}

function search(tasks, data, pick) {
  const answer = element("p", { class: "status", role: "status" });
  const input = element("input", {
    type: "search",
    id: "task-id",
    placeholder: "Task id, or how it begins",
    "aria-label": "Task id, or how it begins",
    "aria-describedby": "task-id-help",
    autocomplete: "off",
    spellcheck: "false",
  });
  const find = (event) => {
    event.preventDefault();
    const id = input.value.trim();
    const found = id === "" ? [] : beginningWith(id, tasks);
    const complete = tasks.length === data.totals.tasks;
    if (found.length > 0) {
      pick(found[0]);
      answer.textContent =
        found.length === 1
          ? `Task ${found[0].id} is shown.`
          : `${number(found.length)} tasks begin so; the first one is shown.`;
    } else if (id !== "") {
      answer.replaceChildren(
        `No task in this page begins with ${id}. `,
        ...(complete
          ? ["There is none in this period."]
          : [
              "If it did not fit, this shows it: ",
              element("code", {}, commandFor(id, data.receipt.options)),
            ]),
      );
    }
  };
  return element(
    "form",
    { class: "search", role: "search", onsubmit: find },
    input,
    element("button", { type: "submit" }, "Show task"),
    element(
      "p",
      { class: "help", id: "task-id-help" },
      "Only task ids are searched. Phone numbers are searched nowhere: this page holds none.",
    ),
    answer,
  );
}
