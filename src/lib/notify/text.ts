import { html, type Markup } from '../report/page/markup';
import type { CustomerPart, Digest, Item, Section } from './model';
import { customerTitle, moreCustomers, moreItems, periodOf, stillOpen } from './words';

/** A digest as plain text: for a ticket, or a mail without formatting. */
export function textOf(digest: Digest): string {
  return [
    digest.headline,
    periodOf(digest),
    ...digest.alarms.map((alarm) => `! ${alarm}`),
    ...digest.customers.flatMap(customerLines),
    ...[moreCustomers(digest), stillOpen(digest), digest.link ?? ''].flatMap(paragraphLines),
  ].join('\n');
}

function paragraphLines(text: string): string[] {
  return text === '' ? [] : ['', text];
}

function customerLines(part: CustomerPart): string[] {
  return ['', `== ${customerTitle(part)}`, ...part.sections.flatMap(sectionLines)];
}

function sectionLines(section: Section): string[] {
  const more = moreItems(section);
  return [
    `${section.title}:`,
    ...section.items.map(
      ({ about, says, link }) => `- ${about}: ${says}${link === undefined ? '' : ` ${link}`}`,
    ),
    ...(more === '' ? [] : [`- ${more}`]),
  ];
}

/** A digest as HTML, for the body of a mail: names in it are escaped. */
export function htmlOf(digest: Digest): string {
  const markup = html`<p><b>${digest.headline}</b><br />${periodOf(digest)}</p>
    ${digest.alarms.map((alarm) => html`<p><b>${alarm}</b></p>`)} ${digest.customers.map(customerMarkup)}
    ${paragraph(moreCustomers(digest))} ${paragraph(stillOpen(digest))}
    ${digest.link !== undefined && html`<p><a href="${digest.link}">The page</a></p>`}`;
  return String(markup);
}

function customerMarkup(part: CustomerPart): Markup {
  return html`<h3>${customerTitle(part)}</h3>
    ${part.sections.map(sectionMarkup)}`;
}

function sectionMarkup(section: Section): Markup {
  const more = moreItems(section);
  return html`<p>${section.title}:</p>
    <ul>
      ${section.items.map(itemMarkup)} ${more !== '' && html`<li>${more}</li>`}
    </ul>`;
}

function itemMarkup({ about, says, link }: Item): Markup {
  const title = link === undefined ? html`${about}` : html`<a href="${link}">${about}</a>`;
  return html`<li>${title}: ${says}</li>`;
}

function paragraph(text: string): Markup | false {
  return text !== '' && html`<p>${text}</p>`;
}
