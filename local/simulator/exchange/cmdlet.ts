import * as z from 'zod';
import type { TenantState } from '../state';
import type { Change } from '../tenancy';
import { badRequest } from './fault';
import type { ExchangeState } from './state';

/** Rows as they are sent. */
export type Row = Record<string, unknown>;

/** What a cmdlet gives. */
export interface Output {
  rows: readonly Row[];
  warnings: string[];
}

/** What a cmdlet works on. */
export interface CmdletCall {
  /** What readers see; for a cmdlet that changes something, everything that has been written. */
  tenant: TenantState;
  /** Changes the tenant, and gives what is written then. */
  write: (change: Change) => TenantState;
}

export interface Cmdlet {
  /** What it changes, which takes a role of its own; nothing for a cmdlet that only shows. */
  changes?: 'organization' | 'recipients';
  /** @throws an `ExchangeFault` when the parameters are wrong, or what they name is not there. */
  run(call: CmdletCall, parameters: unknown): Output;
}

const administrators = ['Global Administrator', 'Exchange Administrator', 'Organization Management'];
const changers = {
  organization: administrators,
  recipients: [...administrators, 'Exchange Recipient Administrator', 'Recipient Management'],
};

/** Whether a role of Microsoft Entra or Exchange is enough for a cmdlet. Any role is enough to look. */
export function mayRun(role: string, { changes }: Cmdlet): boolean {
  return changes === undefined || changers[changes].includes(role);
}

export const Identity = z.string().min(1);

/** Exchange shows a thousand rows unless asked for more. */
export const ResultSize = z
  .union([
    z.stringFormat('unlimited', /^unlimited$/i).transform(() => Infinity),
    z.coerce.number().int().min(1),
  ])
  .default(1000);

/** A cmdlet that shows rows. */
export function reading<P extends z.ZodObject>(
  parameters: P,
  rowsOf: (state: ExchangeState, parameters: z.infer<P>, tenant: TenantState) => readonly Row[],
): Cmdlet {
  return {
    run({ tenant }, given) {
      const wanted = bound(parameters, given);
      const rows = rowsOf(tenant.exchange, wanted, tenant);
      const { ResultSize: most } = wanted as { ResultSize?: number };
      return most === undefined || rows.length <= most
        ? { rows, warnings: [] }
        : { rows: rows.slice(0, most), warnings: [thereAreMore] };
    },
  };
}

interface Outcome {
  /** The new object, which only some cmdlets show. */
  made?: Row | undefined;
  warning?: string;
}

/** A cmdlet that changes something. */
export function writing<P extends z.ZodObject>(
  changes: 'organization' | 'recipients',
  parameters: P,
  change: (call: CmdletCall, parameters: z.infer<P>) => Outcome,
): Cmdlet {
  return {
    changes,
    run(call, given) {
      const { made, warning } = change(call, bound(parameters, given));
      return { rows: made === undefined ? [] : [made], warnings: warning === undefined ? [] : [warning] };
    },
  };
}

function bound<P extends z.ZodObject>(parameters: P, given: unknown): z.infer<P> {
  const parsed = parameters.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badRequest(`A parameter cannot be bound: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

const thereAreMore =
  'There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter.';
