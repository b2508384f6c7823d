// Times as the person of this tab reads them: in their own time zone.
import { me } from "./here.js";

// formatter makes an Intl formatter in the person's time zone, or in the browser's where that is unknown.
const formatters = new Map();
function formatter(options) {
  const timeZone = me()?.tz;
  const key = JSON.stringify([timeZone, options]);
  if (!formatters.has(key)) {
    let made;
    try {
      made = new Intl.DateTimeFormat("en-GB", { ...options, timeZone });
    } catch {
      made = new Intl.DateTimeFormat("en-GB", options);
    }
    formatters.set(key, made);
  }
  return formatters.get(key);
}

// when is the moment of a ts, in milliseconds.
export const when = (ts) => Math.round(Number(ts) * 1000) || 0;

export const clock = (ms) => formatter({ hour: "2-digit", minute: "2-digit" }).format(ms);
export const clockSeconds = (ms) => formatter({ hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(ms);
export const dayKey = (ms) => isoDay(ms);
export const full = (ms) => formatter({ dateStyle: "full", timeStyle: "medium" }).format(ms);

const isoDay = (ms) => {
  const p = parts(ms);
  return `${p.year}-${p.month}-${p.day}`;
};

function parts(ms) {
  const list = formatter({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(ms);
  return Object.fromEntries(list.map((p) => [p.type, p.value]));
}

// near is "Today", "Yesterday" or "Tomorrow", or "" for any other day.
function near(ms, now = Date.now()) {
  const day = 86400000, key = isoDay(ms);
  if (key === isoDay(now)) return "Today";
  if (key === isoDay(now - day)) return "Yesterday";
  if (key === isoDay(now + day)) return "Tomorrow";
  return "";
}

// dayName heads a day's messages.
export function dayName(ms) {
  return near(ms) || formatter({ weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(ms);
}

// moment is a time in a sentence: "today at 14:02". It stays true while nobody draws it anew until midnight.
export const moment = (ms) => `${near(ms).toLowerCase() || formatter({ day: "numeric", month: "short" }).format(ms)} at ${clock(ms)}`;

const long = (ms) => formatter({ month: "long", day: "numeric", year: "numeric" }).format(ms);
const dates = {
  date_num: isoDay,
  date_slash: (ms) => formatter({ day: "2-digit", month: "2-digit", year: "numeric" }).format(ms),
  date: long,
  date_long: (ms) => formatter({ weekday: "long", month: "long", day: "numeric", year: "numeric" }).format(ms),
  date_short: (ms) => formatter({ month: "short", day: "numeric", year: "numeric" }).format(ms),
  date_long_full: (ms) => formatter({ weekday: "long", month: "long", day: "numeric", year: "numeric" }).format(ms),
  date_pretty: (ms) => near(ms).toLowerCase() || dates.date(ms),
  date_short_pretty: (ms) => near(ms).toLowerCase() || dates.date_short(ms),
  date_long_pretty: (ms) => near(ms).toLowerCase() || dates.date_long(ms),
  day_divider_pretty: (ms) => dayName(ms),
  time: clock,
  time_secs: clockSeconds,
  ago: (ms) => ago(ms),
};

// formatDate fills Slack's date tokens ({date_short}, {time}, …); an unknown token stays as it is.
export function formatDate(seconds, format) {
  const ms = seconds * 1000;
  return format.replace(/\{(\w+)\}/g, (whole, token) => (Object.hasOwn(dates, token) ? dates[token](ms) : whole));
}

// ago is a distance in words, rounded down.
export function ago(ms, now = Date.now()) {
  const seconds = Math.round((now - ms) / 1000), ahead = seconds < 0;
  const size = Math.abs(seconds);
  const [n, unit] = size < 60 ? [size, "second"] : size < 3600 ? [Math.floor(size / 60), "minute"]
    : size < 86400 ? [Math.floor(size / 3600), "hour"] : [Math.floor(size / 86400), "day"];
  const text = `${n} ${unit}${n === 1 ? "" : "s"}`;
  return ahead ? `in ${text}` : `${text} ago`;
}

// localInput is a moment as a datetime-local field shows it, in the person's time zone.
export function localInput(seconds) {
  const p = parts(seconds * 1000);
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}`;
}

// fromLocalInput is the Unix second that such a field's text means in the person's time zone.
export function fromLocalInput(text) {
  const wanted = Date.parse(`${text}:00Z`);
  if (Number.isNaN(wanted)) return null;
  let guess = wanted;
  for (let i = 0; i < 3; i++) guess += wanted - Date.parse(`${localInput(guess / 1000)}:00Z`);
  return Math.floor(guess / 1000);
}
