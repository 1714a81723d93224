import { clouds } from '../../lib/microsoft365/clouds';
import { type Attempt, isReply } from '../../lib/microsoft365/wire/reply';
import type { Verdict } from '../../lib/model/verdict';
import type { AccessSettings } from '../../lib/settings';

/** One thing around the audits that was looked at. */
export interface Check {
  name: string;
  /** `notApplicable` for what is not set up here. */
  verdict: Verdict;
  /** A sentence, or its beginning. */
  detail: string;
}

/** Whether authority, Microsoft Graph and Exchange are of the same cloud. */
export function checkCloud({ credentials, graphEndpoint, exchangeEndpoint }: AccessSettings): Check {
  const authority = new URL(credentials.authorityHost).hostname;
  const graph = new URL(graphEndpoint).hostname;
  const exchange = new URL(exchangeEndpoint).hostname;
  const matches = clouds.map((cloud) => ({
    name: cloud.name,
    hits: [cloud.authority.includes(authority), cloud.graph === graph, cloud.exchange === exchange].filter(
      Boolean,
    ).length,
  }));
  const name = 'cloud';
  const whole = matches.find(({ hits }) => hits === 3);
  if (whole !== undefined)
    return { name, verdict: 'compliant', detail: `all three hosts are of ${whole.name}` };
  const hosts = `${authority}, ${graph}, ${exchange}`;
  if (matches.every(({ hits }) => hits === 0)) {
    return { name, verdict: 'notApplicable', detail: `the hosts are not Microsoft's: ${hosts}` };
  }
  const detail = `these are not of one cloud: ${hosts}. Set AZURE_AUTHORITY_HOST, GRAPH_ENDPOINT and EXCHANGE_ENDPOINT together`;
  return { name, verdict: 'nonCompliant', detail };
}

/** Microsoft Entra allows a clock to be wrong by five minutes. https://learn.microsoft.com/entra/identity-platform/claims-validation */
const largestSkewMs = 5 * 60_000;

/** Nobody has told the time. */
export const noClock: Check = { name: 'clock', verdict: 'unknown', detail: 'no answer told the time' };

/** Compares this machine's clock, at the moment of an answer, with that of whoever has answered. */
export function checkClock(attempt: Attempt, now: Date): Check {
  const theirs = Date.parse((isReply(attempt) && attempt.headers.date) || '');
  if (Number.isNaN(theirs)) return noClock;
  const skewMs = now.getTime() - theirs;
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const detail = `${seconds} s ${skewMs < 0 ? 'behind' : 'ahead of'} Microsoft Graph`;
  const verdict = Math.abs(skewMs) > largestSkewMs ? 'nonCompliant' : 'compliant';
  return { ...noClock, verdict, detail };
}
