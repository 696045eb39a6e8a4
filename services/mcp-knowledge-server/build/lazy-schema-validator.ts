/**
 * Stands in for the module of the protocol's library that loads its JSON Schema validator at once. A server
 * needs it only when a client answers a question of the server's, which this one never asks.
 */
import { createRequire } from 'node:module';
import process from 'node:process';
import type { jsonSchemaValidator } from '@modelcontextprotocol/server';

export { process };

export class DefaultJsonSchemaValidator implements jsonSchemaValidator {
  #loaded: jsonSchemaValidator | undefined;

  getValidator<T>(
    schema: Parameters<jsonSchemaValidator['getValidator']>[0],
  ): ReturnType<typeof this.validator.getValidator<T>> {
    return this.validator.getValidator<T>(schema);
  }

  get validator(): jsonSchemaValidator {
    if (this.#loaded === undefined) {
      const load = createRequire(import.meta.url);
      const { AjvJsonSchemaValidator } = load('@modelcontextprotocol/server/validators/ajv') as {
        AjvJsonSchemaValidator: new () => jsonSchemaValidator;
      };
      this.#loaded = new AjvJsonSchemaValidator();
    }
    return this.#loaded;
  }
}
