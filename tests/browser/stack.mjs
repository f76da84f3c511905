// The local stack as people start it, and a sender who signs as Webex does.

import { spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { newFolder, program } from "./archive.mjs";

const SUBSCRIPTION = "local-stack";

/** Starts `local-stack` and waits until it says `last`; what it said until then, and a way to stop it. */
async function run(options, last) {
  const child = spawn(program("local-stack"), options, { stdio: ["ignore", "pipe", "inherit"] });
  const stop = () => child.kill("SIGKILL");
  process.on("exit", stop);
  const said = await new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (text) => {
      said += text;
      if (said.includes(last)) resolve(said);
    });
    child.on("exit", (code) => reject(new Error(`local-stack ended with ${code}`)));
  });
  return { said, stop };
}

const linkOf = (page, said) => new RegExp(`^${page}\\n +(\\S+)$`, "m").exec(said)[1];

/** The demo at its end: what it said, its two links, and a way to stop it. */
export async function startDemo() {
  const { said, stop } = await run(["--port", "0", "--data", newFolder()], "Calls keep coming");
  return { said, report: linkOf("report", said), wallboard: linkOf("wallboard", said), stop };
}

/** A running stack, or one that was stopped, once more; its wallboard is at `url`. */
export async function startStack(stopped) {
  const folder = stopped?.folder ?? newFolder();
  const port = stopped ? new URL(stopped.url).port : 0;
  const { said, stop } = await run(["--serve", "--port", String(port), "--data", folder], "Serving");
  const url = linkOf("wallboard", said);
  const secret = JSON.parse(readFileSync(join(folder, "secrets.json"), "utf8")).subscriptions[SUBSCRIPTION][0];
  return { folder, url, sender: new Sender(url, secret), stop };
}

/** Posts webhooks and signals, and insists on a 200. */
class Sender {
  constructor(url, secret) {
    Object.assign(this, { url, secret });
  }

  /** An event in its envelope, dispatched now. */
  async deliver(event) {
    const dispatched = Date.now();
    const envelope = { id: randomUUID(), specversion: "1.0", ...event, source: `/com/cisco/wxcc/${SUBSCRIPTION}`, comciscotimestamp: dispatched };
    const body = JSON.stringify(envelope);
    const signature = createHmac("sha256", this.secret).update(body).digest("hex");
    await this.post("webhooks", body, { "X-WebexCC-Signature": signature, "X-WebExCC-Timestamp": String(dispatched) });
  }

  async signal(signal) {
    await this.post("signals/callback-requested", JSON.stringify(signal), { "X-Trueline-Secret": this.secret });
  }

  async post(path, body, headers) {
    const answer = await fetch(this.url + path, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
    if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  }

  /** Delivers many events, some at the same time. */
  async deliverAll(events) {
    const rest = events[Symbol.iterator]();
    const work = async () => {
      for (const event of rest) await this.deliver(event);
    };
    await Promise.all(Array.from({ length: 12 }, work));
  }
}
