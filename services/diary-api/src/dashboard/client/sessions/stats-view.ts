import type { Stats } from '../api.ts';
import { element } from '../elements/element.ts';
import { endReasons } from './end-reason.ts';

const numbers = new Intl.NumberFormat();

/** The figures at the top: how many live, how many ended, and how. */
export function statsView(stats: Stats): HTMLElement {
  const reasons = Object.keys(endReasons) as (keyof typeof endReasons)[];
  const present = reasons.filter((reason) => stats.byReason[reason] > 0);
  const bar = element('div', { class: 'ends-bar', 'aria-hidden': 'true' });
  const legend = element('ul', { class: 'ends-legend' });
  for (const reason of present) {
    const { tone, meaning } = endReasons[reason];
    const segment = element('span', { 'data-tone': tone, 'data-reason': reason });
    segment.style.flexGrow = String(stats.byReason[reason]);
    bar.append(segment);
    legend.append(
      element(
        'li',
        { title: meaning },
        element('span', { class: 'swatch', 'data-tone': tone, 'data-reason': reason, 'aria-hidden': 'true' }),
        element('span', {}, reason),
        element('strong', {}, numbers.format(stats.byReason[reason])),
      ),
    );
  }
  return element(
    'section',
    { class: 'stats', 'aria-label': 'Summary' },
    figure('Live', stats.active, 'live'),
    figure('Ended', stats.ended),
    figure('Entries', stats.entries),
    element(
      'div',
      { class: 'ends' },
      element('h2', { class: 'figure-name' }, 'How they ended'),
      present.length === 0 ? element('p', { class: 'quiet' }, 'None has ended yet.') : bar,
      legend,
    ),
  );
}

function figure(name: string, value: number, tone?: string): HTMLElement {
  return element(
    'p',
    { class: 'figure', 'data-tone': tone },
    element('span', { class: 'figure-name' }, name),
    element('strong', { class: 'figure-value' }, numbers.format(value)),
  );
}
