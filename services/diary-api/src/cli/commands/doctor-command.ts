import { homedir } from 'node:os';
import process from 'node:process';

import { executeReap, inspectProcesses, planReap } from '@endwell/proc-guard';
import { Command } from 'commander';

import { resolveConfig } from '../../config/resolve-config.ts';
import { examineDisk, examineOldFiles, examinePort, examineProcesses } from '../../doctor/examine-machine.ts';
import {
  examineHooks,
  examineMcpServers,
  examinePrivacy,
  examineQuota,
} from '../../doctor/examine-recording.ts';
import { examineStore, type StoreExamination } from '../../doctor/examine-store.ts';
import type { Finding } from '../../doctor/finding.ts';
import { DiaryError } from '../../errors/diary-error.ts';
import type { CommandContext } from '../command-context.ts';
import { addConfigOptions, commonSettings, type CommandFlags } from '../config-options.ts';
import { counted } from '../counted.ts';
import { databasePath, withSessionManager } from '../with-session-manager.ts';

interface DoctorFlags extends CommandFlags {
  readonly fix?: true;
}

interface Examination extends StoreExamination {
  readonly path: string;
}

const marks = { ok: 'ok      ', warning: 'warning ', problem: 'problem ' } as const;

export function doctorCommand(context: CommandContext): Command {
  const command = new Command('doctor')
    .description('Examine the store, sessions, processes, hooks, disk and port; says what each finding means')
    .option('--fix', 'end sessions and guarded processes that were left behind')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      `
It creates nothing, and without --fix it changes nothing. With --fix it ends what is over anyway: sessions
past their deadline or with a dead agent, and guarded processes whose owner is dead. The rest is for a person.
Exit codes: 0 nothing is broken (there can be warnings); 1 there is a problem.

Examples:
  $ diary doctor
  $ diary doctor --fix
  $ diary doctor --home /srv/diary --json`,
    )
    .action(async (flags: DoctorFlags) => doctor(context, flags));
  return addConfigOptions(command, ['host', 'port', ...commonSettings]);
}

async function doctor(context: CommandContext, flags: DoctorFlags): Promise<void> {
  const before = await examine(context, flags);
  const fixed = flags.fix === true ? await fix(context, flags, before) : [];
  const { path, exists, counts, findings } = fixed.length > 0 ? await examine(context, flags) : before;
  const problems = findings.filter(({ level }) => level === 'problem');
  if (flags.json === true) {
    context.print(
      JSON.stringify({ healthy: problems.length === 0, path, exists, counts, findings, fixed }, undefined, 2),
    );
  } else {
    for (const line of fixed) context.print(`fixed    ${line}`);
    for (const finding of findings) for (const line of describe(finding)) context.print(line);
  }
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length > 1 ? ` (and ${counted(problems.length - 1, 'more problem')})` : '';
  throw new DiaryError('PROBLEMS_FOUND', `${first.what.replace(/\.$/, '')}${more}.`);
}

async function examine(context: CommandContext, flags: DoctorFlags): Promise<Examination> {
  const { environment, folder } = context;
  const { host, port } = resolveConfig(environment, flags);
  const path = databasePath(context, flags);
  const home = environment['HOME'] ?? homedir();
  const now = Date.now();
  const store = await examineStore(path, now);
  const findings = [
    ...store.findings,
    ...(store.counts === null ? [] : await examineQuota(path)),
    ...examinePrivacy(path, now),
    ...examineHooks(home, environment),
    ...examineMcpServers(environment),
    ...examineProcesses(),
    ...examineOldFiles([folder, home]),
    ...examineDisk(path),
    ...(await examinePort(host, port)),
  ];
  return { ...store, path, findings };
}

async function fix(context: CommandContext, flags: DoctorFlags, { counts }: Examination): Promise<string[]> {
  const fixed: string[] = [];
  if (counts !== null) {
    let ended = 0;
    await withSessionManager(
      context,
      flags,
      async (manager) => void (await manager.sweep()),
      () => (ended += 1),
    );
    if (ended > 0)
      fixed.push(`Ended ${counted(ended, 'session')} that ${ended === 1 ? 'was' : 'were'} left behind.`);
  }
  const outcomes = process.platform === 'linux' ? await executeReap(planReap(inspectProcesses())) : [];
  const ended = outcomes.reduce((sum, { item, left }) => sum + item.members.length - left.length, 0);
  if (ended > 0)
    fixed.push(`Ended ${counted(ended, 'guarded process', 'guarded processes')} without an owner.`);
  return fixed;
}

function describe({ level, what, meaning, fix: remedy }: Finding): string[] {
  const indent = ' '.repeat(marks.ok.length + 1);
  return [
    `${marks[level]} ${what}`,
    ...(meaning === undefined ? [] : [`${indent}${meaning}`]),
    ...(remedy === undefined ? [] : [`${indent}Fix: ${remedy}`]),
  ];
}
