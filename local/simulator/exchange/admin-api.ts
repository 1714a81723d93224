import * as z from 'zod';
import { type Answer, answered, type Desk } from '../answering';
import type { SimulatedRequest, SimulatedResponse } from '../identity';
import type { Tenancy } from '../tenancy';
import type { Claims, Tokens } from '../tokens';
import { Batch, partUrl, reversed } from './batch';
import { mayRun, type Row } from './cmdlet';
import { cmdlets } from './cmdlets';
import { badRequest, ExchangeFault } from './fault';
import type { ContinuationLinks } from './pages';
import { denied, failure, ok, refused, unauthorised } from './replies';

interface AdminApiOptions extends Desk {
  tokens: Pick<Tokens, 'verify'>;
  tenancy: (tenantId: string) => Tenancy | undefined;
  links: ContinuationLinks;
}

/** One request, or one part of a batch. */
interface Call {
  claims: Claims;
  method: string;
  url: URL;
  header: (name: string) => string | undefined;
  body: unknown;
  batched: boolean;
}

/** A caller with a role, and the tenant that it is for. */
interface Admitted {
  tenancy: Tenancy;
  role: string;
}

const Invocation = z.strictObject({
  CmdletInput: z.strictObject({
    CmdletName: z.string(),
    Parameters: z.record(z.string(), z.unknown()).default({}),
  }),
});

/** The API behind the PowerShell module of Exchange Online: cmdlets, run over https. */
export class AdminApi {
  constructor(private readonly options: AdminApiOptions) {}

  async answer(request: SimulatedRequest): Promise<Answer> {
    const { method, url, header } = request;
    const bearer = /^Bearer (.+)$/.exec(header('authorization') ?? '')?.[1] ?? '';
    let claims: Claims;
    try {
      claims = await this.options.tokens.verify(bearer, url.origin);
    } catch {
      return unauthorised();
    }
    return this.carryOut({ claims, method, url, header, body: parsed(request.body), batched: false });
  }

  private carryOut(call: Call): Promise<Answer> {
    const { claims, method, url, body, batched } = call;
    const request = {
      service: 'exchange' as const,
      tenantId: claims.tid,
      appId: claims.appid ?? '',
      method,
      url: `${url.pathname}${decodeURIComponent(url.search)}`,
      cmdlet: Invocation.safeParse(body).data?.CmdletInput.CmdletName,
      requestBody: body,
      batched,
    };
    return answered(this.options, request, () => this.respond(call), failure);
  }

  private async respond(call: Call): Promise<SimulatedResponse> {
    try {
      const [, tenantId = '', path = ''] = /^\/adminapi\/beta\/([^/]+)(\/.+)$/.exec(call.url.pathname) ?? [];
      const { admitted, refusal } = this.admit(call.claims, tenantId);
      if (admitted === undefined) return refusal;
      if (call.method !== 'POST') throw new ExchangeFault(405, 'MethodNotAllowed', 'Only POST is supported.');
      if (call.header('x-anchormailbox')?.endsWith(`@${tenantId}`) !== true) {
        throw badRequest('The header X-AnchorMailbox does not name a mailbox of this tenant.');
      }
      if (path === '/InvokeCommand') return this.invoke(call, admitted);
      if (path === '/$batch' && !call.batched) return await this.batch(call);
      throw new ExchangeFault(404, 'ResourceNotFound', `There is no resource '${path}'.`);
    } catch (error) {
      if (error instanceof ExchangeFault) return refused(error);
      throw error;
    }
  }

  /** The tenant, for a caller who may read it at least. */
  private admit(
    { tid, appid, roles }: Claims,
    tenantId: string,
  ): { admitted: Admitted; refusal?: undefined } | { admitted?: undefined; refusal: SimulatedResponse } {
    if (!roles?.includes('Exchange.ManageAsApp')) return { refusal: unauthorised() };
    const tenancy = this.options.tenancy(tid);
    if (tenancy === undefined || tenantId !== tid) {
      return { refusal: denied('The tenant of the token is not the tenant of the request.') };
    }
    const application = tenancy.seen().applications.find(({ appId }) => appId === appid);
    if (application?.exchangeRole === undefined) {
      return { refusal: denied('The role assigned to application is not supported in this scenario.') };
    }
    return { admitted: { tenancy, role: application.exchangeRole } };
  }

  private invoke({ url, header, body, claims }: Call, { tenancy, role }: Admitted): SimulatedResponse {
    const invocation = Invocation.safeParse(body);
    if (!invocation.success) throw badRequest('The body is not the input of a cmdlet.');
    const { CmdletName, Parameters } = invocation.data.CmdletInput;
    const cmdlet = cmdlets.get(CmdletName.toLowerCase());
    if (cmdlet === undefined) throw badRequest(`The cmdlet '${CmdletName}' does not exist.`);
    if (!mayRun(role, cmdlet)) return denied(`The role '${role}' does not allow to run ${CmdletName}.`);
    const tenant = cmdlet.changes === undefined ? tenancy.seen() : tenancy.written();
    const { rows, warnings } = cmdlet.run({ tenant, write: (change) => tenancy.write(change) }, Parameters);
    const asked = { url, body, tenantId: claims.tid, prefer: header('prefer'), pageSize: tenant.pageSize };
    const { value, nextLink } = this.options.links.page(rows, asked);
    return ok({
      '@odata.context': `${url.origin}/adminapi/beta/${claims.tid}/$metadata#Collection(Exchange.GenericHashTable)`,
      ...(warnings.length === 0 ? {} : { '@adminapi.warnings': warnings }),
      ...(nextLink === undefined ? {} : { '@odata.nextLink': nextLink }),
      value: selected(value, url),
    });
  }

  /** Each part for itself, and the answers in another order than the questions. */
  private async batch(call: Call): Promise<SimulatedResponse> {
    const batch = Batch.safeParse(call.body);
    if (!batch.success) throw badRequest(`Invalid batch: ${batch.error.issues[0]?.message ?? ''}`);
    const parts = batch.data.requests.map(({ id, method, url, headers, body }) => {
      const header = (name: string) => headers[name.toLowerCase()];
      const part = { method, url: partUrl(url, call.url), header, body };
      return { id, part: { ...part, claims: call.claims, batched: true } };
    });
    const answers = parts.map(async ({ id, part }) => ({ id, answer: await this.carryOut(part) }));
    return ok({ responses: reversed(await Promise.all(answers)) });
  }
}

function parsed(body: string): unknown {
  try {
    return body === '' ? undefined : (JSON.parse(body) as unknown);
  } catch {
    // What is no JSON is no input of a cmdlet either, and is refused as such.
    return body;
  }
}

/** Only the properties of `$select`. */
function selected(rows: readonly Row[], url: URL): readonly Row[] {
  const names = url.searchParams
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());
  if (names === undefined) return rows;
  return rows.map((row) =>
    Object.fromEntries(names.filter((name) => name in row).map((name) => [name, row[name]])),
  );
}
