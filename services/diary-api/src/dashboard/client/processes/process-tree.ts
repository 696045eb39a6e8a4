import type { ProcessReport } from '../api.ts';
import { element } from '../elements/element.ts';
import { describeDuration } from '../elements/time.ts';

type Process = ProcessReport['trees'][number]['members'][number];

const bytes = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** Processes below those that started them. */
export function processTree(processes: readonly Process[]): HTMLElement {
  const known = new Set(processes.map(({ pid }) => pid));
  const below = (parent: number): Process[] => processes.filter(({ parentPid }) => parentPid === parent);
  const item = (process: Process): HTMLElement => {
    const children = below(process.pid);
    return element(
      'li',
      {},
      element(
        'div',
        { class: 'process' },
        element('code', { class: 'process-command' }, process.command.join(' ')),
        element(
          'span',
          { class: 'quiet' },
          `process ${process.pid} · ${describeDuration(process.ageMs)} · ${bytes.format(process.residentBytes / 2 ** 20)} MiB`,
        ),
      ),
      children.length === 0 ? null : element('ul', {}, ...children.map(item)),
    );
  };
  const roots = processes.filter(({ parentPid }) => !known.has(parentPid));
  return element('ul', { class: 'processes' }, ...roots.map(item));
}
