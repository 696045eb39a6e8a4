import { styleText } from 'node:util';
import type { AgentState } from './live-view.ts';
import type { Leftovers } from './observation.ts';
import type { FilesFound, SessionRecord } from './read-sessions.ts';

/** Everything that was found out about one run. */
export interface Findings {
  readonly guard: boolean;
  readonly agents: readonly AgentState[];
  readonly sessions: readonly SessionRecord[];
  readonly leftovers: Leftovers;
  readonly files: FilesFound;
  /** How many processes there still are after all leftovers have been ended. */
  readonly leftAtLast: number;
  readonly elapsedMs: number;
}

export interface Verdict {
  readonly ok: boolean;
  readonly lines: readonly string[];
}

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
}

export function reportOn(findings: Findings, output: NodeJS.WriteStream): Verdict {
  const rows = findings.agents.map((agent) => rowFor(agent, findings.sessions));
  const checks = [
    sessionCheck(rows),
    actionCheck(rows),
    orphanCheck(findings),
    ...fileChecks(findings.files),
    tidyCheck(findings),
  ];
  const width = Math.max(...checks.map(({ name }) => name.length));
  const ok = checks.every((check) => check.ok);
  return {
    ok,
    lines: [
      '',
      ...tableOf(rows),
      '',
      ...checks.map(({ name, ok, text }) => {
        const mark = ok
          ? styleText('green', '✓', { stream: output })
          : styleText('red', '✗', { stream: output });
        return `${mark} ${name.padEnd(width)}  ${text}`;
      }),
      ...orphanLines(findings),
      '',
      `${(findings.elapsedMs / 1000).toFixed(1)} s`,
    ],
  };
}

interface Row {
  readonly agent: AgentState;
  readonly session: SessionRecord | undefined;
  readonly expected: string;
  readonly ok: boolean;
}

function rowFor(agent: AgentState, sessions: readonly SessionRecord[]): Row {
  const session = sessions.find(({ id }) => id === agent.sessionId);
  const expected = agent.phase === 'killed' ? 'owner_died' : 'completed';
  const ok = agent.phase !== 'failed' && session?.ends === 1 && session.reason === expected;
  return { agent, session, expected, ok };
}

function tableOf(rows: readonly Row[]): readonly string[] {
  const header = ['agent', 'what happened', 'session', 'ends', 'reason', 'actions'];
  const body = rows.map(({ agent, session, ok }) => [
    String(agent.agent).padStart(5),
    agent.phase === 'failed' ? `failed: ${agent.problem ?? 'unknown'}` : happened(agent),
    agent.sessionId ?? '(none)',
    String(session?.ends ?? 0).padStart(4),
    `${session?.reason ?? 'still active'}${ok ? '' : '  ←'}`,
    String(session?.entryCount ?? 0).padStart(7),
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...body.map((cells) => cells[column]?.length ?? 0)),
  );
  return [header, ...body].map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function happened({ phase }: AgentState): string {
  return phase === 'killed' ? 'killed (SIGKILL)' : 'ended well';
}

function sessionCheck(rows: readonly Row[]): Check {
  const good = rows.filter(({ ok }) => ok).length;
  const reasons = Map.groupBy(rows, ({ session }) => session?.reason ?? 'still active');
  const byReason = [...reasons].map(([reason, group]) => `${group.length} ${reason}`).toSorted();
  return {
    name: 'sessions',
    ok: good === rows.length,
    text: `${good} of ${rows.length} have exactly one end and the reason that fits (${byReason.join(', ')})`,
  };
}

function actionCheck(rows: readonly Row[]): Check {
  const acknowledged = sum(rows.map(({ agent }) => agent.acknowledged));
  const stored = sum(rows.map(({ session }) => session?.entryCount ?? 0));
  const lost = sum(
    rows.map(({ agent, session }) => Math.max(0, agent.acknowledged - (session?.entryCount ?? 0))),
  );
  return {
    name: 'actions',
    ok: lost === 0 && acknowledged > 0,
    text: `${acknowledged} acknowledged, ${stored} stored, ${lost} lost`,
  };
}

/** The control has to show orphans; otherwise a count of 0 with the guard would say nothing. */
function orphanCheck({ guard, leftovers }: Findings): Check {
  const { processes, counts } = leftovers;
  const count = processes.length;
  const noun = count === 1 ? 'orphaned process' : 'orphaned processes';
  const ways = Object.entries(counts).map(([way, found]) => `${way}: ${found}`);
  const agree = new Set(Object.values(counts)).size === 1;
  return {
    name: 'orphans',
    ok: guard ? count === 0 : count > 0 && agree,
    text: `${count} ${noun}, counted by ${ways.join(', ')}`,
  };
}

function orphanLines({ guard, leftovers: { processes } }: Findings): readonly string[] {
  if (processes.length === 0) return [];
  const lines = processes.map(
    ({ pid, commandLine, ignoresTerm }) =>
      `    pid ${pid}  ${commandLine}${ignoresTerm ? '  (ignores TERM)' : ''}`,
  );
  if (guard) return lines;
  const servers = processes.filter(({ commandLine }) => commandLine.includes('mcp-knowledge-server')).length;
  return [
    ...lines,
    `  ${processes.length - servers} background children of the agents' shells, and ${servers} MCP servers, which also end`,
    '  without a guard: they are tied to their client. All of these have been ended now.',
  ];
}

function fileChecks({ databases, sessionFiles }: FilesFound): readonly Check[] {
  return [
    {
      name: 'session files',
      ok: sessionFiles.length === 0,
      text: [sessionFiles.length, ...sessionFiles].join('  '),
    },
    { name: 'databases', ok: databases.length === 1, text: [databases.length, ...databases].join('  ') },
  ];
}

function tidyCheck({ leftAtLast }: Findings): Check {
  return { name: 'left by the demo', ok: leftAtLast === 0, text: `${leftAtLast} processes` };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
