// A generated archive and what the job makes of it, read back by other means than the job's own.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";

/** The root of the project. */
export const root = resolve(import.meta.dirname, "../..");
const programs = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug");

const scratch = mkdtempSync(join(tmpdir(), "trueline-browser-"));
process.on("exit", () => rmSync(scratch, { recursive: true }));

/** A new folder, which is gone when the tests are over. */
export function newFolder() {
  return mkdtempSync(join(scratch, "folder-"));
}

/** Where a program of the workspace lies. */
export function program(name) {
  return join(programs, name);
}

function runProgram(name, ...options) {
  execFileSync(program(name), options, { stdio: "pipe" });
}

/** A folder of generated webhooks. */
export function generate(...options) {
  const folder = newFolder();
  runProgram("generate-archive", "--out", folder, ...options);
  return join(folder, "events");
}

/** A folder with these events, each in its envelope. */
export function archiveOf(events) {
  const folder = newFolder();
  const body = (event, at) =>
    JSON.stringify({
      id: `webhook-${at}`,
      specversion: "1.0",
      source: "/com/cisco/wxcc/subscription",
      comciscotimestamp: event.data.createdTime + 100,
      ...event,
    });
  writeFileSync(join(folder, "events.ndjson"), events.map(body).join("\n"));
  return folder;
}

/** A file of display names from pairs of an id and a name. */
export function namesFile(names) {
  const file = join(newFolder(), "names.csv");
  writeFileSync(file, namesCsv(names));
  return file;
}

/** Display names as CSV. */
export function namesCsv(names) {
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
  return [["id", "name"], ...names].map((row) => row.map(quoted).join(",")).join("\n");
}

/** The published sample. */
export const sample = join(root, "shared/fixtures/sample/webhooks");

/** Rebuilds an archive; returns the folder of the run. */
export function rebuild(events, ...options) {
  const out = newFolder();
  runProgram("rebuild-timelines", "--events", events, "--out", out, ...options);
  return join(out, "latest");
}

/** The rows of a table, with plain numbers and epoch milliseconds. */
export async function table(run, name) {
  const file = await asyncBufferFromFile(join(run, `${name}.parquet`));
  const rows = await parquetReadObjects({ file, compressors });
  const plain = (value) =>
    typeof value === "bigint" ? Number(value) : value instanceof Date ? value.getTime() : value;
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)])),
  );
}

/** The receipt of a run. */
export function receipt(run) {
  return JSON.parse(readFileSync(join(run, "receipt.json"), "utf8"));
}

/** A file of names for the queues of a run. */
export async function namesOfQueues(run) {
  const intervals = await table(run, "queue_intervals");
  const ids = [...new Set(intervals.map((row) => row.queue_id).filter(Boolean))].sort();
  const names = new Map(ids.map((id, at) => [id, `Queue ${at + 1}`]));
  return { file: namesFile([...names]), names };
}
