// Kinds of channel: the figures of one at a time. Only counts of tasks are ever taken together.

/** What the tasks of a kind of channel are called: as a heading, one, several. */
const CHANNELS = {
  telephony: ["Calls", "call", "calls"],
  chat: ["Chats", "chat", "chats"],
  email: ["E-mails", "e-mail", "e-mails"],
  social: ["Social messages", "social message", "social messages"],
  other: ["Other tasks", "other task", "other tasks"],
};

/** The data of one kind of channel. `isCalls`: on the line, off it and callbacks are of calls alone. */
function viewOf(data, channel) {
  const { channels } = data.totals;
  const of = (rows) => rows.filter((row) => row.channel === channel);
  const [, one, several] = channels.length > 1 ? CHANNELS[channel] : ["", "task", "tasks"];
  const none = { tasks: 0, longest_live_wait_ms: 0, naive_longest_live_wait_ms: 0 };
  return {
    ...data,
    isCalls: channel === "telephony",
    counted: (count) => counted(count, one, several),
    one,
    several,
    figures: of(channels)[0] ?? none,
    rows: of(data.rows),
    outcomes: of(data.outcomes),
    days: of(data.days),
    waits: of(data.waits),
  };
}

/** The choice of a kind of channel, where there are several; `show` draws the page for one. */
function showChannels(data, show) {
  const channels = data.totals.channels.map((of) => of.channel);
  const pick = (channel) => {
    show(viewOf(data, channel));
    for (const place of document.querySelectorAll(".of-channel"))
      place.textContent = channels.length > 1 ? ` · ${CHANNELS[channel][0]}` : "";
  };
  const options = channels.map((channel) =>
    element("option", { value: channel }, CHANNELS[channel][0]),
  );
  if (channels.length > 1) {
    const onchange = (event) => pick(event.target.value);
    put(
      "channel",
      element("select", { name: "channel", "aria-label": "Channel", onchange }, ...options),
    );
  }
  pick(channels[0] ?? "telephony");
}
