// Unpacks the data and fills the page, top to bottom.

async function main() {
  const data = await unpack("data");
  data.rows = intervalRows(data.intervals);
  data.asOf = Date.parse(data.receipt.options.as_of);
  const tasks = tasksOf(await unpack("packed-timelines"), data);
  const starts = [data.totals.first_started_at, ...data.intervals.start];
  const ends = [...tasks.map(endOfDrawing), data.asOf];
  const clock = new Clock(data.receipt.options.timezone, d3.extent([...starts, ...ends]));
  patterns();
  showPeriod(data, clock);
  showAgents(data);
  showQuality(data);
  const pick = showTasks(data, tasks, clock);
  let view;
  const draw = () => {
    const metrics = metricsOf(view, at("ringing").checked);
    showSummary(view, metrics);
    showOutcomes(view);
    showQueues(view, metrics);
    showWaits(view);
    showStaffing(view);
    showIntervals(view, metrics, clock);
    showLedger(view, tasks, pick);
  };
  at("ringing").addEventListener("change", draw);
  showChannels(data, (picked) => {
    view = picked;
    draw();
  });
  followLinks(tasks, pick);
  document.documentElement.dataset.ready = "true";
}

main().catch((error) => {
  const notice = at("failure");
  notice.textContent = `This page could not be drawn: ${error.message}. It needs a browser of 2023 or newer.`;
  notice.hidden = false;
  throw error;
});
