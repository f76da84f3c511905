// The data in the page, and elements made from it. Text only ever becomes text, never markup.

/** What a block of the page holds: deflated JSON in base64. */
async function unpack(id) {
  const text = document.getElementById(id).textContent.trim();
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

/** An element with attributes and children. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value != null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

/** The element of the page with this id. */
function at(id) {
  return document.getElementById(id);
}

/** Fills the element of the page with this id. */
function put(id, ...children) {
  at(id).replaceChildren(...children.filter((child) => child != null));
}

/** The columns of `intervals` as rows. */
function intervalRows(intervals) {
  const { by_day: _, ...columns } = intervals;
  const names = Object.keys(columns);
  return columns.start.map((_, row) =>
    Object.fromEntries(names.map((name) => [name, columns[name][row]])),
  );
}

/** The columns that say what a row is about. */
const KEYS = ["queue", "channel", "start", "agent", "key", "name"];

/** One row with the sums of all columns but the keys. */
function sumOf(rows) {
  const sum = {};
  for (const row of rows) {
    for (const name in row) {
      if (!KEYS.includes(name)) sum[name] = (sum[name] ?? 0) + row[name];
    }
  }
  return sum;
}

/** Rows summed up by a key; the groups keep the order in which they are met. */
function sumBy(rows, key) {
  const groups = new Map();
  for (const row of rows) {
    const of = key(row);
    if (!groups.has(of)) groups.set(of, []);
    groups.get(of).push(row);
  }
  return [...groups].map(([of, members]) => ({ key: of, ...sumOf(members) }));
}

/** The tasks of the page, with instants as epoch milliseconds and everything by its name. */
function tasksOf({ tasks, texts }, data) {
  const text = (number) => (number == null ? "" : texts[number]);
  return tasks.map(([id, start, steps, summary, segments, offers, ledger]) => {
    const instants = [start];
    for (const step of steps) instants.push(instants.at(-1) + step);
    const at = (number) => (number == null ? null : instants[number]);
    const [
      [channel, direction, outcome, callback, party, reason],
      end,
      falseEnds,
      asWebhooksSay,
      naive,
      naiveInstants,
    ] = summary;
    const [parked, connect, connected, ended, waitedUntil] = naiveInstants.map(at);
    const rings = offers.map(([offered, agent, answered, connected, released, outcome]) => ({
      at: at(offered),
      agent: labelOf(data.agents, agent, "not known"),
      answered: at(answered),
      connected: at(connected),
      released: at(released),
      outcome: text(outcome),
    }));
    return {
      id,
      start,
      end: at(end),
      falseEnds,
      asWebhooksSay,
      offers: rings,
      channel: text(channel),
      direction: text(direction),
      outcome: text(outcome),
      callback: text(callback),
      party: text(party),
      reason: text(reason),
      naive: { outcome: text(naive), parked, connect, connected, ended, waitedUntil },
      segments: segmentsOf(segments, start, data, rings, { at, text }),
      ledger: ledger.map(([rule, when, said, is]) => ({
        rule: text(rule),
        at: at(when),
        said: text(said),
        is: text(is),
      })),
    };
  });
}

/** The phases that belong to an offer, and so to its agent. */
const WITH_AGENT = ["offered", "dialing", "talking", "on_hold", "consulting", "conferencing"];

/** A segment begins where the one before ends; an open one goes on until the figures end. */
function segmentsOf(segments, start, data, rings, { at, text }) {
  let from = start;
  return segments.map(([phase, end, queue, basis]) => {
    const open = end == null;
    const segment = {
      phase: text(phase),
      from,
      to: open ? Math.max(data.asOf, from) : at(end),
      open,
      queue: labelOf(data.queues, queue, null),
      basis: text(basis),
    };
    const ring = WITH_AGENT.includes(segment.phase)
      ? rings.findLast((ring) => ring.at <= segment.from)
      : null;
    segment.agent = ring?.agent ?? null;
    from = segment.to;
    return segment;
  });
}

/** The label of a queue or agent by its number. */
function labelOf(labels, number, unknown) {
  return number == null ? unknown : labels[number].label;
}
