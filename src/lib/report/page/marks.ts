import type { Severity } from '../../model/verdict';
import { html, type Markup } from './markup';
import { type Look, words } from './words';

/** A verdict: its word, and the sign and colour that the style sheet gives it. */
export function verdictMark(look: Look, word = words[look]): Markup {
  return html`<span class="verdict" data-look="${look}">${word}</span>`;
}

/** How bad it would be. */
export function severityMark(severity: Severity): Markup {
  return html`<span class="severity ${severity}">${severity}</span>`;
}
