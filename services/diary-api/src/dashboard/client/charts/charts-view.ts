import { api, type Statistics } from '../api.ts';
import { element } from '../elements/element.ts';
import { describeDuration } from '../elements/time.ts';
import { endReasons } from '../sessions/end-reason.ts';
import { nameOfProject } from '../sessions/session-label.ts';
import type { View } from '../view.ts';
import { barChart } from './bar-chart.ts';
import { shareList } from './share-list.ts';
import { usageCharts, type UsageOfPeriod } from './usage-charts.ts';

const ranges = [
  ['1', '24 hours', 3_600_000],
  ['7', '7 days', 6 * 3_600_000],
  ['30', '30 days', 86_400_000],
  ['365', 'A year', 7 * 86_400_000],
] as const;
const dayMs = 86_400_000;
const numbers = new Intl.NumberFormat();
const count = (value: number): string => numbers.format(value);

/** How much was going on, how it ended, what it used. */
export function chartsView(parameters: URLSearchParams): View {
  const [days, , bucketMs] = ranges.find(([name]) => name === parameters.get('days')) ?? ranges[2];
  const project = parameters.get('project');
  const content = element('div', { class: 'charts' });
  const root = element(
    'div',
    { class: 'page' },
    element(
      'div',
      { class: 'part-head' },
      element('h1', {}, project === null ? 'Charts' : `Charts of ${nameOfProject(project)}`),
      rangeLinks(days, project),
    ),
    content,
  );
  const refresh = async (): Promise<void> => {
    const to = Date.now();
    const from = Math.floor((to - Number(days) * dayMs) / bucketMs) * bucketMs;
    const period = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), project };
    const [statistics, byDay, byProject] = await Promise.all([
      api.statistics({ ...period, bucketMs }),
      api.usage('day', period),
      api.usage('project', period),
    ]);
    content.replaceChildren(...charts(statistics, { byDay, byProject, from, to }, bucketMs));
  };
  return {
    root,
    title: 'Charts',
    refresh,
    // A chart of days need not be drawn anew at each event.
    update: collected(refresh),
    forget: refresh,
  };
}

const REDRAW_MS = 5_000;

function collected(refresh: () => Promise<void>): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = Date.now();
    if (now < next) return;
    next = now + REDRAW_MS;
    await refresh();
  };
}

function charts(statistics: Statistics, usage: UsageOfPeriod, bucketMs: number): HTMLElement[] {
  const { timeline, byReason, byProject, byAgent, averages } = statistics;
  const label = labelFor(bucketMs);
  const labels = timeline.map(({ at }) => label(at));
  const reasons = Object.keys(endReasons) as (keyof typeof endReasons)[];
  return [
    element(
      'dl',
      { class: 'facts' },
      fact(
        'Average length of a session',
        averages.durationMs === null ? '–' : describeDuration(averages.durationMs),
      ),
      fact('Average entries of a session', count(Math.round(averages.entries * 10) / 10)),
      fact('Started in this time', count(sum(timeline.map(({ started }) => started)))),
      fact('Ended in this time', count(sum(timeline.map(({ ended }) => ended)))),
    ),
    barChart({
      title: 'Active sessions',
      labels,
      series: [{ name: 'active', tone: 'live', values: timeline.map(({ active }) => active) }],
      format: count,
    }),
    barChart({
      title: 'Started and ended',
      labels,
      series: [
        { name: 'started', tone: 'good', values: timeline.map(({ started }) => started) },
        { name: 'ended', tone: 'calm', values: timeline.map(({ ended }) => ended) },
      ],
      format: count,
    }),
    barChart({
      title: 'Entries recorded',
      labels,
      series: [{ name: 'entries', tone: 'calm', values: timeline.map(({ entries }) => entries) }],
      format: count,
    }),
    shareList(
      'How they ended',
      reasons.map((reason) => ({
        name: reason,
        title: endReasons[reason].meaning,
        value: byReason[reason],
        tone: endReasons[reason].tone,
      })),
      count,
    ),
    shareList(
      'Sessions by project',
      byProject.map(({ name, sessions }) => ({
        name: nameOfProject(name),
        title: name ?? undefined,
        value: sessions,
        tone: 'calm',
      })),
      count,
    ),
    shareList(
      'Sessions by agent',
      byAgent.map(({ name, sessions }) => ({ name: name ?? 'Unknown agent', value: sessions, tone: 'calm' })),
      count,
    ),
    ...usageCharts(usage),
  ];
}

function rangeLinks(current: string, project: string | null): HTMLElement {
  return element(
    'nav',
    { class: 'filters', 'aria-label': 'Period' },
    ...ranges.map(([name, text]) => {
      const query = new URLSearchParams({ days: name, ...(project === null ? {} : { project }) });
      return element(
        'a',
        { href: `#/charts?${query.toString()}`, 'aria-current': name === current ? 'true' : null },
        text,
      );
    }),
  );
}

function labelFor(bucketMs: number): (at: string) => string {
  const format = new Intl.DateTimeFormat(
    undefined,
    bucketMs < dayMs
      ? { weekday: 'short', hour: '2-digit', minute: '2-digit' }
      : { day: 'numeric', month: 'short', ...(bucketMs > dayMs ? { year: 'numeric' } : {}) },
  );
  return (at) => format.format(new Date(at));
}

function fact(name: string, value: string): HTMLElement {
  return element('div', {}, element('dt', {}, name), element('dd', {}, value));
}

function sum(values: readonly number[]): number {
  return values.reduce((left, right) => left + right, 0);
}
