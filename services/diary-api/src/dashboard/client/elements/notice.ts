import { element } from './element.ts';

/** Says what went wrong, where the person looks, until the next page. */
export function describeError(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  document.querySelector('.notice')?.remove();
  const dismiss = element('button', { type: 'button', class: 'button' }, 'Dismiss');
  const notice = element('div', { class: 'notice', role: 'alert' }, element('p', {}, message), dismiss);
  dismiss.addEventListener('click', () => notice.remove());
  document.querySelector('main')?.prepend(notice);
}
