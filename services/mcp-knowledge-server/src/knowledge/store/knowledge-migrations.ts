import type { Migration } from '@endwell/session-core/sqlite';

/*
 * The schema of the component `knowledge`. A migration that has been released is never edited: add
 * the next one. `oldestReader` is the oldest version of this list that can still use the result.
 *
 * The chunks of a project have neighbouring keys (see chunk-keys.ts), so that a search in one project
 * is a search in a range of rows. `chunk_index` has no copy of the text: it reads `chunk_texts`.
 * A large document comes and goes in many short transactions. Until the last of them it is hidden:
 * `hidden_until` is when it may be removed for good, which is at once for one that is forgotten, and
 * some minutes from now for one that arrives. Null is a document that is there.
 *
 * The vectors are not here: each model has a table of its own, made when it first answers
 * (vector-tables.ts), because their length is the model's. Chunks are counted as they come and go, so
 * that a search need not count them to know how many still wait for a vector.
 */
export const knowledgeMigrations: readonly Migration[] = [
  {
    version: 1,
    oldestReader: 1,
    sql: `
      CREATE TABLE knowledge_projects (
        project_key INTEGER PRIMARY KEY,
        name        TEXT UNIQUE,
        chunks      INTEGER NOT NULL DEFAULT 0
      ) STRICT;

      CREATE TABLE documents (
        document_key INTEGER PRIMARY KEY,
        id           TEXT NOT NULL UNIQUE,
        project_key  INTEGER NOT NULL REFERENCES knowledge_projects (project_key),
        title        TEXT NOT NULL,
        format       TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        characters   INTEGER NOT NULL,
        ingested_at  INTEGER NOT NULL,
        hidden_until INTEGER,
        UNIQUE (project_key, content_hash)
      ) STRICT;
      CREATE INDEX documents_hidden ON documents (hidden_until) WHERE hidden_until IS NOT NULL;
      CREATE INDEX documents_ingested ON documents (ingested_at, document_key);
      CREATE INDEX documents_of_project ON documents (project_key, ingested_at, document_key);

      CREATE TABLE document_sources (
        project_key  INTEGER NOT NULL,
        source       TEXT NOT NULL,
        document_key INTEGER NOT NULL REFERENCES documents (document_key) ON DELETE CASCADE,
        PRIMARY KEY (project_key, source)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX document_sources_of_document ON document_sources (document_key);

      CREATE TABLE document_tags (
        document_key INTEGER NOT NULL REFERENCES documents (document_key) ON DELETE CASCADE,
        tag          TEXT NOT NULL,
        PRIMARY KEY (document_key, tag)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX document_tags_by_tag ON document_tags (tag, document_key);

      CREATE TABLE chunks (
        chunk_key    INTEGER PRIMARY KEY,
        document_key INTEGER NOT NULL REFERENCES documents (document_key),
        position     INTEGER NOT NULL,
        start        INTEGER NOT NULL,
        heading      TEXT NOT NULL,
        text         TEXT NOT NULL,
        UNIQUE (document_key, position)
      ) STRICT;

      CREATE VIEW chunk_texts AS
        SELECT chunk_key, title, heading, text FROM chunks JOIN documents USING (document_key);
      CREATE VIRTUAL TABLE chunk_index USING fts5 (
        title, heading, text,
        content = 'chunk_texts', content_rowid = 'chunk_key',
        tokenize = 'porter unicode61 remove_diacritics 2'
      );
      INSERT INTO chunk_index (chunk_index, rank) VALUES ('secure-delete', 1);
      INSERT INTO chunk_index (chunk_index, rank) VALUES ('rank', 'bm25(2.0, 1.0, 1.0)');

      CREATE TABLE embedding_models (
        model_key  INTEGER PRIMARY KEY,
        provider   TEXT NOT NULL,
        model      TEXT NOT NULL,
        dimensions INTEGER NOT NULL CHECK (dimensions > 0),
        UNIQUE (provider, model, dimensions)
      ) STRICT;
      CREATE TABLE embedded_chunks (
        model_key INTEGER NOT NULL REFERENCES embedding_models (model_key),
        chunk_key INTEGER NOT NULL REFERENCES chunks (chunk_key) ON DELETE CASCADE,
        PRIMARY KEY (model_key, chunk_key)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE embedded_counts (
        model_key   INTEGER NOT NULL REFERENCES embedding_models (model_key),
        project_key INTEGER NOT NULL REFERENCES knowledge_projects (project_key),
        chunks      INTEGER NOT NULL,
        PRIMARY KEY (model_key, project_key)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX embedded_chunks_of_chunk ON embedded_chunks (chunk_key);

      CREATE TABLE entities (
        entity_key  INTEGER PRIMARY KEY,
        project_key INTEGER NOT NULL REFERENCES knowledge_projects (project_key),
        name        TEXT NOT NULL,
        folded_name TEXT NOT NULL,
        type        TEXT,
        description TEXT,
        stated      INTEGER NOT NULL CHECK (stated IN (0, 1)),
        UNIQUE (project_key, folded_name)
      ) STRICT;
      CREATE INDEX entities_by_type ON entities (project_key, type);
      CREATE VIRTUAL TABLE entity_index USING fts5 (
        name, description,
        content = 'entities', content_rowid = 'entity_key',
        tokenize = 'porter unicode61 remove_diacritics 2'
      );
      INSERT INTO entity_index (entity_index, rank) VALUES ('secure-delete', 1);

      CREATE TABLE relations (
        relation_key INTEGER PRIMARY KEY,
        subject_key  INTEGER NOT NULL REFERENCES entities (entity_key),
        type         TEXT NOT NULL,
        object_key   INTEGER NOT NULL REFERENCES entities (entity_key),
        stated       INTEGER NOT NULL CHECK (stated IN (0, 1)),
        added_at     INTEGER NOT NULL,
        UNIQUE (subject_key, type, object_key)
      ) STRICT;
      CREATE INDEX relations_by_object ON relations (object_key);

      CREATE TABLE relation_passages (
        passage_key  INTEGER PRIMARY KEY,
        relation_key INTEGER NOT NULL REFERENCES relations (relation_key) ON DELETE CASCADE,
        document_key INTEGER NOT NULL REFERENCES documents (document_key) ON DELETE CASCADE,
        quote        TEXT,
        UNIQUE (relation_key, document_key, quote)
      ) STRICT;
      CREATE INDEX relation_passages_of_document ON relation_passages (document_key);
    `,
  },
];
