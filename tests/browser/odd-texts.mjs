// Texts that a page may mistake for something else, and the events of a call that has them everywhere.

const propertiesOf = (type) => Object.getOwnPropertyNames(type.prototype);
const ofObjects = propertiesOf(Object);
const ofOthers = [Function, Array, String].flatMap(propertiesOf);
const markup = ["<img src=x onerror=alert(1)>", "</script><b>bold</b>", "&amp;lt;", "'\"`${1}"];
const ofAddresses = ["a&org=b", "a+b%20c", "a/b?c", "\\", "#task=x"];
const numbers = ["2026-01-01", "1e3", "NaN"];

/** A few of them: the properties of objects, and what an address or markup may hide. */
export const oddest = [...ofObjects, markup[0], ofAddresses[0], ofAddresses[1]];

/** All of them, each once. */
export const oddTexts = [
  ...new Set([...ofObjects, ...ofOthers, ...markup, ...ofAddresses, ...numbers]),
];

/** The display name of every other one is the text after it. */
export const oddNames = oddTexts
  .map((id, at) => [id, oddTexts[(at + 1) % oddTexts.length]])
  .filter((_, at) => at % 2 === 0);

const names = new Map(oddNames);

/** What a page shows of each: its display name, or else itself. */
export const shownOf = (id) => names.get(id) ?? id;

/** An event of a task that has the text for all its ids. */
function taskEvent(text, org, type, at, more = {}) {
  const call = { channelType: "telephony", direction: "INBOUND", origin: text, destination: text };
  const data = { taskId: text, queueId: text, createdTime: at, entryPointId: text, ...call, ...more };
  return { type, comciscoorgid: org, data };
}

/** An event of an agent. */
function agentEvent(data, org) {
  const type = "agent:channel_state_change";
  return { type, comciscoorgid: org, data: { ...data, channelType: "telephony" } };
}

/** A call that waits `waitMs` and is offered to an agent, who was idle before. */
export function oddCall(text, org, at, waitMs) {
  const agent = { agentId: text, createdTime: at, currentState: "idle", idleCodeId: text };
  const offered = at + waitMs;
  const ringing = { ...agent, taskId: text, queueId: text, createdTime: offered };
  return [
    agentEvent(agent, org),
    taskEvent(text, org, "task:new", at),
    taskEvent(text, org, "task:parked", at),
    taskEvent(text, org, "task:connect", offered),
    agentEvent({ ...ringing, currentState: "ringing", idleCodeId: null }, org),
  ];
}

/** The call is answered, and ends for a reason of this text. */
export function oddEnd(text, org, at) {
  return [
    taskEvent(text, org, "task:connected", at),
    taskEvent(text, org, "task:ended", at + 60_000, { reason: text, terminatingParty: "Agent" }),
  ];
}
