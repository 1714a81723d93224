import { operators, type Comparison, type Filter, type Link, type Operator } from './filter';
import { readToken, type Token } from './tokens';

/** A filter that was understood, or where in the text that ended. */
export type ParsedFilter =
  | { ok: true; filter: Filter }
  /** `position` counts UTF-16 units from zero; `message` is the part of a sentence: "expected …, found …". */
  | { ok: false; error: { message: string; position: number } };

/** How many parentheses and -not may stand within each other; one opening behind -not belongs to it. */
export const deepestNesting = 100;

/** How much of the text a message quotes. */
const longestExcerpt = 40;

/** Reads a recipient filter. Takes time by the length of the text, and never throws, whatever the text may be. */
export function parseFilter(text: string): ParsedFilter {
  try {
    return { ok: true, filter: new Parser(text).filter() };
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error;
    return { ok: false, error: { message: error.message, position: error.position } };
  }
}

/** Ends the parsing of a text; does not leave this file. */
class Unexpected extends Error {
  constructor(
    message: string,
    readonly position: number,
  ) {
    super(message);
  }
}

/** Recursive descent, one method per rule and one token ahead. */
class Parser {
  private token: Token;

  constructor(private readonly text: string) {
    this.token = readToken(text, 0);
  }

  /** A level, which people often store as the script block that they wrote: in braces. */
  filter(): Filter {
    const braces = this.isMark('{');
    if (braces) this.advance();
    const filter = this.level(0);
    if (braces) this.close('}');
    if (this.token.kind !== 'end') {
      this.fail(braces ? 'the end of the filter' : '-and, -or or the end of the filter');
    }
    return filter;
  }

  /** Operands with -and or -or between them. */
  private level(depth: number): Filter {
    const first = this.operand(depth);
    const rest: Link[] = [];
    for (let operator = this.junction(); operator !== undefined; operator = this.junction()) {
      this.advance();
      rest.push({ operator, operand: this.operand(depth) });
    }
    return join(first, rest);
  }

  private junction(): Link['operator'] | undefined {
    if (this.token.kind !== 'operator') return undefined;
    const { operator } = this.token;
    return operator === 'and' || operator === 'or' ? operator : undefined;
  }

  /** A comparison, a level in parentheses, or -not before either. */
  private operand(depth: number): Filter {
    if (this.isMark('(')) return this.group(this.deeper(depth));
    if (this.token.kind !== 'operator' || this.token.operator !== 'not') return this.comparison();
    const deeper = this.deeper(depth);
    this.advance();
    return { kind: 'not', operand: this.isMark('(') ? this.group(deeper) : this.operand(deeper) };
  }

  private group(depth: number): Filter {
    this.advance();
    const filter = this.level(depth);
    this.close(')');
    return filter;
  }

  private comparison(): Comparison {
    const { token } = this;
    if (token.kind !== 'property') this.fail('a property, -not or an opening parenthesis');
    this.advance();
    const operator = this.operator();
    const value = this.token;
    if (value.kind !== 'value') this.fail('a text in quotes, a whole number, $null, $true or $false');
    this.advance();
    return { kind: 'comparison', property: token.name, operator, value: value.value };
  }

  private operator(): Operator {
    const { token } = this;
    const operator = operators.find((name) => token.kind === 'operator' && name === token.operator);
    if (operator === undefined) this.fail(`one of ${operators.map((name) => `-${name}`).join(' ')}`);
    this.advance();
    return operator;
  }

  private close(mark: string): void {
    if (!this.isMark(mark)) this.fail(`-and, -or or a closing ${mark}`);
    this.advance();
  }

  private deeper(depth: number): number {
    if (depth < deepestNesting) return depth + 1;
    const limit = `at most ${deepestNesting} levels of parentheses and -not`;
    throw new Unexpected(`expected ${limit}, found more`, this.token.position);
  }

  private isMark(mark: string): boolean {
    return this.token.kind === 'mark' && this.token.mark === mark;
  }

  private advance(): void {
    this.token = readToken(this.text, this.token.end);
  }

  /** Says what should have stood in the place of the current token. */
  private fail(expected: string): never {
    const { token } = this;
    const { wanted = expected, found = this.describe(token) } = token.kind === 'unreadable' ? token : {};
    throw new Unexpected(`expected ${wanted}, found ${found}`, token.position);
  }

  private describe({ kind, position, end }: Token): string {
    if (kind === 'end') return 'the end of the filter';
    if (end - position <= longestExcerpt) return this.text.slice(position, end).toWellFormed();
    // The cut may go through the middle of a character.
    return `${this.text.slice(position, position + longestExcerpt).toWellFormed()}…`;
  }
}

function join(first: Filter, rest: readonly Link[]): Filter {
  const kind = rest[0]?.operator;
  if (kind === undefined) return first;
  if (rest.some(({ operator }) => operator !== kind)) return { kind: 'mixed', first, rest };
  return { kind, operands: [first, ...rest.map(({ operand }) => operand)] };
}
