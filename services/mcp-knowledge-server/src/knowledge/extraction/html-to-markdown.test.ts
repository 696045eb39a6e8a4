import { expect, test } from 'vitest';
import { htmlToMarkdown } from './html-to-markdown.ts';

test('a page becomes what a reader sees of it, with its sections', () => {
  const { title, markdown } = htmlToMarkdown(`<!doctype html><html><head><title>The &amp; page</title>
    <style>p { color: red }</style><script>alert("no")</script></head>
    <body><h1>Guide</h1><p>One <b>bold</b>
    word &lt;tag&gt;.</p><ul><li>first</li><li>second</li></ul>
    <h2>Code</h2><pre><code>if (a) {
  b();
}</code></pre><table><tr><td>cell</td><td>next</td></tr></table>
    <noscript>hidden</noscript></body></html>`);
  expect(title).toBe('The & page');
  expect(markdown).toBe(
    '# Guide\n\nOne bold word <tag>.\n\n- first\n\n- second\n\n## Code\n\n```\nif (a) {\n  b();\n}\n```\n\ncell next\n',
  );
});

test.each(['', '<<<>>', '<p', '</div></div>', '<pre><pre>', '<script>', `${'<div>'.repeat(50_000)}deep`])(
  'what is hardly HTML does no harm: %.20s',
  (html) => {
    expect(typeof htmlToMarkdown(html).markdown).toBe('string');
  },
);
