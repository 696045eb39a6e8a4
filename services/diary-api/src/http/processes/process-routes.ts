import { createHash } from 'node:crypto';

import {
  executeReap,
  inspectProcesses,
  isProcGuardError,
  planReap,
  type ProcessInspection,
  type ReapPlan,
} from '@endwell/proc-guard';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { keyHeadersSchema } from '../idempotency/request-headers.ts';
import { HttpProblem } from '../problem/http-problem.ts';
import { routeConfig } from '../route/route-config.ts';
import { createHideSecrets } from './hide-secrets.ts';
import { processesSchema, reapAnswerSchema, reapRequestSchema } from './process-schema.ts';
import { processView, suspectView, treeView } from './process-view.ts';

/** What is guarded on this machine, what was left behind, and its end: shown first, and done when that is confirmed. */
export function processRoutes(): FastifyPluginCallbackZod {
  const hideSecrets = createHideSecrets();
  return (app, _options, done) => {
    app.get(
      '/processes',
      {
        config: routeConfig('admin', 'PROCESSES_UNSUPPORTED'),
        schema: {
          tags: ['processes'],
          summary: 'Guarded process trees and suspects',
          response: { 200: processesSchema },
        },
      },
      async () => {
        const { trees, suspects } = inspect();
        return {
          trees: trees.map((tree) => treeView(tree, hideSecrets)),
          suspects: suspects.map((suspect) => suspectView(suspect, hideSecrets)),
        };
      },
    );

    app.post(
      '/processes/reap',
      {
        config: routeConfig('admin', 'PROCESSES_UNSUPPORTED', 'PLAN_CHANGED'),
        schema: {
          tags: ['processes'],
          summary: 'End what was left behind',
          description:
            'Without `confirm` it shows what would be ended. With `confirm` it ends that, if it is still the same; repeated, it finds nothing left to do.',
          headers: keyHeadersSchema,
          body: reapRequestSchema,
          response: { 200: reapAnswerSchema },
        },
      },
      async (request) => {
        const { pids, graceMs = 2_000, confirm } = request.body ?? {};
        const plan = planReap(inspect(), pids === undefined ? {} : { pids });
        const planId = planIdOf(plan);
        if (confirm !== undefined && confirm !== planId) {
          throw new HttpProblem(
            'PLAN_CHANGED',
            `What would be ended is now the plan ${planId}; look at it first.`,
          );
        }
        const outcomes = confirm === undefined ? [] : await executeReap(plan, { graceMs });
        if (confirm !== undefined)
          request.log.warn({ planId, items: plan.items.length }, 'processes were ended');
        return {
          done: confirm !== undefined,
          planId,
          items: plan.items.map((item) => ({
            kind: item.kind,
            id: item.id,
            reason: item.reason,
            members: item.members.map((member) => processView(member, hideSecrets)),
            left: (outcomes.find((outcome) => outcome.item === item)?.left ?? []).map(({ pid }) => pid),
          })),
          refused: plan.refused.map(({ pid, reason }) => ({ pid, reason })),
        };
      },
    );
    done();
  };
}

function inspect(): ProcessInspection {
  try {
    return inspectProcesses();
  } catch (error) {
    if (!isProcGuardError(error) || error.code !== 'UNSUPPORTED') throw error;
    throw new HttpProblem('PROCESSES_UNSUPPORTED', error.message, { cause: error });
  }
}

/** The same for the same processes, and for no others: a pid alone may be another's by now. */
function planIdOf({ items }: ReapPlan): string {
  const lines = items.flatMap(({ kind, id, members }) =>
    members.map(({ pid, startTime }) => JSON.stringify([kind, id, pid, startTime])),
  );
  return createHash('sha256').update(lines.toSorted(compareText).join('\n')).digest('base64url').slice(0, 22);
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : 1;
}
