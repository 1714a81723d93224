import { fit } from './fit';
import type { CustomerPart, Digest, Item, Section } from './model';
import { customerTitle, moreCustomers, moreItems, periodOf, stillOpen } from './words';

/**
 * In bytes. Teams takes about 28 KB, with all that the workflow and Teams add to it.
 * https://learn.microsoft.com/connectors/teams/#known-issues-and-limitations-with-actions
 */
const largestCard = 20_000;

/** An element of a card. */
type Element = Record<string, unknown>;

/**
 * A digest as the message that a Teams workflow waits for, with an Adaptive Card in it. Names from tenants stand in runs of text alone, where nothing is
 * Markdown: in a block of text they could bring links of their own.
 * https://learn.microsoft.com/adaptive-cards/create/textfeatures
 */
export function cardMessage(digest: Digest): string {
  return fit(digest, largestCard, (fitting) =>
    JSON.stringify({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          contentUrl: null,
          content: cardOf(fitting),
        },
      ],
    }),
  );
}

function cardOf(digest: Digest): Element {
  const { link } = digest;
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    // Teams shows this one everywhere. https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference
    version: '1.4',
    msteams: { width: 'Full' },
    // What a notification shows.
    fallbackText: plain(digest.headline),
    body: [
      textOf({ text: digest.headline, weight: 'Bolder', size: 'Medium' }),
      textOf({ text: periodOf(digest), isSubtle: true }),
      ...digest.alarms.map((text) => textOf({ text, color: 'Attention', weight: 'Bolder' })),
      ...digest.customers.flatMap(partOf),
      ...[moreCustomers(digest), stillOpen(digest)]
        .filter((text) => text !== '')
        .map((text) => textOf({ text })),
    ],
    ...(link === undefined
      ? {}
      : { actions: [{ type: 'Action.OpenUrl', title: 'Open the page', url: link }] }),
  };
}

function partOf(part: CustomerPart): Element[] {
  const title = {
    ...textOf({ text: customerTitle(part), weight: 'Bolder', size: 'Medium' }),
    separator: true,
  };
  return [title, ...part.sections.flatMap(sectionOf)];
}

function sectionOf(section: Section): Element[] {
  const more = moreItems(section);
  return [
    textOf({ text: section.title, weight: 'Bolder' }),
    ...section.items.map(itemOf),
    ...(more === '' ? [] : [textOf({ text: more, isSubtle: true })]),
  ];
}

function itemOf({ about, says, link }: Item): Element {
  const open = link === undefined ? {} : { selectAction: { type: 'Action.OpenUrl', url: link } };
  return {
    type: 'RichTextBlock',
    spacing: 'Small',
    inlines: [run({ text: about, ...open }), run({ text: `: ${says}` })],
  };
}

function textOf(style: Element & { text: string }): Element {
  return { type: 'RichTextBlock', inlines: [run(style)] };
}

function run(style: Element & { text: string }): Element {
  return { type: 'TextRun', ...style, text: plain(style.text) };
}

/** Text with nothing that a card would put something else for: functions of time, and marks of a mention. */
function plain(text: string): string {
  return text.replaceAll(/\{(?=\{)/g, '{ ').replaceAll(/<(?=\/?at\b)/gi, '‹');
}
