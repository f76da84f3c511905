// Unpacks the data and fills the page, top to bottom.

async function main() {
  const data = await unpack("data");
  data.rows = intervalRows(data.intervals);
  const clock = new Clock(data.receipt.options.timezone);
  const metrics = metricsOf(data.receipt.options);
  patterns();
  showSummary(data, metrics, clock);
  showOutcomes(data);
  showQueues(data, metrics);
  showIntervals(data, metrics, clock);
  showAgents(data);
  showQuality(data);
  const tasks = await unpack("packed-timelines");
  const pick = showTasks(data, tasks, clock);
  showLedger(data, tasks, pick);
  document.documentElement.dataset.ready = "true";
}

main().catch((error) => {
  const notice = at("failure");
  notice.textContent = `This page could not be drawn: ${error.message}. It needs a browser of 2023 or newer.`;
  notice.hidden = false;
  throw error;
});
