// Tables that sort and filter: real tables, so that keyboards and screen readers know them.

let tablesMade = 0;

/**
 * A table. `columns` have a `label`, a `value(row)` to sort by, and how it is shown: `text(value)`
 * or `cell(row)`. The first column names the row. `total(rows)` sums up the visible rows for the foot.
 * `file` is what its CSV is called; a column is explained by its `definition`, or else its `title`, and
 * saved as its `exports`.
 */
function table({ file, caption, columns, rows, total, filter, sort, limit = 60, onPick }) {
  let order = sort ?? null;
  let needle = "";
  let shown = limit;
  const id = `table-${++tablesMade}`;
  const body = element("tbody");
  const foot = total ? element("tfoot") : null;
  const more = element("button", {
    type: "button",
    class: "more",
    onclick: () => {
      shown = Infinity;
      fill();
    },
  });
  const status = element("p", { class: "status", role: "status" });
  const heads = columns.map((column, at) => head(column, at));
  const grid = element(
    "table",
    { id },
    element("caption", {}, element("span", {}, caption)),
    element("thead", {}, element("tr", {}, ...heads)),
    body,
    foot,
  );
  const search = filter
    ? element("input", {
        type: "search",
        placeholder: filter.label,
        "aria-label": filter.label,
        "aria-controls": id,
        oninput: (event) => {
          needle = event.target.value.trim().toLowerCase();
          shown = limit;
          fill();
        },
      })
    : null;

  function head(column, at) {
    const numeric = column.text != null;
    const toggle = () => {
      const descending = order?.at === at ? !order.descending : numeric;
      order = { at, descending };
      fill();
    };
    const button = element(
      "button",
      { type: "button", title: column.title, onclick: toggle },
      column.label,
      element("span", { class: "arrow", "aria-hidden": "true" }),
    );
    return element("th", { scope: "col", class: numeric ? "numeric" : null }, button);
  }

  /** A row; the one of the foot has a head of its own. */
  function line(row, head = null) {
    const cells = columns.map((column, at) => {
      const value = column.value(row);
      const content = column.cell ? column.cell(row) : column.text ? column.text(value) : value;
      const attributes = {
        class: column.text ? "numeric" : null,
        "data-value": column.text ? (value ?? "") : null,
      };
      return at === 0
        ? element("th", { scope: "row", ...attributes }, head ?? content)
        : element("td", attributes, content);
    });
    const made = element("tr", {}, ...cells);
    if (onPick && row.id) made.dataset.id = row.id;
    return made;
  }

  /** The rows that the filter lets through, as they are sorted. */
  function visibleRows() {
    const visible = needle
      ? rows.filter((row) => filter.text(row).toLowerCase().includes(needle))
      : rows;
    return order ? sorted(visible, columns[order.at].value, order.descending) : visible;
  }

  const defined = columns.filter(definitionOf);
  const saving = (label, title, name, text) =>
    element("button", { type: "button", title, onclick: () => save(name, text()) }, label);
  const savings = [
    saving("CSV", `${caption}: save the rows as shown`, `${file}.csv`, () =>
      csvOfRows(columns, visibleRows()),
    ),
    defined.length > 0
      ? saving(
          "Definitions as CSV",
          `${caption}: save what the columns mean`,
          `${file}-definitions.csv`,
          () => csvOfDefinitions(defined),
        )
      : null,
  ];

  function fill() {
    const visible = visibleRows();
    heads.forEach((th, at) => {
      th.setAttribute(
        "aria-sort",
        order?.at !== at ? "none" : order.descending ? "descending" : "ascending",
      );
    });
    body.replaceChildren(...visible.slice(0, shown).map((row) => line(row)));
    const count = `${number(visible.length)} of ${number(rows.length)}`;
    if (foot) {
      const head = needle ? `Sum of ${count}` : "All";
      foot.replaceChildren(...(visible.length > 0 ? [line(total(visible), head)] : []));
    }
    if (visible.length === 0) {
      body.append(
        element(
          "tr",
          {},
          element(
            "td",
            { class: "none", colspan: columns.length },
            needle ? `Nothing matches “${needle}”.` : "Nothing to show.",
          ),
        ),
      );
    }
    status.textContent = needle ? `${count} rows` : "";
    more.hidden = visible.length <= shown;
    more.textContent = `Show all ${number(visible.length)} rows`;
  }

  fill();
  return element(
    "div",
    { class: "table" },
    element("div", { class: "tools" }, search, ...savings),
    defined.length > 0 ? definitionsOf(defined) : null,
    status,
    element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, grid),
    more,
  );
}

/** What a column means, where its label does not say it all. */
function definitionOf(column) {
  return column.definition ?? column.title;
}

/** What the columns mean, one click away. */
function definitionsOf(columns) {
  const entries = columns.flatMap((column) => [
    element("dt", {}, column.label),
    element("dd", {}, definitionOf(column)),
  ]);
  return element(
    "details",
    {},
    element("summary", {}, "What the columns mean"),
    element("dl", { class: "definitions" }, ...entries),
  );
}

/** Sorted by a value; what is missing comes last either way. */
function sorted(rows, value, descending) {
  const sign = descending ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [a, b] = [value(one), value(other)];
    if (a == null || b == null) return (a == null) - (b == null);
    return (
      sign *
      (typeof a === "number" && typeof b === "number"
        ? a - b
        : String(a).localeCompare(String(b), "en", { numeric: true }))
    );
  });
}

/** A figure with its naive twin below it. */
function twin(text, naive) {
  return element(
    "span",
    { class: "twin" },
    text,
    element("span", { class: "naive" }, element("span", { class: "hidden" }, " webhooks "), naive),
  );
}

/** The columns of the metrics that a table has, for rows of sums. */
function metricColumns(metrics, table) {
  return metrics
    .filter((metric) => metric.table === table)
    .map((metric) => ({
      key: metric.key,
      label: metric.label,
      title: metric.title,
      definition: metric.formula,
      value: metric.value,
      text: metric.format,
      cell: metric.naive
        ? (row) => twin(metric.format(metric.value(row)), metric.format(metric.naive(row)))
        : null,
      exports: metric.naive && [
        { label: withUnit(metric.label, metric.format), value: metric.value },
        { label: withUnit(`${metric.label}, webhooks alone`, metric.format), value: metric.naive },
      ],
    }));
}
