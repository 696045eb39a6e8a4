import { element } from './element.ts';

export interface ConfirmOptions {
  readonly title: string;
  readonly body: readonly (Node | string)[];
  /** What the button that does it says. */
  readonly action: string;
}

/** Asks in a modal dialog, which the browser gives focus and Escape; resolves with whether it was confirmed. */
export function confirmInDialog({ title, body, action }: ConfirmOptions): Promise<boolean> {
  const cancel = element('button', { type: 'button', class: 'button' }, 'Cancel');
  const confirm = element('button', { type: 'button', class: 'button danger' }, action);
  const dialog = element(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'dialog-title' },
    element('h2', { id: 'dialog-title' }, title),
    element('div', { class: 'dialog-body' }, ...body),
    element('div', { class: 'dialog-actions' }, cancel, confirm),
  );
  document.body.append(dialog);
  return new Promise((resolve) => {
    let confirmed = false;
    cancel.addEventListener('click', () => dialog.close());
    confirm.addEventListener('click', () => {
      confirmed = true;
      dialog.close();
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(confirmed);
    });
    dialog.showModal();
    // The safe answer is the one that a stray Enter gives.
    cancel.focus();
  });
}
