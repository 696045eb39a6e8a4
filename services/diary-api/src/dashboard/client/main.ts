import { connectToEvents, type ConnectionState } from './event-connection.ts';
import { describeError } from './notice.ts';
import { sessionView } from './session-view.ts';
import { sessionsView } from './sessions-view.ts';
import { keepTimesCurrent } from './time.ts';
import type { View } from './view.ts';

/** How long changes are collected, so that a burst costs one round of requests. */
const COLLECT_MS = 60;
/** More than this at once is cheaper to load anew. */
const MAX_SINGLE_UPDATES = 25;

const connectionTexts: Readonly<Record<ConnectionState, string>> = {
  connecting: 'Connecting',
  open: 'Live',
  lost: 'Connection lost, trying again',
};

const main = document.querySelector('main') as HTMLElement;
const connection = document.querySelector('#connection') as HTMLElement;
const announcer = document.querySelector('#announcer') as HTMLElement;

let view: View;
let changed = new Set<string>();
let collecting = false;
/** One load after the other: an older answer must not cover a newer one. */
let loading: Promise<void> = Promise.resolve();

function load(work: () => Promise<void>): void {
  loading = loading.then(work).catch(describeError);
}

function showConnection(state: ConnectionState): void {
  connection.dataset['state'] = state;
  (connection.firstElementChild as HTMLElement).textContent = connectionTexts[state];
}

function viewOfLocation(): View {
  const match = /^#\/sessions\/([^/]+)$/.exec(location.hash);
  return match?.[1] === undefined ? sessionsView() : sessionView(decodeURIComponent(match[1]));
}

function show(next: View): void {
  view = next;
  changed = new Set();
  document.title = `${next.title} · Endwell diary`;
  main.replaceChildren(next.root);
  load(() => next.refresh());
}

function collect(sessionId: string): void {
  changed.add(sessionId);
  if (collecting) return;
  collecting = true;
  setTimeout(() => {
    collecting = false;
    const ids = changed;
    changed = new Set();
    load(() => (ids.size > MAX_SINGLE_UPDATES ? view.refresh() : view.update(ids)));
  }, COLLECT_MS);
}

show(viewOfLocation());
addEventListener('hashchange', () => {
  show(viewOfLocation());
  main.focus();
  scrollTo(0, 0);
});
document.querySelector('.skip')?.addEventListener('click', (event) => {
  // The fragment is the route.
  event.preventDefault();
  main.focus();
});
keepTimesCurrent();
connectToEvents({
  onState: showConnection,
  onFresh: () => load(() => view.refresh()),
  onChange: (change) => {
    if (change.type === 'session:ended')
      announcer.textContent = `A session has ended: ${change.reason ?? 'unknown reason'}.`;
    collect(change.sessionId);
  },
});
