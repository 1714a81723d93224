import { dayMs, hourMs } from '../../durations';
import { counted } from '../../counted';
import { utcFormat } from 'd3-time-format';
import { html, type Markup } from './markup';

const minuteMs = 60_000;
const units = [
  { ms: dayMs, from: 2 * dayMs, one: 'day', many: 'days' },
  { ms: hourMs, from: hourMs, one: 'hour', many: 'hours' },
  { ms: minuteMs, from: minuteMs, one: 'minute', many: 'minutes' },
];

const exactly = utcFormat('%Y-%m-%d %H:%M:%S UTC');

/** The exact time, in UTC: `2026-11-20 02:00:02 UTC`. */
export function utc(iso: string): string {
  return exactly(new Date(iso));
}

/** How long ago something was, in whole units and rounded down: `3 days`. What lies ahead is told in the same way. */
export function span(iso: string, now: string): string {
  const ms = Math.abs(Date.parse(now) - Date.parse(iso));
  const unit = units.find(({ from }) => ms >= from);
  if (unit === undefined) return 'moments';
  const count = Math.floor(ms / unit.ms);
  return counted(count, unit.one, unit.many);
}

/** How long ago something was, with the exact time for a pointer and for machines. */
export function age(iso: string, now: string): Markup {
  return html`<time datetime="${iso}" title="${utc(iso)}">${span(iso, now)}</time>`;
}

/** The same in fewer bytes, for a table with thousands of them: to the minute, and for machines alone. */
export function shortAge(iso: string, now: string): Markup {
  return html`<time datetime="${iso.slice(0, 16)}Z">${span(iso, now)}</time>`;
}

/** The exact time as text. */
export function moment(iso: string): Markup {
  return html`<time datetime="${iso}">${utc(iso)}</time>`;
}
