import type { UnreadableCause } from '../microsoft365/wire/read';
import type { Level, Reason } from '../model/verdict';

/** What a control says of a code that it can give. Documentation and waivers go by it. */
export interface CodeDeclaration {
  /** How much a reason with this code weighs; several where that depends on the target. */
  level: Level | readonly Level[];
  /**
   * Of a code of level `unknown`: it says how the tenant is set up and stays until somebody changes that, so that it may
   * be accepted as a risk. Whatever says that nobody could look is no state of the tenant, and never acceptable.
   * @default false
   */
  acceptable?: true;
  /** What it means, in a few words and without a full stop. */
  title: string;
}

/** Every code that a control can give. */
export type Codes = Readonly<Record<string, CodeDeclaration>>;

/** What every control may give beside its own codes: something could not be read. */
export type UnreadableCode = `unreadable.${UnreadableCause}`;

/** What each of these means, as {@link CodeDeclaration.title} says it of others. */
export const unreadableTitles: Readonly<Record<UnreadableCode, string>> = {
  'unreadable.permission': 'A permission to read is missing',
  'unreadable.throttled': 'Microsoft 365 had no time to answer',
  'unreadable.unavailable': 'Microsoft 365 did not answer',
  'unreadable.malformed': 'An answer of Microsoft 365 was not understood',
  'unreadable.notFound': 'What was to be read is not there',
};

/** The codes of a declaration, and those that every control may give. */
export type CodeOf<Declared extends Codes> = (keyof Declared & string) | UnreadableCode;

/** The codes among these that belong to one control alone. */
export type OwnCode<Code extends string> = Exclude<Code, UnreadableCode>;

/** A reason with one of these codes. */
export type ReasonWith<Code extends string> = Omit<Reason, 'code'> & { code: Code };

type LevelIn<Declared extends CodeDeclaration> = Declared['level'] extends readonly (infer Each)[]
  ? Each
  : Declared['level'];

/** The reasons that a declaration allows: another code, or a code at another level, does not compile. */
export type ReasonOf<Declared extends Codes> = Omit<Reason, 'code' | 'level'> &
  (
    | { [Code in keyof Declared & string]: { code: Code; level: LevelIn<Declared[Code]> } }[keyof Declared &
        string]
    | { code: UnreadableCode; level: 'unknown' }
  );

/** The codes that are declared with this level alone. */
export type CodeAt<Declared extends Codes, At extends Level> = {
  [Code in keyof Declared & string]: Declared[Code]['level'] extends At ? Code : never;
}[keyof Declared & string];

/** The levels that a code may have. */
export function levelsOf({ level }: CodeDeclaration): readonly Level[] {
  return typeof level === 'string' ? [level] : level;
}
