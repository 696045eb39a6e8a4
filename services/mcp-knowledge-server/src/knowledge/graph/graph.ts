/** What there is: a person, a part, an idea. Its name is unique in its project, whatever its case. */
export interface EntityInput {
  readonly name: string;
  readonly type?: string | undefined;
  readonly description?: string | undefined;
}

/** That one entity has to do with another, and where it says so. */
export interface FactInput {
  readonly subject: string;
  readonly relation: string;
  readonly object: string;
  readonly documentId?: string | undefined;
  /** Words of that document, to the letter but for white space. */
  readonly quote?: string | undefined;
}

export interface Facts {
  readonly project: string | null;
  readonly entities: readonly EntityInput[];
  readonly facts: readonly FactInput[];
}

export interface FactsResult {
  readonly entitiesAdded: number;
  readonly factsAdded: number;
  /** Known before; a new passage may have been added to them. */
  readonly factsKnown: number;
}

export interface GraphQuestion {
  readonly project: string | null;
  /** Words to look for in names and descriptions; without them every entity is a beginning. */
  readonly query?: string | undefined;
  /** The exact name of the entity to begin with, whatever its case. */
  readonly entity?: string | undefined;
  readonly entityTypes: readonly string[];
  /** How many relations away from the beginning to go. */
  readonly depth: number;
  readonly limit: number;
}

export interface GraphEntity {
  readonly name: string;
  readonly type: string | null;
  readonly description: string | null;
  /** How many relations away from what was asked for. */
  readonly distance: number;
}

export interface GraphPassage {
  readonly documentId: string;
  readonly title: string;
  readonly quote: string | null;
}

export interface GraphRelation {
  readonly subject: string;
  readonly relation: string;
  readonly object: string;
  readonly passages: readonly GraphPassage[];
}

export interface GraphAnswer {
  readonly entities: readonly GraphEntity[];
  readonly relations: readonly GraphRelation[];
  /** There was more than `limit`. */
  readonly truncated: boolean;
}
