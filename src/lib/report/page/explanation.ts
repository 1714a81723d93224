/** What the documentation says of one code. Both parts are HTML that was made from this project's own Markdown. */
export interface CodeExplanation {
  /** What it means. */
  meaning: string;
  /** What to do about it. */
  remedy: string;
  /** Where it stands, below the root of the documentation: `docs/findings.md#unreadablepermission`. */
  page: string;
}

/** What the documentation says of one control. */
export interface ControlExplanation {
  page: string;
  /** Pages of Microsoft's and of the vendor's that it names. */
  links: readonly { text: string; href: string }[];
}

export interface Explanations {
  /** By code. */
  codes: Readonly<Record<string, CodeExplanation>>;
  /** By the id of the control. */
  controls: Readonly<Record<string, ControlExplanation>>;
}
