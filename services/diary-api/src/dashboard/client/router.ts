import { chartsView } from './charts/charts-view.ts';
import { processesView } from './processes/processes-view.ts';
import { searchView } from './search/search-view.ts';
import { sessionView } from './session/session-view.ts';
import { sessionsView } from './sessions/sessions-view.ts';
import type { View } from './view.ts';

/*
 * The fragment is the route, so that a page can be linked to, and the server has one page to serve.
 *
 *   #/                                 all sessions
 *   #/sessions/ID                      one session
 *   #/sessions/ID/entries/SEQUENCE     one session, at an entry
 *   #/search?text=WORDS                search; also project, agent, type
 *   #/charts?days=30                   charts; also project
 *   #/processes                        what is guarded, and what was left behind
 */

export function viewOf(hash: string): View {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const parameters = new URLSearchParams(query);
  const [page = '', id = '', , sequence] = path.split('/').slice(1).map(decodePart);
  switch (page) {
    case 'sessions':
      return sessionView(id, /^[1-9]\d{0,14}$/.test(sequence ?? '') ? Number(sequence) : null);
    case 'search':
      return searchView(parameters);
    case 'charts':
      return chartsView(parameters);
    case 'processes':
      return processesView();
    default:
      return sessionsView();
  }
}

/** A fragment that somebody typed may hold any percent sign. */
function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function sessionPath(id: string, sequence?: number): string {
  const path = `#/sessions/${encodeURIComponent(id)}`;
  return sequence === undefined ? path : `${path}/entries/${sequence}`;
}
