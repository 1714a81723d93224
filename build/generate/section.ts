import path from 'node:path';

/** How a line is made a comment. */
type Comment = (text: string) => string;

const hash: Comment = (text) => `# ${text}`;
const comments: Readonly<Record<string, Comment>> = {
  '.md': (text) => `<!-- ${text} -->`,
  '.sh': hash,
  '.psd1': hash,
  '.bicep': (text) => `// ${text}`,
};

/**
 * A text with what stands between two marks put anew. The marks are comments on lines of their own:
 * `<!-- generated: codes -->` and `<!-- end of generated: codes -->`. What is put takes on their indentation.
 *
 * @throws when the text has no such marks.
 */
export function withSection(file: string, text: string, name: string, content: string): string {
  const comment = comments[path.extname(file)];
  if (comment === undefined) throw new Error(`${file} has no comments that could mark a part of it.`);
  const [begin, end] = [comment(`generated: ${name}`), comment(`end of generated: ${name}`)];
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.trim() === begin);
  const last = lines.findIndex((line) => line.trim() === end);
  if (first === -1 || last < first) throw new Error(`${file} must have the lines "${begin}" and "${end}".`);
  const [indentation = ''] = /^ */.exec(lines[first] ?? '') ?? [];
  const indented = content.split('\n').map((line) => (line === '' ? '' : indentation + line));
  const blank = file.endsWith('.md') ? [''] : [];
  return [...lines.slice(0, first + 1), ...blank, ...indented, ...blank, ...lines.slice(last)].join('\n');
}
