/** The library that writes workbooks. It is a bundle of its own, because hardly any instance of the app ever needs it. */
export { writeXlsx } from 'hucre/xlsx';
