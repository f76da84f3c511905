// Unpacks the data and fills the page, top to bottom.

async function main() {
  const data = await unpack("data");
  data.rows = intervalRows(data.intervals);
  data.asOf = Date.parse(data.receipt.options.as_of);
  const clock = new Clock(data.receipt.options.timezone);
  const metrics = metricsOf(data.receipt.options);
  patterns();
  showSummary(data, metrics, clock);
  showOutcomes(data);
  showQueues(data, metrics);
  showIntervals(data, metrics, clock);
  showAgents(data);
  showQuality(data);
  const tasks = tasksOf(await unpack("packed-timelines"), data);
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
