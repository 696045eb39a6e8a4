import { element } from './element.ts';

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

function describeRelative(milliseconds: number): string {
  const seconds = Math.round((milliseconds - Date.now()) / 1000);
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return Math.abs(seconds) < 5 ? 'just now' : relative.format(seconds, 'second');
}

/** "3 min. ago", with the exact time for whoever points at it. */
export function relativeTime(iso: string): HTMLTimeElement {
  const at = Date.parse(iso);
  return element(
    'time',
    { datetime: iso, title: exact.format(at), 'data-relative': '' },
    describeRelative(at),
  );
}

export function exactTime(iso: string): HTMLTimeElement {
  return element('time', { datetime: iso }, exact.format(Date.parse(iso)));
}

export function clockTime(iso: string): HTMLTimeElement {
  const at = Date.parse(iso);
  return element('time', { datetime: iso, title: exact.format(at) }, clock.format(at));
}

/** Lets what says "just now" grow older. */
export function keepTimesCurrent(): void {
  setInterval(() => {
    for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-relative]')) {
      time.textContent = describeRelative(Date.parse(time.dateTime));
    }
  }, 5_000);
}

/** "2 h 5 min" */
export function describeDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
