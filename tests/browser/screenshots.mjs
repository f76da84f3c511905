// Makes the pictures of the README from the demo itself: `npm run screenshots` writes them to `docs/`.

import { join } from "node:path";
import { root } from "./archive.mjs";
import { launch } from "./report-page.mjs";
import { startDemo } from "./stack.mjs";
import { openWallboard } from "./wallboard-page.mjs";

/** How long the calls of the last hour take to be delivered. */
const CAUGHT_UP_MS = 40_000;
const docs = join(root, "docs");

const browser = await launch();
const demo = await startDemo();

const report = await browser.newPage({ viewport: { width: 1280, height: 1000 }, colorScheme: "light" });
await report.goto(demo.report);
await report.waitForSelector('html[data-ready="true"]');
await report.screenshot({ path: join(docs, "report.png") });

const { page } = await openWallboard(browser, demo.wallboard, { viewport: { width: 1600, height: 900 }, colorScheme: "dark" });
await page.waitForTimeout(CAUGHT_UP_MS);
await page.screenshot({ path: join(docs, "wallboard.png") });

await browser.close();
demo.stop();
process.exit();
