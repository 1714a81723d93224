import type { FieldError } from '../../errors';
import { queryHref } from './frame';
import { documentOf, type Rendered } from './layout';
import { html, name } from './markup';

/** What went wrong with a page, as it is told to people. */
export interface PageProblem {
  title: string;
  /** What is wrong, and what to do. */
  detail: string;
  code: string;
  /** What is wrong with each field of what was asked for. */
  errors: readonly FieldError[];
}

/** The page in the place of one that cannot be shown, with the way back. Whoever asks may not be known, so it says nothing of targets. */
export function problemPage({ title, detail, code, errors }: PageProblem, now: Date): Rendered {
  return documentOf(
    { viewer: null },
    {
      title,
      page: 'problem',
      generatedAt: now.toISOString(),
      home: queryHref({}),
      main: html`<div class="opening">
        <h1>${title}</h1>
        <p class="lead">${name(detail)}</p>
        ${
          errors.length > 0 &&
          html`<ul>
            ${errors.map(({ path, message }) => html`<li><code>${path}</code> ${name(message)}</li>`)}
          </ul>`
        }
        <p><a href="${queryHref({})}">All targets</a></p>
        <p class="codes"><code>${code}</code></p>
      </div>`,
    },
  );
}
