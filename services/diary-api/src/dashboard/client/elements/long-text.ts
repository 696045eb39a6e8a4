import { element } from './element.ts';

const MAX_LINES = 14;
const MAX_CHARACTERS = 1_600;

/** A text as it was written; a long one is cut until somebody wants to see all of it. */
export function longText(text: string): HTMLElement {
  const content = element('pre', { class: 'text' }, shorten(text));
  if (content.textContent === text) return content;
  const button = element(
    'button',
    { type: 'button', class: 'button quiet-button' },
    `Show all ${text.length.toLocaleString()} characters`,
  );
  button.addEventListener('click', () => {
    content.textContent = text;
    button.remove();
  });
  return element('div', {}, content, button);
}

function shorten(text: string): string {
  const lines = text.split('\n');
  const few = lines.length > MAX_LINES ? lines.slice(0, MAX_LINES).join('\n') : text;
  const short = few.length > MAX_CHARACTERS ? few.slice(0, MAX_CHARACTERS) : few;
  return short.length < text.length ? `${short.trimEnd()} …` : text;
}
