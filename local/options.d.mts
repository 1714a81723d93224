/** What `npm start` is asked for. */
export interface Options {
  once: boolean;
  func: boolean;
  port: number;
  /** What the file that `--target` names says. */
  target: { targetId: string; [property: string]: unknown } | undefined;
}

/** How it is used. */
export const usage: string;

/** Undefined where somebody only wants to know how it is used. @throws with a sentence, and how it is used. */
export function readOptions(args?: string[]): Options | undefined;
