import { styleText } from 'node:util';
import type { FleetEvent } from './fleet-event.ts';

/** What an agent is doing, as far as the fleet has told. */
export interface AgentState {
  readonly agent: number;
  readonly phase: 'waiting' | 'starting' | 'working' | 'ending' | 'killed' | 'ended' | 'failed';
  readonly sessionId: string | undefined;
  readonly acknowledged: number;
  readonly problem: string | undefined;
}

export interface LiveView {
  readonly agents: readonly AgentState[];
  show(event: FleetEvent): void;
  /** The last picture stays. */
  finish(): void;
}

type Style = Parameters<typeof styleText>[0];

const looks: Readonly<Record<AgentState['phase'], readonly [string, Style]>> = {
  waiting: ['·', 'dim'],
  starting: ['○', 'dim'],
  working: ['●', 'green'],
  ending: ['◐', 'cyan'],
  killed: ['✗', 'red'],
  ended: ['✓', 'cyan'],
  failed: ['!', 'yellow'],
};

const columns = 4;
const redrawMs = 50;

/** In a terminal one picture that is drawn again; in a pipe a line for each thing that happens. */
export function createLiveView(agentCount: number, output: NodeJS.WriteStream): LiveView {
  const agents = Array.from({ length: agentCount }, (_, index): AgentState => ({
    agent: index + 1,
    phase: 'waiting',
    sessionId: undefined,
    acknowledged: 0,
    problem: undefined,
  }));
  let drawnRows = 0;
  let timer: NodeJS.Timeout | undefined;

  const cell = ({ agent, phase, acknowledged }: AgentState): string => {
    const [symbol, style] = looks[phase];
    const text = `${symbol} agent ${String(agent).padStart(3)} ${phase.padEnd(8)} ${String(acknowledged).padStart(3)}`;
    return styleText(style, text, { stream: output });
  };
  const draw = (): void => {
    timer = undefined;
    const rows = Math.ceil(agents.length / columns);
    const lines = Array.from({ length: rows }, (_, row) =>
      agents
        .filter((_, index) => index % rows === row)
        .map(cell)
        .join('   '),
    );
    const up = drawnRows === 0 ? '' : `\u001B[${drawnRows}A`;
    output.write(`${up}${lines.map((line) => `\u001B[2K${line}\n`).join('')}`);
    drawnRows = rows;
  };
  const print = ({ agent, ...event }: FleetEvent): void => {
    const line = lineFor(event);
    if (line !== undefined) output.write(`agent ${String(agent).padStart(2)}  ${line}\n`);
  };

  return {
    agents,
    show: (event) => {
      const index = event.agent - 1;
      const before = agents[index];
      if (before === undefined) return;
      agents[index] = next(before, event);
      if (!output.isTTY) print(event);
      else timer ??= setTimeout(draw, redrawMs);
    },
    finish: () => {
      if (timer === undefined) return;
      clearTimeout(timer);
      draw();
    },
  };
}

function next(state: AgentState, event: FleetEvent): AgentState {
  switch (event.type) {
    case 'started':
      return { ...state, phase: 'starting' };
    case 'ready':
      return { ...state, phase: 'working', sessionId: event.sessionId };
    case 'logged':
      return { ...state, acknowledged: event.acknowledged };
    case 'killed':
      return { ...state, phase: 'killed' };
    case 'ending':
      return { ...state, phase: 'ending' };
    case 'failed':
      return { ...state, phase: 'failed', problem: event.problem };
    case 'ended': {
      const failed = state.phase !== 'killed' && state.phase !== 'failed' && event.code !== 0;
      if (failed) return { ...state, phase: 'failed', problem: `exit ${event.code ?? event.signal}` };
      return state.phase === 'ending' ? { ...state, phase: 'ended' } : state;
    }
    default:
      return state;
  }
}

type EventOfAgent = FleetEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, 'agent'>
    : never
  : never;

function lineFor(event: EventOfAgent): string | undefined {
  switch (event.type) {
    case 'started':
      return `started, pid ${event.pid}`;
    case 'ready':
      return `works in ${event.sessionId}`;
    case 'killed':
      return 'killed with SIGKILL';
    case 'ending':
      return 'ends its session and closes';
    case 'failed':
      return `failed: ${event.problem}`;
    default:
      return undefined;
  }
}
