import type { z } from 'zod';

import { KnowledgeError } from '../errors/knowledge-error.ts';
import { advertisedSchema } from './advertised-schema.ts';
import type { Tool, ToolSpecification } from './tool.ts';

/** Joins a tool's schemas and its work: arguments are checked before, the output conforms after. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  specification: ToolSpecification<Input, Output>,
): Tool {
  const { run, input, output: outputSchema, ...rest } = specification;
  return {
    ...rest,
    advertisedInput: advertisedSchema(input),
    advertisedOutput: advertisedSchema(outputSchema),
    call: async (args, context) => {
      const parsed = input.safeParse(args ?? {});
      if (!parsed.success) {
        throw new KnowledgeError('INVALID_TOOL_ARGUMENTS', describeIssues(specification.name, parsed.error));
      }
      const { output, summary } = await run(parsed.data, context);
      const structuredContent = outputSchema.parse(output);
      return {
        content: [{ type: 'text', text: `${summary}\n${JSON.stringify(structuredContent)}` }],
        structuredContent,
      };
    },
  };
}

function describeIssues(tool: string, error: z.ZodError): string {
  const issues = error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  return `The arguments of ${tool} are wrong: ${issues.join('; ')}.`;
}
