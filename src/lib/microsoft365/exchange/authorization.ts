/**
 * What Exchange's own test says of one role of an application and one mailbox. It asks roles alone, and no permissions
 * of Microsoft Entra.
 * https://learn.microsoft.com/powershell/module/exchangepowershell/test-serviceprincipalauthorization
 */
export interface Authorization {
  role: string;
  /** Whether the role reaches the mailbox; undefined where the test was not run. */
  inScope: boolean | undefined;
}
