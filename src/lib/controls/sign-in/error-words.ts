/** Error codes of sign-ins in words. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const words: ReadonlyMap<number, string> = new Map([
  [50034, 'no such account'],
  [50053, 'the account is locked, or the address was refused'],
  [50055, 'the password has expired'],
  [50056, 'the account has no password'],
  [50057, 'the account is disabled'],
  [50072, 'multifactor authentication has to be set up'],
  [50074, 'multifactor authentication is demanded'],
  [50076, 'multifactor authentication is demanded'],
  [50079, 'multifactor authentication has to be set up'],
  [50105, 'the account is not assigned to the application'],
  [50126, 'wrong user name or password'],
  [50131, 'blocked by a policy of Conditional Access'],
  [50158, 'another authority has to confirm the sign-in'],
  [50173, 'the password was changed or the sign-in revoked'],
  [53000, 'a compliant device is demanded'],
  [53001, 'a device joined to the domain is demanded'],
  [53003, 'blocked by a policy of Conditional Access'],
  [65001, 'nobody has consented to the application'],
  [70008, 'the refresh token has expired'],
  [700016, 'the application is not known in the tenant'],
  [700082, 'the refresh token has expired'],
  [700027, 'the certificate of the application is not accepted'],
  [7000112, 'the application is disabled'],
  [7000215, 'wrong secret of the application'],
  [7000222, 'the secret of the application has expired'],
]);

/** What an error code means. */
export function errorWords(code: number): string {
  return words.get(code) ?? 'an error that Microsoft explains on its page of error codes';
}
