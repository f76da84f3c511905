// Unpacks the data and fills the page, top to bottom.

async function main() {
  const data = await unpack("data");
  data.rows = intervalRows(data.intervals);
  data.asOf = Date.parse(data.receipt.options.as_of);
  const clock = new Clock(data.receipt.options.timezone);
  const tasks = tasksOf(await unpack("packed-timelines"), data);
  patterns();
  showPeriod(data, clock);
  showAgents(data);
  showQuality(data);
  const pick = showTasks(data, tasks, clock);
  showChannels(data, (view) => {
    const metrics = metricsOf(view);
    showSummary(view, metrics);
    showOutcomes(view);
    showQueues(view, metrics);
    showWaits(view);
    showStaffing(view);
    showIntervals(view, metrics, clock);
    showLedger(view, tasks, pick);
  });
  document.documentElement.dataset.ready = "true";
}

main().catch((error) => {
  const notice = at("failure");
  notice.textContent = `This page could not be drawn: ${error.message}. It needs a browser of 2023 or newer.`;
  notice.hidden = false;
  throw error;
});
