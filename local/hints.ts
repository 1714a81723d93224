/** What can be tried with an app that has started. */
export interface Hints {
  /** Commands that every shell understands, that of Windows too: it knows no single quotation marks. */
  anywhere: readonly string[];
  /** A line for PowerShell, in the folder of the project. */
  powershell: string;
}

/**
 * Commands to go on with.
 * @param url of the app.
 * @param targetId a target that there is.
 */
export function hintsFor(url: string, targetId: string): Hints {
  const target = `${url}/api/targets/${targetId}`;
  return {
    anywhere: [
      `curl "${url}/api/findings?verdict=nonCompliant"`,
      `curl "${target}/findings/license"`,
      `curl "${target}/history"`,
      `curl -X POST "${target}/audits"`,
    ],
    powershell: `Import-Module ./powershell/Syncwarden; Connect-Syncwarden "${url}"; Get-SyncwardenFinding -Verdict nonCompliant`,
  };
}
