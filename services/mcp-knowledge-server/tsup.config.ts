import { tsupPreset } from '../../config/tsup-preset.ts';

export default tsupPreset({
  index: 'src/index.ts',
  main: 'src/main.ts',
  // The programs of worker threads; see src/knowledge/worker/worker-url.ts.
  'knowledge-worker': 'src/knowledge/worker/knowledge-worker.ts',
  'embedding-worker': 'src/knowledge/embeddings/local-worker.ts',
});
