"use strict";
// Texts for people, and elements to hold them.

const THIN_SPACE = "\u202f";
const byId = (id) => document.getElementById(id);

/** An element with properties and children; texts stay texts. */
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child != null));
  return made;
}

/** Writes a text where it differs, so that nothing is drawn, or read out, twice. */
function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** Moves elements about; what had the focus has it still, if it is there. */
function keepFocus(move) {
  const focused = document.activeElement;
  move();
  if (focused !== document.activeElement && document.contains(focused)) focused.focus({ preventScroll: true });
}

/** `4:07`, or `1 h 12 min` of a long time: it runs, so it keeps its seconds while they matter. */
function running(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
  if (minutes < 60 * 24) return `${Math.floor(minutes / 60)}${THIN_SPACE}h ${minutes % 60}${THIN_SPACE}min`;
  return `${Math.floor(minutes / 60 / 24)}${THIN_SPACE}d ${Math.floor(minutes / 60) % 24}${THIN_SPACE}h`;
}

/** `30 min` or `8 h`: a length of whole minutes or hours. */
function short(ms) {
  const minutes = Math.round(ms / 60_000);
  return minutes % 60 === 0 ? `${minutes / 60}${THIN_SPACE}h` : `${minutes}${THIN_SPACE}min`;
}

/** `18:34:03` on the clock of whoever looks. */
function clock(ms) {
  return new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" }).format(ms);
}

/** `1 caller`, `2 callers` */
function counted(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

/** `no_answer` and `hold-done` as words. */
function words(name) {
  return name.replace(/[_-]/g, " ");
}

/** The name of a queue or agent from a Map of names by id, or the beginning of its id. */
function nameOf(id, names) {
  return names.get(id) ?? (/^[0-9a-f]{8}-/.test(id) ? id.slice(0, 7) : id);
}
