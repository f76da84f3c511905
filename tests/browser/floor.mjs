// A busy floor: forty queues with callers and agents, delivered as webhooks.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { namesCsv } from "./archive.mjs";

export const ORG = "14c6c3b0-d36a-5bc6-a52b-33ef40c2d7ba";
export const QUEUES = Array.from({ length: 40 }, (_, at) => `queue-${at}`);
const AGENTS = ["agent-ana", "agent-ben", "agent-cleo", "constructor"];

/** Names for the queues and for all agents but one, in the bucket of a stack. */
export function nameFloor(stack) {
  const bucket = join(stack.folder, "s3/trueline");
  mkdirSync(bucket, { recursive: true });
  const queues = QUEUES.map((id, at) => [id, `Desk ${String(at).padStart(2, "0")}`]);
  const agents = [["agent-ana", "Ana Ruiz"], ["agent-ben", "Ben Okafor"], ["agent-cleo", "Cleo Lind"]];
  writeFileSync(join(bucket, "names.csv"), namesCsv(new Map([...queues, ...agents])));
}

/** Events of a task or of an agent that happened some seconds ago. */
export function eventsOf(began) {
  const event = (type, secondsAgo, data) => ({ type, comciscoorgid: ORG, data: { createdTime: began - secondsAgo * 1000, ...data } });
  const task = (taskId, queueId, type, secondsAgo, more = {}) =>
    event(type, secondsAgo, { taskId, queueId, channelType: "telephony", direction: "INBOUND", ...more });
  const agent = (agentId, currentState, secondsAgo, more = {}) => event("agent:state_change", secondsAgo, { agentId, currentState, ...more });
  return { task, agent };
}

/**
 * One caller in each queue, who waits 40 seconds, in the eighth 400. In the first two one more talks to Ana or
 * rings at Ben; the agent without a name is available, Cleo idle.
 */
export function* floor(began) {
  const { task, agent } = eventsOf(began);
  for (const [at, queue] of QUEUES.entries()) yield task(`waits-${at}`, queue, "task:parked", at === 7 ? 400 : 40);
  const [talks, rings] = [{ agentId: AGENTS[0] }, { agentId: AGENTS[1] }];
  yield task("talks", QUEUES[0], "task:connect", 100, talks);
  yield agent(AGENTS[0], "ringing", 100, { taskId: "talks", queueId: QUEUES[0] });
  yield task("talks", QUEUES[0], "task:connected", 90, talks);
  yield agent(AGENTS[0], "connected", 90, { taskId: "talks", queueId: QUEUES[0] });
  yield task("rings", QUEUES[1], "task:connect", 35, rings);
  yield agent(AGENTS[1], "ringing", 35, { taskId: "rings", queueId: QUEUES[1] });
  yield agent(AGENTS[2], "idle", 700);
  yield agent(AGENTS[3], "available", 20);
}
