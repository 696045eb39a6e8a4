import { api, type ProcessReport } from '../api.ts';
import { element } from '../elements/element.ts';
import { describeError } from '../elements/notice.ts';
import type { View } from '../view.ts';
import { processTree } from './process-tree.ts';
import { reapInDialog } from './reap-dialog.ts';

type Tree = ProcessReport['trees'][number];

const states: Readonly<Record<string, { readonly tone: string; readonly meaning: string }>> = {
  guarded: { tone: 'good', meaning: 'Its owner lives. It ends when the owner does.' },
  ending: { tone: 'warn', meaning: 'Its owner is dead. Its guard is ending it.' },
  orphaned: { tone: 'bad', meaning: 'Its owner and its guard are dead. Nobody ends it but you.' },
  'guard-lost': {
    tone: 'warn',
    meaning: 'Its guard is dead and its owner lives: it would outlive the owner.',
  },
  unknown: { tone: 'calm', meaning: 'Its owner cannot be looked at from here.' },
};

/** What runs under a guard, what was left behind, and what looks like it. */
export function processesView(): View {
  const content = element(
    'div',
    { class: 'page', role: 'status', 'aria-busy': 'true' },
    element('p', { class: 'empty' }, 'Looking …'),
  );
  const look = element('button', { type: 'button', class: 'button' }, 'Look again');
  const root = element(
    'div',
    { class: 'page' },
    element('div', { class: 'part-head' }, element('h1', {}, 'Processes'), look),
    element(
      'p',
      { class: 'quiet' },
      'As they are on the machine that the diary runs on, found by what the kernel knows and never by name.',
    ),
    content,
  );
  const refresh = async (): Promise<void> => {
    const report = await api.processes();
    content.replaceChildren(...parts(report, refresh));
    content.setAttribute('aria-busy', 'false');
  };
  look.addEventListener('click', () => void refresh().catch(describeError));
  return {
    root,
    title: 'Processes',
    refresh,
    // A session that starts or ends is when a process has, most of the time.
    update: refresh,
    forget: async () => {},
  };
}

function parts(report: ProcessReport, refresh: () => Promise<void>): HTMLElement[] {
  const left = report.trees.filter(({ ownerState }) => ownerState === 'dead');
  const lost = report.trees.filter(({ state }) => state === 'guard-lost');
  const guarded = report.trees.filter((tree) => !left.includes(tree) && !lost.includes(tree));
  const reapAll = element('button', { type: 'button', class: 'button danger' }, 'Reap …');
  reapAll.addEventListener('click', () => void reapInDialog(undefined, refresh).catch(describeError));
  return [
    part('left', 'Left behind', left.length, [
      left.length === 0
        ? element('p', { class: 'empty' }, 'No guarded tree has outlived its owner.')
        : reapAll,
      ...left.map((tree) => treeCard(tree, refresh)),
    ]),
    ...(lost.length === 0
      ? []
      : [
          part(
            'lost',
            'Without their guard',
            lost.length,
            lost.map((tree) => treeCard(tree, refresh)),
          ),
        ]),
    part('suspects', 'Suspects', report.suspects.length, [
      report.suspects.length === 0
        ? element('p', { class: 'empty' }, 'Nothing that nobody guards looks left behind.')
        : element(
            'p',
            { class: 'quiet' },
            'Nobody guards these. Each is ended only when you say so, one by one.',
          ),
      ...report.suspects.map((suspect) =>
        card(
          element('span', { class: 'badge', 'data-tone': 'warn' }, suspect.reason),
          suspect.explanation,
          [suspect.process, ...suspect.descendants],
          reapButton(suspect.process.pid, refresh),
        ),
      ),
    ]),
    part('guarded', 'Guarded', guarded.length, [
      guarded.length === 0 ? element('p', { class: 'empty' }, 'Nothing runs under a guard now.') : null,
      ...guarded.map((tree) => treeCard(tree, refresh)),
    ]),
  ];
}

function part(name: string, heading: string, count: number, children: readonly (Node | null)[]): HTMLElement {
  return element(
    'section',
    { class: 'part', id: `processes-${name}`, 'aria-labelledby': `${name}-heading` },
    element(
      'h2',
      { id: `${name}-heading` },
      heading,
      ' ',
      element('span', { class: 'count' }, String(count)),
    ),
    element('div', { class: 'cards' }, ...children),
  );
}

function treeCard(tree: Tree, refresh: () => Promise<void>): HTMLElement {
  const { tone, meaning } = states[tree.state] ?? { tone: 'calm', meaning: '' };
  const pid = tree.members[0]?.pid;
  const reapable = tree.ownerState === 'dead' || tree.state === 'guard-lost';
  return card(
    element('span', { class: 'badge', 'data-tone': tone }, tree.state),
    meaning,
    tree.members,
    reapable && pid !== undefined ? reapButton(pid, refresh) : null,
  );
}

function card(
  badge: HTMLElement,
  meaning: string,
  members: Tree['members'],
  action: HTMLElement | null,
): HTMLElement {
  return element(
    'article',
    { class: 'process-card' },
    element('header', {}, badge, element('p', {}, meaning), action),
    processTree(members),
  );
}

function reapButton(pid: number, refresh: () => Promise<void>): HTMLElement {
  const button = element(
    'button',
    { type: 'button', class: 'button danger', 'aria-label': `End the tree of process ${pid}` },
    'End …',
  );
  button.addEventListener('click', () => void reapInDialog([pid], refresh).catch(describeError));
  return button;
}
