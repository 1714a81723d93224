import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Marked, type Token, type Tokens } from 'marked';
import type { CodeExplanation, ControlExplanation, Explanations } from '../src/lib/report/page/explanations';
import { capitalised } from './capitalised';

const controlsFolder = 'src/lib/controls';

/** Only what leads to the open web is a link on the page: where this project's own pages are, nobody knows while building. */
const markdown = new Marked({
  renderer: {
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens);
      return href.startsWith('https://') ? `<a href="${href}" rel="noreferrer">${text}</a>` : text;
    },
  },
});

/**
 * Reads the pages of all controls, and that of the findings. The form is the one that a test holds them to: a section for
 * each code, in which a paragraph that begins with "What to do:" parts the meaning from the remedy.
 * @throws when a section has another form.
 */
export function explanations(): Explanations {
  const codes: Record<string, CodeExplanation> = codesOf('docs/findings.md');
  const controls: Record<string, ControlExplanation> = {};
  for (const id of readdirSync(controlsFolder)) {
    const page = `${controlsFolder}/${id}/README.md`;
    if (!existsSync(page)) continue;
    Object.assign(codes, codesOf(page));
    controls[id] = { page, links: linksOf(page) };
  }
  return { codes, controls };
}

interface Section {
  title: string;
  tokens: Token[];
}

/** A page, cut at its headings of the second level. */
function sectionsOf(page: string): Section[] {
  const sections: Section[] = [];
  for (const token of markdown.lexer(readFileSync(page, 'utf8'))) {
    if (token.type === 'heading' && (token as Tokens.Heading).depth <= 2) {
      sections.push({ title: (token as Tokens.Heading).text.replaceAll('`', ''), tokens: [] });
    } else {
      sections.at(-1)?.tokens.push(token);
    }
  }
  return sections;
}

function codesOf(page: string): Record<string, CodeExplanation> {
  const found: Record<string, CodeExplanation> = {};
  for (const { title, tokens } of sectionsOf(page)) {
    if (!/^[a-z]+\.[A-Za-z]+$/.test(title)) continue;
    const anchor = title.toLowerCase().replace('.', '');
    found[title] = { ...parted(title, tokens), page: `${page}#${anchor}` };
  }
  return found;
}

const remedyMark = /^What to do[:,]\s*/;

function parted(code: string, tokens: readonly Token[]): Omit<CodeExplanation, 'page'> {
  const isParagraph = (token: Token, pattern: RegExp) =>
    token.type === 'paragraph' && pattern.test((token as Tokens.Paragraph).text);
  const rest = tokens.filter((token) => !isParagraph(token, /^Level: /));
  const at = rest.findIndex((token) => isParagraph(token, remedyMark));
  if (at < 1) throw new Error(`The section ${code} has no meaning, or no paragraph "What to do:".`);
  const remedy = rest.slice(at).map(({ raw }) => raw);
  const [first = '', ...more] = remedy;
  const steps = [capitalised(first.replace(remedyMark, '')), ...more];
  return {
    meaning: toHtml(rest.slice(0, at).map(({ raw }) => raw)),
    remedy: toHtml(steps),
    firstStep: firstStepOf(code, steps),
  };
}

/** The first item of a list, or the first sentence of a text. */
function firstStepOf(code: string, steps: readonly string[]): string {
  const [first] = markdown
    .lexer(steps.join(''))
    .filter(({ type }) => type === 'paragraph' || type === 'list');
  const text =
    first?.type === 'list' ? (first as Tokens.List).items[0]?.text : (first as Tokens.Paragraph).text;
  const [sentence = ''] = (text ?? '').split(/(?<=[.:!?])\s+(?=[A-Z`_[])/);
  if (sentence === '') throw new Error(`What to do about ${code} has no first step.`);
  return markdown.parseInline(sentence.replace(/:$/, '.'), { async: false });
}

function toHtml(parts: readonly string[]): string {
  return markdown.parse(parts.join(''), { async: false }).trim();
}

/** The list of links at the end of a control's page. */
function linksOf(page: string): ControlExplanation['links'] {
  const section = sectionsOf(page).find(({ title }) => title === 'Microsoft Learn');
  return (section?.tokens ?? []).flatMap(({ raw }) =>
    [...raw.matchAll(/\[([^\]]+)\]\((https:[^)]+)\)/g)].map(([, text = '', href = '']) => ({
      text: text.replaceAll(/\s+/g, ' ').replaceAll('`', ''),
      href,
    })),
  );
}
