/** The library that writes OpenAPI. It is a bundle of its own, because hardly any instance of the app ever needs it. */
export { createDocument } from 'zod-openapi';
