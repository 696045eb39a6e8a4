/** What `ENDWELL_EMBEDDINGS` asks for. */
export type EmbeddingsSetting =
  | { readonly kind: 'local' }
  | { readonly kind: 'off' }
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly model: string;
      readonly dialect: 'openai' | 'ollama';
    };

export const embeddingsFormat =
  'must be local, off, or the http(s) address of an embeddings endpoint with the model after #, such as http://127.0.0.1:11434/api/embed#nomic-embed-text';

/** Undefined when it is none of the three. An address that ends in `/api/embed` is Ollama's. */
export function parseEmbeddings(text: string): EmbeddingsSetting | undefined {
  if (text === 'local' || text === 'off') return { kind: text };
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const model = decodeURIComponent(url.hash.slice(1));
  if (!/^https?:$/.test(url.protocol) || model === '' || url.username !== '' || url.password !== '') {
    return undefined;
  }
  url.hash = '';
  const dialect = url.pathname.endsWith('/api/embed') ? 'ollama' : 'openai';
  return { kind: 'http', url: url.href, model, dialect };
}
