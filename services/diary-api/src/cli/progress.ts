/** Shows a person who waits how far a piece of work is. */
export interface Progress {
  /** `done` of `total`, in whatever the work is measured in. */
  update(done: number, total: number, label: string): void;
  /** Takes the bar away, so that the result stands alone. */
  end(): void;
}

export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const REDRAW_MS = 100;
const LINE_MS = 5_000;
const BAR_WIDTH = 24;

/**
 * In a terminal one line that is drawn over; in a pipe or a log a plain line every few seconds, and none for
 * what is over before that.
 */
export function createProgress(
  output: ProgressOutput,
  now: () => number = () => performance.now(),
): Progress {
  const isTerminal = output.isTTY === true;
  const pauseMs = isTerminal ? REDRAW_MS : LINE_MS;
  let lastAt = isTerminal ? -Infinity : now();
  let isDrawn = false;
  return {
    update(done, total, label) {
      if (now() - lastAt < pauseMs) return;
      lastAt = now();
      const fraction = total > 0 ? Math.min(1, done / total) : 0;
      const percent = `${Math.floor(fraction * 100)} %`;
      if (!isTerminal) {
        output.write(`${percent} ${label}\n`);
        return;
      }
      const filled = Math.round(fraction * BAR_WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
      const room = Math.max(0, (output.columns ?? 80) - BAR_WIDTH - 8);
      output.write(`\r\u001b[2K${bar} ${percent.padStart(5)} ${label.slice(0, room)}`);
      isDrawn = true;
    },
    end() {
      if (isDrawn) output.write('\r\u001b[2K');
      isDrawn = false;
    },
  };
}
