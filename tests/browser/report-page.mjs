// The report, opened from disk in Chromium.

import { join } from "node:path";
import { chromium } from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A browser. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ARGUMENTS,
  });
}

/** Opens the report of a run; `complaints` are errors, console messages and requests. */
export async function open(browser, run, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
  const complaints = [];
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(`file://${join(run, "report.html")}`);
  await page.waitForSelector("html[data-ready]");
  return { page, complaints };
}

/** The rows of a table on the page, all of them: by column, the exact value or else the text. */
export async function rowsOf(page, place) {
  const more = page.locator(`${place} .more`).first();
  if (await more.isVisible()) await more.click();
  return page
    .locator(`${place} table`)
    .first()
    .evaluate((grid) => {
      const labels = [...grid.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
      const number = (text) => (text === "" ? null : Number(text));
      const value = (cell) =>
        cell.dataset.value == null ? cell.textContent.trim() : number(cell.dataset.value);
      const read = (row) =>
        Object.fromEntries([...row.cells].map((cell, at) => [labels[at], value(cell)]));
      return {
        body: [...grid.tBodies[0].rows].map(read),
        foot: grid.tFoot?.rows.length ? read(grid.tFoot.rows[0]) : null,
      };
    });
}
