import type { EntryView } from '../api.ts';
import { element } from '../elements/element.ts';
import { longText } from '../elements/long-text.ts';
import { clockTime } from '../elements/time.ts';

const roleNames: Readonly<Record<string, string>> = {
  user: 'User',
  assistant: 'Assistant',
  reasoning: 'Reasoning',
  system: 'System',
  context: 'Context that the program added',
  tool_result: 'Result',
};

export function isToolResult(entry: EntryView): boolean {
  return entry.data?.['role'] === 'tool_result';
}

/** What joins a tool call and its result. */
export function toolUseId(entry: EntryView): string | undefined {
  return textOf(entry.data?.['toolUseId']);
}

export function timelineEntry(entry: EntryView, onForget: (entry: EntryView) => void): HTMLLIElement {
  const role = entry.data?.['isMeta'] === true ? 'context' : (textOf(entry.data?.['role']) ?? entry.type);
  const item = element('li', {
    class: 'entry',
    tabindex: '-1',
    'data-type': entry.type,
    'data-role': role,
    'data-sequence': String(entry.sequence),
  });
  item.append(element('div', { class: 'entry-time' }, clockTime(entry.occurredAt ?? entry.recordedAt)));
  const body = element('div', { class: 'entry-body' });
  item.append(body);
  if (entry.type === 'action') {
    fillAction(body, entry);
  } else if (entry.type === 'message') {
    const name = roleNames[role] ?? role;
    if (role === 'reasoning' || role === 'system' || role === 'context') {
      body.append(element('details', {}, element('summary', {}, name), longText(entry.text ?? '')));
    } else {
      body.append(element('h3', { class: 'entry-name' }, name), longText(entry.text?.trim() ?? ''));
    }
  } else if (entry.purgedAt !== null) {
    body.append(element('p', { class: 'quiet' }, 'Forgotten.'));
    return item;
  } else {
    body.append(
      element('h3', { class: 'entry-name' }, entry.type),
      longText(entry.text ?? ''),
      dataDetails(entry.data),
    );
  }
  item.append(forgetButton(entry, onForget));
  return item;
}

function forgetButton(entry: EntryView, onForget: (entry: EntryView) => void): HTMLElement {
  const label = `Forget entry ${entry.sequence}`;
  const button = element(
    'button',
    { type: 'button', class: 'entry-forget', 'aria-label': label, title: label },
    '×',
  );
  button.addEventListener('click', () => onForget(entry));
  return button;
}

/** Puts a tool's result under its call. */
export function showToolResult(call: HTMLElement, result: EntryView): void {
  // It is loaded anew when what follows it has been taken out of the page.
  if (call.dataset['results']?.split(' ').includes(String(result.sequence)) === true) return;
  const isError = result.data?.['isError'] === true;
  call.dataset['results'] = `${call.dataset['results'] ?? ''} ${result.sequence}`.trim();
  call.querySelector('.outcome')?.remove();
  call.querySelector('.action-line')?.append(outcome(!isError));
  call
    .querySelector('.entry-body')
    ?.append(
      element(
        'details',
        { class: 'result', 'data-tone': isError ? 'bad' : null, 'data-result': String(result.sequence) },
        element('summary', {}, isError ? 'Error' : 'Result'),
        longText(result.text ?? ''),
      ),
    );
}

/** The results that a call shows, by their sequence numbers. */
export function resultsOf(call: HTMLElement): number[] {
  return (call.dataset['results'] ?? '').split(' ').filter(Boolean).map(Number);
}

/** Takes a forgotten result from its call, with what was known of the call by it. */
export function takeToolResult(call: HTMLElement, sequence: number): void {
  call.dataset['results'] = resultsOf(call)
    .filter((other) => other !== sequence)
    .join(' ');
  call.querySelector(`[data-result="${sequence}"]`)?.remove();
  call.querySelector('.outcome')?.remove();
}

function fillAction(body: HTMLElement, entry: EntryView): void {
  const data = entry.data ?? {};
  const action = textOf(data['action']) ?? 'action';
  // The importer writes "Bash: ls" for lists and search; here the tool's name stands apart.
  const text = entry.text ?? '';
  const line = text.startsWith(`${action}: `) ? text.slice(action.length + 2) : text === action ? '' : text;
  const success = data['success'];
  body.append(
    element(
      'p',
      { class: 'action-line' },
      element('span', { class: 'tool' }, action),
      element('span', { class: 'action-text' }, line),
      typeof success === 'boolean' ? outcome(success) : null,
    ),
  );
  const files = data['files'];
  if (Array.isArray(files) && files.some((file) => file !== line)) {
    body.append(
      element(
        'ul',
        { class: 'files' },
        ...files.map((file) => element('li', {}, element('code', {}, String(file)))),
      ),
    );
  }
  const detail = data['input'] ?? data['details'];
  if (detail !== undefined) body.append(dataDetails(detail));
}

function outcome(success: boolean): HTMLElement {
  return element(
    'span',
    { class: 'outcome', 'data-tone': success ? 'good' : 'bad' },
    success ? 'ok' : 'failed',
  );
}

function dataDetails(data: unknown): HTMLElement | string {
  if (data === null || data === undefined) return '';
  return element(
    'details',
    {},
    element('summary', {}, 'Details'),
    longText(JSON.stringify(data, undefined, 2)),
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
