// The axis of the charts by half hour or day.
//
// Invariant: a chart is as large as what happened, however far apart that lies. The axis is
// proportional to time, but a long time without a task is cut short, and of each gap only the ends
// are rows.

const DAY_MS = 86_400_000;
/** A longer time without a task is cut. */
const LONGEST_GAP_MS = 4 * DAY_MS;
/** As how long a time a cut one is drawn. */
const CUT_GAP_MS = DAY_MS;

/**
 * An axis for rows with the start of their interval as `key`, in order. Places on it are counted in
 * intervals from the first one.
 */
class IntervalAxis {
  constructor(rows, { clock, byDay }) {
    this.clock = clock;
    this.byDay = byDay;
    this.step = byDay ? DAY_MS : DAY_MS / 48;
    /** The rows with their `place`, and rows of nothing where a gap begins and where it ends. */
    this.rows = [];
    /** The gaps that are cut, in places, with the days that they lasted. */
    this.cuts = [];
    const nothing = Object.fromEntries(Object.keys(rows[0]).map((name) => [name, 0]));
    let place = 0;
    rows.forEach((row, at) => {
      const gap = at === 0 ? 0 : this.intervalsBetween(rows[at - 1].key, row.key);
      const isCut = gap * this.step > LONGEST_GAP_MS;
      const length = isCut ? CUT_GAP_MS / this.step : gap;
      if (isCut) {
        const days = Math.round((gap * this.step) / DAY_MS);
        this.cuts.push({ from: place, to: place + length, days });
      }
      if (length > 0) this.rows.push({ ...nothing, key: rows[at - 1].key + this.step, place });
      place += length;
      if (length > 1) this.rows.push({ ...nothing, key: row.key - this.step, place: place - 1 });
      this.rows.push({ ...row, place });
      place += 1;
    });
    /** The place after the last one. */
    this.end = place;
  }

  /** How many intervals lie between two; a day need not have 24 hours. */
  intervalsBetween(one, other) {
    return Math.max(0, Math.round((other - one) / this.step) - 1);
  }

  /** When an interval was, in words. */
  intervalOf(ms) {
    return this.byDay ? this.clock.day(ms) : this.clock.dayAndMinute(ms);
  }

  /** Ticks at some of the rows, as many as there is room for. */
  ticks(width) {
    const most = width < 520 ? 4 : width < 900 ? 7 : 12;
    const apart = Math.ceil(this.end / most);
    const ticks = new Map();
    let next = 0;
    let day = null;
    for (const { key, place } of this.rows) {
      if (place < next) continue;
      next = place + apart;
      const today = this.clock.day(key);
      const minute = this.byDay ? null : this.clock.minute(key);
      ticks.set(place, this.byDay ? today : today === day ? minute : `${minute}\n${today}`);
      day = today;
    }
    return Plot.axisX([...ticks.keys()], { tickFormat: (place) => ticks.get(place), label: null });
  }

  /** Marks of the gaps that are cut; in words where there is room. */
  cutMarks(width) {
    const text = ({ days }) => `no tasks for\n${counted(days, "day")}`;
    const isRoomy = ({ from, to }) => ((to - from) / this.end) * width > 90;
    const middle = ({ from, to }) => (from + to) / 2;
    return [
      Plot.rect(this.cuts, { x1: "from", x2: "to", fill: LINE, fillOpacity: 0.4 }),
      Plot.text(this.cuts.filter(isRoomy), { x: middle, frameAnchor: "middle", text, fill: INK }),
    ];
  }
}
