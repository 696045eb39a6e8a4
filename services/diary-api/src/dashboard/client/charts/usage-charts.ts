import type { Usage } from '../api.ts';
import { element } from '../elements/element.ts';
import { nameOfProject } from '../sessions/session-label.ts';
import { barChart } from './bar-chart.ts';
import { shareList } from './share-list.ts';

const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const dayMs = 86_400_000;

export function formatTokens(value: number): string {
  return compact.format(value);
}

export function formatCost(value: number, currency: string): string {
  return new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(value);
}

export interface UsageOfPeriod {
  readonly byDay: Usage;
  readonly byProject: Usage;
  readonly from: number;
  readonly to: number;
}

/** Tokens by day and kind, and what they cost where there is a price. */
export function usageCharts({ byDay, byProject, from, to }: UsageOfPeriod): HTMLElement[] {
  const { total, currency, unpriced, isComplete } = byDay;
  if (total.messages === 0) return [];
  const known = new Map(byDay.groups.map((group) => [group.key, group]));
  const days = daysBetween(from, to).map((day) => ({ day, usage: known.get(day) }));
  const labels = days.map(({ day }) => day);
  const tokens = (name: 'input' | 'output' | 'cacheRead' | 'cacheWrite'): number[] =>
    days.map(({ usage }) => usage?.[name] ?? 0);
  const charts = [
    barChart({
      title: 'Tokens by day',
      labels,
      series: [
        { name: 'input', tone: 'calm', values: tokens('input') },
        { name: 'output', tone: 'good', values: tokens('output') },
        { name: 'cache written', tone: 'warn', values: tokens('cacheWrite') },
        { name: 'cache read', tone: 'live', values: tokens('cacheRead') },
      ],
      format: formatTokens,
    }),
  ];
  if (total.cost !== null && currency !== null) {
    const price = (value: number): string => formatCost(value, currency);
    charts.push(
      barChart({
        title: 'Cost by day',
        labels,
        series: [{ name: 'cost', tone: 'warn', values: days.map(({ usage }) => usage?.cost ?? 0) }],
        format: price,
      }),
      shareList(
        'Cost by project',
        byProject.groups.map(({ key, cost }) => ({
          name: nameOfProject(key),
          title: key ?? undefined,
          value: cost ?? 0,
          tone: 'warn',
        })),
        price,
      ),
    );
  }
  const remarks = [
    ...(isComplete ? [] : ['The history is still being read: there is more than is shown.']),
    ...(unpriced.length === 0 ? [] : [`No price is known for ${unpriced.join(', ')}.`]),
  ];
  return [...charts, ...remarks.map((remark) => element('p', { class: 'quiet' }, remark))];
}

/** Days in UTC, as the server counts them. */
function daysBetween(from: number, to: number): string[] {
  const first = Math.floor(from / dayMs);
  const count = Math.floor(to / dayMs) - first + 1;
  return Array.from({ length: count }, (_, index) =>
    new Date((first + index) * dayMs).toISOString().slice(0, 10),
  );
}
