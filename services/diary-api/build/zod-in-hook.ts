/**
 * What the hook's bundle has in the place of `zod`: the checks that session-core makes of its options and
 * entries, with the same answers. A hook is a process of its own at every turn of an agent; to load the library
 * and to make schemas that are used once was a third of its life. A test holds the answers against the library's.
 * What is missing here fails as the bundle starts, which every test of the bundle sees.
 */

interface Issue {
  readonly path: PropertyKey[];
  readonly message: string;
}

interface Run {
  readonly path: readonly PropertyKey[];
  readonly issues: Issue[];
}

type Step = (value: unknown, run: Run) => unknown;
type Shape = Readonly<Record<string, Schema>>;
type RefineOptions = string | { readonly message?: string; readonly path?: readonly PropertyKey[] };

type Result =
  | { readonly success: true; readonly data: unknown }
  | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };

class Schema {
  readonly step: Step;
  /** The fields of an object. */
  readonly shape: Shape | undefined;

  constructor(step: Step, shape?: Shape) {
    this.step = step;
    this.shape = shape;
  }

  safeParse(value: unknown): Result {
    const issues: Issue[] = [];
    const data = this.step(value, { path: [], issues });
    return issues.length === 0 ? { success: true, data } : { success: false, error: { issues } };
  }

  min(limit: number): Schema {
    return this.refine((value) => sizeOf(value) >= limit, `must be at least ${limit}`);
  }
  max(limit: number): Schema {
    return this.refine((value) => sizeOf(value) <= limit, `must be at most ${limit}`);
  }
  int(): Schema {
    return this.refine(Number.isSafeInteger, 'must be a whole number');
  }
  regex(pattern: RegExp, message = 'does not fit its pattern'): Schema {
    return this.refine((value) => pattern.test(value as string), message);
  }
  refine(test: (value: unknown) => unknown, options: RefineOptions = {}): Schema {
    const { message = 'does not fit', path = [] } =
      typeof options === 'string' ? { message: options } : options;
    return this.#then((value, run) => {
      if (!test(value)) fail(run, message, path);
      return value;
    });
  }
  transform(change: (value: unknown, context: { addIssue(issue: Issue): void }) => unknown): Schema {
    return this.#then((value, run) =>
      change(value, { addIssue: ({ message, path }) => fail(run, message, path) }),
    );
  }
  optional(): Schema {
    return new Schema((value, run) => (value === undefined ? undefined : this.step(value, run)));
  }
  nullable(): Schema {
    return new Schema((value, run) => (value === null ? null : this.step(value, run)));
  }
  nullish(): Schema {
    return this.nullable().optional();
  }
  default(fallback: unknown): Schema {
    return new Schema((value, run) => (value === undefined ? fallback : this.step(value, run)));
  }
  prefault(fallback: unknown): Schema {
    return new Schema((value, run) => this.step(value === undefined ? fallback : value, run));
  }

  /** What comes after only sees what has been right so far. */
  #then(next: Step): Schema {
    return new Schema((value, run) => {
      const before = run.issues.length;
      const result = this.step(value, run);
      return run.issues.length > before ? result : next(result, run);
    }, this.shape);
  }
}

function fail(run: Run, message: string, path: readonly PropertyKey[] = []): void {
  run.issues.push({ path: [...run.path, ...path], message });
}

function sizeOf(value: unknown): number {
  return typeof value === 'number' ? value : (value as string | unknown[]).length;
}

const typed = (isRight: (value: unknown) => boolean, message: string): Schema =>
  new Schema((value, run) => {
    if (!isRight(value)) fail(run, message);
    return value;
  });

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const below = (run: Run, key: PropertyKey): Run => ({ path: [...run.path, key], issues: run.issues });

function objectOf(shape: Shape, isStrict: boolean): Schema {
  return new Schema((value, run) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      fail(run, 'must be an object');
      return value;
    }
    const given = value as Record<string, unknown>;
    const unknown = isStrict ? Object.keys(given).filter((key) => !Object.hasOwn(shape, key)) : [];
    if (unknown.length > 0) fail(run, `there is no option ${unknown.join(', ')}`);
    const result: Record<string, unknown> = {};
    for (const [key, schema] of Object.entries(shape)) {
      const item = schema.step(given[key], below(run, key));
      if (item !== undefined || key in given) result[key] = item;
    }
    return result;
  }, shape);
}

export const z = {
  NEVER: undefined,
  array: (item: Schema): Schema =>
    new Schema((value, run) => {
      if (Array.isArray(value)) return value.map((one, index) => item.step(one, below(run, index)));
      fail(run, 'must be a list');
      return value;
    }),
  boolean: (): Schema => typed((value) => typeof value === 'boolean', 'must be true or false'),
  custom: (test: (value: unknown) => unknown = () => true, message = 'does not fit'): Schema =>
    typed((value) => Boolean(test(value)), message),
  enum: (values: readonly unknown[], message = `must be one of ${values.join(', ')}`): Schema =>
    typed((value) => values.includes(value), message),
  literal: (value: unknown): Schema => typed((given) => given === value, `must be ${String(value)}`),
  number: (): Schema => typed(Number.isFinite, 'must be a number'),
  object: (shape: Shape): Schema => objectOf(shape, false),
  record: (key: Schema, item: Schema): Schema =>
    new Schema((value, run) => {
      if (!isPlain(value)) {
        fail(run, 'must be an object');
        return value;
      }
      const entries = Object.entries(value).map(([name, one]) => {
        const inside = below(run, name);
        return [key.step(name, inside), item.step(one, inside)];
      });
      return Object.fromEntries(entries) as unknown;
    }),
  strictObject: (shape: Shape): Schema => objectOf(shape, true),
  string: (): Schema => typed((value) => typeof value === 'string', 'must be a text'),
  union: (options: readonly Schema[], message = 'does not fit'): Schema =>
    new Schema((value, run) => {
      for (const option of options) {
        const result = option.safeParse(value);
        if (result.success) return result.data;
      }
      fail(run, message);
      return value;
    }),
};
