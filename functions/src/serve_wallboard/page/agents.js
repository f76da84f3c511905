// Who is logged in: name, state and time in it. Who rings for too long stands first.
//
// Queue and channel are known while an agent has a task, or has just had one. A choice of either leaves out the
// others, and says how many. No team is known here.

const AGENT_ORDER = ["ringing", "not_responding", "available", "connected", "on_hold", "consulting", "conferencing", "wrapup", "idle"];
const AGENT_COLUMNS = [["state", "State"], ["age", "For"], ["queue", "Queue"], ["channel", "Channel"]];

function isChosen(agent) {
  const isInQueue = settings.queues.length === 0 || settings.queues.includes(agent.queue ?? NO_QUEUE);
  return isInQueue && (settings.channel === "" || settings.channel === agent.channel);
}

function agentOrder(one, other) {
  const place = (agent) => AGENT_ORDER.indexOf(agent.state);
  return ringsTooLong(other).length - ringsTooLong(one).length || place(one) - place(other) || one.since - other.since;
}

/** Draws the agents who are chosen, in place. */
function drawAgentTable({ agent_list: agents }) {
  const shown = new Map(agents.filter(isChosen).sort(agentOrder).map((agent) => [agent.agent, agent]));
  const body = byId("agent-table").tBodies[0];
  arrange(body, [...shown.keys()], newAgent);
  for (const row of body.rows) drawAgent(row, shown.get(row.dataset.key));
  const others = agents.length - shown.size;
  const why = others === 0 ? "" : ` ${others} left out: another queue or channel, or none known without a task.`;
  write(byId("agent-note"), `${counted(shown.size, "agent")}.${why} Teams are not known.`);
  drawChannels(agents);
}

function newAgent(id) {
  const open = element("button", { type: "button", ariaHasPopup: "dialog", onclick: () => openTaskOf(id) });
  const row = element("tr", {}, element("th", { scope: "row" }, open));
  for (const [name, label] of AGENT_COLUMNS) {
    const cell = element("td", { className: `of-${name}` }, element("span", { className: "text" }));
    if (name === "age") cell.append(element("span", { className: "warning" }));
    cell.dataset.label = label;
    row.append(cell);
  }
  return row;
}

function drawAgent(row, agent) {
  const open = row.querySelector("button");
  write(open, nameOf(agent.agent, state.names));
  open.disabled = agent.task == null;
  const texts = {
    state: words(agent.state),
    age: running(now() - agent.since),
    queue: agent.queue == null ? "–" : queueName(agent.queue),
    channel: agent.channel == null ? "–" : words(agent.channel),
  };
  for (const [name, text] of Object.entries(texts)) write(row.querySelector(`.of-${name} .text`), text);
  mark(row, ringsTooLong(agent));
}

/** Opens the task that an agent has. */
function openTaskOf(id) {
  const agent = chosen()?.agent_list.find((of) => of.agent === id);
  if (agent?.task != null) openQueue(agent.queue ?? NO_QUEUE, agent.task);
}

/** Offers the channels that agents have now, and the one that is chosen. */
function drawChannels(agents) {
  const known = agents.map((agent) => agent.channel).filter((channel) => channel != null);
  const channels = [...new Set(["", settings.channel, ...known.sort()])];
  const select = byId("channel");
  if ([...select.options].map((option) => option.value).join() !== channels.join()) {
    select.replaceChildren(...channels.map((channel) => new Option(channel === "" ? "all" : words(channel), channel)));
  }
  select.value = settings.channel;
}

byId("channel").addEventListener("change", (event) => choose({ channel: event.target.value }));
