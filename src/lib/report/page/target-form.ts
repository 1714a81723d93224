import type { Target } from '../../model/target';
import { profile, profileIds } from '../../profiles';
import { needsOf, titleOf } from '../../profiles/needs';
import { select } from './filter-form';
import { type Frame, may, queryHref, targetHref } from './frame';
import { documentOf, type Rendered } from './layout';
import { html, type Markup, name } from './markup';

/** A target that is to be changed; none for a new one. */
export interface TargetFormModel {
  generatedAt: string;
  target: Target | undefined;
}

/** The page on which a target is added, or changed. */
export function targetFormPage({ generatedAt, target }: TargetFormModel, frame: Frame): Rendered {
  const title = target === undefined ? 'Add a target' : `Change ${target.displayName ?? target.targetId}`;
  const back = target === undefined ? undefined : targetHref(frame, target.targetId);
  return documentOf(frame, {
    title,
    page: 'form',
    ...(target === undefined ? {} : { targetId: target.targetId }),
    generatedAt,
    home: queryHref({}),
    main: html`<p class="back">
        <a href="${queryHref({})}">All targets</a
        >${back !== undefined && html`, <a href="${back}">this target</a>`}
      </p>
      <div class="opening"><h1>${name(title)}</h1></div>
      ${may(frame, 'Syncwarden.Admin') ? targetForm(target) : html`<p>The app role Syncwarden.Admin is needed.</p>`}`,
  });
}

/** The fields of a target. What has no field here stays as it is, and can be put with the API. */
export function targetForm(target?: Target): Markup {
  const rooms = target?.rooms ?? { source: 'all' };
  return html`<p data-without-script>
      The form needs a script; <code>PUT /api/targets/{targetId}</code> does the same.
    </p>
    <form
      class="target"
      data-target-form
      ${target !== undefined && html`data-edits="${target.targetId}" data-rooms="${rooms.source}"`}
      hidden
      data-needs-script
    >
      ${
        target === undefined &&
        field('targetId', 'Id', undefined, {
          hint: 'Stands in addresses and stays: small letters, digits and hyphens, like contoso-rooms.',
          required: true,
        })
      }
      ${field('displayName', 'Name', target?.displayName, { hint: 'What people call it; the id where it is empty.' })}
      ${field('customer', 'Customer', target?.customer, { hint: 'Whose it is, where one provider looks after many: as an id.' })}
      ${field('tags', 'Tags', target?.tags?.join(' '), { hint: 'Words to find it by, with blanks between them.' })}
      ${products(target)}
      ${field('tenantId', 'Tenant id', target?.tenantId, { hint: 'A GUID, as the overview of Microsoft Entra shows it.', required: true })}
      ${field('serviceAccount', 'Service account', target?.serviceAccount, { hint: 'The account that the product signs in with: its user principal name, or an address.' })}
      ${field('clientAppId', 'Application id', target?.clientAppId, { hint: "Application (client) id of the vendor's application." })}
      ${select('Exchange is read', 'exchangeReader', target?.exchangeReader ?? 'graph', [
        ['graph', 'through Microsoft Graph: least privilege'],
        ['admin-api', 'by its own admin API: also how rooms are set up, and Exchange Web Services'],
      ])}
      ${select('The permission for all mailboxes', 'access', target?.access ?? 'vendor-default', [
        ['vendor-default', 'is expected, as the vendor asks for it'],
        ['rooms-only', 'is a violation: the application may reach nothing but rooms'],
      ])}
      ${select('Rooms', 'rooms.source', rooms.source, [
        ['all', 'all rooms of the tenant'],
        ['roomLists', 'those of these room lists'],
        ['mailboxes', 'these mailboxes'],
      ])}
      ${around(
        'rooms.addresses',
        'Their addresses, with blanks or lines between them',
        html`<textarea id="field-rooms.addresses" name="rooms.addresses" rows="4">
${addressesOf(rooms).join(' ')}</textarea>`,
      )}
      <div class="actions">
        <button type="submit">${target === undefined ? 'Add and audit it' : 'Save'}</button>
        <p class="status" role="status" aria-live="polite" data-status></p>
      </div>
    </form>`;
}

function addressesOf(rooms: Partial<Target['rooms']>): readonly string[] {
  if (rooms.source === 'roomLists') return rooms.roomLists ?? [];
  return rooms.source === 'mailboxes' ? (rooms.mailboxes ?? []) : [];
}

/** The products, each with what it asks for: the script leaves out what a product has no use for. */
function products(target: Target | undefined): Markup {
  const options = profileIds.map((id) => {
    const product = profile(id);
    const { signsInAs, reachesRoomsBy } = needsOf(product);
    return html`<option
      value="${id}"
      ${id === target?.profile && html`selected`}
      ${product.serviceAccount === null && html`data-without-account`}
      ${product.clientAppId !== undefined && html`data-application="${product.clientAppId}"`}
      data-needs="It signs in as ${signsInAs}, and reaches rooms by ${reachesRoomsBy}."
    >
      ${titleOf(product)}
    </option>`;
  });
  return around(
    'profile',
    'Product',
    html`<select id="field-profile" name="profile" required aria-describedby="needs-of-product">
        ${target === undefined && html`<option value="">Choose the product</option>`} ${options}
      </select>
      <span class="note" id="needs-of-product" data-needs-of-product></span>`,
  );
}

/** A line of text with what it is, and a place for what is wrong with it. */
function field(
  path: string,
  label: string,
  value: string | undefined,
  { hint, required = false }: { hint: string; required?: boolean },
): Markup {
  return around(
    path,
    label,
    html`<input
        id="field-${path}"
        name="${path}"
        value="${value ?? ''}"
        autocomplete="off"
        spellcheck="false"
        aria-describedby="hint-${path} wrong-${path}"
        ${required && html`required`}
      />
      <span class="note" id="hint-${path}">${hint}</span>`,
  );
}

/** A field with what it is, and a place for what is wrong with it. */
function around(path: string, label: string, input: Markup): Markup {
  return html`<div class="field" data-field="${path}">
    <label for="field-${path}">${label}</label>
    ${input}
    <span class="wrong" id="wrong-${path}" data-wrong></span>
  </div>`;
}
