import { element } from '../elements/element.ts';

export interface BarSeries {
  readonly name: string;
  /** The name of a colour in the style sheet. */
  readonly tone: string;
  readonly values: readonly number[];
}

export interface BarChartOptions {
  readonly title: string;
  /** One label for each bar. */
  readonly labels: readonly string[];
  /** Stacked on each other in this order. */
  readonly series: readonly BarSeries[];
  readonly format: (value: number) => string;
}

const WIDTH = 1000;
const HEIGHT = 220;
const GAP = 0.22;
const svgNamespace = 'http://www.w3.org/2000/svg';

/**
 * Stacked bars over time, as a picture for who sees it and as a table for who does not or wants the numbers.
 * The page has no inline styles to forbid: positions are attributes of the picture.
 */
export function barChart({ title, labels, series, format }: BarChartOptions): HTMLElement {
  const totals = labels.map((_, index) => series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));
  const highest = Math.max(...totals, 0);
  const picture = svg('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': `${title}: ${describe(labels, totals, format)}`,
    class: 'bars',
  });
  const step = WIDTH / Math.max(1, labels.length);
  for (const [index, label] of labels.entries()) {
    let y = HEIGHT;
    const group = svg('g', {});
    const parts: string[] = [];
    for (const { name, tone, values } of series) {
      const value = values[index] ?? 0;
      if (value === 0) continue;
      const height = (value / highest) * (HEIGHT - 8);
      y -= height;
      parts.push(`${name} ${format(value)}`);
      group.append(
        svg('rect', {
          x: String(step * (index + GAP / 2)),
          y: String(y),
          width: String(step * (1 - GAP)),
          height: String(height),
          'data-tone': tone,
        }),
      );
    }
    if (parts.length === 0) continue;
    const tip = svg('title', {});
    tip.textContent = `${label}: ${parts.join(', ')}`;
    group.prepend(tip);
    picture.append(group);
  }
  return element(
    'figure',
    { class: 'chart' },
    element('figcaption', {}, element('h2', {}, title), legend(series)),
    element(
      'div',
      { class: 'chart-frame' },
      element('span', { class: 'chart-highest', 'aria-hidden': 'true' }, format(highest)),
      picture,
      element(
        'div',
        { class: 'chart-axis', 'aria-hidden': 'true' },
        element('span', {}, labels[0] ?? ''),
        element('span', {}, labels.at(-1) ?? ''),
      ),
    ),
    element(
      'details',
      { class: 'chart-numbers' },
      element('summary', {}, 'As a table'),
      numbersTable(title, labels, series, format),
    ),
  );
}

function describe(
  labels: readonly string[],
  totals: readonly number[],
  format: (value: number) => string,
): string {
  const highest = Math.max(...totals, 0);
  if (highest === 0) return 'nothing in this time';
  const sum = totals.reduce((left, right) => left + right, 0);
  return `${format(sum)} in all, the most on ${labels[totals.indexOf(highest)]} with ${format(highest)}`;
}

function legend(series: readonly BarSeries[]): HTMLElement | null {
  if (series.length < 2) return null;
  return element(
    'ul',
    { class: 'ends-legend' },
    ...series.map(({ name, tone }) =>
      element(
        'li',
        {},
        element('span', { class: 'swatch', 'data-tone': tone, 'aria-hidden': 'true' }),
        element('span', {}, name),
      ),
    ),
  );
}

function numbersTable(
  title: string,
  labels: readonly string[],
  series: readonly BarSeries[],
  format: (value: number) => string,
): HTMLElement {
  return element(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `${title}, as a table` },
    element(
      'table',
      { class: 'numbers' },
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          element('th', { scope: 'col' }, 'When'),
          ...series.map(({ name }) => element('th', { scope: 'col' }, name)),
        ),
      ),
      element(
        'tbody',
        {},
        ...labels.map((label, index) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, label),
            ...series.map(({ values }) => element('td', {}, format(values[index] ?? 0))),
          ),
        ),
      ),
    ),
  );
}

function svg(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const created = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value);
  return created;
}
