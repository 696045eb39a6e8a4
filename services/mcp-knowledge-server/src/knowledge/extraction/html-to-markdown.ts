import { Parser } from 'htmlparser2';

/** Nothing in them is for a reader. */
const hidden = new Set(['script', 'style', 'noscript', 'template', 'svg', 'iframe', 'object', 'canvas']);
const blocks = new Set(
  (
    'address article aside blockquote dd details dialog div dl dt fieldset figcaption figure footer form header ' +
    'hr li main nav ol p pre section summary table tr ul h1 h2 h3 h4 h5 h6'
  ).split(' '),
);
const heading = /^h([1-6])$/;

export interface ReadableHtml {
  readonly title: string | undefined;
  readonly markdown: string;
}

/** What a reader sees of a page, as Markdown: its headings, paragraphs, lists and code; no link or image. */
export function htmlToMarkdown(html: string): ReadableHtml {
  let title = '';
  let inTitle = false;
  let hiddenDepth = 0;
  let preDepth = 0;
  const parts: string[] = [];
  let line = '';
  let prefix = '';

  const breakBlock = (): void => {
    const words = line.trim();
    if (words !== '') parts.push(`${prefix}${words}`);
    line = '';
    prefix = '';
  };
  const parser = new Parser(
    {
      onopentag(name) {
        if (hidden.has(name)) hiddenDepth += 1;
        if (name === 'title' && title === '') inTitle = true;
        if (!blocks.has(name)) {
          if (name === 'br') line += preDepth > 0 ? '\n' : ' ';
          if (name === 'td' || name === 'th') line += ' ';
          return;
        }
        if (preDepth > 0 && name !== 'pre') return;
        breakBlock();
        const level = Number(heading.exec(name)?.[1] ?? 0);
        if (level > 0) prefix = `${'#'.repeat(level)} `;
        if (name === 'li') prefix = '- ';
        if (name === 'pre') preDepth += 1;
      },
      ontext(text) {
        if (inTitle) title += text;
        else if (hiddenDepth === 0) line += preDepth > 0 ? text : text.replaceAll(/\s+/g, ' ');
      },
      onclosetag(name) {
        if (hidden.has(name)) hiddenDepth -= 1;
        if (name === 'title') inTitle = false;
        if (name === 'pre' && preDepth > 0) {
          preDepth -= 1;
          if (preDepth > 0) return;
          const code = line.replace(/^\n/, '').trimEnd();
          const mark = fenceFor(code);
          if (code !== '') parts.push(`${mark}\n${code}\n${mark}`);
          line = '';
        } else if (blocks.has(name) && preDepth === 0) {
          breakBlock();
        }
      },
    },
    { decodeEntities: true },
  );
  parser.end(html);
  breakBlock();
  const text = parts.join('\n\n');
  return {
    title: title.trim().replaceAll(/\s+/g, ' ') || undefined,
    markdown: text === '' ? '' : `${text}\n`,
  };
}

/** Longer than any row of backticks in the code. */
function fenceFor(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(longest + 1);
}
