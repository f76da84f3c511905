// The wallboard, opened in Chromium.

/** Opens it; `complaints` are errors, console messages and requests to elsewhere. */
export async function openWallboard(browser, url, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, ...options });
  const complaints = [];
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(new URL(url).origin)) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  await page.waitForSelector('html[data-state]');
  return { page, complaints };
}
