// What crosses a threshold: it gets a colour and a sign, the worst queue stands first, and a sound says so once.
//
// The sound begins only with a click on its switch: browsers play none before, so it is not remembered.

const SOUND_EVERY_MS = 10_000;
const sound = { context: null, last: 0 };
let crossedBefore = new Set();

/** Why the callers of a queue need somebody, as texts. */
function reasons({ live }) {
  const found = [];
  const longest = live.longest_since == null ? 0 : now() - live.longest_since;
  if (longest >= settings.wait_s * 1000) found.push(`over ${running(settings.wait_s * 1000)}`);
  if (live.count >= settings.waiting) found.push(`${settings.waiting} or more wait`);
  return found;
}

const countAvailable = (agents) => agents.filter((agent) => agent.state === "available").length;

/** Why too few agents are available; nothing while nobody is logged in. */
function shortage(agents) {
  return agents.length > 0 && countAvailable(agents) < settings.available ? [`fewer than ${settings.available}`] : [];
}

/** Why an agent stands out. */
function ringsTooLong(agent) {
  return agent.state === "ringing" && now() - agent.since >= settings.ring_s * 1000 ? [`over ${settings.ring_s}${THIN_SPACE}s`] : [];
}

const whoRingTooLong = (agents) => agents.filter((agent) => ringsTooLong(agent).length > 0);

/** Why the worst of the queues that are shown needs somebody. */
function worstReasons() {
  return shownQueues().map(queueBoard).map(reasons).reduce((worst, found) => (found.length > worst.length ? found : worst), []);
}

/** That agents' phones ring for too long: those of whom events say so, be their tasks known or not. */
function ringReasons(agents) {
  const count = whoRingTooLong(agents).length;
  return count === 0 ? [] : [`${count} over ${settings.ring_s}${THIN_SPACE}s`];
}

/** A key for everything that has crossed a threshold. */
function crossed({ agent_list: agents }) {
  const queues = shownQueues().flatMap((queue) => reasons(queueBoard(queue)).map((reason) => `queue ${queue} ${reason}`));
  const ringing = whoRingTooLong(agents).map((agent) => `agent ${agent.agent}`);
  return new Set([...queues, ...ringing, ...shortage(agents)]);
}

/** Marks an element, and says the reasons in its sign. */
function mark(place, found) {
  place.classList.toggle("crossed", found.length > 0);
  const sign = place.querySelector(".warning");
  write(sign, found.length === 0 ? "" : `⚠ ${found.join(", ")}`);
}

/** The order of queues: more thresholds crossed, a longer wait on the line, more callers; then by name. */
function worstFirst(one, other) {
  const [a, b] = [queueBoard(one), queueBoard(other)];
  return (
    reasons(b).length - reasons(a).length ||
    (a.live.longest_since ?? Infinity) - (b.live.longest_since ?? Infinity) ||
    b.live.count - a.live.count ||
    (one === NO_QUEUE) - (other === NO_QUEUE)
  );
}

/** Sounds if something crosses a threshold that did not before. `crossed` are keys of queues, agents and tiles. */
function announce(crossed) {
  const isNew = [...crossed].some((key) => !crossedBefore.has(key));
  crossedBefore = crossed;
  if (isNew && sound.context != null && Date.now() - sound.last >= SOUND_EVERY_MS) play();
}

/** Two short tones. */
function play() {
  sound.last = Date.now();
  for (const [at, hertz] of [[0, 660], [0.18, 880]]) {
    const tone = new OscillatorNode(sound.context, { frequency: hertz });
    const volume = new GainNode(sound.context, { gain: 0.2 });
    const begins = sound.context.currentTime + at;
    volume.gain.setTargetAtTime(0, begins + 0.1, 0.03);
    tone.connect(volume).connect(sound.context.destination);
    tone.start(begins);
    tone.stop(begins + 0.3);
  }
}

byId("sound").addEventListener("click", () => {
  if (sound.context == null) {
    sound.context = new AudioContext();
    play();
  } else {
    sound.context.close();
    sound.context = null;
  }
  byId("sound").ariaPressed = String(sound.context != null);
  write(byId("sound"), sound.context == null ? "Sound off" : "Sound on");
});
