// Numbers and times for people. Nothing here depends on the language or the clock of the reader.

const NOTHING = "–";
const THIN_SPACE = "\u202f";

/** `1 234` */
function number(value) {
  if (value == null) return NOTHING;
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

/** `12.3`, and whole numbers as such. */
function decimal(value) {
  if (value == null) return NOTHING;
  const [whole, rest] = value.toFixed(1).split(".");
  return rest === "0" ? number(value) : `${number(Number(whole))}.${rest}`;
}

/** `17.9 %` of a share. */
function percent(share) {
  return share == null ? NOTHING : `${(share * 100).toFixed(1)}${THIN_SPACE}%`;
}

/** `3 min 12 s`, the two largest units. */
function duration(ms) {
  if (ms == null) return NOTHING;
  const seconds = Math.round(ms / 1000);
  if (ms > 0 && ms < 9_950) return `${(ms / 1000).toFixed(1).replace(/\.0$/, "")}${THIN_SPACE}s`;
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return `0${THIN_SPACE}s`;
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${THIN_SPACE}${unit}`)
    .join(" ");
}

/** `312 h` of a sum of waits: hours where there are some, else minutes and seconds. */
function hours(ms) {
  return ms >= 36_000_000 ? `${number(ms / 3_600_000)}${THIN_SPACE}h` : duration(ms);
}

/** `1 task`, `2 tasks` */
function counted(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** `short_call_ms` and `no_answer` as words. */
function words(name) {
  return name.replace(/_/g, " ");
}

/** Formats times in the time zone of the figures; a day with its year where `[from, to]` has several. */
class Clock {
  constructor(timeZone, [from, to]) {
    const form = (options) => new Intl.DateTimeFormat("en-GB", { timeZone, ...options });
    this.zone = timeZone;
    this.timeForm = form({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
    this.minuteForm = form({ hour: "2-digit", minute: "2-digit" });
    const yearForm = form({ year: "numeric" });
    const year = yearForm.format(from) === yearForm.format(to) ? {} : { year: "numeric" };
    this.dayForm = form({ weekday: "short", day: "numeric", month: "short", ...year });
    this.dateForm = form({ weekday: "short", day: "numeric", month: "long", year: "numeric" });
    this.keyForm = form({ year: "numeric", month: "2-digit", day: "2-digit" });
  }

  /** `18:34:03` */
  time(ms) {
    return this.timeForm.format(ms);
  }

  /** `18:34` */
  minute(ms) {
    return this.minuteForm.format(ms);
  }

  /** `Mon 2 Mar`, or `Mon 2 Mar 2026` */
  day(ms) {
    return this.dayForm.format(ms).replace(",", "");
  }

  /** `Mon 2 March 2026` */
  date(ms) {
    return this.dateForm.format(ms).replace(",", "");
  }

  /** `2026-03-02` */
  dayKey(ms) {
    return this.keyForm.format(ms).split("/").reverse().join("-");
  }

  /** `Mon 2 Mar 18:34:03` */
  dayAndTime(ms) {
    return `${this.day(ms)} ${this.time(ms)}`;
  }

  /** `Mon 2 Mar 18:34` */
  dayAndMinute(ms) {
    return `${this.day(ms)} ${this.minute(ms)}`;
  }
}
