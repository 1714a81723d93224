import { severities, type Severity, type Verdict } from '../model/verdict';

/** The most severe first. An unknown does not say how bad it is, so that it comes after what is known to be wrong. */
export function rankOfChange({ verdict, severity }: { verdict: Verdict; severity: Severity }): number {
  return (verdict === 'unknown' ? severities.length : 0) + severities.indexOf(severity);
}
