import { api, type SearchHit } from '../api.ts';
import { element } from '../elements/element.ts';
import { describeError } from '../elements/notice.ts';
import { relativeTime } from '../elements/time.ts';
import { sessionPath } from '../router.ts';
import { agentName, projectName } from '../sessions/session-label.ts';
import { stateBadge } from '../sessions/end-reason.ts';
import type { View } from '../view.ts';

const PAGE_SIZE = 20;
const fields = [
  ['project', 'Project'],
  ['agent', 'Agent'],
  ['type', 'Type of entry'],
] as const;

/** Search over everything that was recorded. The route holds the question, so that a result can be linked to. */
export function searchView(parameters: URLSearchParams): View {
  const text = parameters.get('text')?.trim() ?? '';
  const form = element('form', { class: 'search-form', role: 'search', action: '#/search' });
  const words = input('text', 'Words', text);
  words.type = 'search';
  words.placeholder = 'words, "a phrase", begin*';
  const filters = fields.map(([name, label]) => input(name, label, parameters.get(name) ?? ''));
  form.append(
    labelled('Words', words, 'search-words'),
    ...filters.map((filter, index) => labelled(fields[index]?.[1] ?? '', filter, 'search-filter')),
    element('button', { type: 'submit', class: 'button primary' }, 'Search'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const question = new URLSearchParams();
    for (const field of [words, ...filters]) {
      if (field.value.trim() !== '') question.set(field.name, field.value.trim());
    }
    location.hash = `#/search?${question.toString()}`;
  });

  const status = element('p', { class: 'quiet', role: 'status' });
  const list = element('ol', { class: 'hits' });
  const more = element('button', { type: 'button', class: 'button', hidden: '' }, 'Show more');
  const root = element(
    'div',
    { class: 'page' },
    element('h1', {}, 'Search'),
    form,
    element('section', { class: 'part', 'aria-label': 'Results' }, status, list, more),
  );
  let cursor: string | null = null;

  const load = async (): Promise<void> => {
    const page = await api.search({
      text,
      project: parameters.get('project'),
      agent: parameters.get('agent'),
      type: parameters.get('type'),
      limit: PAGE_SIZE,
      cursor,
    });
    if (cursor === null) list.replaceChildren();
    list.append(...page.hits.map(hitItem));
    cursor = page.nextCursor;
    more.hidden = cursor === null;
    showCount();
  };
  const showCount = (): void => {
    const count = list.childElementCount;
    status.textContent =
      count === 0
        ? 'Nothing that was recorded holds all of these words.'
        : `${count}${cursor === null ? '' : ' or more'} ${count === 1 && cursor === null ? 'entry' : 'entries'}, the best first.`;
  };
  const takeOut = (isForgotten: (hit: HTMLElement) => boolean): void => {
    const hits = [...list.querySelectorAll<HTMLElement>('.hit')].filter(isForgotten);
    for (const hit of hits) hit.remove();
    if (hits.length > 0) showCount();
  };
  more.addEventListener('click', () => {
    more.disabled = true;
    void load()
      .catch(describeError)
      .finally(() => (more.disabled = false));
  });
  let loaded = false;
  return {
    root,
    title: text === '' ? 'Search' : `${text} · Search`,
    initialFocus: text === '' ? words : undefined,
    refresh: async () => {
      // What somebody reads does not move when something new comes in.
      if (loaded) return;
      loaded = true;
      if (text === '') status.textContent = 'Messages, actions and the results of tools are searched.';
      else await load();
    },
    update: async () => {},
    forget: async (ids) => takeOut((hit) => ids.has(hit.dataset['sessionId'] ?? '')),
    forgetEntries: async (entries) =>
      takeOut(({ dataset }) =>
        entries.some(
          ({ sessionId, sequence }) =>
            dataset['sessionId'] === sessionId && dataset['sequence'] === String(sequence),
        ),
      ),
  };
}

function hitItem({ entry, session, snippet }: SearchHit): HTMLElement {
  return element(
    'li',
    { class: 'hit', 'data-session-id': session.id, 'data-sequence': String(entry.sequence) },
    element(
      'p',
      { class: 'hit-head' },
      element(
        'a',
        { href: sessionPath(session.id, entry.sequence) },
        `${projectName(session)}, entry ${entry.sequence}`,
      ),
      element(
        'span',
        { class: 'quiet' },
        `${agentName(session)} · ${entry.type} · `,
        relativeTime(entry.occurredAt ?? entry.recordedAt),
      ),
      stateBadge(session),
    ),
    element(
      'p',
      { class: 'snippet' },
      ...snippet.map((part) => (part.highlighted ? element('mark', {}, part.text) : part.text)),
    ),
  );
}

function input(name: string, label: string, value: string): HTMLInputElement {
  const created = element('input', { name, id: `search-${name}`, autocomplete: 'off', maxlength: '1000' });
  created.value = value;
  created.ariaLabel = label;
  return created;
}

function labelled(label: string, field: HTMLInputElement, className: string): HTMLElement {
  return element('div', { class: className }, element('label', { for: field.id }, label), field);
}
