import { DiaryError } from '../errors/diary-error.ts';

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `90m`, `2h`, `7d` or `2w` in milliseconds. @throws DiaryError `INVALID_ARGUMENT` */
export function parseDuration(text: string, flag: string): number {
  const [, number, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const milliseconds = Number(number) * (unitMs[unit ?? ''] ?? Number.NaN);
  if (milliseconds > 0) return milliseconds;
  throw new DiaryError(
    'INVALID_ARGUMENT',
    `${flag} must be a time such as 90m, 2h, 7d or 2w, not ${JSON.stringify(text)}.`,
  );
}

/** A day (`2026-03-01`, in the machine's time zone) or an ISO time, in milliseconds since 1970. */
export function parseTime(text: string, flag: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00`).getTime() : Date.parse(text);
  if (!Number.isNaN(at) && at >= 0) return at;
  throw new DiaryError(
    'INVALID_ARGUMENT',
    `${flag} must be a day such as 2026-03-01 or an ISO time, not ${JSON.stringify(text)}.`,
  );
}
