import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseVictims } from './choose-victims.ts';
import { compileObserver } from './compile-observer.ts';
import type { FleetEvent, FleetPlan } from './fleet-event.ts';
import { readJsonLines } from './lines.ts';
import { createLiveView } from './live-view.ts';
import { markVariable } from './observation.ts';
import { observeWithMark } from './observe-with-mark.ts';
import { observeWithSubreaper } from './observe-with-subreaper.ts';
import type { DemoOptions } from './options.ts';
import { readSessions, surveyFiles } from './read-sessions.ts';
import { reportOn } from './report.ts';

export interface RunDemoOptions extends DemoOptions {
  /** An empty folder; the caller removes it. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly output: NodeJS.WriteStream;
  /** Ends the run early; everything that was started ends before `runDemo` rejects. */
  readonly signal: AbortSignal;
}

/** A guard waits 0.7 s between TERM and KILL; this is how long the last of them may take. */
const settleDeadlineMs = 5000;

const root = fileURLToPath(new URL('../../', import.meta.url));
const procGuard = join(root, 'packages', 'proc-guard', 'bin', 'proc-guard');
const knowledgeServer = join(root, 'services', 'mcp-knowledge-server', 'bin', 'mcp-knowledge-server.js');
const fleetProgram = fileURLToPath(new URL('fleet.ts', import.meta.url));

/** Runs the fleet to its end and says whether all that was promised is so. */
export async function runDemo(options: RunDemoOptions): Promise<boolean> {
  const { guard, agents, folder, environment, output, signal } = options;
  const startedAt = performance.now();
  const home = join(folder, 'home');
  await mkdir(home);

  const prefix = guard ? [procGuard, 'run', '--'] : [];
  const plan: FleetPlan = {
    agents,
    victims: chooseVictims(agents),
    server: [...prefix, process.execPath, knowledgeServer],
    shell: [...prefix, 'sh', '-c'],
  };
  const mark = randomUUID();
  const observer = compileObserver(folder);
  const observed = {
    command: [process.execPath, fleetProgram, JSON.stringify(plan)],
    env: { ...environment, HOME: home, TMPDIR: home, ENDWELL_HOME: join(home, 'endwell') },
    mark,
  };
  const observation =
    observer === undefined ? observeWithMark(observed) : observeWithSubreaper(observer, observed);
  const interrupted = Promise.withResolvers<never>();
  const interrupt = (): void => interrupted.reject(signal.reason);
  signal.addEventListener('abort', interrupt, { once: true });
  interrupted.promise.catch(() => undefined);

  try {
    output.write(
      `${agents} agents, each with an MCP server and a shell${guard ? ' behind proc-guard run' : ', without proc-guard (the control)'}; ` +
        `${plan.victims.length} of them will be killed.\n` +
        `Orphans are counted ${observer === undefined ? `by the environment entry ${markVariable} only (no C compiler for the subreaper)` : `by a subreaper and by the environment entry ${markVariable}`}.\n\n`,
    );
    const view = createLiveView(agents, output);
    const told = readJsonLines(observation.output, (event) => view.show(event as FleetEvent));
    await Promise.race([Promise.all([told, observation.exited]), interrupted.promise]);
    view.finish();
    output.write('\nAll agents have ended. What is left of what they started?\n');
    await Promise.race([observation.settled(settleDeadlineMs), interrupted.promise]);
    const leftovers = observation.leftovers();
    await observation.end();

    const files = await surveyFiles(home);
    const verdict = reportOn(
      {
        guard,
        agents: view.agents,
        sessions: await readSessions(join(home, 'endwell', 'endwell.db')),
        leftovers,
        files,
        leftAtLast: observation.leftovers().processes.length,
        elapsedMs: performance.now() - startedAt,
      },
      output,
    );
    output.write(`${verdict.lines.join('\n')}\n`);
    return verdict.ok;
  } finally {
    signal.removeEventListener('abort', interrupt);
    await observation.end();
  }
}
