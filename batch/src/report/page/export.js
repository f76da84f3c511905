// Tables as CSV (RFC 4180, UTF-8), saved from the page without a network.
//
// Invariant: a number is as exact as the page has it, with its unit in the name of its column, and no
// text of a webhook or of names runs as a formula of a spreadsheet.

/** What a column is in a file: one or more columns, each with a name and a value of a row. */
function exportsOf(column) {
  if (column.exports) return column.exports;
  const { label, text, value } = column;
  return [{ label: text ? withUnit(label, text) : label, value }];
}

/** Durations are milliseconds and shares are of 1, as in the Parquet files. */
function withUnit(label, format) {
  const unit = format === duration ? " (ms)" : format === percent ? " (share of 1)" : "";
  return label + unit;
}

/** A column of instants: for people in the time zone of the figures, and in UTC for programs. */
function instantExports(label, value, clock) {
  const of = (text) => (row) => (value(row) == null ? null : text(value(row)));
  return [
    { label: `${label} (${clock.zone})`, value: of((ms) => `${clock.dayKey(ms)} ${clock.time(ms)}`) },
    { label: `${label} (UTC)`, value: of((ms) => new Date(ms).toISOString()) },
  ];
}

/** Lines of CSV, the first of which names the columns. */
function csv(lines) {
  // Excel takes a file without this mark to be in the code page of the country.
  const byteOrderMark = "\ufeff";
  return byteOrderMark + lines.map((line) => `${line.map(field).join(",")}\r\n`).join("");
}

/** A text that a spreadsheet would take for a formula begins with an apostrophe instead. */
function field(value) {
  if (value == null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The rows of a table as CSV. */
function csvOfRows(columns, rows) {
  const all = columns.flatMap(exportsOf);
  return csv([
    all.map((column) => column.label),
    ...rows.map((row) => all.map((column) => column.value(row))),
  ]);
}

/** What the columns of a table mean, as CSV; a second file, since CSV knows no comments. */
function csvOfDefinitions(columns) {
  return csv([
    ["Column", "Definition"],
    ...columns.map((column) => [column.label, definitionOf(column)]),
  ]);
}

/** Lets the reader save a text as a file. */
function save(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  element("a", { href: address, download: name }).click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
