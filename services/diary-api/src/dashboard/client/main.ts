import { ApiError } from './api.ts';
import { describeError } from './elements/notice.ts';
import { keepTimesCurrent } from './elements/time.ts';
import { connectToEvents, type ConnectionState, type SessionChange } from './event-connection.ts';
import { viewOf } from './router.ts';
import type { EntryPlace, View } from './view.ts';

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
const navigation = document.querySelector('#navigation') as HTMLElement;

let view: View;
let changed = new Set<string>();
let forgotten = new Set<string>();
let forgottenEntries: EntryPlace[] = [];
let collecting = false;
/** One load after the other: an older answer must not cover a newer one. */
let loading: Promise<void> = Promise.resolve();

/** What was asked for on a page that has been left is of no use to anybody. */
function load(work: (view: View) => Promise<void>): void {
  const asked = view;
  loading = loading.then(() => (asked === view ? work(asked) : undefined)).catch(explain);
}

function explain(error: unknown): void {
  if (!(error instanceof ApiError) || error.code !== 'UNAUTHENTICATED') {
    describeError(error);
    return;
  }
  // The server shows the page on which a token can be given.
  location.reload();
}

function showConnection(state: ConnectionState): void {
  connection.dataset['state'] = state;
  (connection.firstElementChild as HTMLElement).textContent = connectionTexts[state];
}

function show(next: View): void {
  view = next;
  changed = new Set();
  forgotten = new Set();
  forgottenEntries = [];
  document.title = `${next.title} · Endwell diary`;
  const [path] = location.hash.split('?');
  for (const link of navigation.querySelectorAll('a')) {
    const here = link.hash === (path === '' ? '#/' : path);
    if (here) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  main.replaceChildren(next.root);
  load((shown) => shown.refresh());
}

function collect({ type, sessionId, sequence }: SessionChange): void {
  if (type === 'session:purged' && sequence === null) {
    forgotten.add(sessionId);
    changed.delete(sessionId);
  } else if (!forgotten.has(sessionId)) {
    changed.add(sessionId);
    if (type === 'session:purged' && sequence !== null) forgottenEntries.push({ sessionId, sequence });
  }
  if (collecting) return;
  collecting = true;
  setTimeout(() => {
    collecting = false;
    const [ids, gone, entries] = [changed, forgotten, forgottenEntries];
    changed = new Set();
    forgotten = new Set();
    forgottenEntries = [];
    if (gone.size > 0) load((shown) => shown.forget(gone));
    if (entries.length > 0) load(async (shown) => await shown.forgetEntries?.(entries));
    if (ids.size > 0) load((shown) => (ids.size > MAX_SINGLE_UPDATES ? shown.refresh() : shown.update(ids)));
  }, COLLECT_MS);
}

show(viewOf(location.hash));
addEventListener('hashchange', () => {
  show(viewOf(location.hash));
  (view.initialFocus ?? main).focus();
  scrollTo(0, 0);
});
document.querySelector('.skip')?.addEventListener('click', (event) => {
  // The fragment is the route.
  event.preventDefault();
  main.focus();
});
addEventListener('keydown', (event) => {
  const { target } = event;
  const typing = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  location.hash = '#/search';
});
keepTimesCurrent();
connectToEvents({
  onState: showConnection,
  onFresh: () => load((shown) => shown.refresh()),
  onMissed: () => show(viewOf(location.hash)),
  onChange: (change) => {
    if (change.type === 'session:ended')
      announcer.textContent = `A session has ended: ${change.reason ?? 'unknown reason'}.`;
    collect(change);
  },
});
