import { element } from '../elements/element.ts';

export interface Share {
  readonly name: string;
  readonly title?: string | undefined;
  readonly value: number;
  readonly tone: string;
}

/** Which part each has of the whole, the largest first: a bar and its number, readable as a list. */
export function shareList(
  title: string,
  shares: readonly Share[],
  format: (value: number) => string,
): HTMLElement {
  const sorted = shares.filter(({ value }) => value > 0).toSorted((left, right) => right.value - left.value);
  const highest = sorted[0]?.value ?? 0;
  return element(
    'section',
    { class: 'chart' },
    element('h2', {}, title),
    sorted.length === 0
      ? element('p', { class: 'quiet' }, 'Nothing in this time.')
      : element(
          'ul',
          { class: 'shares' },
          ...sorted.map(({ name, title: meaning, value, tone }) =>
            element(
              'li',
              { title: meaning },
              element('span', { class: 'share-name' }, name),
              // The bar's length is the element's own, so that no inline style is needed.
              element('progress', {
                max: String(highest),
                value: String(value),
                'data-tone': tone,
                'aria-hidden': 'true',
              }),
              element('strong', {}, format(value)),
            ),
          ),
        ),
  );
}
