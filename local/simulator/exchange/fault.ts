/** An answer that is an error in the admin API's form. */
export class ExchangeFault extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** The class of the exception inside Exchange, where it was one. */
    readonly exception?: string,
  ) {
    super(message);
  }
}

/** There is no such object. */
export function notFound(identity: string): ExchangeFault {
  return new ExchangeFault(
    404,
    'NotFound',
    `The operation couldn't be performed because object '${identity}' couldn't be found on 'LO0PR00A001DC01.EURPR00A001.PROD.OUTLOOK.COM'.`,
    'Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException',
  );
}

/** The name is taken. */
export function alreadyExists(name: string): ExchangeFault {
  return new ExchangeFault(
    400,
    'BadRequest',
    `Active Directory operation failed on LO0PR00A001DC01.EURPR00A001.PROD.OUTLOOK.COM. The object '${name}' already exists.`,
    'Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException',
  );
}

/** The request is wrong in itself. */
export function badRequest(message: string): ExchangeFault {
  return new ExchangeFault(400, 'BadRequest', message);
}

/** The body of an error. The useful words stand behind the name of the exception. */
export function errorBody({ code, message, exception }: ExchangeFault) {
  const reason = exception === undefined ? message : `Ex6F9304|${exception}|${message}`;
  return {
    error: {
      code,
      message: exception === undefined ? message : 'Error executing request.',
      details: [{ code: 'Context', target: '', message: reason }],
    },
  };
}
