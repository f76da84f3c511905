// The data behind the page: how complete it is, and how to check it.

/** `task, 2026-11-22 08:00:00 to 08:05:00 (inactive)` */
function gapText({ resource, from, until, reason }) {
  const [date, time] = from.slice(0, 19).split("T");
  const [endDate, endTime] = until ? until.slice(0, 19).split("T") : [];
  const end = !until ? "now" : endDate === date ? endTime : `${endDate} ${endTime}`;
  return `${resource}, ${date} ${time} to ${end} (${reason})`;
}

function showQuality(data) {
  const { counts, gaps, options, definitions, version, outputs } = data.receipt;
  const total = (of) => Object.values(of).reduce((sum, count) => sum + count, 0);
  const facts = [
    ["Deliveries read", counts.deliveries],
    ["Distinct events of tasks", counts.events],
    ["Repeats", counts.duplicates, "deliveries of events that were there already"],
    ["Copies", counts.copies, "deliveries that the archive holds twice; they count once"],
    ["Late", counts.late, "came after a later event, where the time of arrival is known"],
    [
      "Clock ahead",
      counts.clock_ahead,
      "dated more than 5 minutes after they were sent or arrived; they move no as-of time",
    ],
    ["Rejected lines", counts.rejected_lines, "could not be read; they are in rejected.ndjson"],
    ["Rejected files", counts.rejected_files],
    ["Gaps", gaps.length, "times in which Webex sent nothing of a resource"],
    [
      "Conflicting",
      counts.conflicting,
      "same webhook id, type and time as another event, but other data",
    ],
    ["Events of unknown types", total(counts.unknown_types)],
    ["Unknown reasons", total(counts.unknown_reasons)],
    ["Tasks still open", counts.open],
    ["Without a task", counts.without_task, "agent events outside any task"],
    [
      "Histories without a start",
      counts.without_timeline,
      "stray agent events, tasks that could not be created",
    ],
    ["Tasks outside the period", counts.tasks_outside],
  ];
  put(
    "facts",
    ...facts.map(([label, count, title]) =>
      element(
        "div",
        {
          title,
          "data-fact": label,
          class: count > 0 && /^(Rejected|Gaps)/.test(label) ? "alarm" : null,
        },
        element("dt", {}, label),
        element("dd", {}, number(count)),
      ),
    ),
  );
  const list = (title, of) =>
    Object.keys(of).length === 0
      ? null
      : element(
          "p",
          {},
          element("strong", {}, `${title}: `),
          Object.entries(of)
            .sort((a, b) => b[1] - a[1])
            .map(([name, count]) => `${name} (${number(count)})`)
            .join(", "),
        );
  put(
    "unknown",
    list("Unknown types", counts.unknown_types),
    list("Unknown reasons", counts.unknown_reasons),
    gaps.length === 0
      ? null
      : element(
          "p",
          { id: "gaps" },
          element("strong", {}, "Gaps, in UTC; figures of these times are not whole: "),
          gaps.map(gapText).join("; "),
        ),
  );
  const pairs = (of, text) =>
    element(
      "dl",
      { class: "definitions" },
      ...Object.entries(of).flatMap(([name, value]) => [
        element("dt", {}, words(name)),
        element("dd", {}, text(value, name)),
      ]),
    );
  const option = (value, name) =>
    value == null
      ? "not set"
      : name.endsWith("_ms")
        ? `${duration(value)} (${number(value)} ms)`
        : value === true
          ? "yes"
          : value === false
            ? "no"
            : String(value);
  const files = (of) =>
    element(
      "ul",
      { class: "files" },
      ...of.map((file) =>
        element(
          "li",
          {},
          `${file.name}, ${number(file.bytes)} bytes `,
          element("code", {}, file.sha256),
        ),
      ),
    );
  put(
    "provenance",
    element("h3", {}, "Options"),
    pairs(options, option),
    element("h3", {}, "Definitions"),
    pairs(definitions, (text) => text),
    element("h3", {}, `Inputs: ${counted(data.inputs, "file")}`),
    files(data.receipt.inputs),
    data.inputs > data.receipt.inputs.length
      ? element("p", {}, "All of them are named in receipt.json.")
      : null,
    element("h3", {}, "Tables that this page was made from"),
    files(outputs),
  );
  put(
    "receipt",
    `Made by rebuild-timelines ${version}. Receipt without this page: SHA-256 `,
    element("code", { id: "receipt-hash" }, data.receipt_sha256),
    ". To check it: ",
    element(
      "code",
      {},
      `jq 'del(.outputs[] | select(.name == "report.html"))' receipt.json | sha256sum`,
    ),
  );
}
