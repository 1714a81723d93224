/** What is made while building: see build/assets.ts. */
declare module 'asset:styles' {
  /** The style sheet. */
  const styles: string;
  export default styles;
}

declare module 'asset:script' {
  /** The script, bundled. */
  const script: string;
  export default script;
}

declare module 'asset:explanations' {
  /** What the documentation says of codes and controls. */
  const explanations: import('./explanations').Explanations;
  export default explanations;
}
