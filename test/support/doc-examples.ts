import { parseArgs } from 'node:util';

/** A block of a page. */
interface ShownAnswer {
  language: string;
  /** The page says that it is not all. */
  isShortened: boolean;
  text: string;
}

/** One command of a page, with the answer that the page shows for it. */
export interface DocExample {
  /** Heading of the section that it stands in. */
  section: string;
  method: string;
  /** Address below the base address. */
  route: string;
  headers: Record<string, string>;
  body: string | undefined;
  /** What the page shows as the answer; undefined where it shows none. */
  answer: ShownAnswer | undefined;
}

/** The address under which the pages show the app. */
const base = 'http://127.0.0.1:7071/api/';

/** Every command of a page that calls the app, in its order, each with the block that follows it. */
export function docExamples(page: string): DocExample[] {
  const examples: DocExample[] = [];
  let section = '';
  let open: DocExample | undefined;
  for (const [, heading, remark, language = '', text = ''] of page.matchAll(
    /^## (.+)$|^(Shortened:\n\n)?```(\w+)\n([\s\S]*?)^```$/gm,
  )) {
    if (heading !== undefined) {
      section = heading;
      open = undefined;
    } else if (language === 'powershell') {
      // The same once more, for another shell.
    } else if (language === 'sh') {
      open = text.includes(base) ? parseCommand(section, text) : undefined;
      if (open !== undefined) examples.push(open);
    } else if (open !== undefined) {
      open.answer = { language, isShortened: remark !== undefined, text };
      open = undefined;
    }
  }
  return examples;
}

const options = {
  request: { type: 'string', short: 'X' },
  header: { type: 'string', short: 'H', multiple: true },
  data: { type: 'string', short: 'd' },
  'data-binary': { type: 'string' },
  output: { type: 'string', short: 'o' },
} as const;

/** Understands one call of curl, with the options that the pages use. @throws for anything else. */
function parseCommand(section: string, command: string): DocExample {
  const [program, ...args] = [...command.matchAll(/'([^']*)'|\\\n|([^\s'\\]+)/g)]
    .map(([, quoted, bare]) => quoted ?? bare ?? '')
    .filter((word) => word !== '');
  if (program !== 'curl') throw new Error(`This is no call of curl: ${command}`);
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [url = ''] = positionals;
  if (positionals.length !== 1 || !url.startsWith(base)) throw new Error(`What does this call? ${command}`);
  const body = values['data-binary'] ?? values.data;
  const headers = (values.header ?? []).map((header) => header.split(/: */, 2) as [string, string]);
  return {
    section,
    method: values.request ?? (body === undefined ? 'GET' : 'POST'),
    route: url.slice(base.length),
    headers: Object.fromEntries(headers),
    body,
    answer: undefined,
  };
}

/** Properties whose value is another one each time, or depends on where the app runs. */
const volatile = new Set([
  ...['createdAt', 'checkedAt', 'verifiedAt', 'since', 'at', 'startedAt', 'endedAt', 'answeredAt'],
  ...[
    'collectedAt',
    'generatedAt',
    'insertedAt',
    'from',
    'to',
    'runId',
    'continuation',
    'planHash',
    'subject',
  ],
  ...[
    'transitionId',
    'remediationId',
    'messageId',
    'requestId',
    'requestIds',
    'requests',
    'requestIdCount',
    'url',
  ],
]);

/**
 * How an answer differs from what a page shows: the same properties of the same types everywhere, and the same values,
 * but for those that are new each time. Of a shortened one only what is shown has to be there.
 */
export function differences(shown: unknown, real: unknown, isShortened: boolean, path = ''): string[] {
  const here = path === '' ? 'the answer' : path;
  const key =
    path
      .replace(/\[\d+\]$/, '')
      .split('.')
      .at(-1) ?? '';
  if (typeOf(shown) !== typeOf(real)) return [`${here} is shown as ${typeOf(shown)}, and is ${typeOf(real)}`];
  if (Array.isArray(shown) && Array.isArray(real)) {
    if (shown.length !== real.length && !isShortened && !volatile.has(key))
      return [`${here} is shown with ${shown.length} items, and has ${real.length}`];
    return shown.flatMap((item, index) => differences(item, real[index], isShortened, `${path}[${index}]`));
  }
  if (isObject(shown) && isObject(real)) {
    const hidden = isShortened ? [] : Object.keys(real).filter((name) => !(name in shown));
    return [
      ...hidden.map((name) => `${here} has ${name}, which is not shown`),
      ...Object.entries(shown).flatMap(([name, value]) =>
        differences(value, real[name], isShortened, path === '' ? name : `${path}.${name}`),
      ),
    ];
  }
  const isSame = shown === real || volatile.has(key);
  return isSame ? [] : [`${here} is shown as ${JSON.stringify(shown)}, and is ${JSON.stringify(real)}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'list' : typeof value;
}

/** Fills `<name>` in with what the property of that name had last. @throws when no answer had it. */
export class Placeholders {
  private readonly values = new Map<string, string>();

  /** Remembers every property of an answer that is a text. */
  note(answer: unknown): void {
    if (Array.isArray(answer)) answer.forEach((item) => this.note(item));
    if (!isObject(answer)) return;
    for (const [name, value] of Object.entries(answer)) {
      if (typeof value === 'string') this.values.set(name, value);
      else this.note(value);
    }
  }

  fill(text: string): string {
    return text.replaceAll(/<(\w+)>/g, (placeholder, name: string) => {
      const value = this.values.get(name);
      if (value === undefined) throw new Error(`No answer before has told ${placeholder}.`);
      return value;
    });
  }
}
