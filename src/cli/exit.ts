import type { Verdict } from '../lib/model/verdict';

/**
 * What the process ends with; part of the interface. `unknown` also stands for whatever kept the command from finding
 * out: no sign-in, no network, a defect.
 */
export const exitCodes = { compliant: 0, violations: 1, unknown: 2, usage: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The end of a command, with what to say about it. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    message: string,
    readonly exitCode: ExitCode = exitCodes.unknown,
  ) {
    super(message);
  }
}

/** Something was asked for in a way that cannot be carried out. */
export function usageError(message: string): CliError {
  return new CliError(message, exitCodes.usage);
}

/**
 * What several verdicts come to. Violations win over what could not be read; where nothing applies nothing was checked,
 * which is not the same as fine.
 */
export function exitCodeOf(verdicts: readonly Verdict[]): ExitCode {
  if (verdicts.includes('nonCompliant')) return exitCodes.violations;
  if (verdicts.includes('unknown') || !verdicts.includes('compliant')) return exitCodes.unknown;
  return exitCodes.compliant;
}
