/** What Microsoft documents of an object at one version: what may be written, all of it, and by its name alone. */
export interface Shape {
  /** Names, with white space between them. */
  required?: string;
  optional?: string;
  /** Texts to choose from, for properties that the deployment sets. */
  values?: Readonly<Record<string, readonly string[]>>;
  /** Objects within it, where the deployment writes any; `[]` behind the name means a list of them. */
  objects?: Readonly<Record<string, Within>>;
}

/** An object whose properties depend on one of them. */
export interface Variants {
  by: string;
  shapes: Readonly<Record<string, Shape>>;
}

/** An open one takes any name. */
export type Within = Shape | Variants | 'open';

/** By type and version. */
export type Shapes = Readonly<Record<string, Shape | Variants>>;

/** The names in a list of them. */
export function names(list = ''): string[] {
  return list.split(/\s+/).filter(Boolean);
}
